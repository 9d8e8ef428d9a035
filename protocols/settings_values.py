"""Values that tables of several kinds have in common: a name, and the address of a server."""

from __future__ import annotations

import re
from typing import Final

from .settings_addresses import Refused, checked_base_url
from .settings_data import NAME_CHARACTERS_MAX
from .settings_problems import shown
from .settings_table import Table

_NAME: Final = re.compile(r"[a-z0-9._-]+")


def read_name(table: Table, example: str) -> str:
    """Reads what a table is called by; "" if that is missing or no name, which is noted."""
    name = table.text("name")
    if name is None:
        if not table.has("name"):
            table.problem("name", f'is missing; add one, like name = "{example}"')
        return ""
    if not _NAME.fullmatch(name) or len(name) > NAME_CHARACTERS_MAX:
        words = f"allowed: 1 to {NAME_CHARACTERS_MAX} of a-z, 0-9, '.', '_' and '-'"
        table.problem("name", f"{shown(name)} is no usable name; {words}")
        return ""
    return name


def read_base_url(table: Table) -> str | None:
    """Reads `base_url`; None if there is none, or if it breaks a rule, which is noted."""
    written = table.text("base_url")
    if written is None:
        return None
    try:
        return checked_base_url(written)
    except Refused as refused:
        table.problem("base_url", str(refused))
        return None
