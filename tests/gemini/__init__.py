"""Gemini's dialect, both halves."""
