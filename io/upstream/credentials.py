"""The headers that carry an endpoint's key: the last thing that is put into a request."""

from __future__ import annotations

from collections.abc import Mapping

from ...protocols.settings_data import EndpointSettings
from ...protocols.turn import Headers, TurnRefused
from ..keys import KeyUnavailable, resolve_key

KEY_HEADERS: Mapping[str, tuple[bytes, bytes]] = {
    "anthropic": (b"x-api-key", b""),
    "gemini": (b"x-goog-api-key", b""),
}
"""How a dialect carries a key: the header, and what stands before the key. Others: Bearer."""


def credentials(endpoint: EndpointSettings, environ: Mapping[str, str], dialect: str) -> Headers:
    """The headers that carry an endpoint's key. Raises TurnRefused if the key cannot be had."""
    try:
        key = resolve_key(endpoint.key, environ)
    except KeyUnavailable as error:
        raise TurnRefused(403, "permission_error", f"{endpoint.name}: {error}") from None
    if key is None:
        return ()
    name, prefix = KEY_HEADERS.get(dialect, (b"authorization", b"Bearer "))
    return ((name, prefix + key.reveal().encode("latin-1")),)
