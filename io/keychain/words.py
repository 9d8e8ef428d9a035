"""What is said when a key cannot be read or kept: what, where, and what to do. Never the key."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

from ...protocols.settings_addresses import is_key_name
from ..keys import KEY_CHARACTERS_MAX
from ..ports import KeptKey, KeychainError
from .messages import Reason, Told

CHOICE: Final = (
    "unlock a Secret Service (docs/keys.md), choose the encrypted file with "
    '[keys] store = "file", or name an environment variable: key = "env:NAME"'
)
"""What there is to choose from where no desktop unlocks a keychain."""
PLACE: Final = "the macOS Keychain" if sys.platform == "darwin" else "the Secret Service"
HOST_CHARACTERS_MAX: Final = 260

_REASONS: Final[Mapping[Reason, str]] = {
    "no-bus": f"there is no D-Bus session here, so no keychain can be reached; {CHOICE}",
    "no-service": f"the D-Bus session here has no Secret Service (and no KWallet); {CHOICE}",
    "no-backend": 'this system has no keychain that is supported; use [keys] store = "file"',
    "locked": (
        f"{PLACE} is locked, and was not unlocked: nobody could be asked, the passphrase was "
        f"wrong, or the question was closed; {CHOICE}"
    ),
    "denied": (
        f"{PLACE} asked its user, who did not agree, or could not show its question; try again "
        f"and agree, or {CHOICE}"
    ),
}
_LOCKED: Final = frozenset({"locked", "denied"})


def failure(told: Told) -> KeychainError:
    """The error for an operation that the keychain could not do."""
    words = _REASONS.get(told.reason)
    if words is None:
        words = f"{PLACE} failed: {told.detail or 'it does not say why'}; {CHOICE}"
    return KeychainError(words, is_locked=told.reason in _LOCKED)


def unanswered(seconds: float) -> KeychainError:
    """The error for an operation that took too long, most likely with a question on a screen."""
    return KeychainError(
        f"{PLACE} did not answer within {seconds:g} s; it may have asked its user: look for its "
        f"dialog and try again, or {CHOICE}",
        is_locked=True,
    )


def broken(how: str) -> KeychainError:
    """The error when the process that asks the keychain fails."""
    return KeychainError(
        f"the process that asks {PLACE} {how}; `{sys.executable} -m keyring diagnose` may say "
        f"more; or {CHOICE}"
    )


def check_name(name: str) -> None:
    """A key's name can be written in the settings. Raises KeychainError."""
    if not is_key_name(name):
        raise KeychainError(
            "this is no name of a key (not shown: it may be a key itself); allowed: 1 to 128 of "
            "letters, digits and ._@-"
        )


def check_key(key: KeptKey) -> None:
    """A key can be sent in a header. Raises KeychainError, without showing it."""
    value = key.value.reveal()
    if not is_key(value):
        raise KeychainError(
            f"this is no key (not shown): it is empty, longer than {KEY_CHARACTERS_MAX} "
            "characters, or holds spaces, line breaks or non-ASCII characters"
        )
    if not key.host or len(key.host) > HOST_CHARACTERS_MAX:
        raise KeychainError("a key needs the host that it is for, such as api.example.com")


def is_key(value: str) -> bool:
    """Whether a text can be a key at all."""
    printable = all("!" <= character <= "~" for character in value)
    return 0 < len(value) <= KEY_CHARACTERS_MAX and printable
