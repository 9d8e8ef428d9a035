"""Regular expressions of JSON Schema's `pattern`, read into a tree.

A pattern is ECMA-262's, searched anywhere in the text unless it is anchored. Read here is what is
regular and means the same in every dialect: characters, classes, \\d \\w \\s, groups, alternatives,
repetitions (lazy ones too: they match the same texts) and anchors at the ends of an alternative.
Anything else (look-around, back references, word borders, properties of Unicode) is refused, and
so is a tree that is too large or too deep.
"""

from __future__ import annotations

from typing import Final

import attrs

from . import gbnf

PATTERN_CHARACTERS_MAX: Final = 1000
NODES_MAX: Final = 500
DEPTH_MAX: Final = 20
REPEATS_MAX: Final = 10_000

ANY: Final[gbnf.Ranges] = ((0, gbnf.LAST_CHARACTER),)
_DIGITS: Final = gbnf.ranges_of("0123456789")
_WORD: Final = gbnf.normal([*_DIGITS, (0x41, 0x5A), (0x61, 0x7A), (0x5F, 0x5F)])
_ASCII: Final[gbnf.Ranges] = ((0, 0x7F),)
_SPACE: Final = gbnf.ranges_of(" \t\n\v\f\r")
_ANY_SPACE: Final = gbnf.normal(
    [*_SPACE, (0x1C, 0x1F), (0x2000, 0x200A), (0x2028, 0x2029)]
    + [(point, point) for point in (0x85, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 0xFEFF)]
)
_LINE_ENDS: Final = gbnf.ranges_of("\n\r\u2028\u2029")
_CLASSES: Final = {
    "d": _DIGITS,
    "D": gbnf.without(_ASCII, _DIGITS),
    "w": _WORD,
    "W": gbnf.without(_ASCII, _WORD),
    "s": _SPACE,
    "S": gbnf.without(ANY, _ANY_SPACE),
}
"""What every dialect agrees upon: beyond ASCII they differ on what a digit or a letter is."""
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_COUNTS: Final[dict[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class UnreadPattern(Exception):
    """The pattern is not of the kind that is read here."""


@attrs.frozen
class Chars:
    """One character of a set."""

    ranges: gbnf.Ranges


@attrs.frozen
class Sequence:
    """One after another."""

    parts: tuple[Node, ...]


@attrs.frozen
class Choice:
    """One of them."""

    options: tuple[Node, ...]


@attrs.frozen
class Repeat:
    """`least` to `most` times the same, None for without end."""

    part: Node
    least: int
    most: int | None


Node = Chars | Sequence | Choice | Repeat

ANYTHING: Final = Repeat(Chars(ANY), 0, None)
NOTHING: Final = Sequence(())


def read(pattern: str) -> Node:
    """The tree of the whole texts that match. Raises UnreadPattern."""
    if len(pattern) > PATTERN_CHARACTERS_MAX:
        raise UnreadPattern("too long")
    reader = _Reader(pattern)
    node = reader.alternatives(outermost=True)
    if reader.at < len(pattern):
        raise UnreadPattern("unbalanced")
    return node


def lengths(node: Node) -> tuple[int, int | None]:
    """How many characters a matching text has at least and at most, None for without end."""
    match node:
        case Chars():
            return 1, 1
        case Repeat(part, least, most):
            low, high = lengths(part)
            return low * least, 0 if high == 0 else _product(high, most)
        case Sequence(parts):
            both = [lengths(part) for part in parts]
            highs = [high for _, high in both]
            return sum(low for low, _ in both), _sum(highs)
        case Choice(options):
            both = [lengths(option) for option in options]
            highs = [high for _, high in both]
            known = [high for high in highs if high is not None]
            return min(low for low, _ in both), max(known) if len(known) == len(highs) else None


def _product(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one * other


def _sum(numbers: list[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


class _Reader:
    """A recursive descent over the pattern."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.at = 0
        self._nodes = 0
        self._depth = 0

    def alternatives(self, *, outermost: bool = False) -> Node:
        options = [self._sequence(outermost)]
        while self._take("|"):
            options.append(self._sequence(outermost))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self, outermost: bool) -> Node:
        """An alternative; at the outermost level, what its missing anchors let stand around it."""
        parts: list[Node] = []
        if outermost and not self._take("^"):
            parts.append(ANYTHING)
        while (char := self._peek()) not in ("", "|", ")"):
            if char == "$":
                break
            parts.append(self._repeated())
        ended = self._take("$")
        if ended and (not outermost or self._peek() not in ("", "|")):
            raise UnreadPattern("an anchor inside")
        if outermost and not ended:
            parts.append(ANYTHING)
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Node:
        part = self._atom()
        counts = self._counts()
        if counts is None:
            return part
        self._take("?")
        if self._peek() in ("*", "+", "?", "{"):
            raise UnreadPattern("a repetition of a repetition")
        least, most = counts
        if max(least, most or 0) > REPEATS_MAX or (most is not None and most < least):
            raise UnreadPattern("counts")
        return Repeat(part, least, most)

    def _counts(self) -> tuple[int, int | None] | None:
        char = self._peek()
        if char in _COUNTS:
            self.at += 1
            return _COUNTS[char]
        if char != "{":
            return None
        inside, closed, _ = self._pattern[self.at + 1 :].partition("}")
        least, comma, most = inside.partition(",")
        digits = [number for number in (least, most) if number]
        if not closed or not least or not all(n.isascii() and n.isdigit() for n in digits):
            raise UnreadPattern("a brace that is no repetition")
        self.at += len(inside) + 2
        return int(least), (int(most) if most else None) if comma else int(least)

    def _atom(self) -> Node:
        self._nodes += 1
        if self._nodes > NODES_MAX:
            raise UnreadPattern("too large")
        char = self._next()
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self._class())
        if char == ".":
            return Chars(gbnf.without(ANY, _LINE_ENDS))
        if char == "\\":
            return Chars(self._escaped())
        if char in "^*+?{}]":
            raise UnreadPattern(f"{char} here")
        return Chars(gbnf.ranges_of(char))

    def _group(self) -> Node:
        if self._take("?") and not self._take(":"):
            raise UnreadPattern("a group of another kind")
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise UnreadPattern("too deep")
        node = self.alternatives()
        self._depth -= 1
        if not self._take(")"):
            raise UnreadPattern("unbalanced")
        return node

    def _class(self) -> gbnf.Ranges:
        negated = self._take("^")
        runs: list[tuple[int, int]] = []
        start = self.at
        while not self._take("]"):
            first = self._member()
            if self._peek() == "-" and self._pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                last = self._member()
                if not _single(first) or not _single(last) or first[0][0] > last[0][0]:
                    raise UnreadPattern("a range of classes")
                runs.append((first[0][0], last[0][0]))
            else:
                runs += first
        found = gbnf.normal(runs)
        if not negated:
            return found
        named = any(name in self._pattern[start : self.at] for name in ("\\d", "\\w", "\\s"))
        return gbnf.without(_ASCII if named else ANY, found)

    def _member(self) -> gbnf.Ranges:
        char = self._next()
        if char == "\\" and self._take("b"):
            return gbnf.ranges_of("\b")
        return self._escaped() if char == "\\" else gbnf.ranges_of(char)

    def _escaped(self) -> gbnf.Ranges:
        char = self._next()
        if char in _CLASSES:
            return _CLASSES[char]
        if char in _CONTROLS and not (char == "0" and self._peek().isdigit()):
            return gbnf.ranges_of(_CONTROLS[char])
        if char in ("x", "u"):
            return self._by_number(2 if char == "x" else 4)
        if char.isalnum() or not char.isascii():
            raise UnreadPattern(f"\\{char}")
        return gbnf.ranges_of(char)

    def _by_number(self, digits: int) -> gbnf.Ranges:
        text = self._pattern[self.at : self.at + digits]
        if len(text) < digits or any(char not in "0123456789abcdefABCDEF" for char in text):
            raise UnreadPattern("an escape by number")
        self.at += digits
        return ((int(text, 16), int(text, 16)),)

    def _peek(self) -> str:
        return self._pattern[self.at : self.at + 1]

    def _next(self) -> str:
        if self.at >= len(self._pattern):
            raise UnreadPattern("cut short")
        self.at += 1
        return self._pattern[self.at - 1]

    def _take(self, char: str) -> bool:
        if self._peek() != char:
            return False
        self.at += 1
        return True


def _single(ranges: gbnf.Ranges) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]
