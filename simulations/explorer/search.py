"""A search: runs items, adds up what comes of them, and ends at Ctrl-C with what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Protocol, TypeVar

from ...io.cli.errors import CannotRun
from ...io.cli.output import note
from . import jobs
from .progress import Progress

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
TakenItem = TypeVar("TakenItem", contravariant=True)
TakenOutcome = TypeVar("TakenOutcome", contravariant=True)


class Tallies(Protocol[TakenItem, TakenOutcome]):
    """What adds up."""

    def take(self, item: TakenItem, outcome: TakenOutcome, /) -> None:
        """Adds what came of an item."""
        ...

    def take_lost(self, item: TakenItem, why: str, /) -> None:
        """Adds an item that its process did not survive."""
        ...


def search(
    items: Iterable[Item],
    function: Callable[[Item], Outcome],
    processes: int,
    tally: Tallies[Item, Outcome],
    progress: Progress,
) -> bool:
    """Runs all items; False if Ctrl-C came first. Raises CannotRun."""
    try:
        with progress, closing(jobs.run_all(items, function, processes)) as outcomes:
            for item, outcome in outcomes:
                if isinstance(outcome, jobs.Lost):
                    _tell_lost(item, outcome)
                    tally.take_lost(item, f"its process {outcome.why}")
                else:
                    tally.take(item, outcome)
                progress.update()
    except KeyboardInterrupt:
        return False
    except jobs.CannotStart as error:
        raise CannotRun(str(error)) from None
    return True


def _tell_lost(item: object, lost: jobs.Lost) -> None:
    note(f"a process {lost.why} as it ran {item}")
    for other in lost.rest:
        note(f"  it also had {other}, which is run by another")
