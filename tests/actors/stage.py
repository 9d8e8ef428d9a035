"""The actors as the composition root starts them, over simulated ports; and who reads their turns.

`check_quiescent` is the invariant checker: after a test nothing may be left of any turn, each turn
has its one line in the ledger, and each reader has seen a legal answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from typing import Any

import attrs
import trio
from understudy.actors.backend.exchange import ROUTE_HEADER
from understudy.actors.backends import Backends
from understudy.actors.conversations import Conversations
from understudy.actors.guarded_turn import TURN_MARK
from understudy.actors.kernel import Actor, ActorSystem, CallStarted, Observer, open_system
from understudy.actors.kernel.observer import Event
from understudy.actors.kernel.ref import CellRef
from understudy.actors.router import ApplySettings, Router
from understudy.actors.session import Session
from understudy.actors.sessions import Sessions
from understudy.app import ESSENTIAL, Parts, spawn_resources
from understudy.io.classifier.weights import load_classifier
from understudy.io.key_ring import KeyRing
from understudy.io.ports import EngineSpec, Keychain, Search
from understudy.protocols.actor import ActorError, Rank
from understudy.protocols.left_out import LeftOut
from understudy.protocols.records import TurnRecord
from understudy.protocols.settings_data import (
    EndpointSettings,
    KeyReference,
    SearchSettings,
    Settings,
)
from understudy.protocols.switching.history_marks import HistoryMarks
from understudy.protocols.switching.mark import NONCE_BYTES, mark_key
from understudy.protocols.turn import (
    Cut,
    Head,
    Headers,
    RecentTurns,
    StartTurn,
    Turn,
    TurnItem,
    TurnRefused,
)
from understudy.simulations.calendar import SimulatedCalendar
from understudy.simulations.engine import Life, SimulatedEngine
from understudy.simulations.memory import SimulatedMemory
from understudy.simulations.state import SimulatedState
from understudy.simulations.upstream import Peer, SimulatedUpstream
from understudy.simulations.worker.workers import SimulatedWorkers

from .legal import complaints_about
from .scripts import ANSWER, always, stream

WORK_URL = "http://work.test:9000"
HOME_URL = "http://home.test:9001"
SLOTS = EngineSpec("", "", 0).slots
QUIET_SECONDS = 1.0
"""Enough for the ledger to be on disk and for what leaves to have left."""

WORK_ENDPOINT = EndpointSettings(
    "work", ("claude-x",), ("anthropic",), WORK_URL, KeyReference("env", "WORK_KEY")
)
HOME_ENDPOINT = EndpointSettings("home", ("claude-y",), ("anthropic",), HOME_URL)
SETTINGS = Settings(endpoints=(WORK_ENDPOINT, HOME_ENDPOINT))
ENVIRONMENT = {"WORK_KEY": "key-of-work"}


@attrs.define(eq=False)
class Reader:
    """Opens one turn and keeps what comes, with the moment of each item."""

    turn: Turn
    sessions: Sessions
    pause_seconds: float = 0.0
    items: list[tuple[float, TurnItem]] = attrs.field(factory=list[tuple[float, TurnItem]])
    record: TurnRecord | None = None
    error: ActorError | None = None
    scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)
    ended: trio.Event = attrs.field(factory=trio.Event)
    ended_seconds: float = -1.0

    async def read(self) -> None:
        """Reads to the end, or until `leave` is called."""
        try:
            with self.scope:
                await self._read()
        finally:
            self.ended_seconds = trio.current_time()
            self.ended.set()

    async def _read(self) -> None:
        session = self.sessions.session(self.turn.conversation)
        async with session.open_stream(StartTurn(self.turn)) as opened:
            try:
                async for item in opened:
                    self.items.append((trio.current_time(), item))
                    if self.pause_seconds:
                        await trio.sleep(self.pause_seconds)
                self.record = await opened.reply()
            except ActorError as error:
                self.error = error

    def leave(self) -> None:
        """Esc."""
        self.scope.cancel("the client left")

    @property
    def left(self) -> bool:
        """Whether the client left before the end."""
        return self.scope.cancel_called

    @property
    def head(self) -> Head:
        """The answer's head."""
        head = self.items[0][1]
        assert isinstance(head, Head), head
        return head

    @property
    def headers(self) -> Headers:
        """The answer's headers, but for the one that says who has answered."""
        return tuple(pair for pair in self.head.headers if pair[0] != ROUTE_HEADER)

    @property
    def pieces(self) -> list[bytes]:
        """The body as it came."""
        return [item for _, item in self.items if isinstance(item, bytes)]

    @property
    def body(self) -> bytes:
        """The body so far."""
        return b"".join(self.pieces)

    @property
    def cut(self) -> Cut | None:
        """The cut at the end, if there is one."""
        last = self.items[-1][1] if self.items else None
        return last if isinstance(last, Cut) else None

    @property
    def refused(self) -> TurnRefused:
        """The refusal that the turn ended with."""
        assert isinstance(self.error, TurnRefused), self.error
        return self.error


