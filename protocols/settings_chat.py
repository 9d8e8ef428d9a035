"""Reads the `[chat]` table: whether a user may tell Understudy something in a conversation.

Without it a whole message that is a command is one. With `commands = "prefix"` only what begins
with a word of the user's own choice is, for those who talk about models all day long.
"""

from __future__ import annotations

from typing import Final, cast

from .settings_data import CHAT_COMMANDS, PREFIX_CHARACTERS_MAX, ChatCommands, ChatSettings
from .settings_problems import shown
from .settings_table import Table

CHAT_KEYS: Final = ("commands", "prefix", "offer", "follow_offer")


def read_chat(table: Table) -> ChatSettings:
    """Reads the table. Whatever is wrong is noted and read as absent."""
    unset = ChatSettings()
    commands = table.choice("commands", CHAT_COMMANDS)
    return ChatSettings(
        unset.commands if commands is None else cast(ChatCommands, commands),
        _prefix(table) or unset.prefix,
        table.boolean("offer", unset=unset.offer),
        table.boolean("follow_offer", unset=unset.follow_offer),
    )


def _prefix(table: Table) -> str | None:
    """Reads what stands before a command: it has to hold a letter or a digit."""
    prefix = table.text("prefix")
    if prefix is None:
        return None
    plain = prefix.strip()
    if len(plain) > PREFIX_CHARACTERS_MAX or not any(map(str.isalnum, plain)):
        allowed = f"1 to {PREFIX_CHARACTERS_MAX} characters with a letter or a digit among them"
        table.problem("prefix", f"{shown(prefix)} can begin no command; allowed: {allowed}")
        return None
    return plain
