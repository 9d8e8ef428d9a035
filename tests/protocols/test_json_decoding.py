"""Decoding: the value, or NotJson; half an emoji loses nobody a whole request."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.json_decoding import NotJson, decode_json


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a": [1, null]}', {"a": [1, None]}),
        ('"\u00e9"', "\u00e9"),
        (rb'"\ud83d\ude00"', "\U0001f600"),
        (rb'"a\ud83d"', "a\ufffd"),
        (rb'"\uDE00b"', "\ufffdb"),
        (rb'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
        (rb'"\ud83d\\ude00"', "\ufffd\\ude00"),
        (rb'"\\ud83d \ud83d"', "\\ud83d \ufffd"),
        (bytearray(rb'{"\udfff": "\n"}'), {"\ufffd": "\n"}),
    ],
)
def test_what_can_be_read_is(raw: bytes | str, expected: object) -> None:
    assert decode_json(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'"\xff"',
        b"nan",
        rb'"\ud83d',
        rb'"\ud83d" "',
        "\ud83d",
        b"[" * 99_999,
        b'["\\ud83d"' + b"[" * 99_999,
    ],
)
def test_what_cannot_be_read_is_not_json(raw: bytes | str) -> None:
    with pytest.raises(NotJson):
        decode_json(raw)


@given(st.text(st.characters(codec=None), max_size=12))
def test_any_text_of_python_s_is_read_as_text(text: str) -> None:
    read = decode_json(json.dumps(text))
    assert read == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