@attrs.define(eq=False)
class AnswersTaken:
    """Counts the turns that backends have begun to answer: each must come to the ledger."""

    count: int = 0

    def observe(self, event: Event, /) -> None:
        """Takes note of one event."""
        if isinstance(event, CallStarted) and event.message == "Answer":
            self.count += 1


@attrs.define(eq=False)
class Stage:
    """A system with its simulated world, and the readers of a test."""

    system: ActorSystem
    nursery: trio.Nursery
    upstream: SimulatedUpstream
    engine: SimulatedEngine
    state: SimulatedState
    conversations: CellRef
    router: CellRef
    sessions: Sessions
    work: Peer
    home: Peer
    actors: list[Actor]
    taken: AnswersTaken
    workers: SimulatedWorkers | None = None
    left_out: LeftOut = attrs.field(factory=LeftOut)
    readers: list[Reader] = attrs.field(factory=list[Reader])
    resources: CellRef | None = None

    def start(self, turn: Turn, *, pause_seconds: float = 0.0) -> Reader:
        """Starts to read a turn in a task of its own."""
        reader = Reader(turn, self.sessions, pause_seconds)
        self.readers.append(reader)
        self.nursery.start_soon(reader.read, name=f"reader:{turn.id}")
        return reader

    async def read(self, turn: Turn) -> Reader:
        """Reads a turn to its end."""
        reader = self.start(turn)
        await reader.ended.wait()
        return reader

    async def apply(self, settings: Settings) -> None:
        """Changes the settings."""
        await self.router.ask(ApplySettings(settings))

    async def ledger(self) -> Sequence[TurnRecord]:
        """The ledger's newest lines, newest first."""
        return await self.conversations.ask(RecentTurns(10_000))

    async def lines(self, reader: Reader) -> list[TurnRecord]:
        """The lines of one turn."""
        return [line for line in await self.ledger() if line.turn == reader.turn.id]

    async def line(self, reader: Reader) -> TurnRecord:
        """The one line of one turn."""
        [line] = await self.lines(reader)
        return line

    def living(self, name: str) -> list[str]:
        """The actors whose name begins so."""
        names = [statistics.name for statistics in self.system.statistics()]
        return [found for found in names if found.startswith(name)]

    async def check_quiescent(self) -> None:
        """Fails, with a list of complaints, if anything is left of the turns or was wrong."""
        await trio.sleep(QUIET_SECONDS)
        complaints = [
            *self._complaints_about_actors(),
            *self._complaints_about_world(),
            *self._complaints_about_ledger(await self.ledger()),
            *(line for reader in self.readers for line in complaints_about_reader(reader)),
        ]
        assert not complaints, complaints

    def _complaints_about_actors(self) -> list[str]:
        complaints: list[str] = []
        names = set[str]()
        for actor in self.system.statistics():
            if actor.rank is not Rank.RESOURCES:  # whose calls are leases, which last
                names.add(actor.name)
            leases = self.engine.running if actor.rank is Rank.RESOURCES else 0
            if (
                actor.queued
                or actor.running - leases
                or actor.draining
                or actor.failed
                or actor.restarts
            ):
                complaints.append(f"an actor is not at rest and well: {actor}")
        for task in task_names():
            if task in names or task.startswith(("drain:", "dismiss:", "reader:")):
                complaints.append(f"a task is left: {task}")
        for life in self.actors:
            for kept in ("_exchanges", "_in_flight"):
                if vars(life).get(kept):
                    complaints.append(f"{type(life).__name__}{kept} is not empty")
            slots = SLOTS if self.workers is None else self.workers.slots
            if "_slots" in vars(life) and vars(life)["_slots"].value != slots:
                complaints.append(f"{type(life).__name__}: a slot is not given back")
        return complaints

    def _complaints_about_world(self) -> list[str]:
        complaints: list[str] = []
        statistics = self.upstream.statistics()
        if statistics.open_connections != statistics.idle_connections:
            complaints.append(f"connections are left open: {statistics}")
        if self.sessions.live:
            complaints.append(f"turns are still shown as live: {list(self.sessions.live)}")
        for process in self.workers.processes if self.workers else ():
            if process.in_flight:
                complaints.append(
                    f"a worker is not idle: {process.in_flight} requests are in flight"
                )
        if self.engine.running > len(self.living("backend:")):
            complaints.append(f"{self.engine.running} engine processes are running")
        return complaints

    def _complaints_about_ledger(self, ledger: Sequence[TurnRecord]) -> list[str]:
        counts = Counter(line.turn for line in ledger)
        taken = self.taken.count
        if len(ledger) < taken:
            return [f"backends took {taken} turns, and the ledger has {len(ledger)} lines"]
        complaints = [f"{turn} has {count} lines" for turn, count in counts.items() if count > 1]
        known = {reader.turn.id for reader in self.readers}
        strangers = len({turn.removesuffix(TURN_MARK) for turn in counts} - known)
        if self.readers and strangers:
            complaints.append(f"{strangers} lines are of no turn")
        for reader in self.readers:
            if not reader.left and counts[reader.turn.id] != 1:
                complaints.append(f"{reader.turn.id} ended without a line")
        return complaints


