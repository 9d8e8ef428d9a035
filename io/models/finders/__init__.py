"""Finds models that other programs keep on this machine; a module for each program's layout."""
