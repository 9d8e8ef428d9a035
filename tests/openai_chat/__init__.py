"""Tests of the dialect openai-chat, both ways."""
