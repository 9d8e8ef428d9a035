"""The composition root: settings in, adapters wired into actors, refs handed to the server.

Nothing is decided here. The order of birth is the reverse of the order of stopping: conversations
first, then the router with its backends, then sessions, and last the server, which lets no one in
before all of them live.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from itertools import count
from pathlib import Path

import attrs
import trio
from hypercorn.typing import ASGIFramework

from . import __version__
from .actors.backend.endpoint import EndpointBackend
from .actors.backend.engine import EngineBackend
from .actors.backend.memory_lease import terms_of
from .actors.backends import Backends
from .actors.conversations import Conversations
from .actors.kernel import Actor, ActorSystem, CallDraining, CallEnded, Restarted, open_system
from .actors.kernel.cell import RestartPolicy
from .actors.kernel.observer import Event
from .actors.kernel.ref import CellRef
from .actors.resources import ApplyRules, Resources
from .actors.router import ApplySettings, Router
from .actors.session import Session
from .actors.sessions import Sessions
from .io.engines.engine_choice import choose_engine
from .io.engines.llama_server import LlamaServer
from .io.engines.mlx_direct import open_mlx
from .io.engines.rehearsal import MODEL_FILE
from .io.folders import Folders
from .io.memory.memory import open_memory
from .io.models.recommended_file import recommended_beside
from .io.ports import Engine, EngineSpec, Memory, Search, State, Upstream
from .io.search import HttpSearch
from .io.server_file import RunningServer, ServerFile
from .io.serving.crash import describe_crash
from .io.serving.door import Door
from .io.serving.gateway import Gateway
from .io.serving.limits import ServingLimits
from .io.serving.listener import Server, serve_connections
from .io.serving.ollama_address import OllamaAddress
from .io.serving.status import StatusBoard
from .io.settings_file import SettingsEvent, SettingsFile, SettingsRejected
from .io.state import SqliteState
from .io.token import load_token
from .io.upstream.credentials import credentials
from .io.upstream.http11 import Http11Upstream
from .io.upstream.settings import settings_from_environment
from .protocols.actor import ActorError, Rank
from .protocols.engine.board import EngineBoard
from .protocols.left_out import LeftOut
from .protocols.resources.report import DecisionLine
from .protocols.resources.words import describe_decision
from .protocols.routing import EMBEDDED, EMBEDDED_ANSWER_TOKENS, EMBEDDED_CONTEXT_TOKENS
from .protocols.settings import ListenSettings, SearchSettings, Settings
from .protocols.settings_changes import changes
from .protocols.settings_data import EndpointSettings
from .protocols.settings_memory import rules_of

log = logging.getLogger("understudy")

GRACE_SECONDS = 5.0
"""What turns in flight are given when the server is asked to stop."""
GIBIBYTE = 1024**3
TOKENLESS_LIMITS = ServingLimits(connections=128)
"""Of each address without a token: whoever crowds it leaves the server's own address free."""
ESSENTIAL = RestartPolicy(essential=True)


@attrs.frozen
class ServeOptions:
    """What the command line decides; None leaves it to the settings."""

    settings_file: Path | None = None
    port: int | None = None


class CannotListen(Exception):
    """The address cannot be listened on; the message says why and what to do."""


@attrs.frozen
class Address:
    """Where a server listens, and which application answers there."""

    app: ASGIFramework
    listeners: Sequence[trio.SocketListener]
    limits: ServingLimits = ServingLimits()  # noqa: RUF009 frozen, so it may be shared


@attrs.define(eq=False)
class FailureLog:
    """Logs failed calls with the place where they failed, and restarts; no word of a message."""

    def observe(self, event: Event, /) -> None:
        """Logs what somebody will want to know; calls that end well are not logged."""
        if isinstance(event, CallEnded) and event.error is not None and event.ending == "failed":
            log.error("%s failed a call: %s", event.actor, describe_crash(event.error))
        elif isinstance(event, CallDraining):
            log.warning("%s does not leave call %d, which was cancelled", event.actor, event.call)
        elif isinstance(event, Restarted):
            done = "is given up" if event.given_up else "is made anew"
            log.error("%s %s after %s", event.actor, done, describe_crash(event.error))


