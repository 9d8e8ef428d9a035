"""Reads the `[search]` table: the endpoint that searches the web for models which cannot.

Without the table nothing is ever searched. The two public services have an address that need not be
said; a SearXNG is the user's own. A key never travels in the clear to another machine.
"""

from __future__ import annotations

from typing import Final, cast

from .settings_addresses import Refused, checked_key, sends_in_the_clear
from .settings_data import (
    NO_KEY,
    SEARCH_KINDS,
    SEARCH_RESULTS,
    SEARCH_RESULTS_MAX,
    KeyReference,
    SearchKind,
    SearchSettings,
)
from .settings_table import Table
from .settings_values import read_base_url

SEARCH_KEYS: Final = ("kind", "base_url", "key", "results")
PUBLIC_URLS: Final = {
    "brave": "https://api.search.brave.com",
    "tavily": "https://api.tavily.com",
}


def read_search(table: Table) -> SearchSettings:
    """Reads the table. Whatever is wrong is noted and read as absent."""
    kind = table.choice("kind", SEARCH_KINDS)
    if not table.has("kind"):
        table.problem("kind", f"is missing; allowed: {', '.join(SEARCH_KINDS)}")
    base_url = _base_url(table, kind)
    return SearchSettings(
        cast(SearchKind, kind or SEARCH_KINDS[0]),
        base_url,
        _key(table, kind, base_url),
        table.integer("results", 1, SEARCH_RESULTS_MAX) or SEARCH_RESULTS,
    )


def _base_url(table: Table, kind: str | None) -> str:
    if table.has("base_url"):
        return read_base_url(table) or ""
    if kind not in PUBLIC_URLS and kind is not None:
        table.problem("base_url", 'is missing; add it, like base_url = "http://127.0.0.1:8888"')
    return PUBLIC_URLS.get(kind or "", "")


def _key(table: Table, kind: str | None, base_url: str) -> KeyReference:
    written = table.text("key")
    if written is None:
        if kind in PUBLIC_URLS and not table.has("key"):
            table.problem("key", f'is missing; {kind} asks for one: add it, like key = "env:NAME"')
        return NO_KEY
    try:
        key = checked_key(written)
    except Refused as refused:
        table.problem("key", str(refused))
        return NO_KEY
    if key != NO_KEY and base_url and sends_in_the_clear(base_url):
        table.problem(
            "base_url",
            "plain http to another machine would send the key in the clear; use https://",
        )
    return key