def complaints_about_reader(reader: Reader) -> list[str]:
    """What is wrong with what one client saw."""
    where = reader.turn.id
    if not reader.ended.is_set():
        return [f"{where} has not ended"]
    kinds = [type(item) for _, item in reader.items]
    complaints: list[str] = []
    if Head in kinds[1:] or (kinds and kinds[0] is not Head) or Cut in kinds[:-1]:
        complaints.append(f"{where}: items out of order: {kinds}")
    if not reader.left and not kinds and reader.error is None:
        complaints.append(f"{where} ended without an answer and without a reason")
    if reader.record is not None and reader.error is not None:
        complaints.append(f"{where} has both a record and an error")
    anthropic = reader.turn.request.dialect == "anthropic"
    if anthropic and kinds[:1] == [Head] and reader.turn.streamed and reader.head.status == 200:
        whole = not reader.left and reader.cut is None and reader.error is None
        complaints += [f"{where}: {line}" for line in complaints_about(reader.body, whole=whole)]
    return complaints


def task_names() -> list[str]:
    """The names of all tasks."""
    root = trio.lowlevel.current_root_task()
    assert root is not None
    tasks, names = [root], list[str]()
    while tasks:
        task = tasks.pop()
        names.append(task.name)
        tasks += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return names


def give_ports(parts: Parts, search: Search | None, memory: SimulatedMemory | None) -> None:
    """Gives the actors what not every test has."""
    if search is not None:
        parts.settings = attrs.evolve(parts.settings, search=SearchSettings("searxng", "http://s"))
        parts.searches = lambda _settings, _upstream, _environ: search
    if memory is not None:
        parts.resources = spawn_resources(parts.system, parts, memory)


def new_marks() -> HistoryMarks:
    """Marks as a server of a known token makes them, with nonces that are counted."""
    numbers = count(1)
    return HistoryMarks(mark_key("token"), lambda: next(numbers).to_bytes(NONCE_BYTES))


def spawn(system: ActorSystem, rank: Rank, make: Callable[[], Actor]) -> CellRef:
    """Spawns an actor without which nothing can be served."""
    return system.spawn(rank.name.lower(), rank, make, policy=ESSENTIAL)


@asynccontextmanager
async def open_stage(
    settings: Settings = SETTINGS,
    *,
    lives: Sequence[Life] = (Life(),),
    workers: SimulatedWorkers | None = None,
    state: SimulatedState | None = None,
    observers: Sequence[Observer] = (),
    environment: Mapping[str, str] = ENVIRONMENT,
    check: bool = True,
    search: Search | None = None,
    memory: SimulatedMemory | None = None,
    keychain: Keychain | None = None,
    marks: HistoryMarks | None = None,
    **engine: Any,
) -> AsyncGenerator[Stage]:
    """Starts the actors as the composition root does; at the end checks that all is quiet.

    Models on this machine run in `workers`, if there are any, else in simulated servers.
    """
    upstream = SimulatedUpstream()
    processes = SimulatedEngine(upstream, lives, memory=memory, **engine)
    disk = state or SimulatedState()
    calendar = SimulatedCalendar()
    actors: list[Actor] = []
    taken = AnswersTaken()

    def keep(actor: Actor) -> Actor:
        actors.append(actor)
        return actor

    def make_router(parts: Parts) -> Actor:
        told = parts.conversations
        return keep(Router(settings, parts.backends, told, calendar, lambda: 0.5))

    async with open_system(observers=[taken, *observers]) as system, trio.open_nursery() as nursery:
        kept = partial(Conversations, disk, calendar)
        conversations = spawn(system, Rank.CONVERSATIONS, lambda: keep(kept()))
        keys = KeyRing(environment, keychain)
        parts = Parts(system, settings, upstream, workers or processes, conversations, keys)
        give_ports(parts, search, memory)
        parts.backends = Backends(system, lambda endpoint: keep(parts.make_backend(endpoint)))
        router = spawn(system, Rank.ROUTER, lambda: make_router(parts))
        told = marks or new_marks()
        new = partial(Session, router, conversations, marks=told, classifier=load_classifier())
        sessions = Sessions(system, lambda: keep(new(live=sessions.live)), told)
        nursery.start_soon(sessions.sweep)
        work, home = (upstream.listen(url, always(stream(ANSWER))) for url in (WORK_URL, HOME_URL))
        ends = (upstream, processes, disk, conversations, router, sessions, work, home)
        stage = Stage(system, nursery, *ends, actors, taken, workers, parts.left_out)
        stage.resources = parts.resources
        yield stage
        if check:
            await stage.check_quiescent()
        nursery.cancel_scope.cancel("the test is over")
