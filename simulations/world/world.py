"""One run of the whole product under one seed: the world, a scenario, and what must always hold.

The product is `app`, handed in, since nothing here may import it: its own wiring starts our
actors, its own listener accepts, over hypercorn's and h11's real code, and its real upstream
client dials a scripted peer. Only sockets, the clock, the scheduler and the disk are not real.

After the scenario the world falls quiet and is inspected: everything that the product took must
be given back, each turn that was taken has one line in the ledger, and each client has seen a
legal answer. A complaint, not an exception, is what a run finds, so that one run may find several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random
from typing import Any, Protocol

import attrs
import trio
import trio.testing

from ...actors.kernel import ActorSystem, CallStarted, open_system
from ...actors.kernel.observer import Event
from ...actors.kernel.ref import CellRef
from ...actors.sessions import Sessions
from ...io.ports import Engine, EngineError, EngineProcess, EngineSpec, State, Upstream
from ...io.serving.door import Door
from ...io.serving.gateway import Gateway
from ...io.serving.limits import ServingLimits
from ...io.serving.listener import Server, serve_connections
from ...io.serving.status import StatusBoard
from ...io.upstream.http11 import Http11Upstream
from ...protocols.records import TurnRecord
from ...protocols.settings_data import EndpointSettings, Settings
from ..state import SimulatedState
from . import seam
from .answers import streamed
from .client import Client
from .network import VirtualNetwork
from .peer import TASK, VirtualPeer
from .scheduler import Policy, Tracer, make_policy, source

HOST = "127.0.0.1"
PEER_HOST, PEER_PORT = "work.test", 9000
TOKEN = "token-of-this-world"  # noqa: S105 it opens nothing outside this world
SETTINGS = Settings(
    endpoints=(
        EndpointSettings("work", ("claude-x",), "anthropic", f"http://{PEER_HOST}:{PEER_PORT}"),
        EndpointSettings("away", ("claude-x",), "anthropic", "http://away.test:9000"),
    )
)
QUIET_SECONDS = 5.0
"""After a scenario, for what leaves to have left and for the ledger to be on disk."""
HANG_SECONDS = 3_600.0
"""A scenario that takes longer, in virtual time, hangs."""


class Product(Protocol):
    """What the composition root offers; the module `app` is one."""

    def start_actors(
        self,
        system: ActorSystem,
        settings: Settings,
        state: State,
        upstream: Upstream,
        engine: Engine,
        environ: Mapping[str, str],
    ) -> tuple[Any, CellRef, Sessions]:
        """Spawns the actors that live as long as the server."""
        ...

    async def listen(self, host: str, port: int) -> list[seam.SocketListener]:
        """Opens the listeners."""
        ...


class NoEngine(Engine):
    """A machine without a model."""

    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """See Engine.open."""
        raise EngineError(f"{spec.name}: there is no engine in this world")


@attrs.define(eq=False)
class AnswersTaken:
    """Counts the turns that backends have begun to answer: each must come to the ledger."""

    count: int = 0

    def observe(self, event: Event, /) -> None:
        """Takes note of one event."""
        if isinstance(event, CallStarted) and event.message == "Answer":
            self.count += 1


@attrs.define(eq=False)
class World:
    """What a scenario can see and do. `random` is its own source, drawn from the run's seed."""

    random: Random
    nursery: trio.Nursery
    network: VirtualNetwork
    peer: VirtualPeer
    port: int
    server: Server
    system: ActorSystem
    sessions: Sessions
    upstream: Http11Upstream
    state: SimulatedState
    taken: AnswersTaken
    tasks: Counter[str]
    """What runs when nobody asks for anything."""
    clients: list[Client] = attrs.field(factory=list[Client])
    complaints: list[str] = attrs.field(factory=list[str])

    def client(self, session: str = "story") -> Client:
        """Someone who knows the address and the token."""
        client = Client(self.network, self.nursery, self.port, TOKEN, session)
        self.clients.append(client)
        return client

    def check(self, holds: bool, words: str) -> None:
        """Complains if something does not hold."""
        if not holds:
            self.complaints.append(words)

    async def fall_quiet(self) -> None:
        """Waits until everything that is going to end has ended."""
        await trio.sleep(QUIET_SECONDS)

    @property
    def ledger(self) -> list[TurnRecord]:
        """The ledger on disk, oldest line first."""
        return list(self.state.stored.turns.values())

    def inspect(self) -> None:
        """Complains of what is left of the turns, and of what clients should not have seen."""
        for actor in self.system.statistics():
            busy = actor.queued or actor.running or actor.draining
            self.check(not (busy or actor.failed or actor.restarts), f"not at rest: {actor}")
        self.check(not self.sessions.live, "turns are still shown as live")
        requests = self.server.statistics().requests_in_flight
        self.check(requests == 0, f"{requests} requests are in flight")
        pool = self.upstream.statistics()
        self.check(pool.open_connections == pool.idle_connections, f"upstreams are open: {pool}")
        sockets = self.network.open_sockets - 2 * pool.idle_connections
        self.check(sockets == 0, f"{sockets} sockets are open")
        tasks = task_names() - self.tasks
        tasks.subtract({TASK: pool.idle_connections})
        left = [name for name in tasks.elements() if not name.startswith("actor:")]
        self.check(not left, f"tasks are left: {left}")
        lines = self.taken.count
        self.check(len(self.ledger) >= lines, f"{lines} turns and {len(self.ledger)} lines")
        for turn, count in Counter(line.turn for line in self.ledger).items():
            self.check(count == 1, f"{turn} has {count} lines")
        for client in self.clients:
            for answer in client.answers:
                self.complaints += [f"{client.session}: {words}" for words in answer.complaints()]


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


