"""The `[keys]` table: where named keys are kept."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import (
    KeysSettings,
    Settings,
    SettingsError,
    changes,
    parse_settings,
)


def keys_of(text: str) -> KeysSettings:
    return parse_settings(f"[keys]\n{text}", "settings.toml").keys


def test_keys_are_in_the_system_s_keychain_unless_it_is_said() -> None:
    assert Settings().keys == keys_of("") == KeysSettings("keychain")
    assert keys_of('store = "file"') == KeysSettings("file")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('store = "keychian"', 'did you mean "keychain"? allowed: keychain, file'),
        ('store = "plaintext"', "allowed: keychain, file"),
        ("store = true", "must be"),
        ('passphrase = "x"', "unknown key; allowed: store"),
    ],
)
def test_a_wrong_table_is_told_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        keys_of(text)
    assert problem in str(refused.value)


def test_a_change_applies_after_a_restart() -> None:
    assert changes(Settings(), Settings(keys=KeysSettings("file"))).restart_keys == ("keys",)
