"""What translations had to leave out, counted: so that nobody wonders in silence.

A translation never refuses what it merely cannot say; it goes without. Here is which member of
which requests that was, by endpoint: names alone, never a value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import attrs

NAMES_MAX: Final = 1_000
NAME_CHARACTERS_MAX: Final = 64
OTHER: Final = "other members"
"""Counted here once there are NAMES_MAX: a client may make up any number of names."""


@attrs.frozen
class Omission:
    """A member that was left out of so many turns for an endpoint."""

    endpoint: str
    member: str
    turns: int


@attrs.define
class LeftOut:
    """The counts since the start."""

    _counts: Counter[tuple[str, str]] = attrs.field(factory=Counter[tuple[str, str]])

    def note(self, endpoint: str, members: Iterable[str]) -> None:
        """Counts one turn's members, each once."""
        for member in {name[:NAME_CHARACTERS_MAX] for name in members}:
            known = (endpoint, member) in self._counts or len(self._counts) < NAMES_MAX
            self._counts[endpoint, member if known else OTHER] += 1

    def omissions(self) -> list[Omission]:
        """All of it, what was left out most often first."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return [Omission(endpoint, member, turns) for (endpoint, member), turns in ordered]
