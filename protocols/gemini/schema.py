"""Schemas: Gemini's OpenAPI-style ones as JSON Schema, and JSON Schema as Gemini takes it.

Clients describe parameters in either style; an upstream is always written JSON Schema
(`parametersJsonSchema`), which says more. Of that the reference lists what is supported: the rest
is taken out, after what can be said in other words has been. Two more refusals are known: a `$ref`
with a neighbour, and an `enum` of anything but strings and numbers. Nesting is cut at a depth far
beyond what the API takes, since a recursion must end.
"""

from __future__ import annotations

import re
from typing import Any

from ..json_values import list_of, object_of, objects_of, strings_of, text_of
from .members import number, whole

DEPTH_MAX = 48

_CAMEL = {
    "additional_properties": "additionalProperties",
    "any_of": "anyOf",
    "defs": "$defs",
    "max_items": "maxItems",
    "max_length": "maxLength",
    "max_properties": "maxProperties",
    "min_items": "minItems",
    "min_length": "minLength",
    "min_properties": "minProperties",
    "prefix_items": "prefixItems",
    "ref": "$ref",
}
_NOT_JSON_SCHEMA = ("nullable", "property_ordering", "propertyOrdering", "example")
_ONE = ("items", "additionalProperties")
_SEVERAL = ("anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "$defs")
_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")

_COUNT = re.compile(r"[0-9]{1,18}")
"""The API writes its 64-bit counts as strings."""

_PLAIN = (
    "$id",
    "$anchor",
    "title",
    "description",
    "default",
    "pattern",
    "minimum",
    "maximum",
    "propertyOrdering",
    *_COUNTS,
)
"""What goes to Gemini as it is."""
_SIMPLE = frozenset((*_PLAIN, "type"))
"""The members of most schemas within a schema: those go as they are."""
_FORMATS = ("date-time", "date", "time", "duration")
_FOR_TYPE = {"array": ("items", "prefixItems", "minItems", "maxItems")}


def from_openapi(schema: dict[str, Any], depth: int = DEPTH_MAX) -> dict[str, Any]:
    """A schema in Gemini's own style as JSON Schema; one that is JSON Schema already stays so."""
    if depth <= 0:
        return {}
    found: dict[str, Any] = {}
    for key, value in schema.items():
        name = _CAMEL.get(key, key)
        if name in _ONE and isinstance(value, dict):
            found[name] = from_openapi(object_of(value), depth - 1)
        elif name in _SEVERAL:
            found[name] = [from_openapi(item, depth - 1) for item in objects_of(value)]
        elif name in _NAMED:
            found[name] = {
                named: from_openapi(object_of(item), depth - 1)
                for named, item in object_of(value).items()
            }
        elif name in _COUNTS:
            found[name] = int(value) if _COUNT.fullmatch(text_of(value)) else value
        elif name == "type":
            found |= _lower_type(value)
        elif name not in _NOT_JSON_SCHEMA:
            found[name] = value
    return _nullable(found) if schema.get("nullable") is True else found


def _lower_type(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {} if value == "TYPE_UNSPECIFIED" else {"type": value.lower()}
    return {"type": [name.lower() for name in strings_of(value)]}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The same, or null."""
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*list_of(schema["enum"]), None]
    return schema


def parameters(schema: dict[str, Any]) -> dict[str, Any] | None:
    """A tool's JSON Schema as Gemini takes it; None for a tool without parameters."""
    found = to_gemini(schema)
    if not {"properties", "additionalProperties", "anyOf", "oneOf", "$ref"} & set(found):
        return None
    return found if {"type", "$ref"} & set(found) else {"type": "object", **found}


def to_gemini(schema: dict[str, Any], depth: int = DEPTH_MAX) -> dict[str, Any]:
    """A JSON Schema less what Gemini refuses or does not read."""
    if depth <= 0:
        return {}
    if _SIMPLE.issuperset(schema) and isinstance(schema.get("type"), str):
        return {key: value for key, value in schema.items() if value is not None}
    if isinstance(schema.get("$ref"), str):
        found = {"$ref": schema["$ref"].replace("#/definitions/", "#/$defs/")}
        return found | _definitions(schema, depth)
    found = {key: schema[key] for key in _PLAIN if schema.get(key) is not None}
    found |= _bounds(schema) | _values(schema) | _children(schema, depth)
    found |= _definitions(schema, depth)
    for part in objects_of(schema.get("allOf")):
        _merge(found, to_gemini(part, depth - 1))
    if text_of(schema.get("format")) in _FORMATS:
        found["format"] = schema["format"]
    known = object_of(found.get("properties"))
    required = [name for name in strings_of(schema.get("required")) if name in known]
    if required:
        found["required"] = list(dict.fromkeys([*list_of(found.get("required")), *required]))
    if "$ref" in found:  # out of an `allOf`
        return {key: value for key, value in found.items() if key.startswith("$")}
    return _typed(found, schema.get("type"))


def _children(schema: dict[str, Any], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in _ONE:
        value = schema.get(key)
        if isinstance(value, dict):
            found[key] = to_gemini(object_of(value), depth - 1)
        elif isinstance(value, bool) and key == "additionalProperties":
            found[key] = value
    for key in _SEVERAL:
        if items := objects_of(schema.get(key)):
            found[key] = [to_gemini(item, depth - 1) for item in items]
    if named := object_of(schema.get("properties")):
        found["properties"] = _all(named, depth)
    return found


def _definitions(schema: dict[str, Any], depth: int) -> dict[str, Any]:
    named = object_of(schema.get("definitions")) | object_of(schema.get("$defs"))
    return {"$defs": _all(named, depth)} if named else {}


def _all(named: dict[str, Any], depth: int) -> dict[str, Any]:
    return {name: to_gemini(object_of(item), depth - 1) for name, item in named.items()}


def _bounds(schema: dict[str, Any]) -> dict[str, Any]:
    """Exclusive bounds said as inclusive ones: exact for whole numbers, else as near as may be."""
    step = 1 if schema.get("type") == "integer" else 0
    found: dict[str, Any] = {}
    for key, bound, sign in (
        ("minimum", "exclusiveMinimum", 1),
        ("maximum", "exclusiveMaximum", -1),
    ):
        limit = number(schema.get(bound))
        if limit is not None and schema.get(key) is None:
            found[key] = limit + sign * step if whole(limit) is not None else limit
    return found


def _values(schema: dict[str, Any]) -> dict[str, Any]:
    """The values that are allowed, as far as they are strings and numbers."""
    values = [schema["const"]] if "const" in schema else list_of(schema.get("enum"))
    kept = [value for value in values if value != "" and _is_sayable(value)]
    return {"enum": kept} if kept else {}


def _is_sayable(value: Any) -> bool:
    return isinstance(value, str) or number(value) is not None


def _merge(found: dict[str, Any], part: dict[str, Any]) -> None:
    """Adds a part of an `allOf`: properties and required ones together, else who came first."""
    both = object_of(found.get("properties")) | object_of(part.get("properties"))
    required = [*list_of(found.get("required")), *list_of(part.get("required"))]
    for key, value in part.items():
        found.setdefault(key, value)
    if both:
        found["properties"] = both
    if required:
        found["required"] = list(dict.fromkeys(required))


def _typed(found: dict[str, Any], kind: Any) -> dict[str, Any]:
    """The schema with its type; several types besides null become an `anyOf`."""
    if isinstance(kind, str):
        return {"type": kind, **found}
    kinds = strings_of(kind)
    if len(kinds) - ("null" in kinds) <= 1 or "anyOf" in found:
        return {"type": list(kinds), **found} if kinds else found
    own = {key for keys in _FOR_TYPE.values() for key in keys}
    own |= {"properties", "required", "additionalProperties"}
    alternatives = [
        {"type": name, **{key: found[key] for key in _keys_for(name) if key in found}}
        for name in kinds
    ]
    rest = {key: value for key, value in found.items() if key not in own}
    return {"anyOf": alternatives, **rest}


def _keys_for(kind: str) -> tuple[str, ...]:
    if kind == "object":
        return ("properties", "required", "additionalProperties")
    return _FOR_TYPE.get(kind, ())
