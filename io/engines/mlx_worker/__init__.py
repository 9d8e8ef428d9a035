"""The process that runs one MLX model: the messages of protocols/engine/, answered by mlx-lm."""
