"""What outlives a session: the ledger of turns and one record per conversation.

The ledger is settled synchronously, in memory, inside the asker's call: Esc cannot lose a turn that
was counted. A background task writes what is new to the `State` port, in batches, at most
FLUSH_SECONDS later. When the disk fails the batch is kept and tried again, doubling the pause; past
PENDING_TURNS_MAX the oldest unsaved turns are dropped and counted, never the service.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

import attrs
import trio

from ..io.ports import State, StateError
from ..protocols.actor import Message
from ..protocols.records import ConversationRecord, TurnRecord
from ..protocols.turn import NoteDiet, Recall, RecentTurns, RecordTurn
from .kernel import Actor

FLUSH_SECONDS = 0.5
FLUSH_SECONDS_MAX = 60.0
PENDING_TURNS_MAX = 10_000
RECENT_TURNS = 200
CONVERSATIONS_MAX = 1_000


class Conversations(Actor):
    """The machine's ledger. Lowest rank: everyone may settle, nobody waits for a disk here."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._records: OrderedDict[str, ConversationRecord] = OrderedDict()
        self._changed: set[str] = set()
        self._pending: deque[TurnRecord] = deque()
        self._recent: deque[TurnRecord] = deque(maxlen=RECENT_TURNS)
        self._wake = trio.Event()
        self.dropped_turns = 0
        self.save_errors = 0

    async def start(self) -> None:
        """Starts the task that writes."""
        self.background.start_soon(self._flush_forever, name="conversations:flush")

    async def stop(self) -> None:
        """Writes what is left, once."""
        await self._flush()

    def handle(self, message: Message[Any], /) -> Any:
        """Settles and tells at once; only a conversation not in memory waits for the disk."""
        match message:
            case RecordTurn(record):
                return self._settle(record)
            case RecentTurns(limit):
                return tuple(self._recent)[-limit:][::-1]
            case Recall(conversation):
                known = self._records.get(conversation)
                return known if known is not None else self._load(conversation)
            case NoteDiet(conversation):
                return self._note_diet(conversation)
        return super().handle(message)

    def _settle(self, turn: TurnRecord) -> None:
        known = self._records.get(turn.conversation) or ConversationRecord(turn.conversation)
        self._remember(
            attrs.evolve(
                known,
                model=f"{turn.endpoint}/{turn.model}" if turn.endpoint else known.model,
                turns=known.turns + 1,
                input_tokens=turn.usage.input_tokens or known.input_tokens,
            )
        )
        self._changed.add(turn.conversation)
        self._recent.append(turn)
        self._pending.append(turn)
        if len(self._pending) > PENDING_TURNS_MAX:
            self._pending.popleft()
            self.dropped_turns += 1
        self._wake.set()

    async def _note_diet(self, conversation: str) -> bool:
        known = self._records.get(conversation) or await self._load(conversation)
        known = known or ConversationRecord(conversation)
        if known.dieted:
            return False
        self._remember(attrs.evolve(known, dieted=True))
        self._changed.add(conversation)
        self._wake.set()
        return True

    def _remember(self, record: ConversationRecord) -> None:
        self._records[record.conversation] = record
        self._records.move_to_end(record.conversation)
        while len(self._records) > CONVERSATIONS_MAX:
            oldest = next(iter(self._records))
            if oldest in self._changed:
                return  # not yet on disk
            del self._records[oldest]

    async def _load(self, conversation: str) -> ConversationRecord | None:
        try:
            record = await self._state.load(conversation)
        except StateError:
            self.save_errors += 1
            return None
        if record is not None and conversation not in self._records:
            self._remember(record)
        return self._records.get(conversation)

    async def _flush_forever(self) -> None:
        pause = FLUSH_SECONDS
        while True:
            await self._wake.wait()
            await trio.sleep(pause)
            pause = FLUSH_SECONDS if await self._flush() else min(2 * pause, FLUSH_SECONDS_MAX)

    async def _flush(self) -> bool:
        """Writes what is new; false if the disk failed and it must be tried again."""
        self._wake = trio.Event()
        turns, self._pending = self._pending, deque()
        names, self._changed = self._changed, set()
        if not turns and not names:
            return True
        saved = False
        try:
            await self._state.save([self._records[name] for name in sorted(names)], list(turns))
            saved = True
        except StateError:
            self.save_errors += 1
        finally:
            if not saved:
                self._pending.extendleft(reversed(turns))
                self._changed |= names
                self._wake.set()
        return saved
