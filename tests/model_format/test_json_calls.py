"""Calls as JSON, well written and not: no text is lost, and none makes the reader fail."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format.json_calls import read_arguments, read_calls

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure


def arguments_of(text: str) -> Any:
    (call,) = read_calls(text)
    return msgspec.json.decode(call.arguments)


def test_arguments_are_told_as_they_were_written() -> None:
    (call,) = read_calls(
        '{"name": "f", "arguments": { "b":1.0, "a": 1e2, "b":10000000000000000000000}}'
    )
    assert call.arguments == '{ "b":1.0, "a": 1e2, "b":10000000000000000000000}'


@pytest.mark.parametrize(
    "raw",
    [
        '{"a": }',
        '{"a": "\\ud800"}',
        '{"a": "\n", "b": 1e999}',
        '{"a": "\n", "b": NaN}',
        "7",
        '"text"',
        "[" * 100_000,
    ],
)
def test_arguments_that_are_no_object_are_kept_as_they_are(raw: str) -> None:
    found = arguments_of(f'{{"name": "f", "arguments": {raw}}}')
    kept = "text" if raw == '"text"' else raw
    assert found == unparsed(kept)
    assert msgspec.json.decode(read_arguments(raw)) == unparsed(kept)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("{}", {}), (' {"a": 1} ', {"a": 1}), ('{"a": "\n"}', {"a": "\n"}), ('{"a": 1}}', {"a": 1})],
)
def test_arguments_alone_are_read(raw: str, value: Any) -> None:
    assert msgspec.json.decode(read_arguments(raw)) == value


@UNHURRIED
@given(st.text(alphabet='{}[]":,\\\nnamefgut 1'), st.booleans())
def test_any_text_is_read_or_refused(text: str, named: bool) -> None:
    for call in read_calls('{"name": "f", ' + text if named else text):
        assert isinstance(msgspec.json.decode(call.arguments), dict)
    assert isinstance(msgspec.json.decode(read_arguments(text)), dict)
