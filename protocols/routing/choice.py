"""The choice among all places: who may answer a turn, in which order, and why.

First where the turn is wanted (wanted.py). Then the walls, which nobody gets around: what is
private stays with the user, and what a day's tokens are used up for waits (walls.py). Of those that
are left, the ones that can do it (fitness.py). Last the order: what rests comes after what is well.
Nobody is passed over for health alone.

Pure: the state of health and of budgets is handed in, and so is the moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from .affinity import preferred
from .budget import Budgets
from .fitness import fitting
from .health import Health, Spot
from .table import Place, RoutingTable
from .walls import paid, trusted
from .wanted import Load, wanted
from .wish import HOME_UNKNOWN, WHY_CHARACTERS_MAX, PrivacyUnknown, Tried, Wish


@attrs.frozen
class Candidate:
    """A place with one of its keys; `rest_seconds` is how long it had better be left alone."""

    place: Place
    key: int
    rest_seconds: float = 0.0

    @property
    def spot(self) -> Spot:
        """Where it is."""
        return Spot(self.place.endpoint.name, self.key)

    @property
    def name(self) -> str:
        """`<endpoint>/<model>`."""
        return self.place.name


@attrs.frozen
class Choice:
    """Who may answer, the best first, and why. `round` counts how often each was asked before."""

    candidates: tuple[Candidate, ...]
    why: str
    round: int = 0
    home: str = ""


@attrs.define(eq=False)
class Chooser:
    """Everything that a choice depends on but the wish."""

    table: RoutingTable
    health: Health
    budgets: Budgets
    load: Load = lambda _: 0
    day_left_seconds: Callable[[], float] = lambda: 0.0
    """How long the user's day lasts yet."""

    def choose(self, wish: Wish, now: float) -> Choice:
        """Chooses. Raises TurnRefused where nobody may answer, and PrivacyUnknown.

        There are no candidates where each was asked as often as the settings allow.
        """
        if wish.home is None and self.table.has_private:
            raise PrivacyUnknown
        found = wanted(self.table, wish, self.load)
        notes = [*found.notes]
        allowed = paid(trusted(found, notes), self.budgets, self.day_left_seconds, notes)
        candidates = self._with_keys(fitting(allowed, wish.turn, notes), wish, now)
        ordered = sorted(candidates, key=lambda each: each.rest_seconds)
        left, rounds = self._untried(ordered, wish)
        if not left:
            return Choice((), "", rounds)
        best = left[0]
        notes += self._passed_over(candidates, best, wish, now)
        if found.fallback_of and best.place is not found.places[0]:
            notes.append(f"{found.fallback_of} falls back to {best.name}")
        why = "; ".join([found.why, *notes])[:WHY_CHARACTERS_MAX]
        return Choice(tuple(left), why, rounds, _home(best, wish))

    def _with_keys(self, places: Sequence[Place], wish: Wish, now: float) -> list[Candidate]:
        """Each place with each of its keys, in the order of the settings."""
        return [
            Candidate(place, key, self.health.rest_seconds(Spot(place.endpoint.name, key), now))
            for place in places
            for key in _keys(place, wish)
        ]

    def _untried(
        self, candidates: Sequence[Candidate], wish: Wish
    ) -> tuple[Sequence[Candidate], int]:
        """Those that were asked least often so far."""
        if not wish.tried:
            return candidates, 0
        counts = [
            sum(tried.covers(each.spot, each.place.model) for tried in wish.tried)
            for each in candidates
        ]
        least = min(counts)
        if least > self.table.settings.routing.retries:
            return (), least
        return [
            each for each, times in zip(candidates, counts, strict=True) if times == least
        ], least

    def _passed_over(
        self, candidates: Sequence[Candidate], best: Candidate, wish: Wish, now: float
    ) -> list[str]:
        """What became of those that the settings would have had first."""
        notes = [_failed(tried) for tried in wish.tried]
        asked = {tried.spot.endpoint for tried in wish.tried}
        for each in candidates:
            name = each.place.endpoint.name
            if each is best:
                break
            if each.rest_seconds > 0 and name not in asked:
                asked.add(name)
                who = f"key {each.key + 1} of {name}" if name == best.spot.endpoint else name
                why = self.health.why(each.spot, now)
                notes.append(f"{who} rests for {each.rest_seconds:.0f} s: {why}")
        return list(dict.fromkeys(notes))


def _keys(place: Place, wish: Wish) -> Sequence[int]:
    """The numbers of a place's keys, in the order in which a conversation wants them."""
    count = len(place.endpoint.keys)
    if count == 1:
        return (0,)
    return [int(key) for key in preferred([str(number) for number in range(count)], wish.key)]


def _home(best: Candidate, wish: Wish) -> str:
    """The private model that the conversation stays at from now on, "" if there is none."""
    if best.place.endpoint.private:
        return best.name
    return "" if wish.home is None or wish.home == HOME_UNKNOWN else wish.home


def _failed(tried: Tried) -> str:
    return f"{tried.spot.endpoint}/{tried.model} failed ({tried.status})"
