"""Which of several places can do what a turn asks, as far as that is known.

Nothing known is no reason against a place, and where none can do it all are asked in their order:
they shall say so themselves. The request is looked at only where a place is known to lack
something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..turn import Turn
from .table import Place
from .traits import is_longer, sees_images


def fitting(places: Sequence[Place], turn: Turn | None, notes: list[str]) -> Sequence[Place]:
    """Those that are not known to be unfit; all if there are no others."""
    if turn is None or len(places) < 2:
        return places
    return _roomy(_seeing(places, turn, notes), turn, notes)


def _seeing(places: Sequence[Place], turn: Turn, notes: list[str]) -> Sequence[Place]:
    seeing = [each for each in places if each.endpoint.can(each.model, "vision") is not False]
    if not seeing or len(seeing) == len(places) or not sees_images(turn):
        return places
    note_left_out(places, seeing, "sees no images", notes)
    return seeing


def _roomy(places: Sequence[Place], turn: Turn, notes: list[str]) -> Sequence[Place]:
    roomy = [each for each in places if not is_too_small(each, turn)]
    if not roomy:
        return places
    note_left_out(places, roomy, "has too small a window", notes)
    return roomy


def is_too_small(place: Place, turn: Turn) -> bool:
    """Whether a place's window is known, and smaller than the request is thought to be."""
    window = place.endpoint.window(place.model)
    return window > 0 and is_longer(turn, window)


def note_left_out(
    before: Iterable[Place], after: Sequence[Place], why: str, notes: list[str]
) -> None:
    """Adds a note about the places that are not there any more."""
    out = [each for each in before if each not in after]
    if out:
        notes.append(f"{names(out)} {why}")


def names(places: Iterable[Place]) -> str:
    """The places by name."""
    return ", ".join(each.name for each in places)
