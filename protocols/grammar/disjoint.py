"""Whether two schemas exclude each other, so that `oneOf` is no more than `anyOf`.

Asked about what a grammar writes: an object has the properties of its schema and no others, unless
the schema asks for others. So a property that one option demands and the other has not, or has with
other values, keeps them apart: the usual case is a constant that says which option it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from .assertions import equal
from .document import Schema
from .flat import Flat
from .validation import Validator

DEPTH_MAX: Final = 3
"""Properties of properties are compared so deep."""

Flats = Callable[[Schema], Sequence[Flat]]
"""A schema as flat ones, one of which holds."""


class Disjointness:
    """Compares the schemas of one document."""

    def __init__(self, validator: Validator, flats: Flats) -> None:
        self._validator = validator
        self._make_flats = flats
        self._known: dict[bytes, Sequence[Flat]] = {}

    def of(self, one: Schema, other: Schema, depth: int = DEPTH_MAX) -> bool:
        """Whether nothing that is written for one of them is valid for the other."""
        if depth == 0:
            return False
        pairs = [(a, b) for a in self._flats(one) for b in self._flats(other)]
        return all(self._excludes(a, b, depth) and self._excludes(b, a, depth) for a, b in pairs)

    def _flats(self, schema: Schema) -> Sequence[Flat]:
        key = msgspec.json.encode(schema)
        if key not in self._known:
            self._known[key] = self._make_flats(schema)
        return self._known[key]

    def _excludes(self, written: Flat, other: Flat, depth: int) -> bool:
        """Whether what is written for the first is never valid for the second."""
        if written.values is not None:
            fitting = [value for value in written.values if self._fits(written, value)]
            return not any(self._fits(other, value) for value in fitting)
        if other.values is not None:
            return not any(self._fits(written, value) for value in other.values)
        kinds = set(written.kinds)
        if other.types is not None and kinds.isdisjoint(_wider(other.types)):
            return True
        return kinds == {"object"} and self._objects(written, other, depth)

    def _objects(self, written: Flat, other: Flat, depth: int) -> bool:
        closed = written.additional is False or (written.additional is None and written.closed)
        own = {*written.properties, *written.required}
        if closed and not written.entries and not own.issuperset(other.required):
            return True
        return any(
            self.of(written.member(name), other.member(name), depth - 1)
            for name in written.required
        )

    def _fits(self, flat: Flat, value: object) -> bool:
        listed = flat.values is None or any(equal(value, one) for one in flat.values)
        return listed and all(self._validator.is_valid(source, value) for source in flat.sources)


def _wider(types: Sequence[str]) -> set[str]:
    """An integer is a number, and a number may be an integer."""
    return {*types, *({"number", "integer"} if {"number", "integer"} & set(types) else ())}
