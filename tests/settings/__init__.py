"""The settings, from the file's text to what the server does with it."""
