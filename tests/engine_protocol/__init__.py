"""The scheduler of an engine, its prefixes and its store, over a model of the memory."""
