"""The weights by which commands are told from work, as a file of the package."""
