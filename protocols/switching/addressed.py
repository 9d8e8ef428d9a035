"""Whether a typed message may be meant for Understudy, as the settings have it.

With `commands = "prefix"` only what begins with the prefix is; else the prefix may stand there, as
people call somebody by name: "understudy, switch to home", "hey understudy, switch to home".
"""

from __future__ import annotations

import re
from typing import Final

from ..settings_data import PREFIX_CHARACTERS_MAX, ChatSettings
from .matcher import may_be_command

_GAP: Final = re.compile(r"\W+")
"""What stands between the prefix and the command."""
_CALLS: Final = re.compile(
    r"(?:(?:hey|hi|hello|ok|okay|yo|so|um|uh|excuse me|sorry|please|good (?:morning|evening)"
    r"|hallo|moin|servus|entschuldigung|bitte|salut|bonjour|pardon|excusez-moi|hola|oye|disculpa"
    r"|perdona|oi|ol\u00e1|ola|ei|desculpe|\u4f60\u597d|\u55e8|\u563f|\u5582"
    r"|\u3053\u3093\u306b\u3061\u306f|\u306d\u3048|\u304a\u3044|\u3059\u307f\u307e\u305b\u3093)"
    r"[\s,.!\uff0c\u3001\uff01]+){1,3}",
    re.IGNORECASE,
)
"""With what people call somebody before they say the name."""
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
    calls = _CALLS.match(plain)
    meant = _behind_prefix(plain, chat) or (
        _behind_prefix(plain[calls.end() :], chat) if calls else None
    )
    if meant is not None:
        return meant
    return None if chat.commands == "prefix" else text


def _behind_prefix(plain: str, chat: ChatSettings) -> str | None:
    """What follows the prefix; None where the text does not begin with it."""
    if plain[: len(chat.prefix)].casefold() == chat.prefix.casefold():
        gap = _GAP.match(plain, len(chat.prefix))
        if gap is not None:
            return plain[gap.end() :]
    return None
