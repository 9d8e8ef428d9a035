"""The `[chat]` table: what a user may say to Understudy in a conversation."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import (
    ChatSettings,
    Settings,
    SettingsError,
    changes,
    parse_settings,
)


def chat_of(text: str) -> ChatSettings:
    return parse_settings(f"[chat]\n{text}", "settings.toml").chat


def test_a_whole_message_may_be_a_command_unless_it_is_said() -> None:
    assert Settings().chat == chat_of("") == ChatSettings("on", "understudy")
    assert chat_of('commands = "off"').commands == "off"
    assert chat_of('commands = "prefix"\nprefix = " !us "') == ChatSettings("prefix", "!us")


def test_a_better_endpoint_is_offered_unless_it_is_said() -> None:
    assert (Settings().chat.offer, Settings().chat.follow_offer) == (True, False)
    found = chat_of("offer = false\nfollow_offer = true")
    assert (found.offer, found.follow_offer) == (False, True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('commands = "of"', "allowed: on, off, prefix"),
        ("commands = true", "must be a string"),
        ('prefix = "!"', "allowed: 1 to 32 characters with a letter or a digit among them"),
        (f'prefix = "{"a" * 33}"', "can begin no command"),
        ("prefix = 1", "must be a string"),
        ("offer = 1", "must be true or false"),
        ('word = "x"', "unknown key; allowed: commands, prefix, offer, follow_offer"),
    ],
)
def test_a_wrong_table_is_told_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        chat_of(text)
    assert problem in str(refused.value)


def test_a_change_applies_at_once() -> None:
    changed = changes(Settings(), Settings(chat=ChatSettings("off")))
    assert changed.rules_changed
    assert not changed.restart_keys
