"""Model formats: what families of models write, and what is told of it."""
