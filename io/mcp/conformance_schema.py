"""A tool whose input schema has every keyword of JSON Schema 2020-12 that the suite looks for."""

from __future__ import annotations

from typing import Any, Final

FULL_SCHEMA_TOOL: Final = "json_schema_2020_12_tool"
_TEXT: Final = {"type": "string"}

FULL_SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": _TEXT, "city": _TEXT},
        }
    },
    "properties": {
        "name": _TEXT,
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": _TEXT,
        "email": _TEXT,
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


async def full_schema_tool() -> str:
    """Have a schema with everything in it."""
    return FULL_SCHEMA_TOOL
