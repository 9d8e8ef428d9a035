"""The resource-watcher: reads this machine's memory, and says who may load a model and who leaves.

Its mind is `ResourcePolicy`, which is pure; here are its senses and its hands. Whatever happens (a
wish, a load that has ended, a lease that is closed, the system's word that memory is short) is told
to the policy at once and then *looked at*: the memory is read, and the policy decides. One task
looks, so that each decision is made on a reading that is not older than its news, and there are
never two at a time.

While leases are open it looks once a second, and sooner when the system says that it is pressed.
While there is none it reads nothing at all, unless somebody asks how the memory is. A process is
measured only after it was used, for that costs the more the larger it is.

A lease is a stream. It ends when its reader leaves or is refused, or when this actor is made anew:
then all leases are lost, and who held them knows it by that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from math import inf
from typing import Any

import attrs
import trio

from ..io.ports import Memory
from ..protocols.actor import Message, Note, Sink, StreamMessage
from ..protocols.resources.decision import Decision, Evict, Grant, Refuse
from ..protocols.resources.lease import (
    Granted,
    LeaseIdle,
    LeaseItem,
    LeaseLoaded,
    LeaseRefused,
    Leave,
    TakeLease,
)
from ..protocols.resources.policy import ResourcePolicy
from ..protocols.resources.reading import MemoryReading
from ..protocols.resources.report import DecisionLine, DescribeMemory, MemoryReport
from ..protocols.resources.rules import MemoryRules
from .kernel import Actor

PRESSED_SECONDS_MIN = 0.25
"""Between two readings that the system's own word causes: it may say so again and again."""
LOOK_SECONDS_MIN = 0.05
"""Between two looks that nothing but the time causes."""
MEASURE_SECONDS_MIN = 30.0
"""Between two measurements of the same process."""
UNTOLD = MemoryReading(2**62, 2**62, limit="a machine that does not tell its memory")
"""What is taken for a reading that says nothing: it bounds nothing, and is no reason to cut
anybody."""

Tell = Callable[[DecisionLine], None]


@attrs.frozen
class ApplyRules(Message[None]):
    """To the resource-watcher: it goes by these rules from now on."""

    rules: MemoryRules


@attrs.define(eq=False)
class OpenLease:
    """A lease from its wish to its end. `ended` is set when it is refused."""

    wish: TakeLease
    sink: Sink[LeaseItem]
    process_id: int = 0
    measured_seconds: float = -inf
    refusal: LeaseRefused | None = None
    ended: trio.Event = attrs.field(factory=trio.Event)
    is_granted: bool = False

    @property
    def is_due(self) -> bool:
        """Whether its process has been used since it was measured, and that was long ago."""
        if not self.process_id:
            return False
        usage, measured_seconds = self.wish.usage, self.measured_seconds
        used = usage.answers > 0 or usage.idle_since_seconds > measured_seconds
        return used and trio.current_time() >= measured_seconds + MEASURE_SECONDS_MIN


def tell_nobody(_line: DecisionLine) -> None:
    """Where nobody writes down what was decided."""


