"""The neutral conversation."""
