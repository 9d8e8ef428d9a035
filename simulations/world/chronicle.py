"""What happened in a run, in words: who said what to whom, and when.

Kept only when a run is traced, which is how a failing run is told again. Names are those of actors
(`session:1`, `backend:work:1`), of clients (`client:story`), peers (`peer:work.test`), and `fault`.
No text of a turn, no object's address: two runs of one seed have the same chronicle.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import attrs
import trio

from ...actors.kernel import CallDraining, CallEnded, CallStarted
from ...actors.kernel.observer import Event

Tell = Callable[[str], None]
"""Takes note of what somebody did."""


def tell_nobody(_words: str) -> None:
    """For those who are in no chronicle."""


Kind = Literal["call", "return", "note"]


@attrs.frozen
class Happening:
    """One line of the chronicle: `call` and `return` go from one to another, `note` stays."""

    seconds: float
    kind: Kind
    who: str
    to: str
    words: str


@attrs.define(eq=False)
class Chronicle:
    """An observer of the kernel that writes down calls; the world adds notes of its own."""

    kept: bool = False
    happenings: list[Happening] = attrs.field(factory=list[Happening])
    _callees: dict[int, tuple[str, str]] = attrs.field(factory=dict[int, tuple[str, str]])

    def teller(self, who: str) -> Tell:
        """For somebody of that name, to tell what they do."""
        return partial(self.note, who)

    def note(self, who: str, words: str) -> None:
        """Writes down what one of them did."""
        if self.kept:
            self._add("note", who, who, words)

    def conclude(self, who: str, words: str, seconds: float) -> None:
        """Writes down what came of it all, when nothing runs any more."""
        if self.kept:
            self.happenings.append(Happening(seconds, "note", who, who, words))

    def observe(self, event: Event, /) -> None:
        """Writes down calls between actors."""
        if not self.kept:
            return
        if isinstance(event, CallStarted):
            caller = self._callees[event.parent][0] if event.parent in self._callees else "outside"
            self._callees[event.call] = (event.actor, caller)
            self._add("call", caller, event.actor, event.message)
        elif isinstance(event, CallEnded):
            actor, caller = self._callees.pop(event.call, (event.actor, "outside"))
            self._add("return", actor, caller, event.ending)
        elif isinstance(event, CallDraining):
            self._add("note", event.actor, event.actor, "is still inside a call that was left")

    def _add(self, kind: Kind, who: str, to: str, words: str) -> None:
        self.happenings.append(Happening(trio.current_time(), kind, who, to, words))
