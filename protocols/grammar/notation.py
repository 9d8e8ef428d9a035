"""Reads a grammar in llama.cpp's notation into nodes, for libraries that have no engine for it.

Only what our own writer writes is read (`gbnf`, `rules`): names, texts, classes of what they
contain, groups, alternatives, and counts. Anything else is refused, never taken for something near.
Source of the notation: llama.cpp's `grammars/README.md`.
"""

from __future__ import annotations

import re
from typing import Final, NoReturn

import attrs

from .gbnf import Ranges, normal

GRAMMAR_CHARACTERS_MAX: Final = 4 * 1024 * 1024
GROUPS_DEEP_MAX: Final = 64
ROOT: Final = "root"


class BadNotation(ValueError):
    """This is no grammar; the message says where it ceases to be one."""


@attrs.frozen(eq=False)
class Text:
    """Exactly this text, which is not empty."""

    text: str


@attrs.frozen(eq=False)
class OneOf:
    """One character of a set."""

    ranges: Ranges


@attrs.frozen(eq=False)
class Row:
    """These, one after another; none is the empty text."""

    items: tuple[Node, ...]


@attrs.frozen(eq=False)
class Choice:
    """One of these."""

    options: tuple[Node, ...]


@attrs.frozen(eq=False)
class Repeat:
    """So many of one after another; `most` None is without end."""

    item: Node
    least: int
    most: int | None


@attrs.define(eq=False)
class Rule:
    """What a name stands for; `body` is there once the whole grammar has been read."""

    name: str
    body: Node | None = None


Node = Text | OneOf | Row | Choice | Repeat | Rule

_TOKEN = re.compile(
    r"""(?P<space>[ \t]+)|(?P<line>\n[ \t\n]*)
    |(?P<text>"(?:[^"\\]|\\.)*")|(?P<set>\[(?:[^\]\\]|\\.)*\])
    |(?P<name>[A-Za-z][A-Za-z0-9-]*)|(?P<mark>::=|[|()*+?])
    |\{(?P<least>\d+)(?P<comma>,)?(?P<most>\d+)?\}""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x(..)|u(.{4})|U(.{8})|(.))", re.DOTALL)
_PLAIN: Final = {"t": "\t", "r": "\r", "n": "\n"} | {char: char for char in '\\"[]-'}
_COUNTS: Final[dict[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
EMPTY: Final = Row(())


def read_notation(gbnf: str) -> Rule:
    """The rule `root` of a grammar. Raises BadNotation."""
    if len(gbnf) > GRAMMAR_CHARACTERS_MAX:
        raise BadNotation(f"{len(gbnf)} characters; at most {GRAMMAR_CHARACTERS_MAX} are read")
    return _Reader(gbnf).root()


class _Reader:
    """One grammar under way, token by token."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rules: dict[str, Rule] = {}
        self._at = 0
        self._next: re.Match[str] | None = None
        self._advance(lines=True)

    def root(self) -> Rule:
        while not self._is_over():
            rule = self._rule(self._take("name"))
            if rule.body is not None:
                raise BadNotation(f"the rule {rule.name} is there twice")
            if self._take("mark", lines=True) != "::=":
                self._refuse()
            rule.body = self._choice(0)
            if not self._is_over():
                self._take("line", lines=True)
        lacking = [rule.name for rule in self._rules.values() if rule.body is None]
        if lacking or ROOT not in self._rules:
            raise BadNotation(f"there is no rule {lacking[0] if lacking else ROOT}")
        return self._rules[ROOT]

    def _choice(self, depth: int) -> Node:
        if depth > GROUPS_DEEP_MAX:
            raise BadNotation(f"groups nest more than {GROUPS_DEEP_MAX} deep")
        options = [self._row(depth)]
        while self._is("|"):
            self._advance(lines=True)
            options.append(self._row(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _row(self, depth: int) -> Node:
        items: list[Node] = []
        while (item := self._item(depth)) is not None:
            items.append(self._counted(item))
        return items[0] if len(items) == 1 else Row(tuple(items))

    def _item(self, depth: int) -> Node | None:
        found = self._next
        if found is None:
            return None
        if self._is("("):
            self._advance(lines=True)
            inner = self._choice(depth + 1)
            if not self._is(")"):
                self._refuse()
            self._advance(lines=depth > 0)
            return inner
        kind = found.lastgroup
        if kind not in ("text", "set", "name"):
            return None
        self._advance(lines=depth > 0)
        if kind == "name":
            return self._rule(found[0])
        if kind == "set":
            return OneOf(_ranges(found[0][1:-1]))
        text = "".join(char for char, _ in _characters(found[0][1:-1]))
        return Text(text) if text else EMPTY

    def _counted(self, item: Node) -> Node:
        found = self._next
        if found is None:
            return item
        if found["least"] is not None:
            least = int(found["least"])
            most = int(found["most"]) if found["most"] else None if found["comma"] else least
        elif found[0] in _COUNTS:
            least, most = _COUNTS[found[0]]
        else:
            return item
        self._advance()
        return Repeat(item, least, most)

    def _rule(self, name: str) -> Rule:
        return self._rules.setdefault(name, Rule(name))

    def _is_over(self) -> bool:
        return self._next is None

    def _is(self, mark: str) -> bool:
        return self._next is not None and self._next[0] == mark

    def _take(self, kind: str, *, lines: bool = False) -> str:
        found = self._next
        if found is None or found.lastgroup != kind:
            self._refuse()
        self._advance(lines=lines)
        return found[0]

    def _advance(self, *, lines: bool = False) -> None:
        """Goes on to the next token that is no space, nor the end of a line where that is one."""
        while True:
            if self._at >= len(self._text):
                self._next = None
                return
            found = _TOKEN.match(self._text, self._at)
            if found is None:
                self._next = None
                self._refuse()
            self._at = found.end()
            is_space = found.lastgroup == "space" or (lines and found.lastgroup == "line")
            if not is_space:
                self._next = found
                return

    def _refuse(self) -> NoReturn:
        start = self._next.start() if self._next else self._at
        raise BadNotation(f"this is no grammar, from here on: {self._text[start : start + 40]!r}")


def _characters(text: str) -> list[tuple[str, bool]]:
    """The characters of a text or class, and whether each was escaped."""
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(text):
        if text[at] != "\\":
            found.append((text[at], False))
            at += 1
            continue
        escape = _ESCAPE.match(text, at)
        if escape is None or (escape[4] and escape[4] not in _PLAIN):
            raise BadNotation(f"an unknown escape: {text[at : at + 10]!r}")
        digits = escape[1] or escape[2] or escape[3]
        try:
            found.append((chr(int(digits, 16)) if digits else _PLAIN[escape[4]], True))
        except (ValueError, OverflowError):
            raise BadNotation(f"no character: {text[at : at + 10]!r}") from None
        at = escape.end()
    return found


def _ranges(text: str) -> Ranges:
    characters = _characters(text)
    if not characters or characters[0] == ("^", False):
        raise BadNotation("a class is written as what it contains")
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(characters):
        first = last = ord(characters[at][0])
        if at + 2 < len(characters) and characters[at + 1] == ("-", False):
            last = ord(characters[at + 2][0])
            at += 2
        runs.append((first, last))
        at += 1
    return normal(runs)
