"""The independent judge: the library jsonschema, and OpenAPI's `nullable` said in its words."""

from __future__ import annotations

from typing import Any

import jsonschema
from understudy.protocols.grammar.document import is_list, is_object

_FORMATS = jsonschema.Draft202012Validator.FORMAT_CHECKER


def standard(schema: Any) -> Any:
    """The schema without `nullable`, and with draft 4's and 7's forms in those of 2020-12."""
    if is_list(schema):
        return [standard(part) for part in schema]
    if not is_object(schema):
        return schema
    said = {keyword: standard(part) for keyword, part in schema.items()}
    if said.pop("nullable", None) is True and isinstance(said.get("type"), str):
        said["type"] = [said["type"], "null"]
    if isinstance(said.get("items"), list):
        said["prefixItems"] = said.pop("items")
        if "additionalItems" in said:
            said["items"] = said.pop("additionalItems")
    for keyword, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(said.get(keyword), bool) and bound in said and said.pop(keyword):
            said[keyword] = said.pop(bound)
    return said


def is_valid(schema: Any, value: Any) -> bool:
    """Whether the library finds nothing."""
    validator: Any = jsonschema.Draft202012Validator(standard(schema), format_checker=_FORMATS)
    return not any(validator.iter_errors(value))
