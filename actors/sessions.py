"""The registry of live conversations: finds or makes the session of a conversation.

At most SESSIONS_MAX live; one that has been idle for IDLE_SECONDS is stopped, and when there is no
room the one idle longest makes way. What must survive that is not here but in `conversations`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from itertools import count

import attrs
import trio

from ..protocols.actor import Rank, Ref, Unavailable
from ..protocols.switching.history_marks import HistoryMarks
from ..protocols.turn import LiveTurn
from .kernel import Actor, ActorSystem
from .kernel.ref import CellRef

SESSIONS_MAX = 1_000
IDLE_SECONDS = 1_800.0
SWEEP_SECONDS = 60.0


@attrs.define(eq=False)
class Sessions:
    """Sessions by conversation, the one used longest ago first. `marks` tell which conversation
    it is where a client does not."""

    _system: ActorSystem
    _make: Callable[[], Actor]
    marks: HistoryMarks
    live: dict[str, LiveTurn] = attrs.field(factory=dict[str, LiveTurn])
    _sessions: OrderedDict[str, CellRef] = attrs.field(factory=OrderedDict[str, CellRef])
    _used_seconds: dict[str, float] = attrs.field(factory=dict[str, float])
    _births: count[int] = attrs.field(factory=lambda: count(1))

    def __len__(self) -> int:
        return len(self._sessions)

    def session(self, conversation: str) -> Ref:
        """The session of a conversation. Raises Unavailable when all sessions are busy."""
        ref = self._sessions.get(conversation)
        if ref is None or ref.cell.closing:
            ref = self._spawn(conversation)
        self._sessions.move_to_end(conversation)
        self._used_seconds[conversation] = trio.current_time()
        return ref

    async def sweep(self) -> None:
        """Stops sessions that have been idle for long; runs for as long as the system."""
        while True:
            await trio.sleep(SWEEP_SECONDS)
            limit = trio.current_time() - IDLE_SECONDS
            for name in [name for name, used in self._used_seconds.items() if used < limit]:
                if self._is_idle(name):
                    self._forget(name)

    def _spawn(self, conversation: str) -> CellRef:
        if len(self._sessions) >= SESSIONS_MAX:
            idle = next((name for name in self._sessions if self._is_idle(name)), None)
            if idle is None:
                raise Unavailable(f"{SESSIONS_MAX} conversations are being answered right now")
            self._forget(idle)
        name = f"session:{next(self._births)}"
        ref = self._system.spawn(name, Rank.SESSION, self._make)
        self._sessions[conversation] = ref
        return ref

    def _is_idle(self, conversation: str) -> bool:
        statistics = self._sessions[conversation].cell.statistics()
        return statistics.running == statistics.queued == 0

    def _forget(self, conversation: str) -> None:
        ref = self._sessions.pop(conversation)
        del self._used_seconds[conversation]
        self._system.dismiss(ref)
