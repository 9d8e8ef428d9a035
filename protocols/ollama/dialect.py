"""Ollama's own API as the rest of the house uses it."""

from __future__ import annotations

from .served import ChatServed, GenerateServed
from .upstream import OllamaUpstream

SERVED = ChatServed()
GENERATE = GenerateServed()
UPSTREAM = OllamaUpstream()
