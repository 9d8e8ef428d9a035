"""The two walls: private words go to no remote place, and a day's tokens are no more than allowed.

What a wall keeps out is out, however well it is: nobody who falls back gets around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..turn import TurnRefused
from .budget import Budgets, in_words
from .fitness import names, note_left_out
from .table import Place
from .trust import is_trusted
from .wanted import Wanted
from .wish import HOME_UNKNOWN


def trusted(wanted: Wanted, notes: list[str]) -> Sequence[Place]:
    """The places that may see the text. Raises TurnRefused where there is none."""
    if not wanted.owners:
        return wanted.places
    found = [each for each in wanted.places if is_trusted(each.endpoint, each.model)]
    if not found:
        raise TurnRefused(403, "permission_error", _words(wanted))
    note_left_out(wanted.places, found, "may not see what is private", notes)
    return found


def paid(
    places: Sequence[Place],
    budgets: Budgets,
    day_left_seconds: Callable[[], float],
    notes: list[str],
) -> Sequence[Place]:
    """The places with tokens left for today. Raises TurnRefused where there is none."""
    found = [each for each in places if not budgets.is_spent(each.endpoint)]
    if found:
        note_left_out(places, found, "has used up its tokens of today", notes)
        return found
    endpoint = places[0].endpoint
    raise TurnRefused(
        403,
        "permission_error",
        f"{endpoint.name} has used up the {endpoint.tokens_per_day:,} tokens that its "
        f"tokens_per_day allows it today, and no other place is left for this turn. "
        f"The next day begins in {in_words(day_left_seconds())}; until then raise "
        f"tokens_per_day in the settings, or add a place to its `fallback`",
    )


def _words(wanted: Wanted) -> str:
    remote = names(wanted.places)
    if HOME_UNKNOWN in wanted.owners:
        return (
            f"it cannot be read whether this conversation is private, and {remote} is remote: "
            "nothing was sent there. `understudy doctor` says what is wrong with the state"
        )
    owners = ", ".join(sorted(wanted.owners))
    return (
        f"this is private to {owners}, and {remote} is remote: nothing was sent there. Begin a "
        f"new conversation for it, or write a [[rule]] with from = [...] that names {owners}"
    )
