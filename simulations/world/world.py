"""The world of one run: who lives in it, and what a scenario can see and do.

A server under test (`life`), scripted peers, clients, a disk that outlives the server, and a
settings file. Everything random is drawn from the run's seed: `random` is the scenario's own
source, `chance` decides which faults strike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from random import Random
from urllib.parse import urlsplit

import attrs
import trio
import trio.testing

from ...actors.kernel import CallStarted
from ...actors.kernel.observer import Event
from ...io.settings_file import SettingsEvent
from ...protocols.records import TurnRecord
from ...protocols.settings_data import EndpointSettings, Settings
from ..calendar import SimulatedCalendar
from ..engine import SimulatedEngine
from ..keychain import SimulatedKeychain
from ..memory import SimulatedMemory
from ..search import SimulatedSearch
from ..state import SimulatedState, StoredState
from ..worker.disk import Disk
from ..worker.drawn_life import drawn_worker_lives
from ..worker.workers import SimulatedWorkers
from .answers import streamed
from .chance import Chance
from .choices import ToolMove
from .chronicle import Chronicle
from .claude import ClaudeCode
from .claude_request import Sender
from .client import Client
from .hosts import Hosts
from .life import PORT, TOKEN, Birth, Hooks, Life
from .lives import drawn_lives
from .network import VirtualNetwork
from .passes import Passes
from .peer import PeerExchange, VirtualPeer
from .product import Product
from .promises import Promises
from .scheduler import source

PEER_HOSTS = ("work.test", "home.test")
PEER_PORT = 9000
LOCAL = "local/"
"""What the names of models on this machine begin with."""
PRIVATE_TEXT = "for this machine alone"
"""In what is asked of a model on this machine: no endpoint may see it."""
SETTINGS = Settings(
    endpoints=(
        EndpointSettings("work", ("claude-x",), ("anthropic",), f"http://work.test:{PEER_PORT}"),
        EndpointSettings("home", ("claude-y",), ("anthropic",), f"http://home.test:{PEER_PORT}"),
        EndpointSettings("away", ("claude-x",), ("anthropic",), f"http://away.test:{PEER_PORT}"),
        EndpointSettings(
            "local", ("m",), engine="llama-server", file="model.gguf", context_tokens=32_768
        ),
    )
)
STATE_LATENCY_SECONDS = 0.001
SEARCH_SECONDS = 0.5
"""What a search of the web takes, when it is well."""
QUIET_SECONDS = 5.0
"""After a scenario, for what leaves to have left and for the ledger to be on disk."""
FLUSHED_SECONDS = 1.0
"""After so long a settled turn is on the disk: the ledger's pause, and the disk's own time."""
GRACE_SECONDS = 5.0
"""What turns in flight are given when the server is asked to stop, as in `app.serve`."""


@attrs.define(eq=False)
class Turns:
    """The turns that backends have begun to answer, and when the ledger took note of which."""

    taken: int = 0
    lost: int = 0
    crashes: int = 0
    settled_seconds: list[float] = attrs.field(factory=list[float])

    def observe(self, event: Event, /) -> None:
        """Takes note of one event."""
        if not isinstance(event, CallStarted):
            return
        if event.message == "Answer":
            self.taken += 1
        elif event.message == "RecordTurn":
            self.settled_seconds.append(trio.current_time())

    def start_over(self, kept: int) -> None:
        """After the end of a server: so many turns are on the disk, and no more will be."""
        self.lost += max(0, self.taken - kept)
        self.taken, self.settled_seconds = kept, [0.0] * kept


@attrs.frozen
class Planned:
    """What is done to an actor on purpose: calls that fail, and restarts."""

    failed: int = 0
    restarts: int = 0


@attrs.define(eq=False)
class World:
    """See the module. `tasks` is what runs when nobody asks for anything."""

    product: Product
    random: Random
    nursery: trio.Nursery
    network: VirtualNetwork
    peers: dict[str, VirtualPeer]
    engine: SimulatedEngine
    workers: SimulatedWorkers
    search: SimulatedSearch
    memory: SimulatedMemory
    chance: Chance
    chronicle: Chronicle
    passes: Passes
    hooks: Hooks
    settings: Settings = SETTINGS
    keychain: SimulatedKeychain = attrs.field(factory=SimulatedKeychain)
    environ: dict[str, str] = attrs.field(factory=dict[str, str])
    """What the server is started with."""
    calendar: SimulatedCalendar = attrs.field(factory=SimulatedCalendar)
    promises: Promises = attrs.field(factory=Promises)
    stored: StoredState = attrs.field(factory=StoredState)
    turns: Turns = attrs.field(factory=Turns)
    request_numbers: Iterator[int] = attrs.field(factory=lambda: count(1))
    clients: list[Client | ClaudeCode] = attrs.field(factory=list[Client | ClaudeCode])
    tools_run: dict[str, str] = attrs.field(factory=dict[str, str])
    """Who has run which tool use, by its id."""
    tool_moves: dict[str, list[ToolMove]] = attrs.field(factory=dict[str, list[ToolMove]])
    """Where tools have set conversations to, by their client's name."""
    complaints: list[str] = attrs.field(factory=list[str])
    marks: Counter[str] = attrs.field(factory=Counter[str])
    coverage: Counter[tuple[str, str]] = attrs.field(factory=Counter[tuple[str, str]])
    tasks: Counter[str] = attrs.field(factory=Counter[str])
    is_direct: bool = False
    """Whether models on this machine are run by `workers`, and not by `engine`."""
    may_cut: bool = False
    """Whether the story itself cuts answers off, by stopping the server for example."""
    planned: dict[str, Planned] = attrs.field(factory=dict[str, Planned])
    """Actors that are crashed on purpose, by name; any other crash is a complaint."""
    _life: Life | None = None

    @property
    def life(self) -> Life:
        """The server that runs now."""
        assert self._life is not None, "no server runs"
        return self._life

    @property
    def peer(self) -> VirtualPeer:
        """The endpoint `work`, which most stories are about."""
        return self.peers["work.test"]

    @property
    def ledger(self) -> list[TurnRecord]:
        """The ledger on disk, oldest line first."""
        return list(self.stored.turns.values())

    @property
    def exchanges(self) -> list[PeerExchange]:
        """The turns that all endpoints were asked, each one's in its order."""
        asked = (exchange for peer in self.peers.values() for exchange in peer.exchanges)
        return [exchange for exchange in asked if exchange.body]

    @property
    def exchanges_by_marker(self) -> dict[str, list[PeerExchange]]:
        """The same by the client's attempt that they belong to, each one's in their order."""
        found: dict[str, list[PeerExchange]] = {}
        for exchange in sorted(self.exchanges, key=lambda each: each.asked_seconds):
            found.setdefault(exchange.marker, []).append(exchange)
        return found

    def client(self, session: str = "story", *, model: str = "work/claude-x") -> Client:
        """Someone who knows the address and the token."""
        name = self._unique_name(session)
        tell = self.chronicle.teller(f"client:{name}")
        client = Client(self.network, self.nursery, PORT, TOKEN, session, model, name, tell)
        self.clients.append(client)
        return client

    def claude(self, session: str = "story", *, model: str = "work/claude-x") -> ClaudeCode:
        """A simulated Claude Code; a story quits it at its end."""
        name = self._unique_name(session)
        claude = ClaudeCode(
            self.network,
            self.nursery,
            Sender(PORT, TOKEN, session, model),
            name,
            source(self.chance.seed, f"claude:{session}"),
            self.check,
            self.tools_run,
            self.chronicle.teller(f"client:{name}"),
        )
        self.clients.append(claude)
        return claude

    def _unique_name(self, session: str) -> str:
        """Who asks in a session: the session's name, with a number where several do."""
        others = sum(client.session == session for client in self.clients)
        return f"{session}~{others + 1}" if others else session

    def check(self, holds: bool, words: str) -> None:
        """Complains if something does not hold."""
        if not holds:
            self.complaints.append(words)
            self.chronicle.note("complaint", words)

    def sometimes(self, mark: str) -> None:
        """Marks that something happened which should happen in some run."""
        self.marks[mark] += 1

    async def fall_quiet(self) -> None:
        """Waits until everything that is going to end has ended."""
        await trio.sleep(QUIET_SECONDS)

    async def start_server(self) -> None:
        """Starts a server on what is on the disk, with the settings that hold now."""
        assert self._life is None, "one server at a time"
        state = SimulatedState(
            self.stored, latency_seconds=STATE_LATENCY_SECONDS, chance=self.chance
        )
        observers = (self.turns, self.chronicle)
        birth = Birth(
            self.product,
            self.settings,
            state,
            self.workers if self.is_direct else self.engine,
            self.search,
            self.memory,
            self.keychain,
            self.environ,
            self.calendar,
            source(self.chance.seed, "draw").random,
            observers,
            self.hooks,
            lambda: f"req_{next(self.request_numbers)}",
        )
        self.promises.hold(self.settings, trio.current_time())
        self._life = await self.nursery.start(birth.live, name="server")
        self.chronicle.note("server", "listens")

    async def use_settings(self, settings: Settings) -> None:
        """Starts the server anew with these. Their hosts below `.test` listen from now on."""
        await self.stop_server(grace_seconds=0)
        self.settings = settings
        for endpoint in settings.endpoints:
            host = urlsplit(endpoint.base_url or "").hostname or ""
            if host.endswith(".test") and host not in self.peers:
                tell = self.chronicle.teller(f"peer:{host}")
                self.peers[host] = VirtualPeer(self.network, lambda _body: streamed(), tell=tell)
                await self.start_peer(host)
        await self._start_otherwise()

    async def use_workers(self) -> None:
        """Starts the server anew, with the direct engine. Its workers are all well at first."""
        await self.stop_server(grace_seconds=0)
        self.is_direct = True
        await self._start_otherwise()

    async def use_memory(self, settings: Settings, *, is_direct: bool) -> None:
        """Starts the server anew with models that need memory, which is there from now on."""
        await self.stop_server(grace_seconds=0)
        self.settings, self.is_direct = settings, is_direct
        self.nursery.start_soon(self.memory.live, name="memory")
        await self._start_otherwise()

    async def _start_otherwise(self) -> None:
        await self.start_server()
        await trio.testing.wait_all_tasks_blocked()
        self.tasks = task_names()

    async def stop_server(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Stops the server as a signal does, and waits until nothing of it is left."""
        life, self._life = self.life, None
        self.chronicle.note("server", "is asked to stop")
        life.stop(grace_seconds=grace_seconds)
        await life.ended.wait()
        if self.chance.has_struck("state."):  # it writes once more as it goes, and not for ever
            self.turns.start_over(len(self.stored.turns))

    async def crash_server(self) -> None:
        """Ends the server with nothing written any more: the disk stays as it was.

        What was settled FLUSHED_SECONDS before must be there.
        """
        life, self._life = self.life, None
        self.chronicle.note("server", "crashes")
        due = trio.current_time() - FLUSHED_SECONDS
        old = sum(seconds < due for seconds in self.turns.settled_seconds)
        kept, healthy = len(self.stored.turns), not self.chance.has_struck("state.")
        self.check(old <= kept or not healthy, f"a crash has lost {old - kept} old turns")
        self.stored = attrs.evolve(
            self.stored,
            conversations=dict(self.stored.conversations),
            turns=dict(self.stored.turns),
        )
        self.turns.crashes += 1
        life.kill()
        await life.ended.wait()
        self.turns.start_over(kept)

    async def change_settings(self, event: SettingsEvent) -> None:
        """The settings file has changed: to other settings, or to something unreadable."""
        if isinstance(event, Settings):
            self.settings = event
            self.promises.hold(event, trio.current_time())
        await self.life.changes.change(event)

    async def start_peer(self, host: str) -> None:
        """Starts an endpoint that was stopped."""
        await self.nursery.start(self.peers[host].serve, host, PEER_PORT, name=f"peer:{host}")
        self.chronicle.note(f"peer:{host}", "listens")

    def note_strike(self, name: str) -> None:
        """Takes note of a fault, and of what it met."""
        self.coverage[name.partition("#")[0], self.state()] += 1
        self.chronicle.note("fault", name)

    def state(self) -> str:
        """What the product is doing, by its furthest turn."""
        if self._life is None:
            return "no server"
        states = {answer.state for client in self.clients for answer in client.answers}
        order = ("in a tool call", "mid-stream", "before the head")
        return next((state for state in order if state in states), "at rest")


def task_names() -> Counter[str]:
    """The names of all tasks, counted."""
    root = trio.lowlevel.current_root_task()
    assert root is not None
    tasks, names = [root], Counter[str]()
    while tasks:
        task = tasks.pop()
        names[task.name] += 1
        tasks += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return names


Scenario = Callable[[World], Awaitable[None]]


@asynccontextmanager
async def open_world(
    product: Product, chance: Chance, chronicle: Chronicle, passes: Passes, hooks: Hooks
) -> AsyncGenerator[World]:
    """Makes a world in which a server runs already; at the end everyone in it is gone."""
    network = VirtualNetwork(source(chance.seed, "network"), chance=chance)
    network.install()
    peers = {host: VirtualPeer(network, lambda _body: streamed()) for host in PEER_HOSTS}
    async with trio.open_nursery() as nursery:
        random = source(chance.seed, "scenario")
        memory = SimulatedMemory()
        hosts, disk = Hosts(network, nursery), Disk(chance)
        engine = SimulatedEngine(hosts, drawn_lives(chance), memory=memory)
        workers = SimulatedWorkers(
            chance.seed, drawn_worker_lives(chance), disk=disk, memory=memory
        )
        search = SimulatedSearch(latency_seconds=SEARCH_SECONDS, chance=chance)
        world = World(
            product,
            random,
            nursery,
            network,
            peers,
            engine,
            workers,
            search,
            memory,
            chance,
            chronicle,
            passes,
            hooks,
        )
        chance.tell = world.note_strike
        for host, peer in peers.items():
            peer.tell = chronicle.teller(f"peer:{host}")
            await nursery.start(peer.serve, host, PEER_PORT, name=f"peer:{host}")
        await world.start_server()
        await trio.testing.wait_all_tasks_blocked()  # a policy may have held back who starts
        world.tasks = task_names()
        yield world
        nursery.cancel_scope.cancel("the run is over")
