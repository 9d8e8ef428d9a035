"""Where a model id leads."""
