"""Model servers on this machine: what each says of itself, read from its own endpoints."""
