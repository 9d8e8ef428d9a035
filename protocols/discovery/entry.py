"""The `[[endpoint]]` that a found server becomes, once its user wants it.

It names the provider and no model, so that the models are listed live; the address only where it is
not the provider's own. A server that nobody knows has no row among the providers: its models are
written out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from ..providers.endpoints_toml import EndpointTable, Value
from ..settings_addresses import is_loopback
from ..settings_data import EndpointSettings
from .found import FoundServer
from .kinds import BY_NAME, OTHER

OTHER_NAME: Final = "local"


def entry_for(
    server: FoundServer, taken: Iterable[str], usual_url: str, context_tokens: int | None = None
) -> EndpointTable:
    """The table. `taken` are names in use, `usual_url` is the provider's own address."""
    table: dict[str, Value] = {"name": _free_name(server.kind, set(taken))}
    if server.kind in BY_NAME:
        table["provider"] = server.kind
        if server.base_url != usual_url:
            table["base_url"] = server.base_url
    else:
        table["dialect"] = "openai-chat"
        table["base_url"] = server.base_url
        table["models"] = [each.id for each in server.models if not each.embeds]
    if context_tokens is not None:
        table["context_tokens"] = context_tokens
    return table


def used_as(base_url: str, endpoints: Iterable[EndpointSettings]) -> str:
    """The name of the endpoint that is at this address already; "" if there is none."""
    place = _place(base_url)
    for endpoint in endpoints:
        if endpoint.base_url is not None and _place(endpoint.base_url) == place:
            return endpoint.name
    return ""


def _place(base_url: str) -> tuple[str, int]:
    """Host and port; all names of this machine's loopback are one."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return ("loopback" if is_loopback(host) else host, port)


def _free_name(kind: str, taken: set[str]) -> str:
    name = OTHER_NAME if kind == OTHER else kind
    if name not in taken:
        return name
    number = next(number for number in range(2, len(taken) + 3) if f"{name}-{number}" not in taken)
    return f"{name}-{number}"
