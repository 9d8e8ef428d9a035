"""Where keys stand: the scanner against documents made to confuse it, and against any document."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.settings_lines import NESTING_MAX, KeyPath, key_lines

CONFUSING = r'''
# [[endpoint]] in a comment, and default = "x"
default = """
[[endpoint]]
name = "not here" # no comment
\""" port = 1 """
[server]
"host" = '[[endpoint]]' # ] ]]
port.'a.b' . "c\u0041\"" = { x = 1, y = [ 2, 3 ] }

[[endpoint]] # first
models = [ # ]
  "a]", 'b"', # "c",

  """d
  """, %%%  + """, it's
]%%%, 1979-05-27T07:32:00Z ,
]
name = "x"
[endpoint.deep]
k = 1
  [[ endpoint ]]
name = ""
last = "\\"
[[endpoint.inner]]
k = 1
[[endpoint.inner]]
k = 1
[endpoint.inner.more]
k = 1
'''.replace("%%%", "'''")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_nothing_in_a_value_or_comment_is_taken_for_a_key(newline: str) -> None:
    text = CONFUSING.replace("\n", newline)
    tomllib.loads(text)
    assert key_lines(text) == {
        ("default",): 3,
        ("server",): 7,
        ("server", "host"): 8,
        ("server", "port"): 9,
        ("server", "port", "a.b"): 9,
        ("server", "port", "a.b", 'cA"'): 9,
        ("server", "port", "a.b", 'cA"', "x"): 9,
        ("server", "port", "a.b", 'cA"', "y"): 9,
        ("server", "port", "a.b", 'cA"', "y", 0): 9,
        ("server", "port", "a.b", 'cA"', "y", 1): 9,
        ("endpoint",): 11,
        ("endpoint", 0): 11,
        ("endpoint", 0, "models"): 12,
        ("endpoint", 0, "models", 0): 13,
        ("endpoint", 0, "models", 1): 13,
        ("endpoint", 0, "models", 2): 15,
        ("endpoint", 0, "models", 3): 16,
        ("endpoint", 0, "models", 4): 17,
        ("endpoint", 0, "name"): 19,
        ("endpoint", 0, "deep"): 20,
        ("endpoint", 0, "deep", "k"): 21,
        ("endpoint", 1): 22,
        ("endpoint", 1, "name"): 23,
        ("endpoint", 1, "last"): 24,
        ("endpoint", 1, "inner"): 25,
        ("endpoint", 1, "inner", 0): 25,
        ("endpoint", 1, "inner", 0, "k"): 26,
        ("endpoint", 1, "inner", 1): 27,
        ("endpoint", 1, "inner", 1, "k"): 28,
        ("endpoint", 1, "inner", 1, "more"): 29,
        ("endpoint", 1, "inner", 1, "more", "k"): 30,
    }


def test_deep_brackets_are_stepped_over_without_recursion() -> None:
    deep = f"x = {'[' * 300}{{a = ']', b = [1, 2.5,]}}{']' * 300}\ny = 1"
    tomllib.loads(deep)
    lines = key_lines(deep)
    assert lines[("y",)] == 2
    assert max(len(path) for path in lines) == NESTING_MAX + 1


def test_what_is_not_toml_ends_the_scan_with_what_was_found() -> None:
    assert key_lines("a = 1\nb = \n= 3\nc = 1")[("a",)] == 1
    assert key_lines("a = [1 2") == {("a",): 1, ("a", 0): 1, ("a", 1): 1}


Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value]"

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure
KEYS = st.text("abé ._-\"'\\#=[]\n", min_size=1, max_size=4)
SCALARS: st.SearchStrategy[Value] = st.one_of(
    st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


def written(value: Value) -> str:
    """A TOML value on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            escaped = "".join(f"\\U{ord(each):08X}" for each in value)
            return f'"{escaped}"'
        case list():
            return f"[ {' , '.join(written(item) for item in value)} ]"
        case dict():
            pairs = (f"{written(key)} = {written(item)}" for key, item in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case _:
            return repr(value)


def paths(value: Value, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every place in a value, as deep as the scanner looks."""
    if len(path) > NESTING_MAX or not isinstance(value, dict | list):
        return
    for part, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, part)
        yield from paths(item, (*path, part))


@UNHURRIED
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_every_key_of_any_document_is_found_on_its_line(document: dict[str, Value]) -> None:
    text = "\n".join(f"#\n{written(key)} = {written(item)}" for key, item in document.items())
    expected: dict[KeyPath, int] = {}
    for number, key in enumerate(document):
        expected[(key,)] = 2 * number + 2
        expected |= dict.fromkeys(paths(document[key], (key,)), 2 * number + 2)
    assert tomllib.loads(text) == document
    assert key_lines(text) == expected
