"""The memory port's adapters: what this machine and its processes use, and how pressed it is."""
