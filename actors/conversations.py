"""What outlives a session: the ledger of turns and one record per conversation.

The ledger is settled synchronously, in memory, inside the asker's call: Esc cannot lose a turn that
was counted. A background task writes what is new to the `State` port, in batches, at most
FLUSH_SECONDS later. When the disk fails the batch is kept and tried again, doubling the pause; past
PENDING_TURNS_MAX and UNSAVED_CONVERSATIONS_MAX the oldest are dropped and counted, never the
service; the page and `doctor` tell. What is unsaved stays where it is until the save has succeeded:
nothing is put back.

A conversation that is settled but not in memory is counted from zero, and added to what the disk
has before it is saved: settling waits for no disk. What was used today is kept the same way: what
earlier runs used is read once, before this one saves anything (protocols/usage/today.py).
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from typing import Any

import attrs
import trio

from ..io.ports import Calendar, State, StateError
from ..protocols.actor import Message, Note
from ..protocols.records import ConversationRecord, TurnRecord
from ..protocols.routing.wish import HOME_UNKNOWN
from ..protocols.turn import (
    FindHome,
    FindProblem,
    FindSpent,
    KeepHome,
    NoteDiet,
    NoteNotice,
    Notice,
    Recall,
    RecentNotices,
    RecentTurns,
    RecordTurn,
)
from ..protocols.usage.messages import (
    LAST_TURN,
    FindLines,
    FindToday,
    FindUsage,
    TodaysUsage,
    UsageUnknown,
)
from ..protocols.usage.sums import UsageBy, UsageRow
from ..protocols.usage.today import Today
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

    def __init__(self, state: State, calendar: Calendar) -> None:
        self._state = state
        self._calendar = calendar
        self._records: OrderedDict[str, ConversationRecord] = OrderedDict()
        self._changed: set[str] = set()
        self._not_read: set[str] = set()
        self._pending: deque[TurnRecord] = deque()
        self._recent: dict[str, TurnRecord] = {}
        self._today = Today()
        self._recalled = False
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
        """Writes what is left, once; where nothing is, nothing is opened."""
        if self._changed or self._pending:
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
            case FindHome(conversation):
                known = self._known(conversation)
                return known.home if known else self._load_home(conversation)
            case FindSpent(day):
                return self._spent(day)
            case FindToday():
                return self._find_today()
            case FindUsage(since, until, by):
                return self._usage(since, until, by)
            case FindLines(beginning):
                return self._lines(beginning)
            case KeepHome(conversation, home):
                return self._keep_home(conversation, home)
            case NoteDiet(conversation, notice):
                return self._note_diet(Notice(conversation, notice))
            case RecentNotices():
                return tuple(self._notices)[::-1]
            case FindProblem():
                return self.problem
        return super().handle(message)

    def note(self, note: Note, /) -> None:
        """Takes note of something that the user is to be told."""
        if isinstance(note, NoteNotice):
            self._notices.append(Notice(note.conversation, note.text))

    async def _spent(self, day: str) -> dict[str, int]:
        """What the turns of a day have used, by endpoint; without the disk what memory knows."""
        try:
            async with self._saving:
                await self._recall_today()
        except StateError as error:
            self.problem = str(error)
        self._begin_day()
        rows = self._today.rows()
        if day != self._today.day:
            rows = await self._usage(day, day, UsageBy.ENDPOINT)
        return {row.name: row.sums.counted_tokens for row in rows if row.name}

    def _find_today(self) -> TodaysUsage:
        """Waits for no disk: what it has of today is asked for, and told another time."""
        if not self._recalled:
            self._wake.set()
        self._begin_day()
        return TodaysUsage(self._today.day, self._today.rows(), self._recalled)

    async def _usage(self, since: str, until: str, by: UsageBy) -> tuple[UsageRow, ...]:
        """What the disk says, once all is there. Raises UsageUnknown."""
        if not await self._flush():
            raise UsageUnknown(self.problem)
        try:
            return tuple(await self._state.usage(since, until, by))
        except StateError as error:
            raise UsageUnknown(str(error)) from error

    async def _lines(self, beginning: str) -> tuple[TurnRecord, ...]:
        """What the disk says, and memory, which is newer. Raises UsageUnknown if neither can."""
        if beginning == LAST_TURN:
            beginning = await self._last_turn()
            if not beginning:
                return ()
        newer = {line.turn: line for line in (*self._pending, *self._recent.values())}
        known = {name: line for name, line in newer.items() if name.startswith(beginning)}
        try:
            stored = await self._state.find(beginning)
        except StateError as error:
            if not known:
                raise UsageUnknown(str(error)) from error
            stored = ()
        return tuple(({line.turn: line for line in stored} | known).values())

    async def _last_turn(self) -> str:
        """The id of the turn that was settled last; "" if there has been none."""
        newest: Sequence[TurnRecord] = [*self._recent.values()][-1:]
        if not newest:
            try:
                newest = await self._state.turns(limit=1)
            except StateError as error:
                raise UsageUnknown(str(error)) from error
        return newest[0].first_id if newest else ""

    def _begin_day(self) -> None:
        self._today.begin(self._calendar.day(self._calendar.now()))

    async def _recall_today(self) -> None:
        """Reads what earlier runs have used today, once. Raises StateError.

        Only while nothing of this run is saved, or about to be.
        """
        if self._recalled:
            return
        day = self._calendar.day(self._calendar.now())
        rows = await self._state.usage(day, day, UsageBy.ENDPOINT)
        self._begin_day()
        self._today.recall(day, rows)
        self._recalled = True

    def _settle(self, turn: TurnRecord) -> None:
        """Takes a turn's line; one that is settled again has been asked again, and counts once."""
        if not turn.began_at:
            began_at = self._calendar.now() - max(turn.total_seconds, 0.0)
            turn = attrs.evolve(turn, began_at=began_at)
        turn = attrs.evolve(turn, day=self._calendar.day(turn.began_at))
        before = self._recent.get(turn.turn)
        self._begin_day()
        self._today.settle(turn, before)
        again = turn.is_repeated or self._replaces_line(turn)
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
                home=turn.home or known.home,
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

    async def _keep_home(self, name: str, home: str) -> None:
        """Writes at once that a conversation is private: a crash must not make it public."""
        known = self._known(name) or await self._load(name) or ConversationRecord(name)
        if known.home != home:
            self._remember(attrs.evolve(known, home=home))
            self._changed.add(name)
            await self._flush()

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

    async def _load_home(self, conversation: str) -> str:
        """Where a conversation is that is not in memory, or not the whole of it."""
        unread = ""
        try:
            await self._read(conversation)
        except StateError as error:
            self.problem, unread = str(error), HOME_UNKNOWN
        known = self._records.get(conversation)
        return (known.home if known else "") or unread

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
                home=known.home or stored.home,
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
            self._wake.set()  # the task that writes must not wait for an event that nobody sets
            self._wake = trio.Event()
            try:
                await self._recall_today()
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
