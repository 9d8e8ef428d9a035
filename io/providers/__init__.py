"""The table of providers that comes with the package, and the user's own beside the settings."""
