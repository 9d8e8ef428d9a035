"""Bugs that are planted in the product, and the hunt for each: the simulation can fail."""
