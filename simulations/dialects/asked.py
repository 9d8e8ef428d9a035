"""What an endpoint understands of a request, and what it must complain of.

Each dialect's voice reads a request into lines, one for each thing that somebody has said; here
they are judged alike: each result belongs to a call and tells what that call was for, no call of an
earlier turn is without its result, and nobody else's thinking is anywhere in the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import attrs

from .meaning import THOUGHT

PROMPT = re.compile(r"\[(\w+) #\d+\]")
"""A prompt of these stories says what is wished for, such as `[tools #3]`."""
_DONE = re.compile(r" ran (run \d+-\d+)")
_TO_DO = re.compile(r"run \d+-\d+")

ProblemKind = Literal["pairing", "foreign thinking", "thinking as text", "unsigned"]
Kind = Literal["user", "assistant", "thinking", "call", "result"]


@attrs.frozen
class Line:
    """One thing that was said; `id` and `name` are those of a call or of a result's call."""

    kind: Kind
    text: str
    id: str = ""
    name: str = ""
    signature: str = ""


@attrs.frozen
class Asked:
    """A request. `wish` is what the newest prompt wants; `rounds` tools have run since for it."""

    streamed: bool
    tools: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def wish(self) -> str:
        """The first word of the newest prompt."""
        found = PROMPT.search(self.lines[self._newest_prompt].text)
        return found[1] if found else ""

    @property
    def rounds(self) -> int:
        """How often the model has called since the newest prompt, in a row of its own each time."""
        kinds = [line.kind for line in self.lines[self._newest_prompt :]]
        before = ["", *kinds]
        return sum(kind == "result" != last for last, kind in zip(before, kinds, strict=False))

    @property
    def results(self) -> tuple[str, ...]:
        """What the tools have said since the newest prompt."""
        since = self.lines[self._newest_prompt :]
        return tuple(line.text for line in since if line.kind == "result")

    @property
    def current(self) -> tuple[Line, ...]:
        """All since the newest prompt."""
        return self.lines[self._newest_prompt :]

    @property
    def _newest_prompt(self) -> int:
        places = [
            place
            for place, line in enumerate(self.lines)
            if line.kind == "user" and PROMPT.search(line.text)
        ]
        return places[-1] if places else 0


@attrs.frozen
class Problem:
    """Something wrong with a request."""

    kind: ProblemKind
    words: str


def problems_of(
    asked: Asked, body: bytes, endpoint: str, signed: Mapping[str, str]
) -> tuple[Problem, ...]:
    """What is wrong with a request that an endpoint was sent.

    `signed` has the signature that it gave to each call, by the call's arguments.
    """
    return (
        *_pairing_problems(asked.lines),
        *_thinking_problems(asked.lines, body, endpoint),
        *_signature_problems(asked.current, signed),
    )


def _pairing_problems(lines: Sequence[Line]) -> Iterator[Problem]:
    waiting: list[Line] = []
    for line in lines:
        if line.kind == "call":
            waiting.append(line)
        elif line.kind == "result":
            call = _call_of(line, waiting)
            if call is None:
                yield Problem("pairing", f"a result has no call: {line.id or line.name!r}")
                continue
            waiting.remove(call)
            yield from _mix_up(call, line)
        elif waiting and line.kind == "user":
            name = waiting[0].id or waiting[0].name
            yield Problem("pairing", f"a call has no result: {name!r}")
            waiting = []


def _call_of(result: Line, waiting: Sequence[Line]) -> Line | None:
    """The call that a result is for; without an id it is known by the name and the order."""
    if result.id:
        return next((call for call in waiting if call.id == result.id), None)
    named = (call for call in waiting if result.name in ("", call.name))
    return next(named, None)


def _mix_up(call: Line, result: Line) -> Iterator[Problem]:
    done, to_do = _DONE.search(result.text), _TO_DO.search(call.text)
    if done is not None and to_do is not None and done[1] != to_do[0]:
        yield Problem("pairing", f"the result of {done[1]!r} is given to {to_do[0]!r}")


def _thinking_problems(lines: Sequence[Line], body: bytes, endpoint: str) -> Iterator[Problem]:
    for owner in dict.fromkeys(THOUGHT.findall(body.decode("utf-8", "replace"))):
        if owner.lower() != endpoint:
            yield Problem("foreign thinking", f"the thinking of {owner} reaches {endpoint}")
    for line in lines:
        if line.kind != "thinking" and THOUGHT.search(line.text):
            yield Problem("thinking as text", f"thinking has become the text of {line.kind}")


def _signature_problems(lines: Sequence[Line], signed: Mapping[str, str]) -> Iterator[Problem]:
    """Gemini refuses a call of the turn at hand that comes back without its signature."""
    for line in lines:
        if line.kind == "call" and line.signature != signed.get(line.text, line.signature):
            yield Problem("unsigned", "a call has come back without its signature")
