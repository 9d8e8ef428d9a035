"""A construct of JSON Schema: what a grammar accepts, refuses, and leaves to validation."""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen
class Case:
    """One construct.

    `written` are documents in the form that a model is asked to write (members in the schema's
    order). `refused` are texts that must not be accepted. `otherwise` are valid documents that the
    grammar spells in another way. `outside` is what only validation judges.
    """

    name: str
    schema: Any
    written: tuple[str, ...]
    refused: tuple[str, ...]
    outside: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()


def of(**properties: Any) -> dict[str, Any]:
    """An object's schema, its first property required."""
    return {"type": "object", "properties": properties, "required": [next(iter(properties))]}


STRING = {"type": "string"}
INTEGER = {"type": "integer"}
