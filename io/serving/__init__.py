"""The server: our accept loop around hypercorn, the routes, the guard at the door, the pages."""
