"""Text withheld until it has been judged: calls and output with schemas that no grammar holds.

A grammar holds most of JSON Schema. What it does not hold is validated after, and that is only of
use while nobody has been told: so the text is withheld from the first mark on (the text that opens
a call; the end of thinking; without one, from the start) until the answer is over. What may be the
beginning of a mark is held back too. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs

from ....protocols.conversation.answer import BlockEnded, ToolInputDelta, ToolUseStarted
from ....protocols.grammar.validation import problems
from ....protocols.model_format.format import AnswerParser, Said

Judge = Callable[[str, str, bool], tuple[str, ...]]
"""Says what is wrong with an answer: its text before, the text that was withheld, and whether the
answer has come to its end."""
NO_JSON: Final = "it is no JSON"


@attrs.frozen
class Verdict:
    """What was withheld, and what is wrong with it."""

    text: str
    problems: tuple[str, ...]


class Check:
    """Withholds and judges one answer."""

    def __init__(self, marks: Sequence[str], judge: Judge, *, keeps_mark: bool = True) -> None:
        """`keeps_mark` if a mark belongs to what is withheld."""
        self._marks, self._judge, self._keeps_mark = tuple(marks), judge, keeps_mark
        self._told = self._held = ""
        self._is_open = not self._marks

    @property
    def told(self) -> str:
        """What of the answer has been released."""
        return self._told

    def receive_text(self, text: str) -> str:
        """Takes the next characters; returns what can be told now."""
        self._held += text
        if self._is_open:
            return ""
        places = [(at, mark) for mark in self._marks if (at := self._held.find(mark)) >= 0]
        if places:
            place, mark = min(places)
            self._is_open = True
            return self._release(place if self._keeps_mark else place + len(mark))
        return self._release(len(self._held) - _beginning(self._held, self._marks))

    def receive_end(self, *, whole: bool) -> Verdict:
        """The answer is over: judges what was withheld."""
        held, self._held = self._held, ""
        wrong = self._judge(self._told, held, whole) if self._is_open else ()
        return Verdict(held, wrong)

    def start_again(self) -> None:
        """What was withheld is thrown away; the answer goes on behind what was told."""
        self._held = ""

    def _release(self, length: int) -> str:
        text, self._held = self._held[:length], self._held[length:]
        self._told += text
        return text


def call_judge(parser: Callable[[], AnswerParser], schemas: dict[str, dict[str, Any]]) -> Judge:
    """Judges every whole call by the schema of its tool."""

    def judge(told: str, held: str, whole: bool) -> tuple[str, ...]:
        reading = parser()
        said = reading.receive_text(told + held) + reading.receive_end(whole=whole)
        found: list[str] = []
        for name, written in _calls(said):
            wrong = _problems(schemas.get(name, {}), written)
            found += [f"{name}: {problem}" for problem in wrong]
        return tuple(found)

    return judge


def output_judge(schema: dict[str, Any]) -> Judge:
    """Judges structured output by its schema; output that was cut is nobody's JSON anyway."""

    def judge(told: str, held: str, whole: bool) -> tuple[str, ...]:
        del told
        return _problems(schema, held) if whole else ()

    return judge


def _calls(said: Sequence[Said]) -> list[tuple[str, str]]:
    """The calls among what a parser has told: names and arguments."""
    found: list[tuple[str, str]] = []
    name, written = "", ""
    for each in said:
        match each:
            case ToolUseStarted():
                name, written = each.name, ""
            case ToolInputDelta():
                written += each.json_text
            case BlockEnded() if name:
                found.append((name, written))
                name = ""
            case _:
                pass
    return found


def _problems(schema: dict[str, Any], written: str) -> tuple[str, ...]:
    try:
        value = json.loads(written or "{}")
    except ValueError:
        return (NO_JSON,)
    return problems(schema, value)


def _beginning(text: str, marks: Sequence[str]) -> int:
    """How much of the end of a text may be the beginning of a mark."""
    longest = min(len(text), max(map(len, marks)) - 1)
    for length in range(longest, 0, -1):
        if any(mark.startswith(text[-length:]) for mark in marks):
            return length
    return 0
