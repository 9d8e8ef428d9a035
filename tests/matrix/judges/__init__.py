"""One judge for each dialect: the official SDK, with its strictest validation."""
