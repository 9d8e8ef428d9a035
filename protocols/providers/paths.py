"""Reads `paths`: what stands before a dialect's own path where it is not the usual version.

A codec's path begins with the version that its dialect has at home, `/v1/chat/completions`. Some
providers have their compatible API elsewhere: `/api/paas/v4/chat/completions`, and another dialect
beside it at `/api/anthropic/v1/messages`. `paths` names what is to stand in the version's place.
"""

from __future__ import annotations

import re
from typing import Final, cast

from ..settings_data import VERSIONS, Dialect, DialectPaths
from ..settings_problems import shown
from ..settings_table import Table

_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
PATH_CHARACTERS_MAX: Final = 256


def read_paths(table: Table) -> DialectPaths:
    """Reads the table `paths` of an endpoint or a provider."""
    paths = table.table("paths")
    paths.refuse_unknown(tuple(VERSIONS), {})
    found: list[tuple[Dialect, str]] = []
    for dialect in VERSIONS:
        written = paths.values.get(dialect)
        if written is None:
            continue
        if written == "/":
            written = ""
        if not isinstance(written, str) or not _fits(written):
            wrong = f'{shown(written)} is no path; allowed: like "/api/v4", or "/" for none'
            paths.problem(dialect, wrong)
            continue
        found.append((cast(Dialect, dialect), written))
    return tuple(found)


def _fits(path: str) -> bool:
    steps = path.split("/")
    return (
        len(path) <= PATH_CHARACTERS_MAX
        and _PATH.fullmatch(path) is not None
        and "." not in steps
        and ".." not in steps
    )
