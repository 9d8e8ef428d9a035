"""Grammars: rules from JSON Schemas, and their judges."""
