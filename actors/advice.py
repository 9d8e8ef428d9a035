"""Gathers what the actors know of all places and of one conversation, and has it compared.

Whoever cannot answer in time leaves its facts unknown, and is named; only the router has to be
there, for nobody else knows the places. The comparison itself is pure (protocols/advice/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import trio

from ..protocols.actor import ActorError, Message, Ref
from ..protocols.advice.contender import Contender, Contenders, FindContenders, FindNeed
from ..protocols.advice.contenders import with_cache, with_usage
from ..protocols.advice.memory import with_memory
from ..protocols.advice.ranking import Advice, Advise, recommend
from ..protocols.advice.situation import Situation
from ..protocols.advice.size import Size, size_of
from ..protocols.records import TurnRecord
from ..protocols.resources.report import DescribeMemory, MemoryReport
from ..protocols.routing.traits import guessed_tokens, has, sees_images
from ..protocols.routing.wish import HOME_UNKNOWN
from ..protocols.settings_data import RuleSettings
from ..protocols.switching.choice import NO_CHOICE, Choice, FindChoice
from ..protocols.switching.command import Goal
from ..protocols.turn import FindHome, RecentTurns, Turn
from ..protocols.usage.messages import FindToday, FindUsage, TodaysUsage
from ..protocols.usage.sums import UsageBy, UsageRow

SOURCE_SECONDS_MAX: Final = 0.5
"""How long each source is waited for."""
LINES_MAX: Final = 200
"""Of the ledger, in which the conversation's own are looked for."""
_ANY: Final = RuleSettings(())


@attrs.frozen
class Question:
    """Whom to recommend, for what.

    `conversation` is the one that it is for, "" for a new one. `turn` is its newest request, where
    there is one: it says what is in use. `place` is where it is answered now and `size` how long it
    is, where the asker knows that better than the ledger does.
    """

    conversation: str = ""
    goal: Goal = ""
    turn: Turn | None = None
    place: str = ""
    size: Size | None = None


async def advise(router: Ref, conversations: Ref, resources: Ref | None, asked: Question) -> Advice:
    """Compares all places for a conversation. Raises ActorError where the router is not there."""
    gathering = _Gathering(router, conversations, resources)
    lines = await gathering.lines(asked.conversation)
    last = lines[0] if lines else None
    place = asked.place or await gathering.place(asked.conversation, last)
    usage = await gathering.usage()
    found = await router.ask(FindContenders((place, *sorted(usage))))
    now = _situation(asked, lines, place, private=await gathering.private(asked.conversation))
    engines, at = found.engines, gathering.now
    known: Sequence[Contender] = [
        with_cache(with_usage(each, usage), last, engine=each.endpoint in engines, now=at)
        for each in found.places
    ]
    known = await gathering.with_memory(known, found)
    advice = recommend(now, known, found.weights)
    return attrs.evolve(advice, unasked=tuple(gathering.unasked))


def adviser(router: Ref, conversations: Ref, resources: Ref | None) -> Advise:
    """Who is asked for advice by those who serve, and know neither actors nor turns."""

    async def asked(conversation: str, goal: Goal) -> Advice:
        return await advise(router, conversations, resources, Question(conversation, goal))

    return asked


def _situation(
    asked: Question, lines: Sequence[TurnRecord], place: str, *, private: bool
) -> Situation:
    turn, size = asked.turn, asked.size
    if size is None:
        size = size_of(lines, 0 if turn is None else guessed_tokens(turn))
    return Situation(
        size.tokens,
        size.growth_tokens,
        images=turn is not None and sees_images(turn),
        tools=turn is not None and bool(turn.request.json.raw("tools")),
        thinking=turn is not None and has("thinking", turn, _ANY),
        private=private,
        place=place,
        goal=asked.goal,
    )


@attrs.define
class _Gathering:
    """One question's way to all who know something."""

    router: Ref
    conversations: Ref
    resources: Ref | None
    unasked: list[str] = attrs.field(factory=list[str])
    now: float = 0.0
    """The moment, in seconds since 1970, once the ledger has told it."""

    async def lines(self, conversation: str) -> Sequence[TurnRecord]:
        """The conversation's lines of the ledger that some place has answered, newest first."""
        if not conversation:
            return ()
        asked = RecentTurns(LINES_MAX, conversation)
        found = await self._ask("the ledger", self.conversations, asked)
        return [line for line in found or () if line.endpoint and line.usage.read_tokens]

    async def place(self, conversation: str, last: TurnRecord | None) -> str:
        """Where the conversation is answered now: as the user has chosen, or where it last was."""
        choice: Choice = NO_CHOICE
        if conversation:
            asked = FindChoice(conversation)
            choice = await self._ask("the choice", self.conversations, asked) or NO_CHOICE
        return choice.place or (f"{last.endpoint}/{last.model}" if last else "")

    async def private(self, conversation: str) -> bool:
        """Whether the conversation is private; so it is where nobody can say."""
        if not conversation:
            return False
        home = await self._ask("what is private", self.conversations, FindHome(conversation))
        return bool(HOME_UNKNOWN if home is None else home)

    async def usage(self) -> Mapping[str, UsageRow]:
        """What today's turns have measured: by model or, where the disk fails, by endpoint."""
        today: TodaysUsage | None
        today = await self._ask("the ledger", self.conversations, FindToday())
        if today is None:
            return {}
        self.now = today.at
        asked = FindUsage(today.day, today.day, UsageBy.MODEL)
        rows = await self._ask("today's times", self.conversations, asked)
        return {row.name: row for row in (today.rows if rows is None else rows) if row.name}

    async def with_memory(
        self, contenders: Sequence[Contender], found: Contenders
    ) -> Sequence[Contender]:
        """The contenders, with how the models of this machine stand to its memory."""
        report: MemoryReport | None = None
        if self.resources is not None and found.engines:
            report = await self._ask("the memory", self.resources, DescribeMemory())
        if report is None:
            return contenders
        needs: dict[str, int] = {}
        for name, engine in found.engines.items():
            need = await self._ask(f"what {name} takes", engine, FindNeed())
            needs[name] = 0 if need is None else need.total_bytes
        return [
            with_memory(each, report, needs[each.endpoint]) if each.endpoint in needs else each
            for each in contenders
        ]

    async def _ask(self, what: str, of: Ref, message: Message[Any]) -> Any:
        """Asks for something that may stay unknown: None then, and it is noted what."""
        with trio.move_on_after(SOURCE_SECONDS_MAX):
            try:
                return await of.ask(message)
            except ActorError:
                pass
        if what not in self.unasked:
            self.unasked.append(what)
        return None
