"""A section that is one value in brackets, with a closing mark if the family has one.

Its first characters, the head, show whether it is such a value at all: a text that only begins
alike is let go after a few characters. A closing mark inside a string is part of the string,
unless it stands on a line of its own: strings have no raw line ends, so that a quotation mark is
missing somewhere before.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from .calls import Section, Verdict
from .marks import Marks
from .span import JSON_QUOTES, Span

HEAD_CHARACTERS_MAX: Final = 256
"""What goes on longer without having become a head is none."""

_AFTER_VALUE = re.compile(r"[\s}]*")
"""What may stand between a value and its closing mark: small models write a brace too many."""


@attrs.frozen
class Head:
    """How a section begins, up to the bracket that opens the value.

    `whole` matches all of it, and the bracket last; `part` matches as much of it as there is.
    """

    whole: re.Pattern[str]
    part: re.Pattern[str]


class SpanSection(Section):
    """One value in brackets. `closes` are the forms of the closing mark."""

    def __init__(self, closes: tuple[str, ...], head: Head, quotes: str = JSON_QUOTES) -> None:
        super().__init__()
        self.marks = Marks(*closes)
        self._head = head
        self._beginning = ""
        self._begun = False
        self._span = Span(quotes)
        self._last = ""
        self._close = ""

    def receive_text(self, text: str) -> int:
        """Takes the next characters; tells how many are its own."""
        taken = 0 if self._begun else self._receive_head(text)
        if self._begun:
            taken = self._span.receive_text(text, taken)
            if self._span.ended:
                taken = self._receive_after(text, taken)
        self._last = text[:taken][-1:] or self._last
        return taken

    def receive_mark(self, mark: str) -> None:
        """Takes a closing mark: the end, or part of a string."""
        if self._span.in_string and self._last != "\n" and not self.first_close_ends:
            self.first_close_seen = True
            self._span.receive_text(mark)
            self._last = mark[-1]
        elif self.first_close_seen and not self._span.ended:
            self.verdict = Verdict.AGAIN
        else:
            self._close, self.verdict = mark, Verdict.OVER

    def receive_end(self) -> None:
        """A value that is complete lacks no more than the mark."""
        if self._span.ended:
            self.verdict = Verdict.OVER

    def value(self, text: str) -> str:
        """The value in the section's whole text, and what follows it before the closing mark."""
        head = self._head.whole.match(text)
        return text[head.end() - 1 if head else 0 :].removesuffix(self._close)

    def _receive_head(self, text: str) -> int:
        """Takes the head; tells where the value begins, or how many characters may be a head."""
        known = len(self._beginning)
        self._beginning += text[: HEAD_CHARACTERS_MAX + 1 - known]
        if match := self._head.whole.match(self._beginning):
            self._begun = True
            bracket = match.end() - 1
            self._span.receive_text(self._beginning[bracket:known])
            return max(bracket - known, 0)
        match = self._head.part.match(self._beginning)
        end = match.end() if match else 0
        if end < len(self._beginning) or end > HEAD_CHARACTERS_MAX:
            self.verdict = Verdict.REFUSED
        return end - known

    def _receive_after(self, text: str, start: int) -> int:
        """After the value: a section without closing marks is over, another waits for one."""
        match = _AFTER_VALUE.match(text, start)
        end = match.end() if match and self.marks.marks else start
        if end < len(text) or not self.marks.marks:
            self.verdict = Verdict.OVER
        return end
