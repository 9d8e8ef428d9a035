"""Which texts a grammar lets through, character by character, over all readings at once.

The state after a text is the set of places where its readings stand: each a terminal and what comes
after it, as a chain of frames that share their ends. Equal states are one object and remember where
each character has led, so the inside of a string costs a look into a table per character.

A bounded count is a number in a frame, not as many rules: `{0,100000}` costs what `*` does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

import attrs

from .notation import Choice, Node, OneOf, Repeat, Row, Rule, Text

STATES_MAX: Final = 20_000
"""So many states are remembered; then all are forgotten but those in use, and their frames."""


@attrs.frozen(eq=False)
class Frame:
    """A node that comes next, how much of it is done, and what comes after it. One acceptor makes
    equal ones once, so they are compared by identity."""

    node: Node
    done: int
    rest: Frame | None


class State:
    """All readings of a text; there is none without a reading. `may_end` if the text is whole."""

    __slots__ = ("_acceptor", "_next", "may_end", "places")

    def __init__(self, acceptor: Acceptor, places: frozenset[Frame], *, may_end: bool) -> None:
        self._acceptor, self.places, self.may_end = acceptor, places, may_end
        self._next: dict[str, State | None] = {}

    def after(self, text: str) -> State | None:
        """The state behind this text; None if the grammar does not let it through."""
        state = self
        for character in text:
            found = state._following(character)
            if found is None:
                return None
            state = found
        return state

    def may_begin(self, first: int, last: int) -> bool:
        """Whether any character from this code point to that one may come next."""
        return any(
            low <= last and first <= high
            for place in self.places
            for low, high in _ranges_of(place)
        )

    def _following(self, character: str) -> State | None:
        try:
            return self._next[character]
        except KeyError:
            found = self._next[character] = self._acceptor.step(self, character)
            return found


class Acceptor:
    """Runs one grammar. States of one acceptor are compared by identity."""

    def __init__(self, root: Rule) -> None:
        self._root = root
        self._states: dict[tuple[frozenset[Frame], bool], State] = {}
        self._frames: dict[tuple[Node, int, Frame | None], Frame] = {}

    def start(self, prefix: Node | None = None) -> State:
        """The state before anything is written; `prefix` comes before the root."""
        frame = self._frame(self._root, 0, None)
        state = self._expanded([frame if prefix is None else self._frame(prefix, 0, frame)])
        assert state is not None, "a grammar lets something through"
        return state

    def step(self, state: State, character: str) -> State | None:
        """The state behind one character more."""
        point = ord(character)
        return self._expanded(
            found for place in state.places for found in self._passed(place, character, point)
        )

    def _expanded(self, frames: Iterable[Frame | None]) -> State | None:
        """Follows all frames down to their terminals."""
        waiting = list(frames)
        seen: set[Frame] = set()
        places: set[Frame] = set()
        may_end = False
        while waiting:
            frame = waiting.pop()
            if frame is None:
                may_end = True
            elif isinstance(frame.node, Text | OneOf):
                places.add(frame)
            elif frame not in seen:
                seen.add(frame)
                waiting += self._opened(frame)
        return self._known(frozenset(places), may_end) if places or may_end else None

    def _known(self, places: frozenset[Frame], may_end: bool) -> State:
        key = (places, may_end)
        found = self._states.get(key)
        if found is None:
            if len(self._states) >= STATES_MAX:
                self._states.clear()
                self._frames.clear()
            found = self._states[key] = State(self, places, may_end=may_end)
        return found

    def _frame(self, node: Node, done: int, rest: Frame | None) -> Frame:
        key = (node, done, rest)
        found = self._frames.get(key)
        if found is None:
            found = self._frames[key] = Frame(node, done, rest)
        return found

    def _opened(self, frame: Frame) -> list[Frame | None]:
        """What may come first of a node that is no terminal."""
        match frame.node:
            case Rule(body=body):
                assert body is not None, "the whole grammar has been read"
                return [self._frame(body, 0, frame.rest)]
            case Choice(options):
                return [self._frame(option, 0, frame.rest) for option in options]
            case Row(items):
                if frame.done == len(items):
                    return [frame.rest]
                is_last = frame.done + 1 == len(items)
                rest = (
                    frame.rest if is_last else self._frame(frame.node, frame.done + 1, frame.rest)
                )
                return [self._frame(items[frame.done], 0, rest)]
            case Repeat(item, least, most):
                found: list[Frame | None] = [frame.rest] if frame.done >= least else []
                if most is None or frame.done < most:
                    # Without a maximum, how many there have been ceases to matter at the minimum.
                    done = frame.done + 1 if most is not None else min(frame.done + 1, least)
                    found.append(self._frame(item, 0, self._frame(frame.node, done, frame.rest)))
                return found
            case _:
                raise AssertionError(frame.node)

    def _passed(self, place: Frame, character: str, point: int) -> list[Frame | None]:
        """What comes after a terminal, if it is or begins with this character."""
        node = place.node
        if isinstance(node, Text):
            if node.text[place.done] != character:
                return []
            is_whole = place.done + 1 == len(node.text)
            return [place.rest if is_whole else self._frame(node, place.done + 1, place.rest)]
        assert isinstance(node, OneOf)
        at = bisect_right(node.ranges, (point, 0x110000)) - 1
        return [place.rest] if at >= 0 and point <= node.ranges[at][1] else []


def _ranges_of(place: Frame) -> Iterable[tuple[int, int]]:
    node = place.node
    if isinstance(node, Text):
        point = ord(node.text[place.done])
        return ((point, point),)
    assert isinstance(node, OneOf)
    return node.ranges
