"""The parts of the MLX engine that need no MLX: configurations, bytes of tokens, refusals."""
