"""The memory port's adapters, on recorded machines."""
