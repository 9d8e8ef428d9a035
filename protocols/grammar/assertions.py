"""What a JSON Schema's plain keywords say of a value: one function a keyword.

Each is handed the schema and a value of the type that the keyword is about, and says in words what
is wrong, or "" for nothing. Malformed keywords say nothing.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import msgspec

from ..json_values import list_of, object_of, strings_of
from .document import is_list, is_object
from .patterns import FORMATS

Keywords = Mapping[str, Any]
Assertion = Callable[[Keywords, Any], str]

SHOWN_CHARACTERS: Final = 300
"""Of an enumeration or a pattern, so much is told."""


def equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: 1 is 1.0, and true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if is_list(one) and is_list(other):
        return len(one) == len(other) and all(map(equal, one, other))
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return bool(one == other)


def types_of(schema: Keywords) -> tuple[str, ...]:
    """The types that a schema names, with OpenAPI's `nullable`; none if it names none."""
    named = schema.get("type")
    types = (named,) if isinstance(named, str) else strings_of(named)
    return (*types, "null") if types and schema.get("nullable") is True else types


def kind_of(value: Any) -> str:
    """The type of a JSON value; an integer is a number."""
    return next(kind for kind, is_one in _TYPES.items() if is_one(value))


def is_number(value: Any) -> bool:
    """Whether it is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def bound(schema: Keywords, keyword: str) -> float | None:
    """A keyword's number; None if it has none."""
    found: Any = schema.get(keyword)
    return found if is_number(found) and math.isfinite(found) else None


def exact(number: float) -> Fraction:
    """The number as it is written in decimal."""
    return Fraction(Decimal(repr(number)))


def searched(pattern: str) -> re.Pattern[str] | None:
    """A pattern as Python's; None for one that is not Python's. `$` is the very end."""
    ends = re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda found: found.group(1) or r"\Z", pattern)
    try:
        return re.compile(ends, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None


_TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": is_number,
    "integer": lambda value: is_number(value) and float(value).is_integer(),
}


def _type(schema: Keywords, value: Any) -> str:
    types = types_of(schema)
    if not types or any(_TYPES.get(name, lambda _: True)(value) for name in types):
        return ""
    return f"must be of type {' or '.join(types)}"


def _enum(schema: Keywords, value: Any) -> str:
    allowed = list_of(schema["enum"])
    if any(equal(value, one) for one in allowed):
        return ""
    return f"must be one of {_shown(allowed)}"


def _const(schema: Keywords, value: Any) -> str:
    return "" if equal(value, schema["const"]) else f"must be {_shown(schema['const'])}"


def _minimum(schema: Keywords, value: Any) -> str:
    low = bound(schema, "minimum")
    if low is None or value > low or (value == low and schema.get("exclusiveMinimum") is not True):
        return ""
    return f"must not be less than {low}" if value < low else f"must be more than {low}"


def _maximum(schema: Keywords, value: Any) -> str:
    high = bound(schema, "maximum")
    if (
        high is None
        or value < high
        or (value == high and schema.get("exclusiveMaximum") is not True)
    ):
        return ""
    return f"must not be more than {high}" if value > high else f"must be less than {high}"


def _exclusive_minimum(schema: Keywords, value: Any) -> str:
    low = bound(schema, "exclusiveMinimum")
    return f"must be more than {low}" if low is not None and value <= low else ""


def _exclusive_maximum(schema: Keywords, value: Any) -> str:
    high = bound(schema, "exclusiveMaximum")
    return f"must be less than {high}" if high is not None and value >= high else ""


def _multiple_of(schema: Keywords, value: Any) -> str:
    step = bound(schema, "multipleOf")
    if step is None or step <= 0 or exact(value) % exact(step) == 0:
        return ""
    return f"must be a multiple of {step}"


def _sized(keyword: str, complaint: str, *, least: bool) -> Assertion:
    def judge(schema: Keywords, value: Any) -> str:
        limit = bound(schema, keyword)
        wrong = limit is not None and (len(value) < limit if least else len(value) > limit)
        return complaint.format(limit) if wrong else ""

    return judge


