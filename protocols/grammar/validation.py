"""Validation after: what a JSON value breaks of its schema, in words for the model that wrote it.

The judge of arguments whose schemas have features that no grammar holds, and of all that was
written without one. It knows the keywords of drafts 4 to 2020-12 that say something about a value
(but `unevaluatedItems` and `$dynamicRef`); unknown ones say nothing. Patterns are run by Python's
`re`, whose ASCII classes are ECMA's; one that it cannot compile says nothing.

Our own, since the answer is read where no dependency may be, and since the libraries do not fit:
the pure ones bring compiled parts or execute code that they generate from a stranger's schema, and
none says its findings so that a model can repair them. One of them judges this one in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from ..json_values import list_of, object_of
from .assertions import ASSERTIONS, bound, concerns, searched
from .document import Document, Schema, is_list, is_object, is_schema

PROBLEMS_MAX: Final = 8
"""So many are told; they are for a model to repair, not for a report."""
STEPS_MAX: Final = 100_000
"""A judgement that takes more schemas than this is given up, with what was found until then."""
DEPTH_MAX: Final = 200
"""Schemas within schemas; beyond, the rest is taken for valid."""

Problems = Iterator[tuple[str, str]]
"""Where in the value, and what is wrong there."""


def problems(schema: Schema, value: Any) -> tuple[str, ...]:
    """What the value breaks, at most PROBLEMS_MAX of it; nothing for a valid one."""
    return Validator(Document(schema)).problems(schema, value)


class Validator:
    """Judges values by the schemas of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def problems(self, schema: Schema, value: Any) -> tuple[str, ...]:
        """What the value breaks of a schema of the document."""
        found = _Judgement(self._document).of(schema, value, "")
        first = (problem for problem, _ in zip(found, range(PROBLEMS_MAX), strict=False))
        return tuple(f"{at or 'the value'} {wrong}" for at, wrong in first)

    def is_valid(self, schema: Schema, value: Any) -> bool:
        """Whether the value breaks nothing."""
        return not self.problems(schema, value)


