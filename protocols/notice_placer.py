"""Where a notice of ours stands in an answer that is relayed: in front of its first words.

Each dialect has a placer, which changes the members of an answer that its endpoint has written, so
that all that is said of the text says the same, and nothing else. Streamed, the notice stands in
the first piece of text itself: no event is added, none gets another number or another place.

Text that begins with a thought in tags is left alone, since its client looks for them at the
beginning; so is an answer without text. The notice is then for the next answer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Final

from .json_values import object_of, objects_of

THOUGHTS: Final = ("<think", "<|", "[THINK]")
"""How models begin a thought whose server does not take it out of the text."""
Json = dict[str, Any]


class NoticePlacer(ABC):
    """Places one notice. `given` once it stands in the answer, `done` once nothing is to be
    changed any more."""

    def __init__(self, notice: str) -> None:
        self.notice = notice
        self.given = False
        self.done = False
        self._before = 0
        """Characters of white space that have gone out before it."""

    @abstractmethod
    def take(self, value: Json) -> bool:
        """Takes the next value of a stream, and tells whether it was changed."""

    @abstractmethod
    def take_whole(self, value: Json) -> bool:
        """Takes an answer in one piece, and tells whether it was changed."""

    def begun(self, text: str) -> str | None:
        """The text with the notice in it, if these are the answer's first words; else None."""
        words = text.lstrip()
        if not words:
            self._before += len(text)
            return None
        if any(words.startswith(each) or each.startswith(words) for each in THOUGHTS):
            self.done = True
            return None
        space = len(text) - len(words)
        self._before += space
        self.given = True
        return f"{text[:space]}{self.notice}{words}"

    def told_again(self, text: str) -> str:
        """The whole text, which was told in pieces before, with the notice at its place."""
        return f"{text[: self._before]}{self.notice}{text[self._before :]}"

    def shift(self, places: Iterable[Json], size: int) -> None:
        """Moves what points into the text by what the notice takes."""
        for place in places:
            for name in ("start_index", "end_index", "startIndex", "endIndex"):
                if isinstance(place.get(name), int):
                    place[name] += size

    def shift_citations(self, holder: Json) -> bool:
        """Moves the citations that OpenAI's dialects set beside a text; whether there are any."""
        found = objects_of(holder.get("annotations"))
        inner = [object_of(each.get("url_citation")) for each in found]
        self.shift((*found, *inner), len(self.notice))
        return bool(found)
