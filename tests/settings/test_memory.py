"""The `[memory]` table, and the keys of an endpoint that go with it."""

from __future__ import annotations

from math import inf

import pytest
from understudy.protocols.resources.rules import GIBIBYTE, MemoryRules
from understudy.protocols.settings import (
    MemorySettings,
    Settings,
    SettingsError,
    changes,
    parse_settings,
)
from understudy.protocols.settings_data import EndpointSettings
from understudy.protocols.settings_memory import idle_seconds_of, rules_of

ENGINE = '[[endpoint]]\nname = "local"\nengine = "llama.cpp"\nfile = "m.gguf"\n'
PEER = '[[endpoint]]\nname = "a"\ndialect = "anthropic"\nbase_url = "https://a"\nmodels = ["x"]\n'


def memory_of(text: str) -> MemorySettings:
    return parse_settings(f"[memory]\n{text}", "settings.toml").memory


def endpoint_of(text: str) -> EndpointSettings:
    return parse_settings(text, "settings.toml").endpoints[0]


def test_what_is_not_said_is_left_to_the_machine() -> None:
    assert Settings().memory == memory_of("") == MemorySettings(None, None, 10.0, True)
    assert rules_of(MemorySettings()) == MemoryRules()


def test_all_of_it_is_read() -> None:
    text = "budget_gibibytes = 7.5\nkeep_free_gibibytes = 2\nidle_minutes = 0.5"
    found = memory_of(f"{text}\nworker_limit = false")
    assert found == MemorySettings(7.5, 2.0, 0.5, False)


def test_a_floor_that_is_named_is_the_whole_floor() -> None:
    rules = rules_of(MemorySettings(1.5, 0.25))
    assert rules.budget_bytes == GIBIBYTE * 3 // 2
    assert rules.floor_bytes(1_000 * GIBIBYTE) == GIBIBYTE // 4
    assert rules_of(MemorySettings(None, 0.75)).floor_bytes(GIBIBYTE) == GIBIBYTE * 3 // 4
    assert MemoryRules().floor_bytes(GIBIBYTE) == GIBIBYTE // 4


def test_an_endpoint_may_have_its_own_idle_minutes() -> None:
    own, none = endpoint_of(f"{ENGINE}idle_minutes = 1"), endpoint_of(ENGINE)
    assert idle_seconds_of(own, MemorySettings()) == 60
    assert idle_seconds_of(none, MemorySettings(idle_minutes=2)) == 120
    assert idle_seconds_of(endpoint_of(f"{ENGINE}idle_minutes = 0"), MemorySettings()) == inf
    assert idle_seconds_of(none, MemorySettings(idle_minutes=0)) == inf


def test_an_endpoint_may_be_pinned() -> None:
    assert endpoint_of(f"{ENGINE}pinned = true").pinned
    assert not endpoint_of(ENGINE).pinned


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("budget_gibibytes = -1", "-1 is out of range; allowed: 0 to 16384"),
        ("budget_gibibytes = nan", "is out of range; allowed: 0 to 16384"),
        ('keep_free_gibibytes = "2 GB"', "must be a number, not"),
        ("idle_minutes = true", "must be a number, not true"),
        ("worker_limit = 1", "must be true or false, not 1"),
        ("pinned = true", "does not belong here; move it below an [[endpoint]]"),
        ("budget = 1", 'did you mean "budget_gibibytes"?'),
    ],
)
def test_a_wrong_table_is_told_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        memory_of(text)
    assert problem in str(refused.value)


@pytest.mark.parametrize("key", ["pinned = true", "idle_minutes = 1"])
def test_a_peer_takes_none_of_this_machine_s_memory(key: str) -> None:
    with pytest.raises(SettingsError, match="has no meaning with a dialect"):
        parse_settings(PEER + key, "settings.toml")


def test_a_change_applies_at_once() -> None:
    new = Settings(memory=MemorySettings(idle_minutes=1))
    found = changes(Settings(), new)
    assert found.memory_changed
    assert not found.is_empty
    assert found.restart_keys == ()
