"""The state, made of memory: the same records, order, limits and refusals as the real one.

`StoredState` plays the disk: it outlives the `SimulatedState` that was opened on it, so that a
scenario can restart the server. Faults are scripted by the number of the call, counted from 1 over
all methods, or drawn from a chance at `state.fails` and `state.is slow`: a failing call raises
before it has done anything. A call waits out its latency first and then acts without a checkpoint,
so that a cancelled save has written nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

import attrs
import trio

from ..io.ports import State, StateError
from ..io.state import CONVERSATIONS_MAX, TURNS_MAX
from ..io.state_days import DAY_ROWS_MAX, DAYS_MAX
from ..io.state_schema import conversation_row, tool_use_row, turn_row
from ..io.state_usage import FOUND_LINES_MAX
from ..protocols.records import ConversationRecord, TurnRecord
from ..protocols.tool_uses import TOOL_USE_SECONDS, TOOL_USES_MAX, ToolUse
from ..protocols.usage.sums import UsageBy, UsageRow
from .state_usage import Days, count_line, keep_newest, usage_rows
from .world.chance import Chance

FAULT_CHANCE = 0.2
SLOW_SECONDS = (0.01, 3.0)
"""Beyond what settling a turn is given."""

Key = TypeVar("Key")


@attrs.define
class StoredState:
    """The simulated disk: turns in the order of their first save, conversations of their last.

    `days` are the sums of each day, which stay when their turns are pruned.
    While it `fails` so does each call; `calls` counts them all.
    """

    conversations: dict[str, ConversationRecord] = attrs.Factory(dict[str, ConversationRecord])
    turns: dict[str, TurnRecord] = attrs.Factory(dict[str, TurnRecord])
    tool_uses: dict[tuple[str, str], ToolUse] = attrs.Factory(dict[tuple[str, str], ToolUse])
    days: Days = attrs.field(factory=Days, eq=False)
    fails: bool = attrs.field(default=False, eq=False)
    calls: int = attrs.field(default=0, eq=False)


class SimulatedState(State):
    """The state in `stored`; the calls whose numbers are in `failing_calls` raise StateError."""

    def __init__(
        self,
        stored: StoredState | None = None,
        *,
        failing_calls: Collection[int] = (),
        latency_seconds: float = 0.0,
        turns_max: int = TURNS_MAX,
        conversations_max: int = CONVERSATIONS_MAX,
        days_max: int = DAYS_MAX,
        day_rows_max: int = DAY_ROWS_MAX,
        tool_uses_max: int = TOOL_USES_MAX,
        chance: Chance | None = None,
    ) -> None:
        self._tool_uses_max = tool_uses_max
        self.stored = StoredState() if stored is None else stored
        self.calls = 0
        self._failing_calls = failing_calls
        self._latency_seconds = latency_seconds
        self._turns_max = turns_max
        self._conversations_max = conversations_max
        self._days_max = days_max
        self._day_rows_max = day_rows_max
        self._chance = chance
        self._closed = False

    async def load(self, conversation: str) -> ConversationRecord | None:
        """Reads one conversation, or None if it is not known."""
        await self._begin_call()
        return self.stored.conversations.get(conversation)

    async def save(
        self,
        conversations: Sequence[ConversationRecord],
        turns: Sequence[TurnRecord],
        tool_uses: Sequence[ToolUse] = (),
    ) -> None:
        """Writes all of it or, if it raises StateError, nothing of it; later ones win."""
        for conversation in conversations:
            conversation_row(conversation)
        for turn in turns:
            turn_row(turn)
        for use in tool_uses:
            tool_use_row(use)
        await self._begin_call()
        for conversation in conversations:
            self.stored.conversations.pop(conversation.conversation, None)
            self.stored.conversations[conversation.conversation] = conversation
        for turn in turns:
            count_line(self.stored.days, self.stored.turns.get(turn.turn), turn)
            self.stored.turns[turn.turn] = turn
        self._keep_tool_uses(tool_uses)
        _prune(self.stored.conversations, self._conversations_max)
        _prune(self.stored.turns, self._turns_max)
        _prune(self.stored.days, self._day_rows_max)
        keep_newest(self.stored.days, self._days_max)

    def _keep_tool_uses(self, tool_uses: Sequence[ToolUse]) -> None:
        kept = self.stored.tool_uses
        for use in tool_uses:
            kept.pop((use.key, use.conversation), None)
            kept[use.key, use.conversation] = use
        oldest = max((use.seen_at for use in tool_uses), default=0.0) - TOOL_USE_SECONDS
        for place in [place for place, use in kept.items() if use.seen_at <= oldest]:
            del kept[place]
        _prune(kept, self._tool_uses_max)

    async def tool_uses(self, key: str) -> Sequence[ToolUse]:
        """Reads the tool uses with this digest, the oldest first: one for each conversation."""
        await self._begin_call()
        return tuple(use for use in self.stored.tool_uses.values() if use.key == key)

    async def turns(self, *, limit: int) -> Sequence[TurnRecord]:
        """Reads the newest `limit` turns, newest first."""
        assert limit >= 0
        await self._begin_call()
        return tuple(reversed(self.stored.turns.values()))[:limit]

    async def usage(self, since: str, until: str, by: UsageBy) -> Sequence[UsageRow]:
        """Adds up the days from `since` to `until`, both included, by what is asked for."""
        await self._begin_call()
        days = {key: sums for key, sums in self.stored.days.items() if since <= key[0] <= until}
        lines = [line for line in self.stored.turns.values() if since <= line.day <= until]
        return usage_rows(days, lines, by)

    async def find(self, beginning: str) -> Sequence[TurnRecord]:
        """Reads the lines of the turns whose ids begin so, oldest first, up to a limit."""
        await self._begin_call()
        found = [line for name, line in self.stored.turns.items() if name.startswith(beginning)]
        return tuple(found[:FOUND_LINES_MAX])

    async def named(self, beginning: str, *, limit: int) -> Sequence[ConversationRecord]:
        """Reads the conversations whose names begin so, those saved last first."""
        await self._begin_call()
        newest = reversed(self.stored.conversations.values())
        return tuple(each for each in newest if each.conversation.startswith(beginning))[:limit]

    async def aclose(self) -> None:
        """Closes this opening; what was saved stays in `stored`. Safe to call again."""
        self._closed = True
        await trio.lowlevel.checkpoint()

    async def _begin_call(self) -> None:
        self.calls += 1
        self.stored.calls += 1
        number = self.calls
        fails, slow_seconds = self._draw_fault()
        await trio.sleep(self._latency_seconds + slow_seconds)
        if self._closed:
            raise StateError("the simulated state is closed")
        if number in self._failing_calls or fails or self.stored.fails:
            raise StateError(f"call {number} of the simulated state fails, as scripted")

    def _draw_fault(self) -> tuple[bool, float]:
        """Whether a call fails, and how much longer it takes."""
        if self._chance is None:
            return False, 0.0
        fails = self._chance.strike("state.fails", FAULT_CHANCE) is not None
        draws = self._chance.strike("state.is slow", FAULT_CHANCE)
        return fails, draws.uniform(*SLOW_SECONDS) if draws else 0.0


def _prune(records: dict[Key, Any], most: int) -> None:
    for name in list(records)[: max(0, len(records) - most)]:
        del records[name]
