"""A run: text or thinking between marks, told as it comes.

White space at its ends belongs to the marks beside it. At the end it is held back until something
follows: more of the run tells it, a mark drops it. A longer stretch than
`WHITE_SPACE_CHARACTERS_MAX` is told at once, whatever follows, for it must not be kept without end.
"""

from __future__ import annotations

import re
from typing import Final

from ..conversation.answer import TextDelta, ThinkingDelta

WHITE_SPACE_CHARACTERS_MAX: Final = 1024
WHITE_SPACE: Final = " \t\r\n"

_SPACE = re.compile(f"[{WHITE_SPACE}]*")


def skip_white_space(text: str, start: int = 0) -> int:
    """Where the white space from `start` on ends."""
    match = _SPACE.match(text, start)
    return match.end() if match else start


class Run:
    """One run. `begun` says that something of it has been told, or will be."""

    def __init__(self, kind: type[TextDelta | ThinkingDelta], *, after_mark: bool) -> None:
        self.kind = kind
        self.begun = False
        self._after_mark = after_mark
        self._space = ""
        self._spilt = False
        """The white space at the end is longer than what is held back."""

    def receive_text(self, text: str) -> list[TextDelta | ThinkingDelta]:
        """Takes more of it, tells what is sure to belong to it."""
        if self._after_mark and not self.begun:
            text = text.lstrip(WHITE_SPACE)
        body = text.rstrip(WHITE_SPACE)
        if body:
            self.begun, self._spilt = True, False
        said = self._space + body if body else ""
        self._space = text[len(body) :] if body else self._space + text
        if self._spilt or len(self._space) > WHITE_SPACE_CHARACTERS_MAX:
            said, self._space, self.begun, self._spilt = said + self._space, "", True, True
        return [self.kind(said)] if said else []

    def begin(self) -> None:
        """What comes now is text, even if it looks like a mark that counts at the beginning."""
        self.begun = True

    def receive_end(self) -> list[TextDelta | ThinkingDelta]:
        """No mark follows: the white space at the end is its own."""
        return [self.kind(self._space)] if self._space else []
