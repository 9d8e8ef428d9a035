"""Whatever the text, reading settings gives a `Settings` or a `SettingsError`, never a key."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.settings import Settings, SettingsError, parse_settings

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure
SECRET = "sk-ant-planted-0123456789"
PLANTED = f'"{SECRET}" ["{SECRET}"] "https://x:{SECRET}@y" "env:{SECRET}"'
KEYS = """
    name dialect base_url models key context_tokens engine file allow_plain_http x default host
    kind results search search.key port allow_remote server endpoint endpoint.name server.port
"""
VALUES = """
    1 11434 -5 0.5 nan 0xff true [] {} [1] "x" "" "anthropic" "ollama" "work" "llama-server"
    "m.gguf" ["m"] ["m","m"] [["m"]] {a=1} 1979-05-27
    "https://a/v1" "http://b" "env:K" "none" "keychain:k"
    "http://[::1" "//" "a:b@c" "127.0.0.1" "0.0.0.0" "work/m" "brave"
"""
SIGNS = ["\n", "\r\n", " ", '"""', "'''", "\\", "\0", "\ud800", *"[]{}=,.#\"'"]
HEADERS = ["[server]", "[[listen]]", "[search]", "[[endpoint]]", "[endpoint.x]", "[x]"]
WORDS = st.sampled_from([*f"{KEYS} {VALUES} {PLANTED}".split(), *SIGNS, *HEADERS, *["\n"] * 20])
LINES = st.one_of(
    st.sampled_from(HEADERS),
    st.builds(
        "{} = {}".format,
        st.sampled_from(KEYS.split()),
        st.sampled_from(f"{VALUES} {PLANTED}".split()),
    ),
)


def read(text: str) -> None:
    result: Settings | SettingsError
    try:
        result = parse_settings(text, "settings.toml", home="/home/ann")
    except SettingsError as error:
        result = error
    if isinstance(result, Settings):
        assert all(endpoint.models for endpoint in result.endpoints)
        assert SECRET not in repr([endpoint.key for endpoint in result.endpoints])
    else:
        assert result.problems
        assert SECRET not in str(result)
        assert all(problem.line <= text.count("\n") + 1 for problem in result.problems)


@UNHURRIED
@given(st.lists(WORDS, max_size=60).map(" ".join) | st.lists(WORDS, max_size=60).map("".join))
def test_words_in_any_order(text: str) -> None:
    read(text)


@UNHURRIED
@given(st.lists(LINES, max_size=25).map("\n".join))
def test_keys_with_any_values(text: str) -> None:
    read(text)


@UNHURRIED
@given(st.text())
def test_any_text(text: str) -> None:
    read(text)
