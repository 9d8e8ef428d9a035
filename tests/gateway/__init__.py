"""The routes on real sockets: a client, the whole server but its engine, and an upstream."""
