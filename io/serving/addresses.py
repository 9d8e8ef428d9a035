"""Where the server listens, and serving there until a signal comes.

All addresses are opened before anybody is let in, or none is.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import attrs
import trio
from hypercorn.typing import ASGIFramework

from ...protocols.settings_data import ListenSettings
from .gateway import Gateway
from .limits import ServingLimits
from .listener import Server, serve_connections
from .ollama_address import OllamaAddress

log = logging.getLogger("understudy")

GRACE_SECONDS = 5.0
"""What turns in flight are given when the server is asked to stop."""
TOKENLESS_LIMITS = ServingLimits(connections=128)
"""Of each address without a token: whoever crowds it leaves the server's own address free."""


class CannotListen(Exception):
    """The address cannot be listened on; the message says why and what to do."""


@attrs.frozen
class Address:
    """Where a server listens, and which application answers there."""

    app: ASGIFramework
    listeners: Sequence[trio.SocketListener]
    limits: ServingLimits = ServingLimits()  # noqa: RUF009 frozen, so it may be shared


async def listen(host: str, port: int) -> list[trio.SocketListener]:
    """Opens the listeners. Raises CannotListen."""
    try:
        return await trio.open_tcp_listeners(port, host=host)
    except OSError as error:
        raise CannotListen(
            f"cannot listen on {host} port {port}: {error.strerror or error}; is Understudy "
            "running already (`understudy doctor`)? `--port 0` takes any free port"
        ) from None


async def listen_without_token(
    tables: Sequence[ListenSettings], file: Path
) -> list[tuple[ListenSettings, list[trio.SocketListener]]]:
    """Opens the addresses of all `[[listen]]` tables, or none. Raises CannotListen."""
    opened: list[tuple[ListenSettings, list[trio.SocketListener]]] = []
    async with AsyncExitStack() as undo:
        for table in tables:
            try:
                listeners = await trio.open_tcp_listeners(table.port, host=table.host)
            except OSError as error:
                raise CannotListen(
                    f"cannot listen on {table.host} port {table.port}, as a [[listen]] table of "
                    f"{file} says: {error.strerror or error}; stop what runs there (Ollama, if "
                    f"the port is 11434), or give the table another port, or take it out"
                ) from None
            for listener in listeners:
                await undo.enter_async_context(listener)
            opened.append((table, listeners))
        undo.pop_all()
    return opened


def tokenless_addresses(
    gateway: Gateway, opened: Sequence[tuple[ListenSettings, list[trio.SocketListener]]]
) -> list[Address]:
    """The addresses that serve Ollama's routes to whoever asks; the log names each."""
    addresses: list[Address] = []
    for table, listeners in opened:
        port = port_of(listeners)
        application = OllamaAddress.for_address(gateway, table.host, port)
        addresses.append(Address(application, listeners, TOKENLESS_LIMITS))
        where = url_of(table.host, port)
        log.warning("%s serves Ollama's routes to every program here, without a token", where)
    return addresses


def port_of(listeners: Sequence[trio.SocketListener]) -> int:
    """The port that is listened on, where any free one was asked for too."""
    port: int = listeners[0].socket.getsockname()[1]
    return port


def url_of(host: str, port: int) -> str:
    """The address as clients are told it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def do_nothing() -> None:
    """Where nobody need be told that the server stops."""


async def serve_until_signal(
    addresses: Sequence[Address],
    announce: Callable[[], None],
    stopping: Callable[[], None] = do_nothing,
) -> None:
    """Serves until asked to stop, then lets turns in flight end; a second signal does not wait.

    `stopping` ends what would not end by itself.
    """
    async with trio.open_nursery() as nursery:
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            servers: list[Server] = [
                await nursery.start(serve_connections, each.app, each.listeners, each.limits)
                for each in addresses
            ]
            announce()
            async for _ in signals:
                break
        log.info("stopping")
        stopping()
        for server in servers:
            server.stop_accepting(grace_seconds=GRACE_SECONDS)
