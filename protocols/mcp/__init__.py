"""The Model Context Protocol, as far as a message has to be understood to be passed on."""
