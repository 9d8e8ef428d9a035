"""Text that ends at a mark, as XML-like formats write arguments: raw, or in a string of JSON.

No mark may occur in the text, nor across the end of raw text: read up to the first mark, what was
written comes back whole. An automaton watches for all marks at once (Aho and Corasick's), and
counts characters where a length is limited. Where that would take too many states, a counted text
has no character that begins a mark instead; a pattern's text never has.
"""

from __future__ import annotations

import string
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import attrs

from . import gbnf, strings
from .json_rules import Notation
from .rules import Rules, State
from .strings import Letters

AUTOMATA_KEPT: Final = 64
"""Made automata that are kept: a family has few marks, and one takes milliseconds."""
STATES_MAX: Final = 400
"""Above this, the cheaper way of counting."""

CHARACTERS: Final = gbnf.normal([*gbnf.CHARACTERS, *gbnf.ranges_of("\t\n\r")])
"""What raw text consists of."""
KEY_CHARACTERS: Final = gbnf.ranges_of("_0123456789" + string.ascii_letters)
"""What keys without quotes consist of, if no schema names them."""


def letters(rules: Rules, marks: Sequence[str]) -> Letters:
    """As characters stand in raw text before one of the marks."""
    bare = gbnf.without(CHARACTERS, _firsts(marks))

    def any_text(least: int, most: int | None) -> str:
        return text(rules, marks, least, most)

    return Letters(bare, {}, any_text, str, lambda known: stands(known, marks))


def json_notation(rules: Rules, marks: Sequence[str]) -> Notation:
    """JSON before one of the marks."""
    found = _json_letters(rules, marks)
    return Notation(found, found)


def bare_notation(rules: Rules, quote: str) -> Notation:
    """Strings as they are between two marks, keys as they are without any, members in the order of
    their names, and no space."""

    def any_key(least: int, most: int | None) -> str:
        return rules.times(rules.add("key-char", gbnf.char_class(KEY_CHARACTERS)), least, most)

    keys = Letters(KEY_CHARACTERS, {}, any_key, str, lambda _: True)
    found = letters(rules, (quote,))
    return Notation(found, keys, quote, "", key_characters_min=1, spaced=False, sorts=True)


def _json_letters(rules: Rules, marks: Sequence[str]) -> Letters:
    bare = gbnf.without(strings.BARE, _firsts(marks))
    numbered = {mark[0]: f"\\u{ord(mark[0]):04x}" for mark in marks}
    escapes = {char: gbnf.literal(number) for char, number in numbered.items()}

    def any_text(least: int, most: int | None) -> str:
        watch = _Watch(tuple(marks), strings.BARE, strings.escape(rules))
        return watch.rule(rules, least, most)

    def spelled(known: str) -> str:
        return "".join(numbered.get(char) or strings.spelled(char) for char in known)

    return Letters(bare, {**strings.ESCAPES, **escapes}, any_text, spelled, lambda _: True)


def text(rules: Rules, marks: Sequence[str], least: int = 0, most: int | None = None) -> str:
    """A rule: raw text of so many characters before the first of the marks."""
    assert all(marks)
    return _Watch(tuple(marks), CHARACTERS).rule(rules, least, most)


def stands(known: str, marks: Sequence[str]) -> bool:
    """Whether a known text can be written before each of the marks."""
    points = gbnf.ranges_of(known)
    return holds(known, marks) and gbnf.within(points, CHARACTERS) == points


def holds(known: str, marks: Sequence[str]) -> bool:
    """Whether no mark is in a text, nor begins in it before the mark that ends it."""
    ends = [(known + mark).find(other) for mark in marks for other in marks]
    return all(found == -1 or found >= len(known) for found in ends)


def _firsts(marks: Sequence[str]) -> gbnf.Ranges:
    return gbnf.ranges_of(mark[0] for mark in marks)


Place = tuple[str, int]
"""A state of the counting automaton: the longest beginning of a mark that was just read, and how
many characters there are, as far as that matters."""


@attrs.frozen
class _Watch:
    """The automaton of the marks over some characters; an escape, if there is one, is a character
    of no mark, and text with escapes is followed by something else than the mark."""

    marks: tuple[str, ...]
    characters: gbnf.Ranges
    escape: str = ""

    def rule(self, rules: Rules, least: int, most: int | None) -> str:
        """The rule of texts of so many characters."""
        counts = (least if most is None else most) + 1
        if len(self._texts) * counts <= STATES_MAX:
            return rules.automaton("raw", _states(self, least, most))
        bare = gbnf.char_class(gbnf.without(self.characters, _firsts(self.marks)))
        item = rules.any_of("raw-char", [bare, *([self.escape] if self.escape else [])])
        return rules.add("raw", rules.times(item, least, most, "raw"))

    @property
    def _texts(self) -> list[str]:
        """The states: the beginnings of marks in which no mark is."""
        beginnings = [mark[:end] for mark in self.marks for end in range(len(mark))]
        return [
            one for one in dict.fromkeys(beginnings) if not any(mark in one for mark in self.marks)
        ]

    def moves(self, text: str) -> dict[str, list[str]]:
        """The bodies that lead to each state; what ends a mark leads nowhere."""
        alphabet = sorted({char for mark in self.marks for char in mark})
        found: dict[str, list[tuple[int, int]]] = {
            "": list(gbnf.without(self.characters, gbnf.ranges_of(alphabet)))
        }
        for char in alphabet:
            read = text + char
            if not any(read.endswith(mark) for mark in self.marks):
                runs = gbnf.within(self.characters, gbnf.ranges_of(char))
                found.setdefault(self._state(read), []).extend(runs)
        bodies = {to: [gbnf.char_class(gbnf.normal(runs))] for to, runs in found.items() if runs}
        if self.escape:
            bodies.setdefault("", []).append(self.escape)
        return bodies

    def _state(self, read: str) -> str:
        ends = (read[start:] for start in range(len(read) + 1))
        return next(end for end in ends if any(mark.startswith(end) for mark in self.marks))

    def states(self, least: int, most: int | None) -> tuple[State, ...]:
        """The automaton times the count, as far as it is reached and can still end."""
        moves = {text: self.moves(text) for text in self._texts}
        top = least if most is None else most
        places: dict[Place, dict[Place, list[str]]] = {}
        waiting: deque[Place] = deque([("", 0)])
        while waiting:
            text, count = place = waiting.popleft()
            if place not in places:
                after = moves[text] if count != most else {}
                places[place] = {(to, min(count + 1, top)): one for to, one in after.items()}
                waiting.extend(places[place])
        ends = {place for place in places if place[1] >= least and self._may_end(place[0])}
        alive = _alive(places, ends)
        numbers = {place: number for number, place in enumerate(alive)}
        return tuple(
            State(
                tuple(
                    (body, numbers[to])
                    for to, bodies in places[place].items()
                    if to in numbers
                    for body in bodies
                ),
                place in ends,
            )
            for place in alive
        )

    def _may_end(self, text: str) -> bool:
        return bool(self.escape) or holds(text, self.marks)


@lru_cache(maxsize=AUTOMATA_KEPT)
def _states(watch: _Watch, least: int, most: int | None) -> tuple[State, ...]:
    return watch.states(least, most)


def _alive(places: dict[Place, dict[Place, list[str]]], ends: set[Place]) -> list[Place]:
    """The places from which an end can be reached, in their order."""
    alive, before = set(ends), 0
    while len(alive) > before:
        before = len(alive)
        alive |= {place for place, to in places.items() if not alive.isdisjoint(to)}
    return [place for place in places if place in alive]
