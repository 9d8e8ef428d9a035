"""OpenAI's Responses API, served and as an upstream."""
