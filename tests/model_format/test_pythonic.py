"""Python's literals and calls: what is read, and what is told as text because it is none."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.model_format.pythonic import (
    NESTING_MAX,
    literal_as_json,
    read_pythonic,
)

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure

LITERALS: list[tuple[str, Any]] = [
    ("True", True),
    ("null", None),
    ("-7", -7),
    ("1_000", 1000),
    ("9" * 30, int("9" * 30)),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("''", ""),
    (r"'it\'s'", "it's"),
    (r'"\/\u00e9\ud83d\ude00"', "/é😀"),
    (r"'\x41\u00e9\U0001f600\n\q\0'", "Aé😀\n\\q\0"),
    (r"'\U00110000'", r"\U00110000"),
    ("'a\\\nb'", "ab"),
    ('"a\nb"', "a\nb"),
    ("( 1 , [ 2 ] , )", [1, [2]]),
    ("{'a': {}, \"b\": [],}", {"a": {}, "b": []}),
]


@pytest.mark.parametrize(("text", "value"), LITERALS)
def test_a_literal_is_read(text: str, value: Any) -> None:
    found = msgspec.json.decode(literal_as_json(f" {text}\n"))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "1 2", "[1", "[1 2]", "{1: 2}", "{'a' 1}", "'a", '"a\\"', "1e999", "--1", "f()"),
        "[" * (NESTING_MAX + 1) + "]" * (NESTING_MAX + 1),
        "9" * 5000,
        r"'\ud800'",
    ],
)
def test_what_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|literal|string|deep|large|limit|surrogates"):
        literal_as_json(text)


@pytest.mark.parametrize(
    "text", ["[f(1)]", "[f(a)]", "[f(a=1]", "[1]", "f", "[f(a=g(1))]", "[f(=1)]"]
)
def test_what_is_no_list_of_calls_has_none(text: str) -> None:
    assert read_pythonic(text) == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@UNHURRIED
@given(VALUES)
def test_a_value_is_read_as_python_writes_it_and_as_json(value: Any) -> None:
    assert msgspec.json.decode(literal_as_json(repr(value))) == value
    as_json = msgspec.json.encode(value).decode()
    assert msgspec.json.decode(literal_as_json(as_json)) == value


@UNHURRIED
@given(st.text(alphabet="f(a=1,'\"[]{}\\ntruex.:-e_ )"))
def test_any_text_is_read_or_refused(text: str) -> None:
    for call in read_pythonic(text):
        assert isinstance(msgspec.json.decode(call.arguments), dict)
