"""JSON strings in a grammar.

A string is any characters but controls and DEL, with the escapes of RFC 8259. A surrogate stands
only in a pair, so every string can be encoded; a pair counts as the one character it is, as JSON
Schema counts. (llama-cpp-python's converter lets raw newlines into strings: that is no JSON.)

A text that is known is spelled in one way: as it is, with the escapes that JSON demands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import attrs
import msgspec

from . import gbnf
from .rules import NOTHING, Rules

QUOTE: Final = gbnf.literal('"')
BARE: Final = gbnf.without(gbnf.CHARACTERS, gbnf.ranges_of('"\\'))
"""The characters that stand in a string as they are."""
ESCAPES: Final = {
    char: gbnf.literal(msgspec.json.encode(char).decode()[1:-1]) for char in '"\\\n\r\t'
}
"""Those that are written by an escape, where a known text or a pattern has them."""
_BARE_CLASS: Final = gbnf.char_class(BARE)
_HEX: Final = "[0-9a-fA-F]"
_PLAIN: Final = f"[0-9a-cA-CefEF] {_HEX}{{3}} | [dD] [0-7] {_HEX}{{2}}"
_PAIR: Final = f'[dD] [89abAB] {_HEX}{{2}} "\\\\u" [dD] [c-fC-F] {_HEX}{{2}}'
_ESCAPE: Final = f'["\\\\/bfnrt] | "u" ( {_PLAIN} | {_PAIR} )'
_CHOICE_RADIX_MIN: Final = 3


@attrs.frozen
class Letters:
    """How characters are written in one kind of text.

    `bare` are those that stand as they are, wherever; `escapes` are bodies of others. `any_text` is
    a body of any characters, at least and at most so many. `spelled` is how a known text is
    written, and `holds` whether it can be.
    """

    bare: gbnf.Ranges
    escapes: Mapping[str, str]
    any_text: Callable[[int, int | None], str]
    spelled: Callable[[str], str]
    holds: Callable[[str], bool]

    def one_of_set(self, ranges: gbnf.Ranges) -> str | None:
        """A body: one character of a set; None if none of it can stand there."""
        found = gbnf.within(ranges, self.bare)
        bodies = [gbnf.char_class(found)] if found else []
        bodies += [
            body for char, body in self.escapes.items() if gbnf.within(ranges, gbnf.ranges_of(char))
        ]
        return " | ".join(bodies) or None


def json_letters(rules: Rules) -> Letters:
    """As characters stand in a JSON string."""

    def any_text(least: int, most: int | None) -> str:
        char = rules.add("char", f"{_BARE_CLASS} | {escape(rules)}")
        return rules.times(char, least, most, "chars")

    return Letters(BARE, ESCAPES, any_text, spelled, lambda _: True)


def escape(rules: Rules) -> str:
    """A body: any of JSON's escapes."""
    return f'"\\\\" {rules.add("escape", _ESCAPE)}'


def spelled(text: str) -> str:
    """A known text as it stands in a JSON string. A surrogate alone, which no encoding has, is
    written by an escape."""
    return "".join(
        f"\\u{ord(char):04x}" if 0xD800 <= ord(char) <= 0xDFFF else _json(char) for char in text
    )


def choice(rules: Rules, texts: Iterable[str], hint: str = "choice") -> str:
    """A body: one of these texts, no two of them equal. Beginnings that several share are written
    once, so that few readings are open at a time."""
    return " | ".join(_radix(rules, sorted(dict.fromkeys(texts)), hint))


def _radix(rules: Rules, texts: Sequence[str], hint: str) -> list[str]:
    """The alternatives of sorted texts."""
    if len(texts) < _CHOICE_RADIX_MIN:
        return [gbnf.literal(text) for text in texts]
    groups: dict[str, list[str]] = {}
    for text in texts:
        groups.setdefault(text[:1], []).append(text)
    bodies: list[str] = []
    for first, group in groups.items():
        if len(group) == 1:
            bodies.append(gbnf.literal(group[0]) if first else NOTHING)
            continue
        shared = _shared_beginning(group)
        rest = _radix(rules, [text[len(shared) :] for text in group], hint)
        bodies.append(f"{gbnf.literal(shared)} {rules.any_of(hint, rest)}")
    return bodies


def _shared_beginning(texts: Sequence[str]) -> str:
    """Of sorted texts the first and the last differ most."""
    first, last = texts[0], texts[-1]
    pairs = enumerate(zip(first, last, strict=False))
    end = next((index for index, (one, other) in pairs if one != other), len(first))
    return first[:end]


def _json(char: str) -> str:
    return msgspec.json.encode(char).decode()[1:-1]
