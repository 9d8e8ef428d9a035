"""Splicing a JSON object in place: the rest of the bytes never changes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.json_members import NotAnObject, parse_object

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.text(max_size=6), VALUES, max_size=6)


def test_a_value_is_replaced_and_nothing_else() -> None:
    body = b' { "model" : "a" ,\n "x": [1, {"model": "b"}], "n": 1e5 } '
    assert parse_object(body).splice({"model": b'"c"'}) == body.replace(b'"a"', b'"c"')


def test_members_are_taken_out_with_their_comma() -> None:
    body = b'{"a": 1, "b": 2, "c": 3}'
    found = parse_object(body)
    assert found.splice({"a": None}) == b'{"b": 2,"c": 3}'
    assert found.splice({"b": None, "c": b"4"}) == b'{"a": 1,"c": 4}'
    assert json.loads(found.splice({"c": None})) == {"a": 1, "b": 2}
    assert json.loads(found.splice({"b": None, "c": None})) == {"a": 1}
    assert json.loads(found.splice({"a": None, "b": None, "c": None})) == {}


@given(OBJECTS, st.sampled_from([None, 0, 2]), st.booleans())
def test_any_object_survives_any_splice(
    value: dict[str, object], indent: int | None, ascii_only: bool
) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    found = parse_object(body)
    assert list(found.members) == list(value)
    assert found.splice({}) == body
    for key in value:
        assert json.loads(found.raw(key)) == value[key]
        assert json.loads(found.splice({key: b"[7]"})) == {**value, key: [7]}
        rest = {other: value[other] for other in value if other != key}
        assert json.loads(found.splice({key: None})) == rest
    keys = list(value)[::2]
    rest = {other: value[other] for other in value if other not in keys}
    assert json.loads(found.splice(dict.fromkeys(keys))) == rest


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b'{"a":1',
        b'{"a":1}}',
        b"\xff",
        b'{"a":"\xff"}',
        b'{"a":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"b":2,"a":1}',
        b'{"a":1,"\\u0061":1}',
        b'{"a":{},"b":1,"a":{}}',
    ],
)
def test_what_is_no_plain_object_is_refused(body: bytes) -> None:
    with pytest.raises(NotAnObject):
        parse_object(body)


@given(st.binary(max_size=60))
def test_any_bytes_give_an_object_or_a_refusal(body: bytes) -> None:
    try:
        found = parse_object(body)
    except NotAnObject:
        return
    assert isinstance(json.loads(body), dict)
    assert found.splice({}) == body
