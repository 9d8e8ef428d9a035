"""Reads the `[mcp]` table: what a model may change by the tools that it is given.

A model may always set its own conversation elsewhere, within the walls. The default of everybody is
another matter: a page or a file that a model has read could have asked for it.
"""

from __future__ import annotations

from typing import Final

from .settings_data import McpSettings
from .settings_table import Table

MCP_KEYS: Final = ("set_default",)


def read_mcp(table: Table) -> McpSettings:
    """Reads the table. Whatever is wrong is noted and read as absent."""
    return McpSettings(table.boolean("set_default") or False)
