"""Endpoint keys: from the reference in the settings to the value, as late as possible.

A key is held as a `Secret`, which shows itself nowhere but through `reveal`, and that is called
where the request's bytes are made. What `keychain:` references name is read by `key_ring.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..protocols.secret import Secret
from ..protocols.settings_data import KeyReference

KEY_CHARACTERS_MAX: Final = 8_192
PASSPHRASE_VARIABLE: Final = "UNDERSTUDY_KEYS_PASSPHRASE"  # noqa: S105 the name of a variable
"""Opens the encrypted file of keys where nobody can be asked."""


class KeyUnavailable(Exception):
    """A key cannot be had; the message says which one and what to do, never the key."""


def resolve_key(reference: KeyReference, environ: Mapping[str, str]) -> Secret | None:
    """Reads the key that the reference names; None for `none`. Raises KeyUnavailable."""
    if reference.source == "none":
        return None
    if reference.source == "keychain":
        raise KeyUnavailable(f"{reference}: is read from the keychain, and there is none here")
    value = environ.get(reference.name, "").strip()
    if not value:
        raise KeyUnavailable(
            f"{reference}: the environment variable {reference.name} is not set; "
            f"run `export {reference.name}=...` and start the server again"
        )
    if len(value) > KEY_CHARACTERS_MAX or not all("!" <= character <= "~" for character in value):
        raise KeyUnavailable(
            f"{reference}: the value of {reference.name} (not shown) is no key: it is longer than "
            f"{KEY_CHARACTERS_MAX} characters, or holds spaces, line breaks or non-ASCII characters"
        )
    return Secret(value)
