"""A worker process as far as it is the same whatever library runs the model."""
