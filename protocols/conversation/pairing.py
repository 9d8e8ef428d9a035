"""What a history must be to be read by any API, as a plan: which blocks stay, which id they get.

Each tool use has exactly one result, in front of the next user message, and each result a use; ids
are unique; no message is empty. Clients break this (an Esc between call and result, a message that
is sent twice), and an API refuses such a history for ever after. The plan knows blocks by kind and
id alone, so that it serves the neutral conversation and a relay's raw JSON alike.

Nothing is decided by a later message than the turn's own: as the history grows, its repaired
beginning stays the same, which an upstream's prompt cache and signed thinking need. So a result
that comes late goes, and does not become text: a tool's words are not the user's.

The values here are msgspec's, not attrs', for they are made by the hundred with every request.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Literal

import attrs
import msgspec

INTERRUPTED = "No result: the call was interrupted before it had one."
"""What a call is answered with where the history has no answer; it is told as an error."""


class Kind(Enum):
    """What a block is to the pairing. A `VOID` block goes: no API would take it."""

    USE = "use"
    RESULT = "result"
    OTHER = "other"
    VOID = "void"


class Part(msgspec.Struct, frozen=True):
    """One block. `id` is the tool use's, or the one that a result names."""

    kind: Kind
    id: str = ""


class Turn(msgspec.Struct, frozen=True):
    """One message. What is neither the user's nor the assistant's is "other" and left alone, so
    its parts are not told."""

    role: Literal["user", "assistant", "other"]
    parts: Sequence[Part] = ()


class Kept(msgspec.Struct, frozen=True):
    """A block that stays, by its place; `id` is the one that it has from now on."""

    message: int
    block: int
    id: str


class Answer(msgspec.Struct, frozen=True):
    """A result to be made up: an error that says `INTERRUPTED`."""

    id: str


Step = Kept | Answer


class Planned(msgspec.Struct, frozen=True):
    """A message of the repaired history. `message` is the old one's index, -1 for a new one."""

    message: int
    role: Literal["user", "assistant", "other"]
    steps: list[Step]


class _Use(msgspec.Struct, frozen=True):
    """A call that waits for its result: by the id it had, and the one it has now."""

    said: str
    id: str


@attrs.define
class _Ids:
    """Gives each tool use an id of its own, made from the one it has."""

    fit: Callable[[str], str]
    _given: set[str] = attrs.field(factory=set[str])
    _copies: defaultdict[str, int] = attrs.field(factory=lambda: defaultdict[str, int](lambda: 1))

    def unique(self, said: str) -> str:
        """The id itself if it fits and is new, else one made from it."""
        found = first = self.fit(said)
        while found in self._given:
            self._copies[first] += 1
            found = f"{first}_{self._copies[first]}"
        self._given.add(found)
        return found


def named(said: str) -> str:
    """An id that is not empty: the rule where no API has a stricter one."""
    return said or "call"


def plan(turns: Sequence[Turn], fit: Callable[[str], str] = named) -> list[Planned]:
    """The repaired history. `fit` makes any id one that the API takes, the same each time."""
    ids = _Ids(fit)
    planned: list[Planned] = []
    waiting: list[_Use] = []
    place = 0
    while place < len(turns):
        role = turns[place].role
        if role == "user":
            end = _end_of_user_turn(turns, place)
            planned += _UserTurn(waiting).planned(turns, place, end)
            waiting, place = [], end
            continue
        planned.append(Planned(place, role, _own_words(turns[place], place, ids, waiting)))
        place += 1
    if waiting:
        planned.append(Planned(-1, "user", [Answer(use.id) for use in waiting]))
    return [message for message in planned if message.steps or message.role == "other"]


def changes_nothing(turns: Sequence[Turn], planned: Sequence[Planned]) -> bool:
    """Whether the plan is the history as it is."""
    return len(planned) == len(turns) and all(
        is_unchanged(message, turns[message.message]) for message in planned
    )


def is_unchanged(message: Planned, turn: Turn) -> bool:
    """Whether a planned message is the old one, block for block."""
    return len(message.steps) == len(turn.parts) and all(
        isinstance(step, Kept)
        and step.message == message.message
        and step.block == block
        and step.id == part.id
        for block, (step, part) in enumerate(zip(message.steps, turn.parts, strict=True))
    )


def _end_of_user_turn(turns: Sequence[Turn], start: int) -> int:
    """Where the assistant speaks next: an API reads the user's messages until then as one."""
    place = start
    while place < len(turns) and turns[place].role != "assistant":
        place += 1
    return place


def _own_words(turn: Turn, message: int, ids: _Ids, waiting: list[_Use]) -> list[Step]:
    """What stays of a message of the assistant's; its calls begin to wait."""
    steps: list[Step] = []
    for block, part in enumerate(turn.parts):
        if part.kind is Kind.OTHER:
            steps.append(Kept(message, block, part.id))
        elif part.kind is Kind.USE:
            use = _Use(part.id, ids.unique(part.id))
            waiting.append(use)
            steps.append(Kept(message, block, use.id))
    return steps


@attrs.define
class _UserTurn:
    """The user's messages between two of the assistant's, and the calls that wait for them.

    The results come in front of all else. Where they already do, each stays in its own message.
    """

    _waiting: list[_Use]
    _results: list[Step] = attrs.field(factory=list[Step])
    _answered: set[str] = attrs.field(factory=set[str])
    _in_place: dict[int, list[Step]] = attrs.field(factory=dict[int, list[Step]])
    _rest: dict[int, list[Step]] = attrs.field(factory=dict[int, list[Step]])
    _late: bool = False
    """Whether anything has come that a result may not come behind."""
    _scattered: bool = False

    def planned(self, turns: Sequence[Turn], start: int, end: int) -> Iterator[Planned]:
        """The repaired messages from `start` on, where the user begins to speak."""
        open_uses = self._open_uses()
        for message in range(start, end):
            self._in_place[message], self._rest[message] = [], []
            self._late = self._late or turns[message].role == "other"
            for block, part in enumerate(turns[message].parts):
                self._take(message, block, part, open_uses)
        missing = [Answer(use.id) for use in self._waiting if use.id not in self._answered]
        steps = self._in_place
        if missing or self._scattered:
            steps = self._rest
            steps[start] = [*self._results, *missing, *steps[start]]
        for message in range(start, end):
            yield Planned(message, turns[message].role, steps[message])

    def _open_uses(self) -> dict[str, deque[_Use]]:
        """The calls by the id that a result names; of two with one id the older comes first."""
        found = defaultdict[str, deque[_Use]](deque)
        for use in self._waiting:
            found[use.said].append(use)
        return found

    def _take(
        self, message: int, block: int, part: Part, open_uses: dict[str, deque[_Use]]
    ) -> None:
        step = Kept(message, block, part.id)
        if part.kind is Kind.OTHER:
            self._rest[message].append(step)
            self._late = True
        elif part.kind is Kind.RESULT and open_uses[part.id]:
            step = Kept(message, block, open_uses[part.id].popleft().id)
            self._results.append(step)
            self._answered.add(step.id)
            self._scattered = self._scattered or self._late
        else:
            return
        self._in_place[message].append(step)
