"""The `[search]` table: which endpoint searches the web, and with whose key."""

from __future__ import annotations

import attrs
import pytest
from understudy.protocols.settings import (
    NO_KEY,
    KeyReference,
    SearchSettings,
    Settings,
    changes,
    parse_settings,
)
from understudy.protocols.settings_data import SEARCH_RESULTS_MAX

from .texts import problems_of, the_problem_of

BRAVE = '[search]\nkind = "brave"\nkey = "env:BRAVE_KEY"\n'


def search_of(text: str) -> SearchSettings | None:
    return parse_settings(text, "settings.toml").search


def test_without_the_table_nothing_is_searched() -> None:
    assert search_of("") is Settings().search is None


def test_a_searxng_is_the_user_s_own() -> None:
    text = '[search]\nkind = "searxng"\nbase_url = "http://127.0.0.1:8888/"\n'
    assert search_of(text) == SearchSettings("searxng", "http://127.0.0.1:8888", NO_KEY, 5)
    assert "search.base_url: is missing" in the_problem_of('[search]\nkind = "searxng"\n')


@pytest.mark.parametrize(
    ("kind", "url"),
    [("brave", "https://api.search.brave.com"), ("tavily", "https://api.tavily.com")],
)
def test_a_public_service_needs_a_key_and_no_address(kind: str, url: str) -> None:
    found = search_of(BRAVE.replace('"brave"', f'"{kind}"') + "results = 7\n")
    assert found is not None
    assert (found.kind, found.base_url, found.results) == (kind, url, 7)
    assert found.key == KeyReference("env", "BRAVE_KEY")
    assert f"{kind} asks for one" in the_problem_of(f'[search]\nkind = "{kind}"\n')


def test_an_address_of_one_s_own_takes_the_service_s_place() -> None:
    keyless = BRAVE.replace("env:BRAVE_KEY", "none")
    found = search_of(f'{keyless}base_url = "https://proxy.example/brave"\n')
    assert found == SearchSettings("brave", "https://proxy.example/brave")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('kind = "bing"', 'search.kind: "bing" is not known; allowed: searxng, brave, tavily'),
        ("results = 0", f"search.results: 0 is out of range; allowed: 1 to {SEARCH_RESULTS_MAX}"),
        ('base_url = "ftp://x"', 'search.base_url: "ftp://x" has no http:// or https:// in front'),
        (
            'base_url = "http://box.lan"',
            "search.base_url: plain http to another machine would send the key in the clear; "
            "use https://",
        ),
        ("name = 1", "search.name: does not belong here; move it below an [[endpoint]]"),
        ("result = 1", 'search.result: unknown key; did you mean "results"? allowed: '),
    ],
)
def test_what_is_wrong_is_named(line: str, problem: str) -> None:
    key = line.partition(" ")[0]
    kept = [each for each in BRAVE.splitlines() if not each.startswith(f"{key} ")]
    assert problem in the_problem_of("\n".join([*kept, line]))


def test_a_key_itself_is_refused_and_not_shown() -> None:
    problem = the_problem_of(BRAVE.replace("env:BRAVE_KEY", "tvly-0123456789abcdefghij"))
    assert "search.key: this looks like a key itself" in problem
    assert "0123456789" not in problem


def test_an_empty_table_says_what_is_missing() -> None:
    assert problems_of("[search]\n") == [
        "settings.toml:1: search.kind: is missing; allowed: searxng, brave, tavily"
    ]
    assert "search: must be a table" in problems_of("search = 1\n")[0]


def test_a_change_of_it_applies_at_once() -> None:
    old = Settings(search=SearchSettings("brave", "https://a", results=5))
    assert changes(old, old).is_empty
    new = attrs.evolve(old, search=SearchSettings("brave", "https://a", results=6))
    for changed in (changes(old, new), changes(old, Settings())):
        assert changed.search_changed
        assert not changed.is_empty
        assert changed.restart_keys == ()
