"""The real client, real processes and real sockets: everything here takes seconds, not ms."""