class _Judgement:
    """One judgement: what remains of its steps, and how deep it is."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._steps = 0
        self._depth = 0

    def of(self, schema: Any, value: Any, at: str) -> Problems:
        self._steps += 1
        if self._steps > STEPS_MAX or self._depth > DEPTH_MAX or not is_schema(schema):
            return
        if isinstance(schema, bool):
            if not schema:
                yield at, "is not allowed"
            return
        self._depth += 1
        for keyword, judge in ASSERTIONS.items():
            if keyword in schema and concerns(keyword, value) and (wrong := judge(schema, value)):
                yield at, wrong
        for keyword, apply in _APPLICATORS.items():
            if keyword in schema:
                yield from apply(self, schema, value, at)
        self._depth -= 1

    def holds(self, schema: Any, value: Any) -> bool:
        depth = self._depth
        valid = next(self.of(schema, value, ""), None) is None
        self._depth = depth
        return valid

    def reference(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        name = schema["$ref"]
        yield from self.of(
            self._document.target(name) if isinstance(name, str) else None, value, at
        )

    def all_of(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        for part in list_of(schema["allOf"]):
            yield from self.of(part, value, at)

    def any_of(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        """Of one option alone, what is wrong with it; of several, that none fits."""
        options = list_of(schema["anyOf"])
        if len(options) == 1:
            yield from self.of(options[0], value, at)
        elif options and not any(self.holds(option, value) for option in options):
            yield at, "must be valid for at least one of the options of anyOf"

    def one_of(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        options = list_of(schema["oneOf"])
        count = sum(self.holds(option, value) for option in options)
        if options and count != 1:
            yield at, f"must be valid for exactly one of the options of oneOf, not for {count}"

    def negation(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        if is_schema(schema["not"]) and self.holds(schema["not"], value):
            yield at, "must not be valid for what `not` says"

    def condition(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        branch = "then" if self.holds(schema["if"], value) else "else"
        yield from self.of(schema.get(branch), value, at)

    def properties(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        for name, part in object_of(schema["properties"]).items():
            if isinstance(value, dict) and name in value:
                yield from self.of(part, value[name], _member(at, name))

    def pattern_properties(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        for pattern, part in object_of(schema["patternProperties"]).items():
            for name in _names(value, pattern):
                yield from self.of(part, value[name], _member(at, name))

    def additional_properties(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        known = set(object_of(schema.get("properties")))
        for pattern in object_of(schema.get("patternProperties")):
            known.update(_names(value, pattern))
        for name in object_of(value):
            if name not in known:
                yield from self.of(schema["additionalProperties"], value[name], _member(at, name))

    def unevaluated_properties(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        known = self._evaluated(schema, object_of(value))
        for name in object_of(value):
            if name not in known:
                yield from self.of(schema["unevaluatedProperties"], value[name], _member(at, name))

    def _evaluated(self, schema: Any, value: dict[str, Any]) -> set[str]:
        """The names that a schema and what it applies to the same object have judged."""
        if not is_object(schema):
            return set()
        known = set(object_of(schema.get("properties"))) & set(value)
        for pattern in object_of(schema.get("patternProperties")):
            known.update(_names(value, pattern))
        if "additionalProperties" in schema:
            known.update(value)
        for part in self._applied(schema, value):
            known |= set(value) if "unevaluatedProperties" in part else self._evaluated(part, value)
        return known

    def _applied(self, schema: dict[str, Any], value: Any) -> list[Any]:
        """The schemas beside this one that hold for the same value."""
        parts = [
            part for keyword in ("allOf", "anyOf", "oneOf") for part in list_of(schema.get(keyword))
        ]
        parts += [
            part
            for name, part in object_of(schema.get("dependentSchemas")).items()
            if name in value
        ]
        if isinstance(name := schema.get("$ref"), str):
            parts.append(self._document.target(name))
        if "if" in schema:
            parts += [
                schema["if"],
                schema.get("then" if self.holds(schema["if"], value) else "else"),
            ]
        return [part for part in parts if is_object(part) and self.holds(part, value)]

    def property_names(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        for name in object_of(value):
            if not self.holds(schema["propertyNames"], name):
                yield _member(at, name), "has a name that is not allowed"

    def dependent_schemas(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        for keyword in ("dependentSchemas", "dependencies"):
            for name, part in object_of(schema.get(keyword)).items():
                if isinstance(value, dict) and name in value and is_schema(part):
                    yield from self.of(part, value, at)

    def items(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        """`prefixItems`, then `items`; or as drafts before 2020 say it, a list and the others."""
        rest: Any = schema.get("items")
        first = list_of(schema.get("prefixItems"))
        if is_list(rest):
            first, rest = rest, schema.get("additionalItems")
        for index, item in enumerate(list_of(value)):
            part = first[index] if index < len(first) else rest
            yield from self.of(part, item, f"{at}[{index}]")

    def prefix_items(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        if "items" not in schema:
            yield from self.items(schema, value, at)

    def contains(self, schema: dict[str, Any], value: Any, at: str) -> Problems:
        if not is_list(value) or not is_schema(schema["contains"]):
            return
        count = sum(self.holds(schema["contains"], item) for item in value)
        least, most = bound(schema, "minContains"), bound(schema, "maxContains")
        if count < (1 if least is None else least) or (most is not None and count > most):
            yield at, "has too few or too many of the items that `contains` asks for"


def _names(value: Any, pattern: str) -> list[str]:
    """The names in an object that match a pattern."""
    expression = searched(pattern)
    return [name for name in object_of(value) if expression is not None and expression.search(name)]


def _member(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


Applicator = Callable[[_Judgement, dict[str, Any], Any, str], Problems]
_APPLICATORS: Final[dict[str, Applicator]] = {
    "$ref": _Judgement.reference,
    "allOf": _Judgement.all_of,
    "anyOf": _Judgement.any_of,
    "oneOf": _Judgement.one_of,
    "not": _Judgement.negation,
    "if": _Judgement.condition,
    "properties": _Judgement.properties,
    "patternProperties": _Judgement.pattern_properties,
    "additionalProperties": _Judgement.additional_properties,
    "unevaluatedProperties": _Judgement.unevaluated_properties,
    "propertyNames": _Judgement.property_names,
    "dependentSchemas": _Judgement.dependent_schemas,
    "dependencies": _Judgement.dependent_schemas,
    "prefixItems": _Judgement.prefix_items,
    "items": _Judgement.items,
    "contains": _Judgement.contains,
}
