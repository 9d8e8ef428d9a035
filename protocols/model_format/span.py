"""Where a value in brackets ends, in text that comes in pieces, without decoding it.

Brackets are counted and strings skipped, so that a bracket or a mark inside a string ends nothing.
What is malformed ends somewhere too: whether it can be decoded is asked afterwards.
"""

from __future__ import annotations

import re
from typing import Final

JSON_QUOTES: Final = '"'
PYTHON_QUOTES: Final = "\"'"

_OUTSIDE = {
    JSON_QUOTES: re.compile(r'["{}\[\]]'),
    PYTHON_QUOTES: re.compile(r"[\"'{}\[\]()]"),
}
_INSIDE = {quote: re.compile(rf"[{quote}\\]") for quote in PYTHON_QUOTES}


class Span:
    """Follows one value. `in_string` tells where it stands, `ended` that it is over."""

    def __init__(self, quotes: str = JSON_QUOTES) -> None:
        self.ended = False
        self._outside = _OUTSIDE[quotes]
        self._quote = ""
        self._depth = 0
        self._escaped = False

    @property
    def in_string(self) -> bool:
        """What comes next belongs to a string."""
        return bool(self._quote)

    def receive_text(self, text: str, start: int = 0) -> int:
        """Takes the characters from `start` on; tells where the value has ended, or the text."""
        position = start
        while position < len(text) and not self.ended:
            take = self._take_inside if self._quote else self._take_outside
            position = take(text, position)
        return position

    def _take_inside(self, text: str, position: int) -> int:
        if self._escaped:
            self._escaped = False
            return position + 1
        found = _INSIDE[self._quote].search(text, position)
        if found is None:
            return len(text)
        if found.group() == "\\":
            self._escaped = True
        else:
            self._quote = ""
        return found.end()

    def _take_outside(self, text: str, position: int) -> int:
        found = self._outside.search(text, position)
        if found is None:
            return len(text)
        if found.group() in PYTHON_QUOTES:
            self._quote = found.group()
        else:
            self._depth += 1 if found.group() in "{[(" else -1
            self.ended = self._depth <= 0
        return found.end()
