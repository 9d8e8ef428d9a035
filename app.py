"""The composition root: settings in, adapters wired into actors, refs handed to the server.

Nothing is decided here. The order of birth is the reverse of the order of stopping: conversations
first, then the router with its backends, then sessions, and last the server, which lets no one in
before all of them live.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

import attrs
import trio

from . import __version__
from .actors.advice import adviser
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
from .actors.router import ApplyListings, ApplySettings, Router
from .actors.session import Session
from .actors.sessions import Sessions
from .io.calendar import WallCalendar
from .io.classifier.weights import load_classifier
from .io.discovery.listings import ListingKeeper
from .io.engines.engine_choice import engine_of
from .io.engines.llama_server import LlamaServer
from .io.engines.mlx_direct import open_mlx
from .io.engines.rehearsal import MODEL_FILE
from .io.folders import Folders
from .io.history_marks import kept_marks, open_marks
from .io.key_ring import KeyRing
from .io.keychain.choice import open_keychain
from .io.log_filter import NOT_SHOWN, hidden
from .io.memory.memory import open_memory
from .io.ports import Calendar, Engine, EngineSpec, Keychain, Memory, Search, State, Upstream
from .io.random_draw import draw
from .io.search import HttpSearch
from .io.server_file import RunningServer, ServerFile
from .io.serving.addresses import (
    GRACE_SECONDS,
    Address,
    listen,
    listen_without_token,
    port_of,
    serve_until_signal,
    tokenless_addresses,
    url_of,
)
from .io.serving.crash import describe_crash
from .io.serving.door import Door
from .io.serving.front import open_front
from .io.serving.status import StatusBoard
from .io.settings_file import SettingsEvent, SettingsFile, SettingsRejected
from .io.state import SqliteState
from .io.token import load_token
from .io.upstream.credentials import FindKey, credentials, registering
from .io.upstream.http11 import Http11Upstream
from .io.upstream.settings import settings_from_environment
from .protocols.actor import ActorError, Rank
from .protocols.engine.board import EngineBoard
from .protocols.left_out import LeftOut
from .protocols.resources.report import DecisionLine
from .protocols.resources.words import describe_decision
from .protocols.routing.table import (
    EMBEDDED,
    EMBEDDED_ANSWER_TOKENS,
    EMBEDDED_CONTEXT_TOKENS,
    Listings,
    with_listing,
)
from .protocols.scrub import Secrets
from .protocols.settings import SearchSettings, Settings
from .protocols.settings_changes import changes
from .protocols.settings_data import EndpointSettings
from .protocols.settings_memory import rules_of
from .protocols.switching.classifier import Classifier
from .protocols.switching.history_marks import HistoryMarks
from .protocols.switching.tongues import warm
from .protocols.tool_uses import key_of_token

log = logging.getLogger("understudy")

GIBIBYTE = 1024**3
ESSENTIAL = RestartPolicy(essential=True)


@attrs.frozen
class ServeOptions:
    """What the command line decides; None leaves it to the settings."""

    settings_file: Path | None = None
    port: int | None = None

    def port_for(self, settings: Settings) -> int:
        """Where to listen."""
        return settings.server.port if self.port is None else self.port


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
    conversations: CellRef
    keys: KeyRing
    secrets: Secrets = attrs.field(factory=Secrets)
    searches: Callable[[SearchSettings, Upstream, FindKey], Search] = HttpSearch
    left_out: LeftOut = attrs.field(factory=LeftOut)
    server: Engine | None = None
    """For endpoints that ask for llama.cpp's own server; None: the engine that all others have."""
    mlx: Engine | None = None
    """For folders with MLX models; None: the engine that all others have."""
    board: EngineBoard = attrs.field(factory=EngineBoard)
    resources: CellRef | None = None
    draw: Callable[[], float] = draw
    backends: Backends = attrs.field(init=False)
    find_key: FindKey = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.backends = Backends(self.system, self.make_backend)
        self.find_key = registering(self.keys.find, self.secrets)

    def search(self) -> Search | None:
        """What searches the web by the settings that hold now; None if they name nothing."""
        found = self.settings.search
        return None if found is None else self.searches(found, self.upstream, self.find_key)

    def make_backend(self, endpoint: EndpointSettings) -> Actor:
        """Builds the backend for an endpoint's settings."""
        if endpoint.engine is not None:
            return self._engine_backend(endpoint)
        assert endpoint.base_url is not None, "an endpoint has an engine or a base URL"
        return EndpointBackend(
            endpoint.name,
            endpoint.base_url,
            endpoint.dialects,
            partial(credentials, endpoint, self.find_key),
            self.upstream,
            self.conversations,
            key_refused=lambda number: self.keys.refused(endpoint.keys[number]),
            window=self._window(endpoint),
            search=self.search,
            left_out=self.left_out,
            secrets=self.secrets,
            quirks=endpoint.quirks,
            paths=endpoint.paths,
        )

    def _window(self, endpoint: EndpointSettings) -> Callable[[str], int]:
        """What is known of an endpoint's windows at each moment: it may list its models itself."""

        def window(model: str) -> int:
            listing = self.backends.listings.get(endpoint.name, ())
            return with_listing(endpoint, listing).window(model)

        return window

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
    token = hidden(load_token(os.environ, folders.token_file), os.environ, settings)
    listeners = await listen(settings.server.host, options.port_for(settings))
    host, port = settings.server.host, port_of(listeners)
    tokenless = await listen_without_token(settings.listen, path)
    address = url_of(host, port)
    state = SqliteState(folders.state_file, report=log.warning)
    upstream = Http11Upstream(settings_from_environment(os.environ))
    note = RunningServer(address, os.getpid(), __version__, str(path))
    choice = await engine_of(settings.engines, folders.prefixes_dir, engines := EngineBoard())
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
                secrets=NOT_SHOWN,
                keychain=open_keychain(settings.keys, folders, os.environ),
                marks=await kept_marks(token.reveal(), state, log.warning),
                id_key=key_of_token(token.reveal()),
            )
            board, gateway, mcp = open_front(
                parts,
                router,
                sessions,
                door,
                address,
                path,
                folders,
                adviser(router, parts.conversations, parts.resources),
            )
            addresses = [Address(gateway, listeners), *tokenless_addresses(gateway, tokenless)]
            async with trio.open_nursery() as nursery:
                nursery.start_soon(sessions.sweep)
                nursery.start_soon(mcp.run)
                nursery.start_soon(trio.to_thread.run_sync, warm)
                nursery.start_soon(follow_settings, settings_file, parts, router, board)
                gc.freeze()  # what start-up made stays: no collection need look at it again
                with ServerFile(folders.server_file).written(note):
                    await serve_until_signal(addresses, partial(announce, address), mcp.stop)
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
    calendar: Calendar | None = None,
    draw: Callable[[], float] = draw,
    keychain: Keychain | None = None,
    secrets: Secrets | None = None,
    marks: HistoryMarks | None = None,
    id_key: bytes = b"",
    classifier: Classifier | None = None,
) -> tuple[Parts, CellRef, Sessions]:
    """Spawns the actors that live as long as the server; without a memory nobody watches it.

    `draw` gives numbers from 0 to 1. Without a keychain keys come from the environment alone, and
    without a classifier commands are told by the one of the package.
    """
    calendar = calendar or WallCalendar()
    conversations = system.spawn(
        "conversations",
        Rank.CONVERSATIONS,
        lambda: Conversations(state, calendar, id_key),
        policy=ESSENTIAL,
    )
    keys = KeyRing(environ, keychain)
    hidden = Secrets() if secrets is None else secrets
    parts = Parts(system, settings, upstream, engine, conversations, keys, hidden)
    parts.server, parts.mlx, parts.board, parts.draw = server, mlx, board or parts.board, draw
    if memory is not None:
        parts.resources = spawn_resources(system, parts, memory)
    router = system.spawn(
        "router",
        Rank.ROUTER,
        lambda: Router(parts.settings, parts.backends, conversations, calendar, draw),
        policy=ESSENTIAL,
    )
    resources, learnt = parts.resources, classifier or load_classifier()
    sessions = Sessions(
        system,
        lambda: Session(router, conversations, sessions.live, sessions.marks, resources, learnt),
        marks or open_marks(),
    )
    return parts, router, sessions


def spawn_resources(system: ActorSystem, parts: Parts, memory: Memory) -> CellRef:
    """Spawns the resource-watcher. Where there is none models are loaded without asking."""
    numbers = count(1)
    return system.spawn(
        "resources",
        Rank.RESOURCES,
        lambda: Resources(rules_of(parts.settings.memory), memory, log_decision, numbers),
    )


async def follow_settings(
    file: SettingsFile, parts: Parts, router: CellRef, board: StatusBoard
) -> None:
    """Applies each good change of the settings file, and reports each bad one."""
    started = parts.settings
    send, receive = trio.open_memory_channel[SettingsEvent](4)

    async def apply(listings: Listings) -> None:
        with suppress(ActorError):  # the next round tells it again
            await router.ask(ApplyListings(listings))

    keeper = ListingKeeper(parts.upstream, parts.find_key, parts.draw, apply)
    parts.backends.heard = keeper.heard
    async with trio.open_nursery() as nursery, send, receive:
        keeper.follow(started, nursery)
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
            keeper.follow(event, nursery)
            log.info("the settings were read again")
