"""What outlives a session: the ledger of turns and one record per conversation.

The ledger is settled synchronously, in memory, inside the asker's call: Esc cannot lose a turn that
was counted. A background task writes what is new to the `State` port, in batches, at most
FLUSH_SECONDS later. When the disk fails the batch is kept and tried again, doubling the pause; past
PENDING_TURNS_MAX and UNSAVED_CONVERSATIONS_MAX the oldest are dropped and counted, never the
service; the page and `doctor` tell. What is unsaved stays where it is until the save has succeeded:
nothing is put back.

A conversation that is settled but not in memory is counted from zero, and added to what the disk
has before it is saved: settling waits for no disk.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

import attrs
import trio

from ..io.ports import State, StateError
from ..protocols.actor import Message
from ..protocols.records import ConversationRecord, TurnRecord
from ..protocols.turn import (
    FindProblem,
    NoteDiet,
    Notice,
    Recall,
    RecentNotices,
    RecentTurns,
    RecordTurn,
)
from .kernel import Actor

FLUSH_SECONDS = 0.5
FLUSH_SECONDS_MAX = 60.0
PENDING_TURNS_MAX = 10_000
RECENT_TURNS = 200
RECENT_NOTICES = 20
CONVERSATIONS_MAX = 1_000
UNSAVED_CONVERSATIONS_MAX = 10_000
"""Conversations kept in memory while the disk fails."""


class Conversations(Actor):
    """The machine's ledger. Lowest rank: everyone may settle, nobody waits for a disk here."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._records: OrderedDict[str, ConversationRecord] = OrderedDict()
        self._changed: set[str] = set()
        self._not_read: set[str] = set()
        self._pending: deque[TurnRecord] = deque()
        self._recent: dict[str, TurnRecord] = {}
        self._notices: deque[Notice] = deque(maxlen=RECENT_NOTICES)
        self._wake = trio.Event()
        self._saving = trio.Lock()
        self.dropped_turns = 0
        self.dropped_conversations = 0
        self.problem = ""

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
                return tuple(self._recent.values())[-limit:][::-1]
            case Recall(conversation):
                return self._known(conversation) or self._load(conversation)
            case NoteDiet(conversation, notice):
                return self._note_diet(Notice(conversation, notice))
            case RecentNotices():
                return tuple(self._notices)[::-1]
            case FindProblem():
                return self.problem
        return super().handle(message)

    def _settle(self, turn: TurnRecord) -> None:
        """Takes a turn's line; one that is settled again has been asked again, and counts once."""
        again = self._replaces_line(turn)
        known = self._records.get(turn.conversation)
        if known is None:
            self._not_read.add(turn.conversation)
            known = ConversationRecord(turn.conversation)
        self._remember(
            attrs.evolve(
                known,
                model=f"{turn.endpoint}/{turn.model}" if turn.endpoint else known.model,
                turns=known.turns if again else known.turns + 1,
                input_tokens=turn.usage.input_tokens or known.input_tokens,
            )
        )
        self._changed.add(turn.conversation)
        self._recent[turn.turn] = turn
        while len(self._recent) > RECENT_TURNS:
            del self._recent[next(iter(self._recent))]
        self._pending.append(turn)
        while len(self._pending) > PENDING_TURNS_MAX:
            self._pending.popleft()
            self.dropped_turns += 1
        self._wake.set()

    def _replaces_line(self, turn: TurnRecord) -> bool:
        return turn.turn in self._recent

    async def _note_diet(self, notice: Notice) -> bool:
        name = notice.conversation
        known = self._known(name) or await self._load(name) or ConversationRecord(name)
        if known.dieted:
            return False
        self._notices.append(notice)
        self._remember(attrs.evolve(known, dieted=True))
        self._changed.add(name)
        self._wake.set()
        return True

    def _known(self, conversation: str) -> ConversationRecord | None:
        """The record in memory, if it is the whole of what is known."""
        return None if conversation in self._not_read else self._records.get(conversation)

    def _remember(self, record: ConversationRecord) -> None:
        self._records[record.conversation] = record
        self._records.move_to_end(record.conversation)
        while len(self._records) > CONVERSATIONS_MAX:
            oldest = next(iter(self._records))
            if oldest in self._changed:
                if len(self._records) <= UNSAVED_CONVERSATIONS_MAX:
                    return
                self._changed.discard(oldest)
                self.dropped_conversations += 1
            self._not_read.discard(oldest)
            del self._records[oldest]

    async def _load(self, conversation: str) -> ConversationRecord | None:
        try:
            await self._read(conversation)
        except StateError as error:
            self.problem = str(error)
        return self._records.get(conversation)

    async def _read(self, conversation: str) -> None:
        """Adds what the disk knows of a conversation to what memory does. Raises StateError."""
        stored = await self._state.load(conversation)
        known = self._records.get(conversation)
        if known is not None and conversation not in self._not_read:
            return
        self._not_read.discard(conversation)
        if known is None and stored is not None:
            self._remember(stored)
        elif known is not None and stored is not None:
            whole = attrs.evolve(
                known,
                model=known.model or stored.model,
                turns=known.turns + stored.turns,
                input_tokens=known.input_tokens or stored.input_tokens,
                dieted=known.dieted or stored.dieted,
            )
            self._remember(whole)

    async def _flush_forever(self) -> None:
        pause = FLUSH_SECONDS
        while True:
            await self._wake.wait()
            await trio.sleep(pause)
            pause = FLUSH_SECONDS if await self._flush() else min(2 * pause, FLUSH_SECONDS_MAX)

    async def _flush(self) -> bool:
        """Writes what is new; false if the disk failed and it must be tried again.

        One at a time: at the end, `stop` waits for a batch on its way before it writes the rest.
        """
        async with self._saving:
            self._wake = trio.Event()
            try:
                while unread := sorted(self._changed & self._not_read):  # more come meanwhile
                    await self._read(unread[0])
                await self._save()
            except StateError as error:
                self.problem = str(error)
                self._wake.set()
                return False
            self.problem = ""
            return True

    async def _save(self) -> None:
        """Writes all that is unsaved; what changes meanwhile stays so. Raises StateError."""
        turns = list(self._pending)
        records = {name: self._records[name] for name in sorted(self._changed)}
        if not turns and not records:
            return
        dropped = self.dropped_turns
        await self._state.save(list(records.values()), turns)
        for _ in range(len(turns) - (self.dropped_turns - dropped)):
            self._pending.popleft()
        for name, record in records.items():
            if self._records.get(name) is record:
                self._changed.discard(name)
