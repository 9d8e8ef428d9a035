"""One life of the server, from its start to its end, as `app.serve` arranges it.

The order of birth and of stopping is the product's: actors, then the listeners; at the end the
listeners first, the turns in flight within the grace, the actors in order, and the disk last. What
`app.serve` has and a world has not: files, signals, and the lock on the address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b

import attrs
import trio

from ...actors.kernel import ActorSystem, open_system
from ...actors.kernel.observer import Observer
from ...actors.sessions import Sessions
from ...io.classifier.weights import load_classifier
from ...io.key_ring import KeyRing
from ...io.ports import Calendar, Engine, Keychain, Memory, Search, State, Upstream
from ...io.serving.addresses import listen
from ...io.serving.door import Door
from ...io.serving.gateway import Gateway
from ...io.serving.limits import ServingLimits
from ...io.serving.listener import Server, serve_connections
from ...io.serving.status import StatusBoard
from ...io.settings_file import SettingsEvent
from ...io.upstream.http11 import Http11Upstream
from ...protocols.actor import Ref
from ...protocols.settings_data import Settings
from ...protocols.switching.history_marks import HistoryMarks
from ...protocols.switching.mark import NONCE_BYTES, mark_key
from .product import Product

HOST, PORT = "127.0.0.1", 7337
TOKEN = "token-of-this-world"  # noqa: S105 it opens nothing outside this world
CLASSIFIER = load_classifier()
"""Read before any world begins: no world has files of its own."""
CLOSE_SECONDS = 5.0
"""What closing the upstreams and the disk is given, as in `app.serve`."""


@attrs.define(eq=False)
class SettingsChanges:
    """Plays the settings file: tells the product of each change that the world makes."""

    _send: trio.MemorySendChannel[SettingsEvent]
    _receive: trio.MemoryReceiveChannel[SettingsEvent]

    @classmethod
    def make(cls) -> SettingsChanges:
        """A file that has not changed yet."""
        return cls(*trio.open_memory_channel[SettingsEvent](16))

    async def change(self, event: SettingsEvent) -> None:
        """The file has changed, or has become unreadable."""
        await self._send.send(event)

    async def watch(self, send: trio.MemorySendChannel[SettingsEvent]) -> None:
        """See SettingsFile.watch."""
        async for event in self._receive:
            await send.send(event)


@attrs.define(eq=False)
class Life:
    """A server that runs. `ended` is set when nothing of it is left."""

    server: Server
    system: ActorSystem
    sessions: Sessions
    upstream: Http11Upstream
    board: StatusBoard
    keys: KeyRing
    changes: SettingsChanges
    resources: Ref
    scope: trio.CancelScope
    ended: trio.Event = attrs.field(factory=trio.Event)

    def stop(self, *, grace_seconds: float) -> None:
        """Asks it to stop, as a signal does."""
        self.server.stop_accepting(grace_seconds=grace_seconds)

    def kill(self) -> None:
        """Ends it at once."""
        self.scope.cancel("the server has crashed")


@attrs.frozen
class Hooks:
    """What may stand between the product and its ports, to fail where nobody else would."""

    system: Callable[[ActorSystem], ActorSystem] = lambda system: system
    state: Callable[[State], State] = lambda state: state
    upstream: Callable[[Upstream], Upstream] = lambda upstream: upstream
    engine: Callable[[Engine], Engine] = lambda engine: engine
    memory: Callable[[Memory], Memory] = lambda memory: memory
    keychain: Callable[[Keychain], Keychain] = lambda keychain: keychain


@attrs.frozen
class Birth:
    """All that a server is started with."""

    product: Product
    settings: Settings
    state: State
    engine: Engine
    search: Search
    memory: Memory
    keychain: Keychain
    environ: Mapping[str, str]
    calendar: Calendar
    draw: Callable[[], float]
    observers: tuple[Observer, ...]
    hooks: Hooks
    new_id: Callable[[], str]

    async def live(self, *, task_status: trio.TaskStatus[Life]) -> None:
        """Runs the server until it is stopped or killed; `nursery.start` returns its `Life`."""
        upstream, ended = Http11Upstream(), trio.Event()
        try:
            with trio.CancelScope() as scope:
                async with open_system(observers=self.observers) as system:
                    await self._serve(system, upstream, scope, ended, task_status)
        finally:
            with trio.CancelScope(shield=True, deadline=trio.current_time() + CLOSE_SECONDS):
                await upstream.aclose()
                await self.state.aclose()
            ended.set()

    def _search_of(self, *_settings: object) -> Search:
        """Takes the place of what the settings would have dialled."""
        return self.search

    def _nonce(self) -> bytes:
        """A nonce that the run's other ids decide, and no earlier life has drawn."""
        return blake2b(self.new_id().encode(), digest_size=NONCE_BYTES).digest()

    async def _serve(
        self,
        system: ActorSystem,
        upstream: Http11Upstream,
        scope: trio.CancelScope,
        ended: trio.Event,
        task_status: trio.TaskStatus[Life],
    ) -> None:
        parts, router, sessions = self.product.start_actors(
            self.hooks.system(system),
            self.settings,
            self.hooks.state(self.state),
            self.hooks.upstream(upstream),
            self.hooks.engine(self.engine),
            self.environ,
            memory=self.hooks.memory(self.memory),
            calendar=self.calendar,
            draw=self.draw,
            keychain=self.hooks.keychain(self.keychain),
            marks=HistoryMarks(mark_key(TOKEN), self._nonce),
            classifier=CLASSIFIER,
        )
        parts.searches = self._search_of
        listeners = await listen(HOST, PORT)
        address = f"http://{HOST}:{PORT}"
        board = StatusBoard(
            "0", address, router, parts.conversations, lambda: [*sessions.live.values()]
        )
        door = Door.for_address(lambda token: token == TOKEN, HOST, PORT, any_host=False)
        marks = sessions.marks
        gateway = Gateway(door, router, sessions.session, board, marks, new_id=self.new_id)
        changes = SettingsChanges.make()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(sessions.sweep)
            nursery.start_soon(self.product.follow_settings, changes, parts, router, board)
            async with trio.open_nursery() as serving:
                server: Server = await serving.start(
                    serve_connections, gateway, listeners, ServingLimits()
                )
                task_status.started(
                    Life(
                        server,
                        system,
                        sessions,
                        upstream,
                        board,
                        parts.keys,
                        changes,
                        parts.resources,
                        scope,
                        ended,
                    )
                )
            nursery.cancel_scope.cancel("the server has stopped")
