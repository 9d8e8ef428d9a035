"""A machine that is played: its memory, other programs, and processes that load and answer models.

It has no opinion about who should leave. What a process takes is never more than what was said of
it and the margin: who lies about its need is the business of the kernel's limits, not of a policy.
"""

from __future__ import annotations

from math import inf
from random import Random

import attrs
from understudy.protocols.resources.lease import LeaseUsage, TakeLease
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.reading import (
    MemoryReading,
    Pressure,
    PressureLevel,
    ProcessMemory,
)

GIB = 2**30
MIB = 2**20


@attrs.frozen
class Weather:
    """What kind of history it is. Sizes are shares of the machine.

    `others` are what other programs may have; after `squeezed_from` seconds they leave available
    what `available` says. `stalls` is the chance of a noise in the pressure, of one step.
    """

    models: int
    weights: tuple[float, float]
    answers: tuple[float, ...]
    others: tuple[float, ...]
    stalls: float = 0.0
    squeezed_from: float = inf
    available: tuple[float, float] = (0.0, 0.0)


CROWDED = Weather(4, (0.2, 0.4), (5.0, 40.0, 200.0), (0.05, 0.15))
SQUEEZED = Weather(6, (0.02, 0.08), (0.5,), (0.1, 0.2), squeezed_from=8.0, available=(0.05, 0.13))
CRISIS = Weather(4, (0.05, 0.3), (0.5, 5.0, 200.0), (0.1, 0.4, 0.8, 0.97), 0.1)
MIXED = Weather(5, (0.03, 0.35), (0.5, 5.0, 40.0), (0.05, 0.2, 0.4, 0.6), 0.03)
WEATHERS = (CROWDED, SQUEEZED, CRISIS, MIXED)


@attrs.define(eq=False)
class Model:
    """A model of one endpoint. `lazy` fills its cache by use, as some engines do."""

    name: str
    need: MemoryNeed
    load_seconds: float
    buffers_bytes: int
    pinned: bool = False
    lazy: bool = False
    idle_seconds_max: float = inf


@attrs.define(eq=False)
class Process:
    """One process of a model, from its grant to its end."""

    model: Model
    usage: LeaseUsage
    loaded_at: float
    is_loaded: bool = False
    touched: float = 0.0
    """The part of the cache that holds something."""
    answers: list[float] = attrs.field(factory=list[float])
    """When each ends."""
    leaves_at: float = inf
    """When it ends, if by then it answers nobody."""
    is_cut: bool = False

    @property
    def private_bytes(self) -> int:
        """What is taken from everybody else."""
        if not self.is_loaded:
            return int(self.touched * (self.model.need.cache_bytes + self.model.buffers_bytes))
        return int(self.touched * self.model.need.cache_bytes) + self.model.buffers_bytes

    @property
    def full_bytes(self) -> int:
        """What it will have taken when it has been used in every way, its file included."""
        need = self.model.need
        return need.weights_bytes + need.cache_bytes + self.model.buffers_bytes

    def memory(self) -> ProcessMemory:
        """As the system would say."""
        return ProcessMemory(self.private_bytes, self.model.need.weights_bytes)


class Machine:
    """The processes by lease, and everybody else."""

    def __init__(self, weather: Weather, random: Random) -> None:
        self.weather = weather
        self.random = random
        self.total_bytes = random.choice((20, 32, 64)) * GIB
        self.others_bytes = int(self.total_bytes * weather.others[0])
        self.processes: dict[int, Process] = {}
        self.full_percent = 0.0
        self.level = PressureLevel.UNKNOWN
        self.models = [self._model(f"m{at}") for at in range(weather.models)]

    @property
    def available_bytes(self) -> int:
        """What the kernel would say; mapped files do not count as taken."""
        taken = sum(process.private_bytes for process in self.processes.values())
        return max(0, self.total_bytes - self.others_bytes - taken)

    def reading(self) -> MemoryReading:
        """What is read now."""
        full = self.full_percent
        return MemoryReading(
            self.total_bytes,
            self.available_bytes,
            pressure=Pressure(min(100.0, 3 * full), full),
            level=self.level,
        )

    def wish(self, model: Model) -> TakeLease:
        """What its backend would ask for."""
        return TakeLease(
            model.name,
            model.name,
            model.need,
            LeaseUsage(),
            model.pinned,
            model.idle_seconds_max,
            self.random.choice((0.0, model.load_seconds)),
        )

    def move(self, now: float) -> None:
        """Other programs take and give; processes go on with what they do."""
        random = self.random
        if random.random() < 0.12:
            self.others_bytes = int(self.total_bytes * random.choice(self.weather.others))
        if now >= self.weather.squeezed_from and random.random() < 0.5:
            share = random.uniform(*self.weather.available)
            self.others_bytes += self.available_bytes - int(self.total_bytes * share)
        for process in self.processes.values():
            if process.answers or not process.is_loaded:
                process.touched = max(process.touched, random.uniform(0.0, 1.0))
            ended = [end for end in process.answers if end <= now or process.is_cut]
            process.answers = [end for end in process.answers if end not in ended]
            if ended and not process.answers:
                process.usage.idle_since_seconds = now
            process.usage.answers = len(process.answers)
        self._stall()

    def _stall(self) -> None:
        """Whoever computes with weights that do not stay in memory makes all wait."""
        working = sum(
            process.model.need.weights_bytes
            for process in self.processes.values()
            if process.answers
        )
        lacking = max(0, working - self.available_bytes) / self.total_bytes
        noise = self.random.choice((1.5, 4.0, 12.0))
        if self.random.random() >= self.weather.stalls:
            noise = 0.0
        self.full_percent = min(100.0, 60 * lacking + noise)
        self.level = self.random.choice((PressureLevel.UNKNOWN,) * 30 + (PressureLevel.WARNING,))

    def _model(self, name: str) -> Model:
        random = self.random
        weights = int(self.total_bytes * random.uniform(*self.weather.weights))
        tokens = random.choice((4096, 32768))
        cache = int(self.total_bytes * random.uniform(0.0, 0.1))
        buffers = random.randrange(64, 512) * MIB
        lazy = random.random() < 0.3
        most = 1.0 if lazy else 1.2
        need = MemoryNeed(weights, cache, buffers, tokens, cache // tokens)
        return Model(
            name,
            need,
            random.choice((0.5, 3.0, 20.0)),
            int(buffers * random.uniform(0.3, most)),
            pinned=random.random() < 0.1,
            lazy=lazy,
            idle_seconds_max=random.choice((inf, 8.0, 100.0)),
        )
