"""Grammars that a local model's answer is held to."""
