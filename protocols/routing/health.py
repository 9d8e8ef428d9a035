"""Which places are well: what failed rests for a while, and is tried by one turn before all others.

A *spot* is an endpoint with one of its keys. A refusal of a key, or a limit of its account, makes
that key rest; failures of the endpoint make all its keys rest once there were several in a row. A
spot that rests is passed over, never forbidden: where nothing else is left it is asked anyway. When
its rest is over it is on trial: one turn may take it, and how that ends decides for all.

Each turn that is sent takes a *ticket*, a number that only grows. The end of a turn that was sent
before a rest began says nothing new: eight turns that fail together make one rest, not eight, and
a long answer that began before the limit was met does not end the rest. A ticket is also how the
turn on trial is known; 0 is no turn's.

Pure: moments are seconds of whatever clock the caller has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

import attrs

from ..settings_data import (
    COOLDOWN_SECONDS_MAX,
    ENDPOINTS_MAX,
    KEYS_PER_ENDPOINT_MAX,
    RoutingSettings,
)
from .verdict import Verdict, told

REST_SECONDS_MAX: Final = 300.0
"""The longest pause that doubling comes to."""
KEY_REST_SECONDS: Final = 600.0
"""For a key that was refused: it will hardly be taken before somebody has changed it."""
RETRY_AFTER_SECONDS_MAX: Final = 600.0
"""So far an endpoint is believed that says when to come again."""
LONGEST_REST_SECONDS: Final = float(COOLDOWN_SECONDS_MAX)
"""Nothing rests for longer; only a cooldown of the user's own is so long."""
TRIAL_SECONDS: Final = 60.0
"""So long a turn on trial keeps others away, if nothing is heard of it."""
SPOTS_MAX: Final = ENDPOINTS_MAX * (KEYS_PER_ENDPOINT_MAX + 1)
WHOLE: Final = -1
"""In the place of a key's number: the endpoint itself, whatever the key."""


@attrs.frozen
class Spot:
    """An endpoint with one of its keys, by its number."""

    endpoint: str
    key: int = 0


@attrs.define
class Condition:
    """How a spot is, that has failed `failures` times in a row.

    It has rested, or does until `rests_until`, if `horizon` is not 0: the newest ticket when the
    rest began. `trial` is the ticket of the turn that is trying it until `trial_until`.
    """

    failures: int = 0
    rests_until: float = 0.0
    horizon: int = 0
    trial: int = 0
    trial_until: float = 0.0
    verdict: Verdict = Verdict.NEUTRAL
    why: str = ""

    def rest_seconds(self, now: float) -> float:
        """How long it is passed over yet."""
        return max(0.0, self.rests_until - now, self.trial_until - now)

    def is_due(self, now: float) -> bool:
        """Whether a turn that comes now is its trial."""
        return self.horizon > 0 and self.rest_seconds(now) <= 0

    def end_trial(self) -> None:
        """Whoever comes next may try it."""
        self.trial, self.trial_until = 0, 0.0


