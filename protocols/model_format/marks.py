"""Marks: the fixed texts by which a model's answer is divided, found in text that comes in pieces.

A search says one of three things: here is a mark; here, at the end, may be the beginning of one,
and what comes next decides; or there is none. So a caller that holds back the second kind and
repeats nothing tells the same text for every split. One regular expression does all of it: a piece
without a mark costs half a microsecond, and no loop of ours goes over characters.

No mark may be part of another: then the leftmost one is the same whatever has arrived so far.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Found(NamedTuple):
    """Where a mark is. `mark` is "" where the text ends with what may be the beginning of one."""

    start: int
    end: int
    mark: str


class Marks:
    """A set of marks to look for."""

    def __init__(self, *marks: str) -> None:
        assert all(marks), "a mark has at least one character"
        assert not any(a in b for a in set(marks) for b in set(marks) - {a}), "one holds another"
        self.marks = marks
        self._pattern = re.compile(_pattern(marks)) if marks else _NOTHING

    def search(self, text: str, start: int = 0) -> Found | None:
        """The first mark from `start` on, or the end of the text that may become one."""
        return _found(self._pattern.search(text, start))

    def match(self, text: str, start: int = 0) -> Found | None:
        """The mark that begins just at `start`, or the whole rest if it may become one."""
        return _found(self._pattern.match(text, start))


_NOTHING = re.compile(r"(?!)")


def _found(match: re.Match[str] | None) -> Found | None:
    if match is None:
        return None
    return Found(match.start(), match.end(), match.group(1) or "")


def _pattern(marks: tuple[str, ...]) -> str:
    whole = "|".join(map(re.escape, marks))
    beginnings = "|".join(map(_beginning, marks))
    return rf"({whole})|(?:{beginnings})\Z"


def _beginning(mark: str) -> str:
    """A pattern for the longest beginning of a mark: `ab` is `a(?:b)?`."""
    return "(?:".join(map(re.escape, mark)) + ")?" * (len(mark) - 1)
