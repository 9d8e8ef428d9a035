"""Members of Gemini's JSON, which the API accepts in camelCase and in snake_case alike.

Only the API's own members have two spellings: what a user or a model wrote (arguments, responses,
names of properties) is never looked up here. A list may stand as its only item, as in some of the
reference's own examples.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from ..json_values import objects_of

_CAPITAL = re.compile(r"(?=[A-Z])")


@functools.lru_cache(maxsize=512)
def snake(name: str) -> str:
    """A camelCase name in snake_case."""
    return _CAPITAL.sub("_", name).lower()


def member(value: dict[str, Any], name: str) -> Any:
    """The member of this camelCase name in either spelling; None if it is not there."""
    found = value.get(name)
    return value.get(snake(name)) if found is None else found


def members_of(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or the one object that stands in its place."""
    return [value] if isinstance(value, dict) else objects_of(value)


def whole(value: Any) -> int | None:
    """A whole number, also written as 5.0; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: Any) -> float | None:
    """A number; None for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def flag(value: Any) -> bool | None:
    """True or false; None for anything else."""
    return value if isinstance(value, bool) else None


def tokens(value: Any) -> int:
    """A count of tokens; 0 for anything that is none."""
    return max(0, whole(value) or 0)
