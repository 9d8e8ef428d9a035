"""Ollama's own API, served and as an upstream."""
