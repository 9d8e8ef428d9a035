"""A JSON text keeps every byte that is not ours, and shows where it cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.io.clients.document import OddDocument, Traces
from understudy.io.clients.json_document import JsonDocument

OWN: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("env", "A"), "1"),
    (("mcpServers", "u"), {"args": ["x", "y"], "env": {}}),
    (("model",), "m"),
)
TEXTS = (
    "{}",
    "{}\n",
    "{ }",
    "{\n}\n",
    '{"a":1}',
    '{"a": 1, "b": {}}',
    '{"a":1,"env":{}}',
    '{"env":{"B":"2"},"z":[1.50,1e400,-0]}\n',
    '{\n    "a": 1,\n    "env": {\n    }\n}\n',
    '{\r\n\t"a": 1,\r\n\t"env": {"B": "2"}\r\n}',
    '{\n  "env": {\n    "B": "\\u00e9\\ud800"\n  },\n\n  "mcpServers": {"v": {"a": {}}}\n}\n',
    '  {\n "a" : 1 ,\n "b" : 2 }  \n',
)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_put_and_taken_leaves_every_byte(text: str) -> None:
    document, traces = JsonDocument.read(text), Traces()
    for path, value in OWN:
        traces = traces.joined(document.traces(path))
        document = document.put(path, value)
    read = json.loads(document.text)
    assert {**read["env"]}["A"] == "1"
    assert read["mcpServers"]["u"] == {"args": ["x", "y"], "env": {}}
    assert read["model"] == "m"
    for path, _ in reversed(OWN):
        document = document.take(path)
    assert document.tidied(traces).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1}', '{"a":1,"env":{"A":"1"}}'),
        ('{"a": 1}', '{"a": 1, "env": {"A": "1"}}'),
        ('{\n\t"a": 1\n}\n', '{\n\t"a": 1,\n\t"env": {\n\t\t"A": "1"\n\t}\n}\n'),
        ('{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "env": {\r\n    "A": "1"\r\n  }\r\n}'),
        (
            '{\n  "env": {\n    "B": "2"\n  }\n}',
            '{\n  "env": {\n    "B": "2",\n    "A": "1"\n  }\n}',
        ),
    ],
)
def test_what_is_put_looks_like_what_stands_around_it(text: str, expected: str) -> None:
    assert JsonDocument.read(text).put(("env", "A"), "1").text == expected


def test_a_value_is_replaced_and_comes_back_to_the_letter() -> None:
    text = '{ "n":  1.000 , "m": "caf\\u00e9" }'
    document = JsonDocument.read(text)
    before = document.raw(("m",))
    assert before == '"caf\\u00e9"'
    changed = document.put(("m",), "x")
    assert changed.text == '{ "n":  1.000 , "m": "x" }'
    assert changed.put_raw(("m",), before).text == text


def test_numbers_that_a_float_would_take_for_equal_differ() -> None:
    document = JsonDocument.read('{"a": 0.1, "b": 0.10000000000000000001}')
    assert document.value(("a",)) != document.value(("b",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1, column 1: is empty"),
        (" \n", "line 2, column 1: is empty"),
        ("\ufeff{}", "byte order mark"),
        ("[]", "line 1, column 1: is not a JSON object"),
        ("null", "is not a JSON object"),
        ('{\n  // note\n  "a": 1\n}', "line 2, column 3: has a comment"),
        ('{"a": 1} # note', "line 1, column 10: has a comment"),
        ('{"a": /* x */ 1}', "line 1, column 7: has a comment"),
        ('{"a": 1,}', "line 1, column 8: has a comma before }"),
        ('{"a": [1,]}', "has a comma before ]"),
        ('{"a": 1, "a": 2}', 'line 1, column 10: has the key "a" a second time'),
        ('{"a": {"b": 1, "\\u0062": 2}}', 'has the key "b" a second time'),
        ('{"a" 1}', "needs a colon here"),
        ("{a: 1}", "needs a key in quotes here"),
        ('{"a": NaN}', "line 1, column 7: is no JSON here"),
        ('{"a": 01}', "is no JSON here"),
        ('{"a": "\t"}', "is no JSON here"),
        ('{"a": 1', "is no JSON here"),
        ('{"a": 1} {}', "has something after the end"),
        ('{"a": ' + "[" * 300, "is nested more than 200 deep"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_place(text: str, words: str) -> None:
    with pytest.raises(OddDocument) as told:
        JsonDocument.read(text)
    assert words in str(told.value)


@pytest.mark.parametrize("value", ["[]", "null", '"x"', "1"])
def test_what_should_be_an_object_and_is_not_is_left_alone(value: str) -> None:
    document = JsonDocument.read(f'{{\n  "env": {value}\n}}')
    with pytest.raises(OddDocument, match="line 2: env is not an object"):
        document.put(("env", "A"), "1")


def test_an_object_of_ours_stays_once_somebody_else_uses_it() -> None:
    document = JsonDocument.read("{}")
    traces = document.traces(("env", "A"))
    used = document.put(("env", "A"), "1").put(("env", "B"), "2").take(("env", "A"))
    assert json.loads(used.tidied(traces).text) == {"env": {"B": "2"}}
