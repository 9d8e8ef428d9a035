"""The web search, made of memory: pages about whatever is asked, in virtual time.

Faults are scripted by the number of the search, counted from 1, or drawn from a chance at
`search.fails` and `search.is slow`. A search waits out its latency first; one that would take
longer than the real adapter waits fails as there. What was asked, and how often somebody left, is
written down: a scenario reads there whether Esc reached the search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import trio

from ..io.ports import Search, SearchError
from ..io.search import SECONDS_MAX
from ..protocols.search_result import SearchResult
from ..protocols.settings_data import SEARCH_RESULTS_MAX
from .world.chance import Chance

FAULT_CHANCE = 0.2
SLOW_SECONDS = (1.0, 2 * SECONDS_MAX)
"""Some within what the real adapter waits, some beyond."""


def pages_about(query: str) -> Sequence[SearchResult]:
    """As many pages as can be asked for, each naming the query and its own place."""
    return [
        SearchResult(f"{query} {n}", f"https://pages.example/{n}", f"Page {n} is about {query}.")
        for n in range(1, SEARCH_RESULTS_MAX + 1)
    ]


class SimulatedSearch(Search):
    """Finds `pages` for a query; the searches whose numbers are in `failing_calls` fail."""

    def __init__(
        self,
        pages: Callable[[str], Sequence[SearchResult]] = pages_about,
        *,
        failing_calls: Collection[int] = (),
        latency_seconds: float = 0.0,
        seconds_max: float = SECONDS_MAX,
        chance: Chance | None = None,
    ) -> None:
        self.asked: list[str] = []
        self.left = self.failed = 0
        self._pages = pages
        self._failing_calls = failing_calls
        self._latency_seconds = latency_seconds
        self._seconds_max = seconds_max
        self._chance = chance

    async def search(self, query: str, limit: int) -> Sequence[SearchResult]:
        """See Search.search."""
        assert 1 <= limit <= SEARCH_RESULTS_MAX
        self.asked.append(query)
        number = len(self.asked)
        fails, slow_seconds = self._draw_fault()
        try:
            with trio.fail_after(self._seconds_max):
                await trio.sleep(self._latency_seconds + slow_seconds)
        except trio.TooSlowError:
            self.failed += 1
            raise SearchError("the simulated search takes too long, as scripted") from None
        except trio.Cancelled:
            self.left += 1
            raise
        if fails or number in self._failing_calls:
            self.failed += 1
            raise SearchError(f"search {number} fails, as scripted")
        return tuple(self._pages(query)[:limit])

    def _draw_fault(self) -> tuple[bool, float]:
        """Whether a search fails, and how much longer it takes."""
        if self._chance is None:
            return False, 0.0
        fails = self._chance.strike("search.fails", FAULT_CHANCE) is not None
        draws = self._chance.strike("search.is slow", FAULT_CHANCE)
        return fails, draws.uniform(*SLOW_SECONDS) if draws else 0.0