def log_decision(line: DecisionLine) -> None:
    """Logs what the resource-watcher has decided, and why."""
    log.info("memory: %s", describe_decision(line))


@attrs.define(eq=False)
class Parts:
    """The adapters and actors of one server, as far as they depend on one another."""

    system: ActorSystem
    settings: Settings
    upstream: Upstream
    engine: Engine
    environ: Mapping[str, str]
    conversations: CellRef
    searches: Callable[[SearchSettings, Upstream, Mapping[str, str]], Search] = HttpSearch
    left_out: LeftOut = attrs.field(factory=LeftOut)
    server: Engine | None = None
    """For endpoints that ask for llama.cpp's own server; None: the engine that all others have."""
    mlx: Engine | None = None
    """For folders with MLX models; None: the engine that all others have."""
    board: EngineBoard = attrs.field(factory=EngineBoard)
    resources: CellRef | None = None

    def search(self) -> Search | None:
        """What searches the web by the settings that hold now; None if they name nothing."""
        found = self.settings.search
        return None if found is None else self.searches(found, self.upstream, self.environ)

    def make_backend(self, endpoint: EndpointSettings) -> Actor:
        """Builds the backend for an endpoint's settings."""
        if endpoint.engine is not None:
            return self._engine_backend(endpoint)
        assert endpoint.base_url is not None, "an endpoint has an engine or a base URL"
        return EndpointBackend(
            endpoint.name,
            endpoint.base_url,
            endpoint.dialects,
            partial(credentials, endpoint, self.environ),
            self.upstream,
            self.conversations,
            context_tokens=endpoint.context_tokens or 0,
            search=self.search,
            left_out=self.left_out,
        )

    def _engine_backend(self, endpoint: EndpointSettings) -> EngineBackend:
        file = MODEL_FILE if endpoint == EMBEDDED else endpoint.file
        assert file is not None, "an engine has a model file"
        engine = self.engine
        if endpoint.engine == "mlx" and self.mlx is not None:
            engine = self.mlx
        elif wants_server(endpoint) and self.server is not None:
            engine = self.server
        spec = EngineSpec(
            endpoint.models[0],
            file,
            endpoint.context_tokens or EMBEDDED_CONTEXT_TOKENS,
            slots=engine.slots,
            state_bytes=self.settings.engines.state_gibibytes * GIBIBYTE,
            projector=endpoint.projector or "",
            draft=endpoint.draft or "",
        )
        return EngineBackend(
            endpoint.name,
            spec,
            engine,
            self.upstream,
            self.conversations,
            answer_tokens_max=EMBEDDED_ANSWER_TOKENS if endpoint == EMBEDDED else 0,
            search=self.search,
            board=self.board,
            left_out=self.left_out,
            resources=self.resources,
            terms=lambda: terms_of(endpoint, self.settings.memory),
        )


def wants_server(endpoint: EndpointSettings) -> bool:
    """Whether llama.cpp's own server is to run a model: workers see no images and draft nothing."""
    return endpoint.engine == "llama-server" or bool(endpoint.projector or endpoint.draft)