class Resources(Actor):
    """The machine's resource-watcher. `numbers` outlive it: no two leases ever have the same."""

    def __init__(
        self,
        rules: MemoryRules,
        memory: Memory,
        tell: Tell = tell_nobody,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self._policy = ResourcePolicy(rules)
        self._memory = memory
        self._tell = tell
        self._told: DecisionLine | None = None
        self._numbers = count(1) if numbers is None else numbers
        self._leases: dict[int, OpenLease] = {}
        self._news = trio.Event()
        self._watched = trio.Event()
        """Set while there are leases."""
        self._read_seconds = -inf

    async def start(self) -> None:
        """Starts the task that looks, and the one that hears the system's word."""
        self.background.start_soon(self._watch, name="resources:watch")
        self.background.start_soon(self._hear, name="resources:pressed")

    def handle(self, message: Message[Any], /) -> Any:
        """Takes note of what has happened, and tells how the memory is."""
        match message:
            case LeaseLoaded(lease, process_id, load_seconds):
                return self._loaded(lease, process_id, load_seconds)
            case ApplyRules(rules):
                self._policy.apply(rules)
                return self._news.set()
            case DescribeMemory():
                return self._describe()
        return super().handle(message)

    def note(self, note: Note, /) -> None:
        """Looks at once when a process has become idle that another may be waiting for."""
        if isinstance(note, LeaseIdle) and not all(
            lease.is_granted for lease in self._leases.values()
        ):
            self._news.set()

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> None:
        """Holds a lease until its reader leaves. Raises LeaseRefused."""
        assert isinstance(message, TakeLease), message
        number = next(self._numbers)
        lease = self._leases[number] = OpenLease(message, sink)
        try:
            self._policy.wish(number, message, trio.current_time())
            self._watched.set()
            self._news.set()
            await lease.ended.wait()
            assert lease.refusal is not None, "a lease that was ended from here was refused"
            raise lease.refusal
        finally:
            del self._leases[number]
            self._policy.released(number, trio.current_time())
            self._news.set()

    def _loaded(self, number: int, process_id: int, load_seconds: float) -> None:
        """A lease that is gone meanwhile has nothing to say any more."""
        lease = self._leases.get(number)
        if lease is not None:
            lease.process_id = process_id
            self._policy.loaded(number, load_seconds, trio.current_time())
            self._news.set()

    async def _describe(self) -> MemoryReport:
        if trio.current_time() >= self._read_seconds + self._policy.rules.reading_seconds:
            await self._read()
        return self._policy.report(trio.current_time())

    async def _watch(self) -> None:
        """Looks whenever there is news, or time for it."""
        while True:
            with trio.move_on_at(self._due_seconds()):
                await self._news.wait()
            self._news = trio.Event()
            await self._read()
            self._decide()
            self._tell_news()
            await self._measure()
            if not self._leases:
                self._watched = trio.Event()

    async def _hear(self) -> None:
        """Looks at once when the system is short of memory, as long as there is any to give
        back."""
        while True:
            await self._watched.wait()
            await self._memory.pressed()
            self._news.set()
            await trio.sleep(PRESSED_SECONDS_MIN)

    def _due_seconds(self) -> float:
        """When to look although there is no news."""
        if not self._leases:
            return inf
        now = trio.current_time()
        period_seconds = self._policy.rules.reading_seconds
        due_seconds = min(self._policy.wake_seconds(now), self._read_seconds + period_seconds)
        return max(due_seconds, now + LOOK_SECONDS_MIN)

    async def _read(self) -> None:
        """Reads the memory. What happens while it is read, the reading need not show."""
        began_seconds = trio.current_time()
        reading = await self._memory.read()
        self._read_seconds = began_seconds
        self._policy.read(reading if reading.total_bytes else UNTOLD, began_seconds)

    async def _measure(self) -> None:
        """Measures one process that is due: the next look has the next one."""
        for number, lease in self._leases.items():
            if lease.is_due:
                lease.measured_seconds = trio.current_time()
                memory = await self._memory.process(lease.process_id)
                if memory is not None and number in self._leases:
                    self._policy.measured(number, memory)
                return

    def _decide(self) -> None:
        """Has the policy decide, and carries it out. A lease that it names is open: see
        `stream`."""
        for decision in self._policy.decide(trio.current_time()):
            self._carry_out(decision, self._leases[decision.lease])

    def _carry_out(self, decision: Decision, lease: OpenLease) -> None:
        match decision:
            case Grant(number, reserved_bytes):
                lease.is_granted = True
                lease.sink.offer(Granted(number, reserved_bytes))
            case Refuse(_, refusal):
                lease.refusal = refusal
                lease.ended.set()
            case Evict(_, within_seconds, critical, why):
                lease.sink.offer(Leave(within_seconds, critical, why))

    def _tell_news(self) -> None:
        """Tells of each decision once."""
        for line in _after(self._told, self._policy.report(trio.current_time()).decisions):
            self._tell(line)
            self._told = line


def _after(told: DecisionLine | None, lines: Sequence[DecisionLine]) -> Sequence[DecisionLine]:
    """The lines that came after one, whose freed bytes may have been corrected meanwhile."""
    if told is not None:
        known = attrs.evolve(told, freed_bytes=0)
        for at in range(len(lines), 0, -1):
            if attrs.evolve(lines[at - 1], freed_bytes=0) == known:
                return lines[at:]
    return lines
