"""A TOML text keeps its comments and its order, and only a proved change is made."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from understudy.io.clients.document import OddDocument, Traces
from understudy.io.clients.toml_document import TomlDocument

PROVIDER: dict[str, Any] = {
    "name": 'U "x" \\ \x7f',
    "retries": 3,
    "fast": True,
    "auth": {"command": "/opt/my programs/u", "args": ["token", "é"]},
}
OWN: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("model",), "local/qwen"),
    (("model_provider",), "understudy"),
    (("model_providers", "understudy"), PROVIDER),
    (("mcp_servers", "understudy"), {"command": "u", "args": ["mcp"]}),
)
TEXTS = (
    "",
    "# mine\n",
    'approval = "never"\n',
    "[x]\ny = 1",
    '# mine\n\n[model_providers.other]  # theirs\nname = "o"\n\n# the end\n',
    'notes = """\nmodel = "x"\n[model_providers.understudy]\n"""\n',
    "a = 1\r\n[b]\r\nc = 2\r\n",
    '[mcp_servers]\nother = { command = "o" }\n\n[[list]]\nx = 1\n[[list]]\nx = 2\n',
)


def installed(text: str) -> tuple[TomlDocument, Traces]:
    document, traces = TomlDocument.read(text), Traces()
    for path, value in OWN:
        traces = traces.joined(document.traces(path))
        document = document.put(path, value)
    return document, traces


def removed(document: TomlDocument, traces: Traces) -> str:
    for path, _ in reversed(OWN):
        document = document.take(path)
    return document.tidied(traces).text


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_put_and_taken_leaves_every_byte(text: str) -> None:
    document, traces = installed(text)
    read = tomllib.loads(document.text)
    assert (read["model"], read["model_provider"]) == ("local/qwen", "understudy")
    assert read["model_providers"]["understudy"] == PROVIDER
    for key, value in tomllib.loads(text).items():
        assert key in ("model_providers", "mcp_servers") or read[key] == value
    assert ("\r\n" in text) == ("\r\n" in document.text)
    assert removed(document, traces) == text


def test_a_table_that_the_client_adds_behind_ours_stays() -> None:
    document, traces = installed('a = 1\n\n[projects."/x"]\ntrust = "y"\n')
    more = f'{document.text}\n[projects."/z"]\ntrust = "n"\n'
    assert removed(TomlDocument.read(more), traces) == (
        'a = 1\n\n[projects."/x"]\ntrust = "y"\n\n[projects."/z"]\ntrust = "n"\n'
    )


def test_a_last_line_that_had_no_end_keeps_the_one_it_got_once_it_is_not_the_last() -> None:
    document, traces = installed("[x]\ny = 1")
    assert removed(TomlDocument.read(f"{document.text}\n[z]\n"), traces) == "[x]\ny = 1\n\n[z]\n"


@pytest.mark.parametrize(
    "line", ['model = "a" # why\n', '"model" = "a"\n', "model = '''\na\n'''\n", 'model="a"\n']
)
def test_a_key_is_replaced_where_it_stands_and_comes_back_to_the_letter(line: str) -> None:
    text = f"# first\n{line}b = 2\n[t]\nmodel = 3\n"
    document = TomlDocument.read(text)
    before = document.raw(("model",))
    assert before is not None
    assert before == line
    changed = document.put(("model",), "x")
    assert tomllib.loads(changed.text) == {"model": "x", "b": 2, "t": {"model": 3}}
    assert changed.put_raw(("model",), before).text == text


def test_a_table_of_the_user_s_is_replaced_and_comes_back() -> None:
    text = 'a = 1\n\n[m.u]\nname = "mine"\n\n[m.u.auth]\nx = 1\n\n# of z\n[z]\ny = 1\n'
    document = TomlDocument.read(text)
    before = document.raw(("m", "u"))
    assert before is not None
    changed = document.put(("m", "u"), {"name": "ours"})
    assert tomllib.loads(changed.text) == {"a": 1, "m": {"u": {"name": "ours"}}, "z": {"y": 1}}
    assert changed.put_raw(("m", "u"), before).text == text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("m = { u = 1 }\n", ("m", "u")),
        ("m = { v = 1 }\n", ("m", "u")),
        ("m.u.name = 1\n", ("m", "u")),
        ("[m.u.a]\nx = 1\n[z]\n[m.u.b]\nx = 2\n", ("m", "u")),
    ],
)
def test_what_cannot_be_changed_for_sure_is_left_alone(text: str, path: tuple[str, ...]) -> None:
    with pytest.raises(OddDocument, match=r"m\.u is written in a way"):
        TomlDocument.read(text).put(path, {"name": "ours"})


@pytest.mark.parametrize(
    ("text", "words"),
    [("a = \n", "is not TOML"), ("a = 1\na = 2\n", "is not TOML"), ("\ufeffa = 1\n", "byte order")],
)
def test_what_cannot_be_read_is_told(text: str, words: str) -> None:
    with pytest.raises(OddDocument, match=words):
        TomlDocument.read(text)


def test_a_value_in_place_of_a_table_is_told() -> None:
    with pytest.raises(OddDocument, match="m is not a table"):
        TomlDocument.read("m = 1\n").put(("m", "u"), {})
