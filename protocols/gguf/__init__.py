"""GGUF files as they say of themselves: a reader of headers that trusts none of their numbers."""
