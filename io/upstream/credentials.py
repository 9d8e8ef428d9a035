"""The headers that carry an endpoint's key: the last thing that is put into a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from ...protocols.providers.quirks import BEARER_KEY
from ...protocols.scrub import Secrets
from ...protocols.secret import Secret
from ...protocols.settings_data import EndpointSettings, KeyReference
from ...protocols.turn import Headers, TurnRefused
from ..keys import KeyUnavailable

KEY_HEADERS: Mapping[str, tuple[bytes, bytes]] = {
    "anthropic": (b"x-api-key", b""),
    "gemini": (b"x-goog-api-key", b""),
}
"""How a dialect carries a key: the header, and what stands before the key. Others: Bearer."""

FindKey = Callable[[KeyReference, str], Awaitable[Secret | None]]
"""From a reference, and the base URL that the key is for, to the key. Raises KeyUnavailable."""


def registering(find_key: FindKey, secrets: Secrets) -> FindKey:
    """Finds keys, and has each covered from then on in what is logged and told to clients."""

    async def find(reference: KeyReference, base_url: str) -> Secret | None:
        key = await find_key(reference, base_url)
        if key is not None:
            secrets.add(key.reveal(), str(reference))
        return key

    return find


async def credentials(
    endpoint: EndpointSettings, find_key: FindKey, number: int
) -> Callable[[str], Headers]:
    """The endpoint's n-th key, ready to be sent. Raises TurnRefused if it cannot be had."""
    try:
        key = await find_key(endpoint.keys[number], endpoint.base_url or "")
    except KeyUnavailable as error:
        raise TurnRefused(403, "permission_error", f"{endpoint.name}: {error}") from None

    def headers(dialect: str) -> Headers:
        return () if key is None else (endpoint_key_header(endpoint, key, dialect),)

    return headers


def endpoint_key_header(
    endpoint: EndpointSettings, key: Secret, dialect: str
) -> tuple[bytes, bytes]:
    """The header that carries a key to an endpoint, which may have a way of its own."""
    return key_header(key, "" if BEARER_KEY in endpoint.quirks else dialect)


def key_header(key: Secret, dialect: str) -> tuple[bytes, bytes]:
    """The header that carries a key in a dialect."""
    name, prefix = KEY_HEADERS.get(dialect, (b"authorization", b"Bearer "))
    return name, prefix + key.reveal().encode("latin-1")
