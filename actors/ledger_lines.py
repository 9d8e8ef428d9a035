"""Finds lines of the ledger: what the disk says, and memory, which is newer."""

from __future__ import annotations

from collections.abc import Sequence

from ..io.ports import State, StateError
from ..protocols.records import TurnRecord
from ..protocols.usage.messages import LAST_TURN, UsageUnknown


async def find_lines(
    state: State, newer: Sequence[TurnRecord], beginning: str
) -> tuple[TurnRecord, ...]:
    """The lines of the turns whose ids begin so, or of the last turn.

    `newer` are those in memory, the last one last. Raises UsageUnknown if neither can say.
    """
    if beginning == LAST_TURN:
        beginning = await _last_turn(state, newer)
        if not beginning:
            return ()
    known = {line.turn: line for line in newer if line.turn.startswith(beginning)}
    try:
        stored = await state.find(beginning)
    except StateError as error:
        if not known:
            raise UsageUnknown(str(error)) from error
        stored = ()
    return tuple(({line.turn: line for line in stored} | known).values())


async def _last_turn(state: State, newer: Sequence[TurnRecord]) -> str:
    """The id of the turn that was settled last; "" if there has been none."""
    newest: Sequence[TurnRecord] = newer[-1:]
    if not newest:
        try:
            newest = await state.turns(limit=1)
        except StateError as error:
            raise UsageUnknown(str(error)) from error
    return newest[0].first_id if newest else ""
