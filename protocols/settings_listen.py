"""Reads one `[[listen]]` table: a further address, which serves one dialect to whoever asks.

It takes no token, so it is never made unless the file says so in words: port and dialect have no
default. Only this machine may reach it, and no key allows more: what stands at `allow_remote` for
the server's own address is the token, and here there is none.
"""

from __future__ import annotations

from typing import Final, cast

from .settings_addresses import is_host, is_loopback
from .settings_data import (
    LISTEN_DIALECTS,
    LISTEN_HOST,
    PORT_MAX,
    ListenDialect,
    ListenSettings,
    ServerSettings,
)
from .settings_problems import shown
from .settings_table import Table

LISTEN_KEYS: Final = ("port", "dialect", "host")


def read_listen(table: Table, server: ServerSettings) -> ListenSettings:
    """Reads one address; `server` is where the server itself listens."""
    listen = ListenSettings(_port(table), _dialect(table), _host(table))
    if (listen.host, listen.port) == (server.host.lower(), server.port):
        table.problem("port", f"{listen.port} is the server's own port; choose another one")
    return listen


def _port(table: Table) -> int:
    port = table.integer("port", 1, PORT_MAX)
    if not table.has("port"):
        table.problem("port", "is missing; add it, like port = 11434, which is Ollama's")
    return port or 0


def _dialect(table: Table) -> ListenDialect:
    dialect = table.choice("dialect", LISTEN_DIALECTS)
    if not table.has("dialect"):
        table.problem("dialect", f'is missing; add dialect = "{LISTEN_DIALECTS[0]}"')
    return cast(ListenDialect, dialect or LISTEN_DIALECTS[0])


def _host(table: Table) -> str:
    host = (table.text("host") or LISTEN_HOST).lower()
    if not is_host(host):
        table.problem("host", f"{shown(host)} is neither an IP address nor a host name")
    elif not is_loopback(host):
        table.problem(
            "host",
            f"{shown(host)} can be reached from other machines, and this address asks for no "
            "token: anybody there could use your keys and models; allowed: 127.0.0.1, ::1 and "
            "localhost. From elsewhere use the server's own address, with the token",
        )
    return host
