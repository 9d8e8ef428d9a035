"""Stand-ins for five servers, each built from its own source or documentation, which it names."""
