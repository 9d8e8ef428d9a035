"""The world of one run: who lives in it, and what a scenario can see and do.

A server under test (`life`), scripted peers, clients, a disk that outlives the server, and a
settings file. Everything random is drawn from the run's seed: `random` is the scenario's own
source, `chance` decides which faults strike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

import attrs
import trio

from ...actors.kernel import CallStarted
from ...actors.kernel.observer import Event
from ...io.settings_file import SettingsEvent
from ...protocols.records import TurnRecord
from ...protocols.settings_data import EndpointSettings, Settings
from ..engine import SimulatedEngine
from ..state import SimulatedState, StoredState
from .answers import streamed
from .chance import Chance
from .chronicle import Chronicle
from .client import Client
from .hosts import Hosts
from .life import PORT, TOKEN, Birth, Hooks, Life
from .lives import drawn_lives
from .network import VirtualNetwork
from .peer import VirtualPeer
from .product import Product
from .scheduler import source

PEER_HOSTS = ("work.test", "home.test")
PEER_PORT = 9000
SETTINGS = Settings(
    endpoints=(
        EndpointSettings("work", ("claude-x",), "anthropic", f"http://work.test:{PEER_PORT}"),
        EndpointSettings("home", ("claude-y",), "anthropic", f"http://home.test:{PEER_PORT}"),
        EndpointSettings("away", ("claude-x",), "anthropic", f"http://away.test:{PEER_PORT}"),
        EndpointSettings(
            "local", ("m",), engine="llama-server", file="model.gguf", context_tokens=32_768
        ),
    )
)
STATE_LATENCY_SECONDS = 0.001
QUIET_SECONDS = 5.0
"""After a scenario, for what leaves to have left and for the ledger to be on disk."""
GRACE_SECONDS = 5.0
"""What turns in flight are given when the server is asked to stop, as in `app.serve`."""


@attrs.define(eq=False)
class AnswersTaken:
    """Counts the turns that backends have begun to answer: each must come to the ledger."""

    count: int = 0

    def observe(self, event: Event, /) -> None:
        """Takes note of one event."""
        if isinstance(event, CallStarted) and event.message == "Answer":
            self.count += 1


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
    chance: Chance
    chronicle: Chronicle
    hooks: Hooks
    settings: Settings = SETTINGS
    stored: StoredState = attrs.field(factory=StoredState)
    taken: AnswersTaken = attrs.field(factory=AnswersTaken)
    clients: list[Client] = attrs.field(factory=list[Client])
    complaints: list[str] = attrs.field(factory=list[str])
    marks: Counter[str] = attrs.field(factory=Counter[str])
    coverage: Counter[tuple[str, str]] = attrs.field(factory=Counter[tuple[str, str]])
    tasks: Counter[str] = attrs.field(factory=Counter[str])
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

    def client(self, session: str = "story", *, model: str = "work/claude-x") -> Client:
        """Someone who knows the address and the token."""
        client = Client(self.network, self.nursery, PORT, TOKEN, session, model)
        self.clients.append(client)
        return client

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
        observers = (self.taken, self.chronicle)
        birth = Birth(self.product, self.settings, state, self.engine, observers, self.hooks)
        self._life = await self.nursery.start(birth.live, name="server")
        self.chronicle.note("server", "listens")

    async def stop_server(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Stops the server as a signal does, and waits until nothing of it is left."""
        life, self._life = self.life, None
        self.chronicle.note("server", "is asked to stop")
        life.stop(grace_seconds=grace_seconds)
        await life.ended.wait()

    async def crash_server(self) -> None:
        """Ends the server with nothing written any more: the disk stays as it was."""
        life, self._life = self.life, None
        self.chronicle.note("server", "crashes")
        self.stored = attrs.evolve(
            self.stored,
            conversations=dict(self.stored.conversations),
            turns=dict(self.stored.turns),
        )
        life.kill()
        await life.ended.wait()

    async def change_settings(self, event: SettingsEvent) -> None:
        """The settings file has changed: to other settings, or to something unreadable."""
        if isinstance(event, Settings):
            self.settings = event
        await self.life.changes.change(event)

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
    product: Product, chance: Chance, chronicle: Chronicle, hooks: Hooks
) -> AsyncGenerator[World]:
    """Makes a world in which a server runs already; at the end everyone in it is gone."""
    network = VirtualNetwork(source(chance.seed, "network"), chance=chance)
    network.install()
    peers = {host: VirtualPeer(network, lambda _body: streamed()) for host in PEER_HOSTS}
    async with trio.open_nursery() as nursery:
        for host, peer in peers.items():
            await nursery.start(peer.serve, host, PEER_PORT, name=f"peer:{host}")
        random = source(chance.seed, "scenario")
        engine = SimulatedEngine(Hosts(network, nursery), drawn_lives(chance))
        world = World(product, random, nursery, network, peers, engine, chance, chronicle, hooks)
        chance.tell = world.note_strike
        await world.start_server()
        world.tasks = task_names()
        yield world
        nursery.cancel_scope.cancel("the run is over")
