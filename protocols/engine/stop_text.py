"""Stop sequences in an answer that comes in pieces, whatever the borders. Sans-IO.

What may be the beginning of a stop sequence is held back until the next characters have told, and
no more than that: the text held is the longest end of the answer that begins one. The earliest end
of a sequence stops the answer; of several that end there, the longest.

Each sequence has a matcher of Knuth, Morris and Pratt, so the time is linear in the text, whatever
the sequences and the pieces are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

STOP_SEQUENCES_MAX: Final = 64
STOP_CHARACTERS_MAX: Final = 1024
"""Of one sequence; longer answers than that are held back for nothing."""


@attrs.frozen
class Released:
    """Text to be told. `stop` is the sequence that has ended the answer, or ""; it is not told."""

    text: str
    stop: str = ""


class StopText:
    """Looks for stop sequences in one answer. Empty sequences are ignored."""

    def __init__(self, sequences: Iterable[str] = ()) -> None:
        ordered = sorted({each for each in sequences if each}, key=lambda each: -len(each))
        self._matchers = [_Matcher(sequence) for sequence in ordered]
        self._held = ""

    def receive_text(self, text: str) -> Released:
        """Takes the next characters; nothing more may come after a stop."""
        if not self._matchers:
            return Released(text)
        for place, character in enumerate(text):
            for matcher in self._matchers:
                if matcher.takes(character):
                    whole = self._held + text[: place + 1]
                    self._held = ""
                    return Released(whole[: -len(matcher.sequence)], matcher.sequence)
        whole = self._held + text
        keep = len(whole) - max(matcher.matched for matcher in self._matchers)
        self._held = whole[keep:]
        return Released(whole[:keep])

    def receive_end(self) -> str:
        """The answer is over: what was held back is text."""
        held, self._held = self._held, ""
        return held


class _Matcher:
    """Looks for one sequence; `matched` of its characters are the end of what was taken."""

    def __init__(self, sequence: str) -> None:
        self.sequence = sequence
        self.matched = 0
        self._borders = _borders(sequence)

    def takes(self, character: str) -> bool:
        """Takes a character; whether the sequence is whole now."""
        sequence, matched = self.sequence, self.matched
        while matched and sequence[matched] != character:
            matched = self._borders[matched - 1]
        if sequence[matched] == character:
            matched += 1
        self.matched = matched
        return matched == len(sequence)


def _borders(sequence: str) -> list[int]:
    """Of each beginning of the sequence: how long its longest own beginning is that ends it."""
    borders = [0] * len(sequence)
    length = 0
    for place in range(1, len(sequence)):
        while length and sequence[place] != sequence[length]:
            length = borders[length - 1]
        if sequence[place] == sequence[length]:
            length += 1
        borders[place] = length
    return borders
