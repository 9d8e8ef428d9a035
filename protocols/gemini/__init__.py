"""Gemini's generateContent API, served and as an upstream."""
