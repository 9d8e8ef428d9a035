"""The host that a key is for, in one form: what is compared before a key is sent anywhere.

Two addresses are the same place when their hosts and ports are: `https://api.example.com/v1` and
`https://API.example.com:443` are one. The port of https is left out of the written form, any other
stands in it; so a key for a place is not sent to the same host over plain HTTP.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

HTTPS_PORT: Final = 443
_PORTS: Final = {"https": HTTPS_PORT, "http": 80}


def host_of(base_url: str) -> str:
    """The place of an address, as it is shown and kept; "" if it has none."""
    try:
        parts = urlsplit(base_url)
        return _written(parts, parts.port or _PORTS.get(parts.scheme, HTTPS_PORT))
    except ValueError:
        return ""


def normal_host(written: str) -> str:
    """The same form of what a user wrote: a host, with or without a port, or a whole address."""
    text = written.strip()
    return host_of(text if "://" in text else f"https://{text}")


def is_for(kept: str, base_url: str) -> bool:
    """Whether a key that was kept for a host may be sent to this address."""
    place = host_of(base_url)
    return place != "" and normal_host(kept) == place


def _written(parts: SplitResult, port: int) -> str:
    name = (parts.hostname or "").rstrip(".")
    if not name or not name.isascii() or any(character.isspace() for character in name):
        return ""
    shown = f"[{name}]" if ":" in name else name
    return shown if port == HTTPS_PORT else f"{shown}:{port}"
