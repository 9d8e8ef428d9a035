"""JSON Schema to rules: one rule for the JSON values that are valid for a schema.

What the grammar accepts is valid, but for what `notes` names, which only validation after can
judge. It does not accept all that is valid: members come in the schema's order, texts that are
known are spelled in one way, an object with `properties` has no others unless
`additionalProperties` says so, and a schema that names no type is about the type of its keywords.

Nesting is bounded: a reference that leads back to itself is followed REFERENCES_MAX times; what
could only be written deeper is left out, as are options that nothing fits.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

import attrs
import msgspec

from ..json_values import list_of
from . import strings
from .assertions import kind_of
from .disjoint import Disjointness
from .document import Document, Schema, is_schema
from .flat import MEANINGFUL, SCALARS, Flat, both, normal
from .flat_rules import FlatRules
from .json_rules import JsonRules
from .strings import Letters
from .validation import Validator

REFERENCES_MAX: Final = 6
LEVELS_MAX: Final = 40
"""Schemas within schemas; deeper ones are taken for any value."""
STEPS_MAX: Final = 20_000
"""Of schemas looked into for combinations; what is left is not written."""
COMBINATIONS_MAX: Final = 64
"""Of more combinations of options than this, the others are not written."""
OPTIONS_COMPARED_MAX: Final = 40
"""Of more options of `oneOf` it is not asked whether they exclude each other."""
RULES_MAX: Final = 20_000
"""Where a grammar has so many, what is still to be written is taken for any value."""


@attrs.frozen
class Place:
    """Where in the schema: as a path for people, so many levels deep and so many references that
    lead back to themselves."""

    path: str = ""
    level: int = 0
    references: int = 0

    def inner(self, step: str) -> Place:
        """The place of a part."""
        path = f"{self.path}/{step}" if self.path else step
        return Place(path, self.level + 1, self.references)

    @property
    def name(self) -> str:
        """Its last step."""
        return self.path.rpartition("/")[2] or "value"


Options = list[tuple[Flat, Place]]


class SchemaRules:
    """Writes the schemas of one document into a grammar."""

    def __init__(self, json: JsonRules, root: Schema) -> None:
        self._rules = json.rules
        self._json = json
        self._document = Document(root)
        self._validator = Validator(self._document)
        self._disjoint = Disjointness(
            self._validator, lambda schema: [flat for flat, _ in self.flats(schema, Place())]
        )
        self._written: dict[tuple[bytes, int], str | None] = {}
        self._steps = 0
        self.notes: dict[str, None] = {}

    def value(self, schema: Schema, place: Place) -> str | None:
        """The rule of the values that are valid for a schema; None if there are none."""
        if schema is False:
            return None
        said = set(MEANINGFUL.intersection(schema)) if isinstance(schema, dict) else set[str]()
        if isinstance(schema, bool) or not said:
            return self._json.any_value()
        if said == {"type"} and schema["type"] in SCALARS:
            return self._json.scalar(schema["type"])
        key = (msgspec.json.encode(schema), place.references)
        if key not in self._written:
            self._written[key] = self._value(schema, said, place)
        return self._written[key]

    def is_text(self, schema: Schema) -> bool:
        """Whether strings alone are valid for a schema."""
        flats = [flat for flat, _ in self.flats(schema, Place())]
        return bool(flats) and all(self._kinds(flat) == {"string"} for flat in flats)

    def _kinds(self, flat: Flat) -> set[str]:
        if flat.values is None:
            return set(flat.kinds)
        fits = self.flat(flat, Place()).fits
        return {kind_of(value) for value in flat.values if fits(value)}

    def text(self, schema: Schema, letters: Letters, place: Place) -> str | None:
        """The rule of the strings that are valid for a schema, bare; None if there are none."""
        bodies: list[str] = []
        for flat, inner in self.flats(schema, place):
            rules = self.flat(flat, inner)
            if flat.values is not None:
                texts = [one for one in flat.values if isinstance(one, str) and rules.fits(one)]
                texts = [one for one in texts if letters.holds(one)]
                bodies += [strings.choice(self._rules, texts, place.name)] if texts else []
            elif "string" in flat.kinds:
                body = rules.text(letters)
                bodies += [body] if body is not None else []
        return self._rules.any_of(place.name, bodies) if bodies else None

    def others(self, schema: Schema, place: Place) -> str | None:
        """The rule of the values that are valid for a schema and no strings; None if there are
        none."""
        found: list[str] = []
        for flat, inner in self.flats(schema, place):
            rule = self.flat(flat.but("string"), inner).rule()
            found += [rule] if rule is not None else []
        return self._rules.any_of(place.name, found) if found else None

    def _value(self, schema: dict[str, Any], said: set[str], place: Place) -> str | None:
        if place.level > LEVELS_MAX or self._rules.count > RULES_MAX:
            self._note(place, "too deep or too large")
            return self._json.any_value()
        if said == {"$ref"}:
            followed = self._followed(schema["$ref"], place)
            return self.value(*followed) if followed else None
        if said in ({"anyOf"}, {"oneOf"}):
            self._compare(schema, place)
            options = self._options(schema.get("anyOf", schema.get("oneOf")), place)
            found = [rule for rule in (self.value(*option) for option in options) if rule]
            return self._rules.any_of(place.name, found) if found else None
        self._compare(schema, place)
        flats = self.flats(schema, place)
        found = [rule for rule in (self.flat(*flat).rule() for flat in flats) if rule]
        return self._rules.any_of(place.name, found) if found else None

    def flat(self, flat: Flat, place: Place) -> FlatRules:
        """The writer of a flat schema."""
        return FlatRules(
            self._json,
            self._validator,
            flat,
            lambda schema, step: self.value(schema, place.inner(step)),
            lambda feature: self._note(place, feature),
            place.name,
        )

    def flats(self, schema: Schema, place: Place) -> Options:
        """The schema as flat ones, each valid in its own right."""
        if isinstance(schema, bool):
            return [(Flat(), place)] if schema else []
        self._steps += 1
        if place.level > LEVELS_MAX or self._steps > STEPS_MAX:
            self._note(place, "too many combinations")
            return []
        found: Options = [(normal(schema), place)]
        if "$ref" in schema:
            followed = self._followed(schema["$ref"], place)
            found = _crossed(found, self.flats(*followed) if followed else [])
        for part in self._options(schema.get("allOf"), place):
            found = _crossed(found, self.flats(*part))
        for keyword in ("anyOf", "oneOf"):
            if options := self._options(schema.get(keyword), place):
                flats = (flat for option in options for flat in self.flats(*option))
                found = _crossed(found, list(islice(flats, COMBINATIONS_MAX)))
        return found

    def _options(self, options: Any, place: Place) -> list[tuple[Schema, Place]]:
        return [(one, _deeper(place)) for one in list_of(options) if is_schema(one)]

    def _followed(self, reference: Any, place: Place) -> tuple[Schema, Place] | None:
        """Where a reference leads; None where it has come back too often."""
        target = self._document.target(reference) if isinstance(reference, str) else None
        if target is None:
            self._note(place, f"$ref {reference}")
            return True, place
        place = _deeper(place)
        if self._document.is_recursive(reference):
            place = attrs.evolve(place, references=place.references + 1)
        return (target, place) if place.references <= REFERENCES_MAX else None

    def _compare(self, schema: dict[str, Any], place: Place) -> None:
        """Notes a `oneOf` whose options do not exclude each other."""
        options = [one for one in list_of(schema.get("oneOf")) if is_schema(one)]
        pairs = [(one, other) for index, one in enumerate(options) for other in options[:index]]
        if len(options) > OPTIONS_COMPARED_MAX or not all(
            self._disjoint.of(*pair) for pair in pairs
        ):
            self._note(place, "oneOf")

    def _note(self, place: Place, feature: str) -> None:
        self.notes[f"{place.path}: {feature}" if place.path else feature] = None


def _deeper(place: Place) -> Place:
    return attrs.evolve(place, level=place.level + 1)


def _crossed(some: Options, others: Options) -> Options:
    """What is valid for one of the first and one of the second."""
    found: Options = []
    for one, place in some:
        for other, inner in others:
            flat = both(one, other)
            if flat is not None and len(found) < COMBINATIONS_MAX:
                deepest = max(place, inner, key=lambda it: (it.references, it.level))
                found.append((flat, attrs.evolve(deepest, path=place.path)))
    return found
