"""The memory of a machine, made of virtual time: other programs, models, pressure, and the killer.

Other programs take `other_bytes`, which a story changes as it likes. A model's process takes what
its file needs, more and more while it loads: its weights as pages of a file, which the kernel gives
to whoever asks and reads again, the rest for itself. So there are two ways to have too little. When
all that is wanted is more than there is, pages go to and fro and programs wait: that is pressure,
and it is told as the kernel tells it, by an average and by a trigger. When what cannot be given
back is more than there is, the largest process is killed: nobody's memory may come to that, and a
judge looks at `kills`.

`live` has the time pass for the averages and the killer. A story that needs neither has none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from math import exp

import attrs
import trio

from ..io.ports import Memory
from ..protocols.resources.need import MemoryNeed
from ..protocols.resources.reading import MemoryReading, Pressure, ProcessMemory
from ..protocols.resources.rules import GIBIBYTE, MemoryRules

ROOMY_BYTES = 1024 * GIBIBYTE
SMALL = MemoryNeed(GIBIBYTE // 8, GIBIBYTE // 16, GIBIBYTE // 16)
"""What a model needs whose file nobody has spoken of."""
TICK_SECONDS = 0.1
AVERAGE_SECONDS = 10.0
"""Of the kernel's averages, which fall by 1/e in that time."""
TRIGGER_PERCENT = 5.0
STALL_PERCENT = 400.0
"""How much programs wait for each part of the memory that is wanted and is not there."""


@attrs.define(eq=False)
class Holding:
    """What a process takes once it has loaded, which takes `load_seconds`; `kill` ends it."""

    name: str
    need: MemoryNeed
    load_seconds: float
    kill: Callable[[], None]
    began_seconds: float = attrs.field(factory=trio.current_time)

    @property
    def share(self) -> float:
        """How far it has loaded."""
        if self.load_seconds <= 0:
            return 1.0
        return min(1.0, (trio.current_time() - self.began_seconds) / self.load_seconds)

    @property
    def memory(self) -> ProcessMemory:
        """What it holds now."""
        private_bytes = self.need.cache_bytes + self.need.buffers_bytes
        weights_bytes = self.need.weights_bytes
        return ProcessMemory(int(private_bytes * self.share), int(weights_bytes * self.share))


class SimulatedMemory(Memory):
    """See the module. `needs` are by a model's file, and each private byte foretold becomes
    `truth`.

    `rules` are the product's: by them it is judged when the machine was about to swap.
    """

    def __init__(self, total_bytes: int = ROOMY_BYTES) -> None:
        self.total_bytes = total_bytes
        self.other_bytes = 0
        self.rules = MemoryRules()
        self.needs: dict[str, MemoryNeed] = {}
        self.truth = 1.0
        self.kills: list[str] = []
        self.readings = 0
        self._holdings: dict[int, Holding] = {}
        self._is_critical = False
        self._critical: list[list[float]] = []
        """From when to when it was about to swap."""
        self._some = self._full = 0.0
        self._stalled = trio.Event()

    def need(self, file: str) -> MemoryNeed:
        """What a model's file says that it needs."""
        return self.needs.get(file, SMALL)

    @contextmanager
    def held(
        self, process_id: int, file: str, load_seconds: float, kill: Callable[[], None]
    ) -> Generator[Holding]:
        """A process loads a model, and holds it until it has gone."""
        need = self.need(file)
        taken = attrs.evolve(
            need,
            cache_bytes=int(need.cache_bytes * self.truth),
            buffers_bytes=int(need.buffers_bytes * self.truth),
        )
        assert process_id not in self._holdings, f"process {process_id} lives"
        holding = self._holdings[process_id] = Holding(file, taken, load_seconds, kill)
        try:
            yield holding
        finally:
            self._holdings.pop(process_id, None)

    @property
    def free_bytes(self) -> int:
        """What nobody has for itself; negative for as long as the killer takes."""
        private = sum(each.memory.private_bytes for each in self._holdings.values())
        return self.total_bytes - self.other_bytes - private

    @property
    def holders(self) -> list[str]:
        """The files of those that hold memory."""
        return [each.name for each in self._holdings.values()]

    def was_critical(self, since_seconds: float, until_seconds: float) -> bool:
        """Whether the machine was about to swap at any moment in between."""
        return any(
            began <= until_seconds and ended >= since_seconds for began, ended in self._critical
        )

    async def read(self) -> MemoryReading:
        """See Memory.read."""
        await trio.lowlevel.checkpoint()
        self.readings += 1
        self._note_critical()
        return MemoryReading(self.total_bytes, max(0, self.free_bytes), pressure=self._pressure)

    async def process(self, process_id: int) -> ProcessMemory | None:
        """See Memory.process."""
        await trio.lowlevel.checkpoint()
        holding = self._holdings.get(process_id)
        return None if holding is None else holding.memory

    async def pressed(self) -> None:
        """See Memory.pressed."""
        await self._stalled.wait()

    async def live(self) -> None:
        """Has time pass: stalls are felt, and told, and the killer looks around."""
        share = exp(-TICK_SECONDS / AVERAGE_SECONDS)
        while True:
            await trio.sleep(TICK_SECONDS)
            self._kill_if_overcommitted()
            stall = self._stall_percent
            self._some = self._some * share + stall * (1 - share)
            self._full = self._full * share + stall / 2 * (1 - share)
            self._note_critical()
            if stall >= TRIGGER_PERCENT:
                self._stalled.set()
                self._stalled = trio.Event()

    @property
    def _pressure(self) -> Pressure:
        """The averages, as exactly as the kernel tells them."""
        return Pressure(round(self._some, 2), round(self._full, 2))

    @property
    def _stall_percent(self) -> float:
        """How much of their time programs wait just now."""
        pages = sum(each.memory.file_bytes for each in self._holdings.values())
        missing = pages - self.free_bytes
        return min(100.0, max(0.0, missing / self.total_bytes * STALL_PERCENT))

    def _kill_if_overcommitted(self) -> None:
        if self.free_bytes >= 0:
            return
        holdings = self._holdings.items()
        if not holdings:
            self.kills.append("another program")
            self.other_bytes = self.total_bytes
            return
        process_id, largest = max(holdings, key=lambda pair: pair[1].memory.private_bytes)
        self.kills.append(largest.name)
        del self._holdings[process_id]
        largest.kill()

    def _note_critical(self) -> None:
        """Remembers when it was critical: from a whole threshold on, and until half of it."""
        floor_bytes = self.rules.floor_bytes(self.total_bytes)
        parts, floors = (0.5, 1.0) if self._is_critical else (1.0, 0.5)
        stalled = self._pressure.full_percent >= self.rules.full_percent_critical * parts
        critical, now = stalled or self.free_bytes < floor_bytes * floors, trio.current_time()
        if critical and not self._is_critical:
            self._critical.append([now, now])
        elif critical:
            self._critical[-1][1] = now
        self._is_critical = critical
