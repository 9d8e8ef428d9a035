"""A flat schema: what several schemas say together, without references and combinations.

`normal` reads one schema's own keywords in the forms of all drafts; `both` is the conjunction of
two flat schemas, None where they contradict each other. What cannot be said in this form (`not`,
`if`, `contains` and so on) is kept by name in `left`, for validation after; the schemas that were
read are kept in `sources`, without their enumerations, and judge the values of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from ..json_values import list_of, object_of, strings_of
from .assertions import bound, equal, kind_of, searched, types_of
from .document import Schema, is_schema
from .numbers import FREE, Bounds

Extent = tuple[int, int | None]
"""At least and at most so many, None for without end."""

SCALARS: Final = ("string", "number", "integer", "boolean", "null")
TYPES: Final = ("object", "array", *SCALARS)

LEFT: Final = {
    "object": ("dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties"),
    "array": ("uniqueItems", "contains", "unevaluatedItems"),
    "": ("not", "if", "$dynamicRef", "$recursiveRef"),
}
"""Keywords that only validation judges, by the type that they are about ("": by any)."""

_HARMLESS: Final = {
    "uniqueItems": (False,),
    "unevaluatedProperties": (True, False),
    "unevaluatedItems": (True,),
}
"""With these values they say nothing, or what is written anyway."""

IMPLIED: Final = {
    "object": (
        *("properties", "required", "additionalProperties", "patternProperties"),
        *("propertyNames", "minProperties", "maxProperties", *LEFT["object"]),
    ),
    "array": ("items", "prefixItems", "minItems", "maxItems", *LEFT["array"]),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""The type that a schema without `type` is about."""

COMBINATIONS: Final = frozenset(["$ref", "allOf", "anyOf", "oneOf"])
MEANINGFUL: Final = frozenset(
    ["type", "enum", "const", "nullable", *COMBINATIONS, *LEFT[""]]
    + [keyword for keywords in IMPLIED.values() for keyword in keywords]
)
"""The keywords that say something about a value; all others are remarks."""


