"""Whether a typed message may be meant for Understudy, as the settings have it.

With `commands = "prefix"` only what begins with the prefix is; else the prefix may stand there, as
people call somebody by name: "understudy, switch to home".
"""

from __future__ import annotations

import re
from typing import Final

from ..settings_data import PREFIX_CHARACTERS_MAX, ChatSettings
from .matcher import may_be_command

_GAP: Final = re.compile(r"\W+")
"""What stands between the prefix and the command."""
_SIGN: Final = re.compile(r"[:\uff1a\n\u2013\u2014-]")
"""What parts a command from work, and may part the prefix from a command."""


def may_be_addressed(text: str) -> bool:
    """Whether it is worth while to ask which places there are, and what the prefix is."""
    if may_be_command(text):
        return True
    sign = _SIGN.search(text, 0, PREFIX_CHARACTERS_MAX + 1)
    return sign is not None and may_be_command(text[sign.end() :])


def addressed(text: str, chat: ChatSettings) -> str | None:
    """The command that a text may be, without the prefix; None where it can be none."""
    if chat.commands == "off":
        return None
    plain = text.strip()
    if plain[: len(chat.prefix)].casefold() == chat.prefix.casefold():
        gap = _GAP.match(plain, len(chat.prefix))
        if gap is not None:
            return plain[gap.end() :]
    return None if chat.commands == "prefix" else text
