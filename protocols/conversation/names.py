"""Tool names within another dialect's limits, and back again exactly.

A name that fits goes as it is. Any other becomes its fitting characters, cut, with a hash of the
whole name behind them: the same in each turn (an upstream's prompt cache needs that), and different
for different names. The way back is a table of the names that were sent, never a guess.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import attrs

HASH_CHARACTERS = 8


@attrs.frozen
class NameRule:
    """A dialect's limits: how long a name may be, and which characters do not fit."""

    characters_max: int
    unfit: re.Pattern[str]
    first_unfit: re.Pattern[str] | None = None
    """Matches a name whose first character may not come first."""


@attrs.frozen
class ToolNames:
    """The names of one conversation's tools, both ways. A name that is unknown stays as it is."""

    _sent: dict[str, str]
    _original: dict[str, str]

    @classmethod
    def of(cls, names: Iterable[str], rule: NameRule) -> ToolNames:
        """Makes the table for these names."""
        sent = {name: fitting(name, rule) for name in names}
        return cls(sent, {short: name for name, short in sent.items()})

    def sent(self, name: str) -> str:
        """The name as it is sent."""
        return self._sent.get(name, name)

    def original(self, name: str) -> str:
        """The client's own name for what the upstream calls so."""
        return self._original.get(name, name)


def fitting(name: str, rule: NameRule) -> str:
    """The name itself if it fits, else one made from it that does."""
    starts_well = rule.first_unfit is None or not rule.first_unfit.match(name)
    if name and len(name) <= rule.characters_max and not rule.unfit.search(name) and starts_well:
        return name
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_CHARACTERS]
    kept = rule.unfit.sub("_", name)[: rule.characters_max - HASH_CHARACTERS - 2]
    return f"{kept if starts_well else 'x' + kept[:-1]}_{digest}"
