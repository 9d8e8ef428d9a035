"""Faults that may strike, each at a named site, and a list of those that did.

After FoundationDB's BUGGIFY: of all sites some are active in a run, and an active one strikes at
some of its opportunities. A strike is named `site#number`, where the number counts the site's
opportunities. What a strike draws comes from the seed and its own name alone. So a failing run is
told again by its seed and its strikes, and made smaller by leaving strikes out.

Nothing strikes before `start`: a story without faults is told as it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from random import Random

import attrs

from .scheduler import source

ACTIVE_CHANCE = 0.4
"""How often a site is active in a run: few kinds of fault at once reach further than all."""


@attrs.define(eq=False)
class Chance:
    """Decides what strikes. With `only` nothing strikes but these, whatever the seed draws."""

    seed: int
    only: Collection[str] | None = None
    struck: list[str] = attrs.field(factory=list[str])
    tell: Callable[[str], None] = lambda _name: None
    _started: tuple[str, ...] = ()
    _opportunities: Counter[str] = attrs.field(factory=Counter[str])
    _sources: dict[str, Random] = attrs.field(factory=dict[str, Random])

    def start(self, *kinds: str) -> None:
        """Lets faults strike from now on: all, or those whose sites begin like one of these."""
        self._started = kinds or ("",)

    def stop(self) -> None:
        """No fault strikes from now on: what was hurt must come back to life."""
        self._started = ()

    def strike(self, site: str, chance: float) -> Random | None:
        """Whether a fault strikes here and now; if so, the source of its own draws."""
        if not (self._started and site.startswith(self._started)):
            return None
        self._opportunities[site] += 1
        name = f"{site}#{self._opportunities[site]}"
        if not (self._draws(site, chance) if self.only is None else name in self.only):
            return None
        self.struck.append(name)
        self.tell(name)
        return source(self.seed, name)

    def has_struck(self, *kinds: str) -> bool:
        """Whether a fault has struck at a site whose name begins like one of these."""
        return any(name.startswith(kinds) for name in self.struck)

    def _draws(self, site: str, chance: float) -> bool:
        if site not in self._sources:
            self._sources[site] = random = source(self.seed, f"chance of {site}")
            if random.random() >= ACTIVE_CHANCE:
                self._sources[site] = random = _Never()
        return self._sources[site].random() < chance


class _Never(Random):
    """The source of a site that is not active in this run."""

    def random(self) -> float:
        """More than any chance."""
        return 2.0