@attrs.frozen
class Flat:
    """See above. None: not said."""

    types: tuple[str, ...] | None = None
    values: tuple[Any, ...] | None = None
    bounds: Bounds = FREE
    steps: tuple[float, ...] = ()
    length: Extent = (0, None)
    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    properties: Mapping[str, Schema] = attrs.field(factory=dict[str, Schema])
    closed: bool = False
    required: tuple[str, ...] = ()
    additional: Schema | None = None
    entries: Mapping[str, Schema] = attrs.field(factory=dict[str, Schema])
    names: tuple[Schema, ...] = ()
    size: Extent = (0, None)
    prefix: tuple[Schema, ...] = ()
    items: Schema | None = None
    count: Extent = (0, None)
    left: frozenset[str] = frozenset()
    sources: tuple[dict[str, Any], ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types that values are written of, in the schema's order; all if nothing says."""
        if self.types is not None and set(self.types) <= set(TYPES):
            return self.types
        said = {keyword for source in self.sources for keyword in source}
        return tuple(kind for kind, words in IMPLIED.items() if not said.isdisjoint(words)) or TYPES

    def but(self, kind: str) -> Flat:
        """The same without the values of a type."""
        if self.values is not None:
            left = tuple(value for value in self.values if kind_of(value) != kind)
            return attrs.evolve(self, values=left)
        return attrs.evolve(self, types=tuple(name for name in self.kinds if name != kind))

    def member(self, name: str) -> Schema:
        """What a property of this name must be."""
        parts = [self.properties[name]] if name in self.properties else []
        parts += [part for pattern, part in self.entries.items() if _matches(pattern, name)]
        if not parts and self.additional is not None:
            parts = [self.additional]
        return together(parts)

    def item(self, index: int) -> Schema:
        """What the item at this place must be."""
        return self.prefix[index] if index < len(self.prefix) else self.rest

    @property
    def rest(self) -> Schema:
        """What the items after the first ones must be."""
        return True if self.items is None else self.items


def together(parts: Iterable[Schema | None]) -> Schema:
    """The schema of what is valid for all of these."""
    said = [part for part in parts if part is not None and part is not True]
    return {"allOf": said} if len(said) > 1 else (said[0] if said else True)


def normal(schema: dict[str, Any]) -> Flat:
    """What a schema's own keywords say, its combinations apart."""
    own = {keyword: said for keyword, said in schema.items() if keyword in MEANINGFUL}
    for keyword in COMBINATIONS:
        own.pop(keyword, None)
    if isinstance(own.get("items"), list):
        own["prefixItems"] = own.pop("items")
        own["items"] = schema.get("additionalItems", True)
    additional, items = own.get("additionalProperties"), own.get("items")
    judges = {word: said for word, said in own.items() if word not in ("enum", "const")}
    return Flat(
        types=types_of(own) or None,
        values=_values(own),
        bounds=_bounds(own),
        steps=tuple(step for step in [bound(own, "multipleOf")] if step),
        length=_extent(own, "Length"),
        patterns=_texts(own, "pattern"),
        formats=_texts(own, "format"),
        properties=_schemas(own, "properties"),
        closed="properties" in own or own.get("unevaluatedProperties") is False,
        required=strings_of(own.get("required")),
        additional=additional if is_schema(additional) else None,
        entries=_schemas(own, "patternProperties"),
        names=tuple(filter(is_schema, [own["propertyNames"]])) if "propertyNames" in own else (),
        size=_extent(own, "Properties"),
        prefix=tuple(filter(is_schema, list_of(own.get("prefixItems")))),
        items=items if is_schema(items) else None,
        count=_extent(own, "Items"),
        left=_left(own),
        sources=(judges,) if judges else (),
    )


def both(one: Flat, other: Flat) -> Flat | None:
    """What is valid for both; None if nothing is."""
    types = _types(one.types, other.types)
    values = _common(one.values, other.values)
    if types == () or values == ():
        return None
    additional = together([one.additional, other.additional])
    said = one.additional is not None or other.additional is not None
    names = dict.fromkeys([*one.properties, *other.properties])
    first = max(len(one.prefix), len(other.prefix))
    mixed = (one.entries or other.entries) and (one.entries != other.entries or said)
    return Flat(
        types=types,
        values=values,
        bounds=_inner_bounds(one.bounds, other.bounds),
        steps=tuple(dict.fromkeys(one.steps + other.steps)),
        length=_inner(one.length, other.length),
        patterns=tuple(dict.fromkeys(one.patterns + other.patterns)),
        formats=tuple(dict.fromkeys(one.formats + other.formats)),
        properties={name: together([one.member(name), other.member(name)]) for name in names},
        closed=one.closed or other.closed,
        required=tuple(dict.fromkeys(one.required + other.required)),
        additional=additional if said else None,
        entries={**one.entries, **other.entries},
        names=one.names + other.names,
        size=_inner(one.size, other.size),
        prefix=tuple(together([one.item(place), other.item(place)]) for place in range(first)),
        items=together([one.items, other.items]) if _said(one.items, other.items) else None,
        count=_inner(one.count, other.count),
        left=one.left | other.left | frozenset(["patternProperties"] if mixed else []),
        sources=one.sources + other.sources,
    )


def _said(*parts: Schema | None) -> bool:
    return any(part is not None for part in parts)


def _values(own: Mapping[str, Any]) -> tuple[Any, ...] | None:
    listed = tuple(list_of(own["enum"])) if isinstance(own.get("enum"), list) else None
    return _common(listed, (own["const"],)) if "const" in own else listed


def _common(one: tuple[Any, ...] | None, other: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    if one is None or other is None:
        return other if one is None else one
    return tuple(value for value in one if any(equal(value, another) for another in other))


def _types(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Types in both; an integer is a number."""
    if one is None or other is None:
        return other if one is None else one
    found = [name for name in one if name in other]
    found += [
        "integer"
        for names, others in ((one, other), (other, one))
        if "integer" in names and "number" in others and "number" not in names
    ]
    return tuple(dict.fromkeys(found))


def _bounds(own: Mapping[str, Any]) -> Bounds:
    """`exclusiveMinimum` is a number, or in draft 4 says that `minimum` is itself excluded."""
    plain = Bounds(
        bound(own, "minimum"),
        bound(own, "maximum"),
        own.get("exclusiveMinimum") is True,
        own.get("exclusiveMaximum") is True,
    )
    low, high = bound(own, "exclusiveMinimum"), bound(own, "exclusiveMaximum")
    return _inner_bounds(plain, Bounds(low, high, True, True))


def _inner_bounds(one: Bounds, other: Bounds) -> Bounds:
    lows = [(b.low, b.low_excluded) for b in (one, other) if b.low is not None]
    highs = [(-b.high, b.high_excluded) for b in (one, other) if b.high is not None]
    low, high = max(lows, default=None), max(highs, default=None)
    return Bounds(
        low[0] if low else None,
        -high[0] if high else None,
        low is not None and low[1],
        high is not None and high[1],
    )


def _extent(own: Mapping[str, Any], noun: str) -> Extent:
    least, most = bound(own, f"min{noun}"), bound(own, f"max{noun}")
    return max(0, int(least or 0)), None if most is None else int(most)


def _inner(one: Extent, other: Extent) -> Extent:
    mosts = [most for _, most in (one, other) if most is not None]
    return max(one[0], other[0]), min(mosts, default=None)


def _texts(own: Mapping[str, Any], keyword: str) -> tuple[str, ...]:
    return strings_of([own.get(keyword)])


def _schemas(own: Mapping[str, Any], keyword: str) -> dict[str, Schema]:
    return {name: part for name, part in object_of(own.get(keyword)).items() if is_schema(part)}


def _left(own: Mapping[str, Any]) -> frozenset[str]:
    words = [word for words in LEFT.values() for word in words if word in own]
    return frozenset(
        word for word in words if not any(own[word] is value for value in _HARMLESS.get(word, ()))
    )


def _matches(pattern: str, name: str) -> bool:
    expression = searched(pattern)
    return expression is not None and expression.search(name) is not None
