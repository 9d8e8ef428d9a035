"""What is said between a backend and an engine's worker process, and how a worker decides."""
