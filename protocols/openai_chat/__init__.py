"""OpenAI's Chat Completions API, served and as an upstream."""
