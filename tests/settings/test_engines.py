"""The `[engines]` table: how models on this machine are run."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import (
    EnginesSettings,
    Settings,
    SettingsError,
    changes,
    parse_settings,
)


def engines_of(text: str) -> EnginesSettings:
    return parse_settings(f"[engines]\n{text}", "settings.toml").engines


def test_what_is_not_said_is_found_out() -> None:
    assert Settings().engines == engines_of("") == EnginesSettings("auto", 8)


@pytest.mark.parametrize("worker", ["auto", "direct", "server"])
def test_one_kind_can_be_demanded(worker: str) -> None:
    assert engines_of(f'worker = "{worker}"').worker == worker


def test_nothing_need_be_kept() -> None:
    assert engines_of("state_gibibytes = 0").state_gibibytes == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('worker = "drect"', 'did you mean "direct"? allowed: auto, direct, server'),
        ("state_gibibytes = -1", "-1 is out of range; allowed: 0 to 4096"),
        ("state_gibibytes = 0.5", "must be a whole number, not 0.5"),
        ("threads = 4", "unknown key; allowed: worker, state_gibibytes"),
        ("port = 4", "does not belong here; move it below [server]"),
    ],
)
def test_a_wrong_table_is_told_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        engines_of(text)
    assert problem in str(refused.value)


def test_a_change_applies_after_a_restart() -> None:
    new = Settings(engines=EnginesSettings("server"))
    assert changes(Settings(), new).restart_keys == ("engines",)
