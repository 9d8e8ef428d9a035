"""Ollama's own API, both ways."""
