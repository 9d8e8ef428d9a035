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
from ..protocols.switching.choice import (
    NO_CHOICE,
    Choice,
    FindChoice,
    KeepChoice,
    stored_choice,
    to_text,
)
from ..protocols.tool_uses import (
    FindAsked,
    FindRecentConversations,
    FindToolUse,
    NoteToolUses,
    RecentConversation,
)
from ..protocols.turn import (
    FindHome,
    FindProblem,
    FindSpent,
    KeepHome,
    KeepOrigin,
    NoteDiet,
    NoteNotice,
    Notice,
    Recall,
    RecentNotices,
    RecentTurns,
    RecordTurn,
)
from ..protocols.usage.messages import (
    FindLines,
    FindToday,
    FindUsage,
    TodaysUsage,
    UsageUnknown,
)
from ..protocols.usage.sums import UsageBy, UsageRow
from ..protocols.usage.today import Today
from .conversation_origins import Origins
from .conversation_records import joined, last_turns, newest_turns, recent_conversation, settled
from .kernel import Actor
from .ledger_lines import find_lines
from .tool_use_book import ToolUseBook

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

    def __init__(self, state: State, calendar: Calendar, id_key: bytes = b"") -> None:
        self._state = state
        self._calendar = calendar
        self._tool_uses = ToolUseBook(state, id_key)
        self._records: OrderedDict[str, ConversationRecord] = OrderedDict()
        self._changed: set[str] = set()
        self._not_read: set[str] = set()
        self._origins = Origins(self._read_home)
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
        if self._changed or self._pending or self._tool_uses.unsaved:
            await self._flush()

    def handle(self, message: Message[Any], /) -> Any:
        """Settles and tells at once; only a conversation not in memory waits for the disk."""
        match message:
            case RecordTurn(record):
                return self._settle(record)
            case RecentTurns(limit, conversation):
                return newest_turns(self._recent.values(), limit, conversation)
            case Recall(conversation):
                return self._known(conversation) or self._load(conversation)
            case FindHome(conversation):
                known = None if conversation in self._origins else self._known(conversation)
                return known.home if known else self._load_home(conversation)
            case FindChoice(conversation):
                known = self._known(conversation)
                return stored_choice(known.choice) if known else self._load_choice(conversation)
            case KeepChoice():
                return self._keep_choice(message)
            case FindToolUse(tool_use):
                return self._tool_uses.owners(tool_use, self._calendar.now())
            case FindAsked(conversation, tool_use):
                return self._tool_uses.asked(tool_use, conversation)
            case FindRecentConversations(limit):
                return self._recent_conversations(limit)
            case FindSpent(day):
                return self._spent(day)
            case FindToday():
                return self._find_today()
            case FindUsage(since, until, by):
                return self._usage(since, until, by)
            case FindLines(beginning):
                return find_lines(self._state, self._newer(), beginning)
            case KeepHome(conversation, home):
                return self._keep_home(conversation, home)
            case KeepOrigin(conversation, origin):
                return self._origins.keep(conversation, origin)
            case NoteDiet(conversation, notice):
                return self._note_diet(Notice(conversation, notice))
            case RecentNotices():
                return tuple(self._notices)[::-1]
            case FindProblem():
                return self.problem
        return super().handle(message)

    def note(self, note: Note, /) -> None:
        """Takes note of something that the user is to be told, or of what a model calls."""
        match note:
            case NoteNotice(conversation, text):
                self._notices.append(Notice(conversation, text))
            case NoteToolUses(conversation, ids, prompt):
                self._tool_uses.note(conversation, ids, self._calendar.now(), prompt)
                self._wake.set()

    async def _recent_conversations(self, limit: int) -> tuple[RecentConversation, ...]:
        """Those of the newest turns; without the disk those of this run."""
        stored: Sequence[TurnRecord] = ()
        try:
            stored = await self._state.turns(limit=RECENT_TURNS)
        except StateError as error:
            self.problem = str(error)
        newest = last_turns([*reversed(stored), *self._recent.values()], limit)
        found = [(self._known(name) or await self._load(name), at) for name, at in newest]
        return tuple(recent_conversation(record, at) for record, at in found if record)

    async def _spent(self, day: str) -> dict[str, int]:
        """What the turns of a day have used, by endpoint; without the disk what memory knows."""
        try:
            async with self._saving:
                await self._recall_today()
        except StateError as error:
            self.problem = str(error)
        self._begin_day()
        is_today = day == self._today.day
        rows = self._today.rows() if is_today else await self._usage(day, day, UsageBy.ENDPOINT)
        return {row.name: row.sums.counted_tokens for row in rows if row.name}

    def _find_today(self) -> TodaysUsage:
        """Waits for no disk: what it has of today is asked for, and told another time."""
        if not self._recalled:
            self._wake.set()
        self._begin_day()
        now = self._calendar.now()
        return TodaysUsage(self._today.day, self._today.rows(), self._recalled, now)

    async def _usage(self, since: str, until: str, by: UsageBy) -> tuple[UsageRow, ...]:
        """What the disk says, once all is there. Raises UsageUnknown."""
        if not await self._flush():
            raise UsageUnknown(self.problem)
        try:
            return tuple(await self._state.usage(since, until, by))
        except StateError as error:
            raise UsageUnknown(str(error)) from error

    def _newer(self) -> Sequence[TurnRecord]:
        """The lines in memory, the last one last."""
        older = [line for line in self._pending if line.turn not in self._recent]
        return [*older, *self._recent.values()]

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
        again = turn.is_repeated or before is not None
        known = self._records.get(turn.conversation)
        if known is None:
            self._not_read.add(turn.conversation)
            known = ConversationRecord(turn.conversation)
        self._remember(settled(known, turn, again=again))
        self._changed.add(turn.conversation)
        self._recent[turn.turn] = turn
        while len(self._recent) > RECENT_TURNS:
            del self._recent[next(iter(self._recent))]
        self._pending.append(turn)
        while len(self._pending) > PENDING_TURNS_MAX:
            self._pending.popleft()
            self.dropped_turns += 1
        self._wake.set()

    async def _note_diet(self, notice: Notice) -> bool:
        name = notice.conversation
        known = self._known(name) or await self._load(name) or self._partly(name)
        if known.dieted:
            return False
        self._notices.append(notice)
        return await self._keep(known, dieted=True, soon=True)

    async def _keep_home(self, name: str, home: str) -> None:
        """Writes at once that a conversation is private: a crash must not make it public."""
        await self._keep(self._partly(name), home=home)

    async def _keep_choice(self, wish: KeepChoice) -> bool:
        """Between the look at what holds and the change nothing waits."""
        name = wish.conversation
        whole = self._known(name)
        held: Choice | None = stored_choice(whole.choice) if whole else NO_CHOICE
        if whole is None and wish.expected is not None:
            held = await self._load_choice(name)
        choice = to_text(self._tool_uses.admitted(wish, held))
        return await self._keep(self._partly(name), choice=choice, soon=wish.soon)

    def _partly(self, name: str) -> ConversationRecord:
        """A record to be changed at once: what the disk has of it is read before it is saved."""
        known = self._known(name)
        if known is None:
            self._not_read.add(name)
        return known or self._records.get(name) or ConversationRecord(name)

    async def _keep(self, known: ConversationRecord, *, soon: bool = False, **changes: Any) -> bool:
        """Keeps changes that a crash must not undo; false if the disk has failed."""
        name, changed = known.conversation, attrs.evolve(known, **changes)
        if changed != known:
            self._remember(changed)
            self._changed.add(name)
        if name not in self._changed:
            return True
        self._wake.set()  # whoever asked may leave while the disk works
        return soon or await self._flush()

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

    async def _has_read(self, conversation: str) -> bool:
        """Reads a conversation; false if the disk has failed."""
        try:
            await self._read(conversation)
            return True
        except StateError as error:
            self.problem = str(error)
            return False

    async def _load(self, conversation: str) -> ConversationRecord | None:
        await self._has_read(conversation)
        return self._records.get(conversation)

    async def _load_choice(self, conversation: str) -> Choice | None:
        """The choice of a conversation that is not in memory, or not the whole of it.

        A disk that fails is not asked by every turn: the task that writes finds out when it is
        well. Until then only what was chosen since is known.
        """
        is_read = not self.problem and await self._has_read(conversation)
        known = self._records.get(conversation)
        if known is not None and (known.choice or is_read):
            return stored_choice(known.choice)
        self._wake.set()
        return NO_CHOICE if is_read else None

    async def _load_home(self, conversation: str) -> str:
        """Where a conversation is that is not in memory, or not the whole of it."""
        home = await self._read_home(conversation)
        if not home and (home := await self._origins.home(conversation)) not in ("", HOME_UNKNOWN):
            await self._keep_home(conversation, home)
        return home

    async def _read_home(self, conversation: str) -> str:
        unread = "" if await self._has_read(conversation) else HOME_UNKNOWN
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
            self._remember(joined(known, stored))

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
        tool_uses = self._tool_uses.unsaved
        if not turns and not records and not tool_uses:
            return
        dropped = self.dropped_turns
        await self._state.save(list(records.values()), turns, tool_uses)
        self._tool_uses.saved(tool_uses)
        for _ in range(len(turns) - (self.dropped_turns - dropped)):
            self._pending.popleft()
        for name, record in records.items():
            if self._records.get(name) is record:
                self._changed.discard(name)
