"""JSON in rules: space, values of any kind, known values, objects and arrays of given parts.

Space is where pretty-printing has it, and bounded, so that a model cannot write space for ever: a
blank, or a line end and an indentation. Values of any kind nest NESTING_MAX deep.

A member is written without its first quote, which belongs to the separator before it: the choice
between names is then made by their letters alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs
import msgspec

from . import gbnf, numbers, strings
from .document import is_list, is_object
from .numbers import FREE
from .parts import More, Part, in_order
from .rules import NOTHING, Rules, State
from .strings import Letters

NESTING_MAX: Final = 8
INDENTATION_CHARACTERS_MAX: Final = 32


@attrs.frozen
class Notation:
    """How JSON's values are written: as JSON, or otherwise.

    `letters` are those of strings, `key_letters` of keys; `quote` and `key_quote` stand around
    them. `sorts` says that members come in the order of their names, not in the schema's.
    """

    letters: Letters
    key_letters: Letters
    quote: str = '"'
    key_quote: str = '"'
    key_characters_min: int = 0
    spaced: bool = True
    sorts: bool = False


class JsonRules:
    """Writes JSON's own forms into a grammar; in JSON, if no other notation is given."""

    def __init__(self, rules: Rules, notation: Notation | None = None) -> None:
        self.rules = rules
        plain = strings.json_letters(rules)
        self.notation = notation or Notation(plain, plain)
        self.space = space(rules) if self.notation.spaced else NOTHING
        self._quote = gbnf.literal(self.notation.quote)
        self._key_quote = gbnf.literal(self.notation.key_quote)
        self._any: dict[int, str] = {}

    @property
    def letters(self) -> Letters:
        """Those of strings."""
        return self.notation.letters

    def scalar(self, kind: str) -> str:
        """A rule: any value of a type that is no object and no array."""
        match kind:
            case "string":
                return self.rules.add("string", self.quoted(self.letters.any_text(0, None)))
            case "null":
                return self.rules.add("null", '"null"')
            case "boolean":
                return self.rules.add("boolean", '"true" | "false"')
            case _:
                write = numbers.integer if kind == "integer" else numbers.number
                return write(self.rules, FREE) or ""

    def any_value(self, depth: int = NESTING_MAX) -> str:
        """A rule: any value that nests so deep."""
        if depth not in self._any:
            scalars = [self.scalar(kind) for kind in ("string", "number", "boolean", "null")]
            nested = [self.any_object(depth), self.any_array(depth)] if depth else []
            self._any[depth] = self.rules.any_of("value", [*nested, *scalars])
        return self._any[depth]

    def any_object(self, depth: int = NESTING_MAX) -> str:
        """A rule: any object that nests so deep."""
        entry = self.entry(self.key(), self.any_value(depth - 1))
        return self.object([], More(entry)) or ""

    def any_array(self, depth: int = NESTING_MAX) -> str:
        """A rule: any array that nests so deep."""
        return self.array([], self.any_value(depth - 1)) or ""

    def known(self, value: Any) -> str:
        """A body: exactly this value, spelled in one way but for its space."""
        if isinstance(value, str):
            return self.quoted(gbnf.literal(self.letters.spelled(value)))
        if is_object(value):
            parts = [Part(self.member(name, self.known(one)), True) for name, one in value.items()]
            return self.object(parts) or ""
        if is_list(value):
            return (
                self.array(
                    [self.rules.add("item", self.known(one)) for one in value], least=len(value)
                )
                or ""
            )
        return gbnf.literal(msgspec.json.encode(value).decode())

    def known_values(self, values: Sequence[Any], hint: str) -> str | None:
        """A rule: one of these values; None if none can be written."""
        known = (one for one in values if isinstance(one, str) and self.letters.holds(one))
        texts = [self.letters.spelled(one).join([self.notation.quote] * 2) for one in known]
        bodies = [strings.choice(self.rules, texts, hint)] if texts else []
        bodies += [self.known(value) for value in values if not isinstance(value, str)]
        return self.rules.any_of(hint, bodies) if bodies else None

    def quoted(self, body: str) -> str:
        """A body between quotes."""
        return f"{self._quote} {body} {self._quote}"

    def member(self, name: str, value: str) -> str:
        """A body: a member after its first quote."""
        return self.entry(gbnf.literal(self.notation.key_letters.spelled(name)), value)

    def entry(self, key: str, value: str) -> str:
        """A body: a member with this body between the quotes of its key, after the first one."""
        return f'{key} {self._key_quote} ":" {self.space} {value}'

    def key(self, others: Iterable[str] = ()) -> str:
        """A body: a key that is none of these, between its quotes. It has no escapes where it must
        differ, since they could spell one of the others."""
        names, least = list(others), self.notation.key_characters_min
        if not names:
            return self.notation.key_letters.any_text(least, None)
        return self._other_than([*names, ""] if least else names)

    def object(
        self, parts: Sequence[Part], more: More | None = None, hint: str = "object"
    ) -> str | None:
        """A rule: an object of these members; None if there can be none."""
        if self.notation.sorts:
            parts = sorted(parts, key=lambda part: part.body.lower())
        separator = f'"," {self.space} {self._key_quote}'
        written = in_order(
            self.rules, parts, separator=separator, more=more, end=self.space, hint=hint
        )
        return self._enclosed("{}", written.some, written.may_be_none, hint, self._key_quote)

    def array(
        self,
        first: Sequence[str],
        rest: str | None = None,
        least: int = 0,
        most: int | None = None,
        hint: str = "array",
    ) -> str | None:
        """A rule: an array of so many items, the first ones of these rules and the others of
        `rest` (None: there are no others); None if there can be none."""
        if rest is None or (most is not None and most <= len(first)):
            rest, most = None, len(first) if most is None else min(most, len(first))
        if most is not None and most < least:
            return None
        separator = f'"," {self.space}'
        some = self._later_items(rest, least, most, hint) if rest and not first else None
        after = self.space
        if rest and first:
            counts = max(0, least - len(first)), None if most is None else most - len(first)
            led = self.rules.add(f"{hint}-next", f"{separator} {rest}")
            after = self.rules.add(f"{hint}-end", f"{self.rules.times(led, *counts)} {self.space}")
        for index in reversed(range(len(first[:most]))):
            some = self.rules.add(hint, f"{first[index]} {after}")
            following = [f"{separator} {some}", *([self.space] if index >= least else [])]
            after = self.rules.any_of(f"{hint}-more", following)
        return self._enclosed("[]", some, least == 0, hint)

    def _later_items(self, item: str, least: int, most: int | None, hint: str) -> str:
        """A rule: at least one of the same items, and the space after them."""
        led = self.rules.add(f"{hint}-next", f'"," {self.space} {item}')
        counts = max(0, least - 1), None if most is None else most - 1
        return self.rules.add(
            f"{hint}-items", f"{item} {self.rules.times(led, *counts)} {self.space}"
        )

    def _enclosed(
        self, brackets: str, some: str | None, may_be_none: bool, hint: str, first: str = ""
    ) -> str | None:
        """A rule: the brackets around something that begins with `first`, or around nothing."""
        inside = [f"{first} {some}".strip()] if some else []
        inside += [NOTHING] if may_be_none else []
        if not inside:
            return None
        body = inside[0] if len(inside) == 1 else f"( {' | '.join(inside)} )"
        return self.rules.add(hint, f'"{brackets[0]}" {self.space} {body} "{brackets[1]}"')

    def _other_than(self, names: Sequence[str]) -> str:
        """A rule: characters that are none of these names, without escapes."""
        following: dict[str, set[str]] = {}
        for name in names:
            for end in range(len(name) + 1):
                following.setdefault(name[:end], set()).update(name[end : end + 1])
        numbers = {beginning: number for number, beginning in enumerate(following)}
        bare, other = self.notation.key_letters.bare, len(numbers)
        states: list[State] = []
        for beginning, chars in following.items():
            runs = [(gbnf.ranges_of(char), numbers[beginning + char]) for char in sorted(chars)]
            runs.append((gbnf.without(bare, gbnf.ranges_of(chars)), other))
            moves = [(gbnf.within(bare, found), to) for found, to in runs]
            states.append(
                State(
                    tuple((gbnf.char_class(found), to) for found, to in moves if found),
                    beginning not in names,
                )
            )
        states.append(State(((gbnf.char_class(bare), other),), True))
        return self.rules.automaton("key", states)


def space(rules: Rules) -> str:
    """The rule of space between JSON's parts: none, a blank, or a line end and an indentation."""
    blank = rules.add("blank", "[ \\t]")
    indentation = f"{blank}{{0,{INDENTATION_CHARACTERS_MAX}}}"
    return rules.add("space", f'{NOTHING} | " " | "\\n" {indentation}')
