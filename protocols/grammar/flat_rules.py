"""A flat schema's values in rules, type by type; what the grammar does not hold is noted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from . import numbers, strings
from .assertions import exact
from .document import Schema
from .flat import COMBINATIONS, LEFT, Extent, Flat, normal
from .json_rules import JsonRules
from .parts import More, Part
from .strings import Letters
from .text_rules import Note, TextRules
from .validation import Validator

Value = Callable[[Schema, str], str | None]
"""The rule of a part of a schema, and what it is called; None if nothing is valid for it."""


@attrs.frozen
class FlatRules:
    """Writes one flat schema. `value` writes its parts."""

    json: JsonRules
    validator: Validator
    flat: Flat
    value: Value
    note: Note
    hint: str

    def rule(self) -> str | None:
        """The rule of all its values; None if there are none."""
        if self.flat.values is not None:
            values = [value for value in self.flat.values if self.fits(value)]
            return self.json.known_values(values, self.hint) if values else None
        if not self.flat.sources and self.flat.types is None:
            return self.json.any_value()
        self._note_left("")
        kinds = self.flat.kinds
        found = [self._kind(kind) for kind in kinds if kind != "integer" or "number" not in kinds]
        present = [rule for rule in found if rule is not None]
        return self.json.rules.any_of(self.hint, present) if present else None

    def text(self, letters: Letters | None = None) -> str | None:
        """A body: the characters of its strings, in JSON's letters or others; None if there are
        none."""
        letters = letters or self.json.letters
        return TextRules(self.json.rules, self.flat, letters, self.note, self.hint).text()

    def fits(self, value: object) -> bool:
        """Whether a value is valid."""
        return all(self.validator.is_valid(source, value) for source in self.flat.sources)

    def _kind(self, kind: str) -> str | None:
        match kind:
            case "object":
                return self._object()
            case "array":
                return self._array()
            case "string":
                text = self.text()
                return (
                    None if text is None else self.json.rules.add(self.hint, self.json.quoted(text))
                )
            case "integer" | "number":
                return self._number(kind)
            case _:
                return self.json.scalar(kind)

    def _object(self) -> str | None:
        self._note_left("object")
        parts: list[Part] = []
        for name in dict.fromkeys([*self.flat.properties, *self.flat.required]):
            needed = name in self.flat.required
            named = all(self.validator.is_valid(names, name) for names in self.flat.names)
            rule = self.value(self.flat.member(name), name) if named else None
            if rule is not None:
                parts.append(Part(self.json.member(name, rule), needed))
            elif needed:
                return None
        entry = self._entry(closed=self.flat.closed or bool(parts))
        more = More(entry, *self._entries(parts)) if entry is not None else None
        if more is None:
            self._note_size(parts)
        return self.json.object(parts, more, self.hint)

    def _entry(self, *, closed: bool) -> str | None:
        """The rule of a member that has no place of its own; None if there are none."""
        if self.flat.entries:
            return self._pattern_entries()
        additional = self.flat.additional
        if additional is False or (additional is None and closed):
            return None
        value = self.value(True if additional is None else additional, "additional")
        key = self._key()
        if value is None or key is None:
            return None
        return self.json.rules.add("entry", self.json.entry(key, value))

    def _key(self) -> str | None:
        """A body: the key of such a member, after its first quote; None if there is none."""
        names = [names for names in self.flat.names if names is not True]
        if not names:
            return self.json.key(self.flat.properties)
        only = names[0]
        if isinstance(only, bool):
            return None
        if len(names) > 1 or self.flat.properties or not COMBINATIONS.isdisjoint(only):
            self.note("propertyNames")
            return self.json.key(self.flat.properties)
        flat = normal(only)
        least = max(flat.length[0], self.json.notation.key_characters_min)
        rule = attrs.evolve(
            self, flat=attrs.evolve(flat, length=(least, flat.length[1])), hint="key"
        )
        if rule.flat.values is not None:
            return self._listed_key([name for name in rule.flat.values if rule.fits(name)])
        return rule.text(self.json.notation.key_letters)

    def _listed_key(self, names: Sequence[object]) -> str | None:
        rules, letters = self.json.rules, self.json.notation.key_letters
        texts = [letters.spelled(name) for name in names if isinstance(name, str)]
        return rules.add("key", strings.choice(rules, texts, "key")) if texts else None

    def _pattern_entries(self) -> str | None:
        """Members by patterns of their names. Whether a name matches two of them, or is the name
        of a property, no grammar can tell."""
        if self.flat.properties or len(self.flat.entries) > 1 or self.flat.names:
            self.note("patternProperties")
        bodies: list[str] = []
        for pattern, schema in self.flat.entries.items():
            value = self.value(schema, "entry")
            rule = attrs.evolve(self, flat=Flat(patterns=(pattern,)), hint="key")
            key = rule.text(self.json.notation.key_letters)
            if value is not None and key is not None:
                bodies.append(self.json.entry(key, value))
        return self.json.rules.any_of("entry", bodies) if bodies else None

    def _entries(self, parts: Sequence[Part]) -> Extent:
        """How many members without a place of their own there are. Two of them may have the same
        key: so more than one cannot be asked for."""
        least, most = self.flat.size
        if parts:
            self._note_size(parts, others=True)
            return 0, None
        if least > 1:
            self.note("minProperties")
        return least, most

    def _note_size(self, parts: Sequence[Part], *, others: bool = False) -> None:
        least, most = self.flat.size
        if least > sum(part.needed for part in parts):
            self.note("minProperties")
        if most is not None and (others or most < len(parts)):
            self.note("maxProperties")

    def _array(self) -> str | None:
        self._note_left("array")
        least, most = self.flat.count
        first: list[str] = []
        for index, schema in enumerate(self.flat.prefix[:most]):
            rule = self.value(schema, "item")
            if rule is None:
                most = index
                break
            first.append(rule)
        others = self.flat.items is not None or not self.flat.prefix or least > len(first)
        rest = self.value(self.flat.rest, "item") if others and most != len(first) else None
        return self.json.array(first, rest, least, most, self.hint)

    def _number(self, kind: str) -> str | None:
        """An integer too where only multiples of whole numbers will do."""
        steps = [exact(step) for step in self.flat.steps]
        whole = kind == "integer" or any(step.denominator == 1 for step in steps)
        if any(not whole or 1 % step for step in steps):
            self.note("multipleOf")
        if whole:
            return numbers.integer(self.json.rules, self.flat.bounds)
        rule = numbers.number(self.json.rules, self.flat.bounds)
        if rule is None:
            self.note("minimum and maximum")
            return self.json.scalar("number")
        return rule

    def _note_left(self, kind: str) -> None:
        for keyword in LEFT[kind]:
            if keyword in self.flat.left:
                self.note(keyword)
