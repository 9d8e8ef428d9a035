"""Model servers on this machine and elsewhere: asked over the network, and shown to their user."""
