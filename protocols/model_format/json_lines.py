"""Calls as JSON values behind one another, between an opening and a closing mark.

Each value is an object with `name` and `arguments`, or an array of them; line ends and commas may
stand between. A closing mark inside a string is part of the string.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .calls import Call, Section, Verdict
from .json_calls import read_calls
from .marks import Marks
from .span import Span

_GAP: Final = re.compile(r"[\s,]*")


class JsonLines(Section):
    """All values between the marks."""

    def __init__(self, close: str) -> None:
        super().__init__()
        self.marks = Marks(close)
        self._span: Span | None = None
        self._place = 0
        self._ends: list[int] = []
        """Where in the section's text each value has ended."""

    def receive_text(self, text: str) -> int:
        """Takes the next characters; tells how many are its own."""
        position = 0
        while position < len(text) and self.verdict is Verdict.OPEN:
            if self._span is None:
                position = self._receive_gap(text, position)
            else:
                position = self._span.receive_text(text, position)
                if self._span.ended:
                    self._span = None
                    self._ends.append(self._place + position)
        self._place += position
        return position

    def _receive_gap(self, text: str, position: int) -> int:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        if position < len(text):
            self._span = Span()
            if text[position] not in "{[":
                self.verdict = Verdict.REFUSED
        return position

    def receive_mark(self, mark: str) -> None:
        """Takes the closing mark: the end, or part of a string."""
        if self._span is not None and self._span.in_string and not self.first_close_ends:
            self.first_close_seen = True
            self._span.receive_text(mark)
            self._place += len(mark)
        else:
            if self._span is not None:
                self._ends.append(self._place)
            self.verdict = Verdict.OVER

    def receive_end(self) -> None:
        """Values that are complete lack no more than the mark."""
        if self._span is None and self._ends:
            self.verdict = Verdict.OVER

    def calls(self, text: str) -> Sequence[Call]:
        """The calls in the section's text; none if one of the values is no call."""
        calls: list[Call] = []
        start = 0
        for end in self._ends:
            found = read_calls(text[start:end].lstrip(" \t\r\n,"))
            if not found:
                return []
            calls += found
            start = end
        return calls
