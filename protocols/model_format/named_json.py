"""Calls whose name stands before their JSON: a head, a mark, an object, a closing mark.

    functions.NAME:0<|tool_call_argument_begin|>{...}<|tool_call_end|>     Kimi
    NAME<｜tool▁sep｜>{...}<｜tool▁call▁end｜>                                DeepSeek

Such a call is over with its object: models leave out the closing mark, and the next call's opening
mark must not be taken for a part of this one. A closing mark ends it where the object is not
balanced, and inside a string it is part of the string.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from .calls import Call, Section, Verdict
from .json_calls import read_arguments
from .marks import Marks
from .span import Span

HEAD_CHARACTERS_MAX: Final = 512
"""Of what stands before the mark; what is longer is no head of a call."""
_AFTER_OBJECT: Final = re.compile(r"[\s`]*")
"""What may stand between an object and its closing mark: the end of a fence."""
_NAME: Final = re.compile(r"[^\s<>{}\"]+")

ReadHead = Callable[[str, str], tuple[str, str]]
"""From what stands before and behind the mark: the name, "" if it is no call, and the JSON."""


class NamedJson(Section):
    """One call. `middle` is the mark between head and object, `closes` the closing ones."""

    def __init__(self, middle: str, closes: Sequence[str], read: ReadHead) -> None:
        super().__init__()
        self.marks = Marks(middle, *closes)
        self._middle = middle
        self._read = read
        self._span: Span | None = None
        """The object, as soon as the head is over."""
        self._head_characters = 0
        self._close = ""

    def receive_text(self, text: str) -> int:
        """Takes the next characters; tells how many are its own."""
        if self._span is None:
            return self._receive_head(text)
        taken = 0 if self._span.ended else self._span.receive_text(text)
        if self._span.ended and (after := _AFTER_OBJECT.match(text, taken)):
            taken = after.end()
            if taken < len(text):
                self.verdict = Verdict.OVER
        return taken

    def _receive_head(self, text: str) -> int:
        taken = min(len(text), HEAD_CHARACTERS_MAX + 1 - self._head_characters)
        self._head_characters += taken
        if self._head_characters > HEAD_CHARACTERS_MAX:
            self.verdict = Verdict.REFUSED
        return taken

    def receive_mark(self, mark: str) -> None:
        """Takes the mark behind the head, or one that closes."""
        if self._span is None and mark == self._middle:
            self._span = Span()
        elif self._span and self._span.in_string and not self.first_close_ends:
            self.first_close_seen |= mark != self._middle
            self._span.receive_text(mark)
        elif self._span is None or mark != self._middle:
            self._close, self.verdict = mark, Verdict.OVER

    def receive_end(self) -> None:
        """An object that is complete lacks no more than the mark."""
        if self._span is not None and self._span.ended:
            self.verdict = Verdict.OVER

    def calls(self, text: str) -> Sequence[Call]:
        """The call in the section's text."""
        head, middle, body = text.removesuffix(self._close).partition(self._middle)
        name, written = self._read(head, body) if middle else ("", "")
        return [Call(name, input_of(written))] if name else []


def name_in(head: str) -> str:
    """The tool's name, where nothing else stands; "" if it is none."""
    name = head.strip()
    return name if _NAME.fullmatch(name) else ""


def input_of(written: str) -> str:
    """The text of a tool's input from what a model has written; nothing at all is an empty one."""
    return read_arguments(written) if written.strip() else "{}"
