"""The OpenAI Responses dialect, both ways."""
