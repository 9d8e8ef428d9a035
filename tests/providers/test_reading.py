"""Reading the table: strict, total, and with a place and a remedy for whatever is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io.providers.providers_file import ProviderTable
from understudy.io.settings_file import SettingsFile
from understudy.protocols.providers.provider import Providers
from understudy.protocols.providers.provider_table import parse_providers
from understudy.protocols.settings import EndpointSettings, SettingsError, parse_settings
from understudy.protocols.settings_data import ModelFacts

ROW = """
[[provider]]
name = "acme"
dialect = ["anthropic", "openai-chat"]
base_url = "https://api.acme.test/v1/"
"""
FULL = (
    ROW
    + """
title = "Acme"
paths = { anthropic = "/claude/v1", openai-chat = "/" }
key_variable = "ACME_KEY"
key_page = "https://acme.test/keys"
lists_models = true
quirks = ["bearer-key"]

[[provider.model]]
id = "big"
context_tokens = 100_000
abilities = ["tools", "vision"]

[[provider.model]]
id = "small"
"""
)
SECRET = "sk-ant-planted-0123456789"


def endpoint(*lines: str, table: str = FULL) -> EndpointSettings:
    """An endpoint with these lines, of a table with these rows."""
    text = "\n".join(["[[endpoint]]", 'name = "work"', *lines])
    providers = ProviderTable(parse_providers(table, "providers.toml"))
    [found] = parse_settings(text, "settings.toml", providers=providers).endpoints
    return found


def problems_of(text: str) -> str:
    """What is wrong with a table."""
    with pytest.raises(SettingsError) as caught:
        parse_providers(text, "providers.toml")
    return str(caught.value)


def test_all_of_a_row_is_read() -> None:
    row = parse_providers(FULL, "")["acme"]
    assert (row.title, row.base_url) == ("Acme", "https://api.acme.test")
    assert row.dialects == ("anthropic", "openai-chat")
    assert row.paths == (("anthropic", "/claude/v1"), ("openai-chat", ""))
    assert (row.key_variable, row.key_page) == ("ACME_KEY", "https://acme.test/keys")
    assert (row.lists_models, row.quirks) == (True, ("bearer-key",))
    assert row.models == (ModelFacts("big", 100_000, ("tools", "vision")), ModelFacts("small"))


def test_a_row_needs_little() -> None:
    row = parse_providers(ROW, "")["acme"]
    assert (row.title, row.models, row.quirks, row.paths) == ("acme", (), (), ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nmae = 1", "providers.toml:6: provider[0].nmae: unknown key"),
        ('quirks = ["odd"]', '"odd" is not known; allowed: bearer-key'),
        ('paths = { ollama = "/x" }', "paths.ollama: unknown key"),
        ('paths = { anthropic = "x" }', '"x" is no path; allowed: like "/api/v4"'),
        ('paths = { anthropic = "/../x" }', "is no path"),
        ("lists_models = 1", "must be true or false"),
        ('key_variable = "no name"', "is not the name of an environment variable"),
        (f'key_variable = "{SECRET}"', "is not the name of an environment variable"),
        ('key_page = "http://a"', "is no page; allowed: https://"),
        ("[[provider.model]]", "provider[0].model[0].id: is missing; add the model's id"),
        ('[[provider.model]]\nid = "a b"', "white space"),
        ('[[provider.model]]\nid = "a"\n[[provider.model]]\nid = "a"', "stands here twice"),
        ('[[provider.model]]\nid = "a"\ncontext_tokens = 1', "out of range"),
        ('[[provider.model]]\nid = "a"\nabilities = ["fly"]', '"fly" is not known'),
        (ROW, '"acme" stands here twice'),
        ("[x]", "unknown key; allowed: provider"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(line: str, told: str) -> None:
    problems = problems_of(ROW + line)
    assert told in problems
    assert SECRET not in problems


@pytest.mark.parametrize("key", ["name", "dialect", "base_url"])
def test_what_is_missing_is_told(key: str) -> None:
    text = "\n".join(line for line in ROW.splitlines() if not line.startswith(key))
    assert f"{key}: is missing" in problems_of(text)


def test_a_key_does_not_go_over_a_network_in_the_clear() -> None:
    text = FULL.replace("https://api.acme.test/v1/", "http://api.acme.test")
    assert "a key would go over a network in the clear" in problems_of(text)


def test_an_endpoint_takes_what_it_does_not_say_from_its_provider() -> None:
    found = endpoint('provider = "acme"', 'key = "env:K"')
    assert (found.base_url, found.provider) == ("https://api.acme.test", "acme")
    assert found.models == ("big", "small")
    assert (found.window("big"), found.window("small")) == (100_000, 0)
    assert (found.can("big", "vision"), found.can("big", "thinking")) == (True, False)
    assert found.can("small", "vision") is None
    assert found.path("anthropic", "/v1/messages") == "/claude/v1/messages"
    assert found.path("openai-chat", "/v1/models") == "/models"
    assert found.path("gemini", "/v1beta/models") == "/v1beta/models"


def test_an_endpoint_has_the_last_word() -> None:
    found = endpoint(
        'provider = "acme"',
        'dialect = "openai-chat"',
        'base_url = "https://other.test"',
        'models = ["big"]',
        "context_tokens = 2048",
        'abilities = ["thinking"]',
        'paths = { openai-chat = "/v9" }',
    )
    assert (found.dialects, found.base_url) == (("openai-chat",), "https://other.test")
    assert (found.models, found.window("big")) == (("big",), 2048)
    assert (found.can("big", "thinking"), found.can("big", "vision")) == (True, False)
    assert found.path("openai-chat", "/v1/models") == "/v9/models"
    assert found.path("anthropic", "/v1/messages") == "/claude/v1/messages"


def test_any_endpoint_may_say_what_its_models_can() -> None:
    lines = 'dialect = "gemini"', 'base_url = "https://g.test"', 'models = ["m"]', "abilities = []"
    found = endpoint(*lines)
    assert (found.can("m", "tools"), found.can("other", "tools")) == (False, False)


def test_a_provider_that_nobody_knows_is_told() -> None:
    with pytest.raises(SettingsError, match='"acmee" is not known; did you mean "acme"'):
        endpoint('provider = "acmee"')


def names(providers: Providers) -> list[str]:
    """The names, in order."""
    return list(providers)


def test_a_user_s_rows_replace_ours_and_follow_them() -> None:
    own = parse_providers(ROW.replace("acme", "groq") + ROW, "")
    table = ProviderTable(own)
    assert table["groq"].base_url == "https://api.groq.test"
    assert names(table)[-1] == "acme"
    assert len(table) == len(ProviderTable()) + 1


def test_the_user_s_table_lies_beside_the_settings(tmp_path: Path) -> None:
    settings_file = tmp_path / "settings.toml"
    settings_file.write_text('[[endpoint]]\nname = "work"\nprovider = "acme"\n')
    (tmp_path / "providers.toml").write_text(FULL)
    file = SettingsFile(settings_file)
    assert file.load().endpoints[0].models == ("big", "small")
    (tmp_path / "providers.toml").write_text(FULL.replace("quirks", "querks"))
    assert file.load().endpoints[0].models == ("big", "small"), "the last good rows stay"
    [problem] = file.problems_beside
    assert "providers.toml:12: provider[0].querks: unknown key" in str(problem)


def test_endpoints_that_were_added_may_name_the_user_s_providers(tmp_path: Path) -> None:
    (tmp_path / "providers.toml").write_text(FULL)
    added = '[[endpoint]]\nname = "added"\nprovider = "acme"\n'
    (tmp_path / "endpoints.toml").write_text(added)
    file = SettingsFile(tmp_path / "settings.toml")
    assert [each.name for each in file.load().endpoints] == ["added"]
    (tmp_path / "endpoints.toml").write_text(added.replace("acme", "nobody"))
    assert [each.name for each in file.load().endpoints] == ["added"]
    assert '"nobody" is not known' in str(file.problems_beside[0])


KEYS = """
    name title dialect base_url paths paths.anthropic key_variable key_page lists_models quirks
    model id context_tokens abilities x
"""
VALUES = f"""
    1 -5 0.5 nan true [] {{}} [1] "x" "" "anthropic" ["anthropic"] ["tools"] ["tools","tools"]
    "https://a/v1" "http://b" "/v4" "/" "A_KEY" ["bearer-key"] [["x"]] {{anthropic="/a"}}
    "{SECRET}" ["{SECRET}"] 1979-05-27
"""
LINES = st.one_of(
    st.sampled_from(["[[provider]]", "[[provider.model]]", "[provider]", "[x]"]),
    st.builds("{} = {}".format, st.sampled_from(KEYS.split()), st.sampled_from(VALUES.split())),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(LINES, max_size=20).map("\n".join) | st.text(max_size=40))
def test_whatever_the_text_it_is_a_table_or_told(text: str) -> None:
    result: Providers | SettingsError
    try:
        result = parse_providers(text, "providers.toml")
    except SettingsError as error:
        result = error
    if isinstance(result, SettingsError):
        assert result.problems
        assert SECRET not in str(result)
        assert all(problem.line <= text.count("\n") + 1 for problem in result.problems)
    else:
        assert all(row.dialects and row.base_url for row in result.values())
