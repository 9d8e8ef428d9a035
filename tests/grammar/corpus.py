"""The input schemas of 200 and more real tools, and copies that random text can satisfy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.grammar.document import is_list, is_object

_FILE = Path(__file__).parent / "tool_schemas.json"
TEXT_CHARACTERS_MAX = 9
ITEMS_MAX = 2


def tools() -> list[ToolShape]:
    """Every tool of the corpus, by itself."""
    listed = json.loads(_FILE.read_text(encoding="utf-8"))["tools"]
    return [ToolShape(name, "", schema) for _, name, schema in listed]


def bounded(schema: Any) -> Any:
    """The same schema, its strings and lists short: random weights never end a raw text."""
    if is_list(schema):
        return [bounded(part) for part in schema]
    if not is_object(schema):
        return schema
    found = {key: bounded(part) for key, part in schema.items()}
    free = not {"enum", "const", "pattern", "format"} & set(schema)
    if schema.get("type") == "string" and free:
        least = schema.get("minLength", 0)
        found["maxLength"] = max(least, min(schema.get("maxLength", 999), TEXT_CHARACTERS_MAX))
    if schema.get("type") == "array":
        found["maxItems"] = max(schema.get("minItems", 0), ITEMS_MAX)
    return found
