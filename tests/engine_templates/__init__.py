"""Chat templates, and what they are given."""
