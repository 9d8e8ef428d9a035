"""Patterns and formats in a grammar: trees of regular expressions as rules.

The tree is written with its characters as they stand in JSON strings, or as they stand in raw text
(XML-like arguments). A repetition of what may be nothing becomes one of what is something, since
llama.cpp's stacks would turn round in it; the texts are the same.

Formats are regular expressions of our own: what they let through is valid, and what is valid and
usual they let through (years of four digits from 1000; addresses and URIs of printable ASCII).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from . import gbnf, regex
from .regex import Chars, Choice, Node, Repeat, Sequence
from .rules import NOTHING, Rules

OneOfSet = Callable[[gbnf.Ranges], str | None]
"""Writes one character of a set; None if none of them can stand there."""

_HOUR: Final = "(?:[01][0-9]|2[0-3])"
_DAY: Final = "(?:0[1-9]|[12][0-9])"
_LEAP: Final = (
    "(?:[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|[2468][048]|[3579][26])00)-02-29"
)
_DATE: Final = (
    f"(?:[1-9][0-9]{{3}}-(?:(?:0[13578]|1[02])-(?:{_DAY}|3[01])"
    f"|(?:0[469]|11)-(?:{_DAY}|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|{_LEAP})"
)
_TIME: Final = f"{_HOUR}:[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{{1,9}})?(?:Z|[+-]{_HOUR}:[0-5][0-9])"
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
FORMATS: Final = {
    "date": f"^{_DATE}$",
    "time": f"^{_TIME}$",
    "date-time": f"^{_DATE}T{_TIME}$",
    "uuid": "^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    "email": "^[^@\\s]+@[^@\\s]+$",
    "uri": r"^[a-zA-Z][a-zA-Z0-9+.-]*:[!#$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]+$",
    "ipv4": f"^{_OCTET}(?:\\.{_OCTET}){{3}}$",
}
"""The formats that a grammar holds, as patterns."""


STEPS_MAX: Final = 5000
"""Patterns that take more to write are left to validation."""


def written(rules: Rules, node: Node, one_of_set: OneOfSet, hint: str = "pattern") -> str | None:
    """A body: the texts of the tree; None if there is none that can be written. Raises
    regex.UnreadPattern for a tree that takes too long."""
    return _Tree(rules, one_of_set, hint).body(node)


@attrs.define
class _Tree:
    rules: Rules
    one_of_set: OneOfSet
    hint: str
    steps: int = 0

    def body(self, node: Node) -> str | None:
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise regex.UnreadPattern("too much to write")
        match node:
            case Chars(ranges):
                body = self.one_of_set(ranges)
                return self._named(body) if body and "|" in body else body
            case Sequence(parts):
                bodies = [self.body(part) for part in parts]
                found = [body for body in bodies if body is not None]
                return " ".join(found) or NOTHING if len(found) == len(bodies) else None
            case Choice(options):
                written = [body for body in map(self.body, options) if body is not None]
                return self._named(" | ".join(written)) if written else None
            case Repeat(part, least, most):
                return self._repeat(part, least, most)

    def _repeat(self, part: Node, least: int, most: int | None) -> str | None:
        something, may_be_nothing = _split(part)
        body = self.body(something) if something is not None else None
        if body is None:
            return NOTHING if least == 0 or may_be_nothing else None
        return self.rules.times(self._named(body), 0 if may_be_nothing else least, most, self.hint)

    def _named(self, body: str) -> str:
        return self.rules.add(self.hint, body)


def _split(node: Node) -> tuple[Node | None, bool]:
    """The texts of a tree that are not empty, None if there are none; and whether the empty one is
    among them."""
    match node:
        case Chars():
            return node, False
        case Choice(options):
            split = [_split(option) for option in options]
            some = tuple(something for something, _ in split if something is not None)
            return (Choice(some) if some else None), any(empty for _, empty in split)
        case Repeat(part, least, most):
            something, empty = _split(part)
            if something is None or most == 0:
                return None, least == 0 or empty
            least_full = 1 if empty else max(least, 1)
            return Repeat(something, least_full, most), least == 0 or empty
        case Sequence(parts):
            return _split_sequence(parts)


def _split_sequence(parts: tuple[Node, ...]) -> tuple[Node | None, bool]:
    """Without the empty text: the first part that is not empty is each in its turn."""
    split = [_split(part) for part in parts]
    if not all(empty for _, empty in split):
        return Sequence(parts), False
    options = [
        Sequence((something, *parts[index + 1 :]))
        for index, (something, _) in enumerate(split)
        if something is not None
    ]
    return (Choice(tuple(options)) if options else None), True
