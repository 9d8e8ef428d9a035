"""Understudy: one local address for Claude Code, with every model behind it.

The rooms (each wall is checked by tests/test_walls.py): `protocols` is what is said, `actors` is
who acts, `io` is where it touches the world, `simulations` is that world made of virtual time, and
`app` wires them together. docs/architecture.md is the map.
"""

__version__ = "0.1.0"
