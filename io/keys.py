"""Endpoint keys: from the reference in the settings to the value, as late as possible.

A key is held as a `Secret`, which shows itself nowhere but through `reveal`, and that is called
where the request's bytes are made. Keys of `keychain:` references are not read yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

from ..protocols.settings import KeyReference

KEY_CHARACTERS_MAX: Final = 8_192


class KeyUnavailable(Exception):
    """A key cannot be had; the message says which one and what to do, never the key."""


class Secret:
    """Text that must not be shown.

    Not an attrs class: `attrs.asdict`, and encoders that know attrs, would write the value out.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Gives the value, to be sent where it belongs and kept nowhere."""
        return self._value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(not shown)"

    def __format__(self, specification: str) -> str:
        return format(repr(self), specification)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be copied or written out")


def resolve_key(reference: KeyReference, environ: Mapping[str, str]) -> Secret | None:
    """Reads the key that the reference names; None for `none`. Raises KeyUnavailable."""
    if reference.source == "none":
        return None
    if reference.source == "keychain":
        raise KeyUnavailable(
            f"{reference}: this version reads keys from environment variables only; "
            f'write key = "env:NAME" and start the server with NAME set'
        )
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