async def serve(options: ServeOptions, announce: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM. `announce` is told the address once it is listened on.

    Raises SettingsError, TokenError, FolderUnusable or CannotListen, each with its remedy.
    """
    folders = Folders.from_environment(os.environ)
    path = (options.settings_file or folders.settings_file).absolute()
    settings = (settings_file := SettingsFile(path, home=str(Path.home()))).load()
    token = load_token(os.environ, folders.token_file)
    port = settings.server.port if options.port is None else options.port
    listeners = await listen(settings.server.host, port)
    host, port = settings.server.host, port_of(listeners)
    tokenless = await listen_without_token(settings.listen, path)
    address = url_of(host, port)
    state = SqliteState(folders.state_file, report=log.warning)
    upstream = Http11Upstream(settings_from_environment(os.environ))
    note = RunningServer(address, os.getpid(), __version__, str(path))
    engines = EngineBoard()
    choice = await choose_engine(settings.engines, folders.prefixes_dir, engines.progress)
    engines.why = choice.why
    log.info("models run in %s: %s", choice.name, choice.why)
    door = Door.for_address(token.matches, host, port, any_host=settings.server.allow_remote)
    try:
        async with open_system(trouble_observers=[FailureLog()]) as system:
            parts, router, sessions = start_actors(
                system,
                settings,
                state,
                upstream,
                choice.engine,
                os.environ,
                server=LlamaServer(),
                mlx=open_mlx(folders.prefixes_dir, engines.progress),
                board=engines,
                memory=open_memory(),
            )
            board = StatusBoard(
                __version__,
                address,
                router,
                parts.conversations,
                lambda: list(sessions.live.values()),
                parts.left_out,
                parts.board,
                resources=parts.resources,
                recommended=recommended_beside(path).table,
            )
            gateway = Gateway(door, router, sessions.session, board)
            addresses = [Address(gateway, listeners), *tokenless_addresses(gateway, tokenless)]
            async with trio.open_nursery() as nursery:
                nursery.start_soon(sessions.sweep)
                nursery.start_soon(follow_settings, settings_file, parts, router, board)
                gc.freeze()  # what start-up made stays: no collection need look at it again
                with ServerFile(folders.server_file).written(note):
                    await serve_until_signal(addresses, partial(announce, address))
                nursery.cancel_scope.cancel("the server has stopped")
    finally:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + GRACE_SECONDS):
            await upstream.aclose()
            await state.aclose()


def start_actors(
    system: ActorSystem,
    settings: Settings,
    state: State,
    upstream: Upstream,
    engine: Engine,
    environ: Mapping[str, str],
    *,
    server: Engine | None = None,
    mlx: Engine | None = None,
    board: EngineBoard | None = None,
    memory: Memory | None = None,
) -> tuple[Parts, CellRef, Sessions]:
    """Spawns the actors that live as long as the server; without a memory nobody watches it."""
    conversations = system.spawn(
        "conversations", Rank.CONVERSATIONS, lambda: Conversations(state), policy=ESSENTIAL
    )
    parts = Parts(system, settings, upstream, engine, environ, conversations)
    parts.server, parts.mlx, parts.board = server, mlx, board or parts.board
    if memory is not None:
        parts.resources = spawn_resources(system, parts, memory)
    backends = Backends(system, parts.make_backend)
    router = system.spawn(
        "router", Rank.ROUTER, lambda: Router(parts.settings, backends), policy=ESSENTIAL
    )
    sessions = Sessions(system, lambda: Session(router, conversations, sessions.live))
    return parts, router, sessions


def spawn_resources(system: ActorSystem, parts: Parts, memory: Memory) -> CellRef:
    """Spawns the resource-watcher. Where there is none models are loaded without asking."""
    numbers = count(1)
    return system.spawn(
        "resources",
        Rank.RESOURCES,
        lambda: Resources(rules_of(parts.settings.memory), memory, log_decision, numbers),
    )


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


async def follow_settings(
    file: SettingsFile, parts: Parts, router: CellRef, board: StatusBoard
) -> None:
    """Applies each good change of the settings file, and reports each bad one."""
    started = parts.settings
    send, receive = trio.open_memory_channel[SettingsEvent](4)
    async with trio.open_nursery() as nursery, send, receive:
        nursery.start_soon(file.watch, send)
        async for event in receive:
            if isinstance(event, SettingsRejected):
                board.problems = [str(problem) for problem in event.problems]
                for problem in board.problems:
                    log.error("the settings stay as they were: %s", problem)
                continue
            board.problems = [
                f"{key} has changed: restart Understudy to apply it"
                for key in changes(started, event).restart_keys
            ]
            parts.settings = event
            if parts.resources is not None:
                with suppress(ActorError):  # it reads them itself when it is made anew
                    await parts.resources.ask(ApplyRules(rules_of(event.memory)))
            await router.ask(ApplySettings(event))
            log.info("the settings were read again")


async def serve_until_signal(addresses: Sequence[Address], announce: Callable[[], None]) -> None:
    """Serves until asked to stop, then lets turns in flight end; a second signal does not wait."""
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
        for server in servers:
            server.stop_accepting(grace_seconds=GRACE_SECONDS)