def _pattern(schema: Keywords, value: Any) -> str:
    pattern = schema["pattern"]
    expression = searched(pattern) if isinstance(pattern, str) else None
    if expression is None or expression.search(value):
        return ""
    return f"must match the pattern {_shown(pattern)}"


def _format(schema: Keywords, value: Any) -> str:
    name = schema["format"]
    valid = _FORMATS.get(name) if isinstance(name, str) else None
    return f"must be of the format {name}" if valid and not valid(value) else ""


def _unique_items(schema: Keywords, value: Any) -> str:
    if schema["uniqueItems"] is not True:
        return ""
    pairs = ((value[one], value[other]) for one in range(len(value)) for other in range(one))
    return "must not have the same item twice" if any(equal(*pair) for pair in pairs) else ""


def _required(schema: Keywords, value: Any) -> str:
    missing = [name for name in strings_of(schema["required"]) if name not in value]
    return f"must have {', '.join(map(_shown, missing))}" if missing else ""


def _dependent_required(schema: Keywords, value: Any) -> str:
    for keyword in ("dependentRequired", "dependencies"):
        for name, needed in object_of(schema.get(keyword)).items():
            missing = [one for one in strings_of(needed) if name in value and one not in value]
            if missing:
                return f"must have {', '.join(map(_shown, missing))} beside {_shown(name)}"
    return ""


def _address(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def _matches(pattern: str) -> Callable[[str], bool]:
    expression = re.compile(pattern, re.ASCII)
    return lambda text: expression.fullmatch(text) is not None


def _real_date(text: str) -> bool:
    """A full date; the year's four digits may be any."""
    found = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})(.*)", text, re.ASCII | re.DOTALL)
    if found is None:
        return False
    year, month, day = (int(found.group(index)) for index in (1, 2, 3))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= days[month - 1]


_TIME: Final = _matches(
    "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:[.][0-9]+)?"
    "(?:[zZ]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_NAME: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HOST: Final = _matches(f"{_NAME}(?:[.]{_NAME})*")
_FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "date": lambda text: len(text) == 10 and _real_date(text),
    "time": _TIME,
    "date-time": lambda text: text[10:11] in ("T", "t") and _real_date(text) and _TIME(text[11:]),
    "ipv6": _address,
    "hostname": lambda text: len(text) < 254 and _HOST(text),
    **{name: _matches(FORMATS[name]) for name in ("uuid", "ipv4", "email", "uri")},
}
CHECKED_FORMATS: Final = frozenset(_FORMATS)
"""The formats that validation judges; the others are remarks."""

_STRING = {"minLength", "maxLength", "pattern", "format"}
_ARRAY = {"minItems", "maxItems", "uniqueItems"}
_OBJECT = {"minProperties", "maxProperties", "required", "dependentRequired", "dependencies"}
_NUMBER = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}


def concerns(keyword: str, value: Any) -> bool:
    """Whether a keyword says something about values of this type."""
    if keyword in _STRING:
        return isinstance(value, str)
    if keyword in _NUMBER:
        return is_number(value)
    if keyword in _ARRAY:
        return isinstance(value, list)
    return isinstance(value, dict) or keyword not in _OBJECT


ASSERTIONS: Final[dict[str, Assertion]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _exclusive_minimum,
    "exclusiveMaximum": _exclusive_maximum,
    "multipleOf": _multiple_of,
    "minLength": _sized("minLength", "must have at least {} characters", least=True),
    "maxLength": _sized("maxLength", "must have at most {} characters", least=False),
    "pattern": _pattern,
    "format": _format,
    "minItems": _sized("minItems", "must have at least {} items", least=True),
    "maxItems": _sized("maxItems", "must have at most {} items", least=False),
    "uniqueItems": _unique_items,
    "minProperties": _sized("minProperties", "must have at least {} properties", least=True),
    "maxProperties": _sized("maxProperties", "must have at most {} properties", least=False),
    "required": _required,
    "dependentRequired": _dependent_required,
    "dependencies": _dependent_required,
}


def _shown(value: Any) -> str:
    """A value as JSON, cut to what a reader needs."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