@attrs.define(eq=False)
class Health:
    """The condition of every spot that has failed since it was last well, at most SPOTS_MAX.

    `tickets` gives the numbers of turns; one that outlives this object keeps them growing.
    """

    rules: RoutingSettings
    tickets: Iterator[int] = attrs.field(factory=lambda: count(1))
    _newest: int = 0
    _conditions: dict[Spot, Condition] = attrs.field(factory=dict[Spot, Condition])
    _made_anew: dict[str, int] = attrs.field(factory=dict[str, int])

    def rest_seconds(self, spot: Spot, now: float) -> float:
        """How long a spot is passed over yet; 0 if it may be taken."""
        if not self._conditions:
            return 0.0
        return max((found.rest_seconds(now) for found in self._of(spot)), default=0.0)

    def why(self, spot: Spot, now: float) -> str:
        """Why a spot rests, in words; "" if it does not."""
        resting = [found for found in self._of(spot) if found.rest_seconds(now) > 0]
        return max(resting, key=lambda found: found.rest_seconds(now)).why if resting else ""

    def is_on_trial(self, spot: Spot, now: float) -> bool:
        """Whether a turn is trying a spot whose rest is over."""
        of_spot = list(self._of(spot))
        trying = any(found.trial_until > now for found in of_spot)
        return trying and all(found.rests_until <= now for found in of_spot)

    def is_due(self, spot: Spot, now: float) -> bool:
        """Whether a spot has rested, and the next turn there is its trial."""
        return self.rest_seconds(spot, now) <= 0 and any(map(_has_rested, self._of(spot)))

    def take(self, spot: Spot, now: float) -> int:
        """A turn is sent to a spot: returns its ticket. If it is due, this is its trial."""
        ticket = self._newest = next(self.tickets)
        for found in self._of(spot):
            if found.is_due(now):
                found.trial, found.trial_until = ticket, now + TRIAL_SECONDS
        return ticket

    def note(
        self,
        spot: Spot,
        ticket: int,
        verdict: Verdict,
        now: float,
        *,
        status: int = 0,
        retry_after_seconds: float = 0.0,
    ) -> None:
        """The turn with this ticket has ended so. What was sent to an older endpoint is ignored."""
        if ticket <= self._made_anew.get(spot.endpoint, 0):
            return
        if verdict is Verdict.WELL:
            self._clear(spot, ticket)
            return
        for found in self._of(spot):
            if found.trial == ticket:
                found.end_trial()
        if verdict is Verdict.NEUTRAL:
            return
        where = Spot(spot.endpoint, WHOLE) if verdict is Verdict.DOWN else spot
        found = self._conditions.setdefault(where, Condition())
        after = min(retry_after_seconds, RETRY_AFTER_SECONDS_MAX)
        if ticket > found.horizon:
            found.failures += 1
            found.verdict, found.why = verdict, told(verdict, status)
            self._rest(found, now, max(after, self._pause(verdict, found.failures, after)))
        elif after:
            found.rests_until = max(found.rests_until, now + after)
        while len(self._conditions) > SPOTS_MAX:
            del self._conditions[next(iter(self._conditions))]

    def forget(self, endpoint: str) -> None:
        """An endpoint is another one now, or gone: nothing is known of it, whoever ends late."""
        self._made_anew.pop(endpoint, None)
        self._made_anew[endpoint] = self._newest
        while len(self._made_anew) > ENDPOINTS_MAX:
            del self._made_anew[next(iter(self._made_anew))]
        self._drop(spot for spot in self._conditions if spot.endpoint == endpoint)

    def forget_keys(self) -> None:
        """Keys were changed: none rests any more because it was refused."""
        refused = (Verdict.KEY, Verdict.DENIED)
        self._drop(spot for spot, found in self._conditions.items() if found.verdict in refused)

    def _of(self, spot: Spot) -> Iterator[Condition]:
        for name in _names(spot):
            found = self._conditions.get(name)
            if found is not None:
                yield found

    def _clear(self, spot: Spot, ticket: int) -> None:
        """A turn was answered: what failed before it was sent is over."""
        known = [(name, self._conditions.get(name)) for name in _names(spot)]
        self._drop(name for name, found in known if found and ticket > found.horizon)

    def _rest(self, found: Condition, now: float, seconds: float) -> None:
        if seconds > 0:
            found.horizon = self._newest
            found.rests_until = max(found.rests_until, now + seconds)

    def _pause(self, verdict: Verdict, failures: int, after_seconds: float) -> float:
        """How long the n-th failure in a row makes it rest: from a number on twice as long each."""
        beyond = failures - self.rules.failures_to_rest
        if verdict is Verdict.KEY:
            return KEY_REST_SECONDS
        if verdict is Verdict.BUSY and after_seconds:
            return after_seconds
        if verdict is not Verdict.BUSY and beyond < 0:
            return 0.0
        if verdict is Verdict.DENIED:
            return KEY_REST_SECONDS
        cooldown = self.rules.cooldown_seconds
        doubled: float = cooldown * 2 ** min(max(0, beyond), 16)
        return min(doubled, max(cooldown, REST_SECONDS_MAX))

    def _drop(self, spots: Iterable[Spot]) -> None:
        for spot in list(spots):
            del self._conditions[spot]


def _names(spot: Spot) -> tuple[Spot, ...]:
    """The spot, and the endpoint that it belongs to."""
    return (spot,) if spot.key == WHOLE else (spot, Spot(spot.endpoint, WHOLE))


def _has_rested(found: Condition) -> bool:
    return found.horizon > 0