@attrs.frozen
class Result:
    """What a run found, and by what it can be recognised: the hash of all its steps."""

    seed: int
    complaints: tuple[str, ...]
    trace_hash: str
    virtual_seconds: float
    steps: int
    lines: tuple[str, ...] = attrs.field(default=(), repr=False)


def run(
    scenario: Scenario, seed: int, product: Product, *, policy: Policy = "walk", trace: bool = False
) -> Result:
    """Runs a scenario under a seed. With `trace` the result has a line for each step."""
    tracer = Tracer([] if trace else None)
    clock = trio.testing.MockClock(autojump_threshold=0)
    with seam.scheduled_by(make_policy(policy, seed)):
        complaints, seconds = trio.run(
            _live, scenario, seed, product, clock=clock, instruments=[tracer]
        )
    return Result(
        seed, tuple(complaints), tracer.hash, seconds, tracer.steps, tuple(tracer.lines or ())
    )


async def _live(scenario: Scenario, seed: int, product: Product) -> tuple[list[str], float]:
    network = VirtualNetwork(source(seed, "network"))
    network.install()
    async with _open_world(network, source(seed, "scenario"), product) as world:
        with trio.move_on_after(HANG_SECONDS) as patience:
            await scenario(world)
        world.check(not patience.cancelled_caught, "the scenario hangs")
        await world.fall_quiet()
        world.inspect()
        world.server.stop_accepting(grace_seconds=0)
        await world.upstream.aclose()
        await world.fall_quiet()
        world.check(network.open_sockets == 0, f"{network.open_sockets} sockets outlive the server")
    return world.complaints, trio.current_time()


@asynccontextmanager
async def _open_world(
    network: VirtualNetwork, random: Random, product: Product
) -> AsyncGenerator[World]:
    taken, state = AnswersTaken(), SimulatedState(latency_seconds=0.001)
    peer = VirtualPeer(network, lambda _body: streamed())
    async with open_system(observers=[taken]) as system, trio.open_nursery() as nursery:
        upstream = Http11Upstream()
        await nursery.start(peer.serve, PEER_HOST, PEER_PORT)
        parts, router, sessions = product.start_actors(
            system, SETTINGS, state, upstream, NoEngine(), {}
        )
        listeners = await product.listen(HOST, 0)
        port = int(listeners[0].socket.getsockname()[1])
        board = StatusBoard(
            "0",
            f"http://{HOST}:{port}",
            router,
            parts.conversations,
            lambda: [*sessions.live.values()],
        )
        door = Door.for_address(lambda token: token == TOKEN, HOST, port, any_host=False)
        gateway = Gateway(door, router, sessions.session, board)
        nursery.start_soon(sessions.sweep)
        server: Server = await nursery.start(serve_connections, gateway, listeners, ServingLimits())
        yield World(
            random,
            nursery,
            network,
            peer,
            port,
            server,
            system,
            sessions,
            upstream,
            state,
            taken,
            task_names(),
        )
        nursery.cancel_scope.cancel("the run is over")
