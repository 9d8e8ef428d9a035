"""Models that do not all fit into the machine's memory, and other programs that want some of it
too.

Each story is told with managed servers or with workers, as the seed draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import attrs
import trio

from ...protocols.resources.need import MemoryNeed
from ...protocols.resources.report import WAITING, DescribeMemory
from ...protocols.resources.rules import GIBIBYTE
from ...protocols.settings_data import EndpointSettings, MemorySettings, Settings
from ...protocols.settings_memory import rules_of
from ..engine import REPLY, Life
from ..worker.life import WorkerLife
from ..world.client import Answer, Client
from ..world.world import SETTINGS, World
from .memory_judge import is_refused, is_whole, judge

WINDOW_TOKENS = 32_768
MACHINE_GIBIBYTES = 16.0
"""Of which 1.5 stay free: two models of 5.25 fit, three do not."""
WEIGHTS_SHARE, CACHE_SHARE = 0.67, 0.28
TURNS = 5
PAUSE_SECONDS = (0.0, 30.0)
LONG_SECONDS, HOGGED_SECONDS = 40.0, 200.0
"""What a long answer takes, and one during which other programs may take all that there is."""
LONG_STEPS = 80
"""Of a worker."""
HOG_BYTES_PER_SECOND = GIBIBYTE // 5
"""How fast other programs take memory: the watcher has a second, and a cut one more."""
HOG_SECONDS = 0.25
TOLD_SECONDS = 1.0


@attrs.frozen
class Model:
    """An endpoint of this machine, and what its model needs."""

    endpoint: str
    gibibytes: float = 5.25
    pinned: bool = False
    idle_minutes: float | None = None

    @property
    def id(self) -> str:
        """How clients name it."""
        return f"{self.endpoint}/m"

    @property
    def file(self) -> str:
        """Where it lies."""
        return f"{self.endpoint}.gguf"

    @property
    def need(self) -> MemoryNeed:
        """What it needs, most of it for its weights."""
        total = int(self.gibibytes * GIBIBYTE)
        weights, cache = int(total * WEIGHTS_SHARE), int(total * CACHE_SHARE)
        rest = total - weights - cache
        return MemoryNeed(weights, cache, rest, WINDOW_TOKENS, cache // WINDOW_TOKENS)

    @property
    def settings(self) -> EndpointSettings:
        """Its endpoint."""
        return EndpointSettings(
            self.endpoint,
            ("m",),
            engine="llama.cpp",
            file=self.file,
            context_tokens=WINDOW_TOKENS,
            pinned=self.pinned,
            idle_minutes=self.idle_minutes,
        )


THREE = (Model("local"), Model("second"), Model("third"))


async def use_models(
    world: World,
    models: Sequence[Model],
    memory: MemorySettings = MemorySettings(),  # noqa: B008 frozen, so it may be shared
    *,
    gibibytes: float = MACHINE_GIBIBYTES,
) -> None:
    """A machine of that size with these models; who runs them is drawn."""
    world.memory.total_bytes = int(gibibytes * GIBIBYTE)
    world.memory.needs = {model.file: model.need for model in models}
    world.memory.rules = rules_of(memory)
    peers = tuple(end for end in SETTINGS.endpoints if end.engine is None)
    settings = Settings(endpoints=(*peers, *(each.settings for each in models)), memory=memory)
    await world.use_memory(settings, is_direct=world.random.random() < 0.5)
    world.engine.lives, world.workers.lives = [Life()], [WorkerLife()]


async def memory_two_of_three(world: World) -> None:
    """Three users, each with a model of their own, of which two fit: all are answered."""
    await use_models(world, THREE)
    async with trio.open_nursery() as nursery:
        for model in THREE:
            client = world.client(f"user of {model.endpoint}", model=model.id)
            nursery.start_soon(alternate, world, client)
    await world.fall_quiet()
    answers = [answer for client in world.clients for answer in client.answers]
    refused = [answer.body[-200:] for answer in answers if not is_whole(answer)]
    world.check(not refused, f"not answered: {refused}")
    starts = world.engine.starts + world.workers.starts
    world.check(len(THREE) <= starts <= len(answers), f"{starts} loads for {len(answers)} turns")
    await judge(world)


async def alternate(world: World, client: Client) -> None:
    """A user's turns, with pauses in which others come."""
    for number in range(TURNS):
        await trio.sleep(world.random.uniform(*PAUSE_SECONDS))
        await client.ask(talk(world.random, client, number))


async def memory_hog(world: World) -> None:
    """Other programs take more and more while models answer, and give it back; then all is well."""
    await use_models(world, THREE[:2])
    world.may_cut = True
    have_long_answers(world, HOGGED_SECONDS)
    hog = Hog(world)
    async with trio.open_nursery() as nursery:
        for model in THREE[:2]:
            client = world.client(f"user of {model.endpoint}", model=model.id)
            nursery.start_soon(alternate, world, client)
        for _ in range(3):
            await trio.sleep(world.random.uniform(0, 20))
            await hog.take(world.random.uniform(0, 0.95))
            await trio.sleep(world.random.uniform(0, 30))
            await hog.take(0.0)
    await trio.sleep(world.memory.rules.cool_down_seconds)
    for model in THREE[:2]:
        answer = await world.client("afterwards", model=model.id).ask("[talk #9] of afterwards")
        world.check(is_whole(answer), f"all is free again, and {answer.body[-300:]!r}")
    await world.fall_quiet()
    await judge(world)


async def memory_refusal(world: World) -> None:
    """A model that can never fit names who else could answer; Esc takes a wish out of the queue."""
    large = Model("large", 40.0)
    await use_models(world, (*THREE, large))
    refused = await world.client("greedy", model=large.id).ask("[talk #1] of greedy")
    world.check(is_refused(refused), f"status {refused.status}: {refused.body[-300:]!r}")
    for other in (b"`local/m`", b"`work/claude-x` (remote)"):
        world.check(other in refused.body, f"{other!r} is not offered: {refused.body!r}")
    world.check(not world.exchanges, "another endpoint was asked although nobody chose it")
    have_long_answers(world)
    talks = [await begun(world, model) for model in THREE[:2]]
    waiting = world.client("waits", model=THREE[2].id).start("[talk #3] of waits")
    await trio.sleep(world.random.uniform(0.5, 5))
    states = await lease_states(world)
    world.check(WAITING in states, f"nobody waits: {states}")
    waiting.press_esc()
    await trio.sleep(TOLD_SECONDS)
    states = await lease_states(world)
    world.check(WAITING not in states, f"after Esc the wish is still there: {states}")
    for answer in talks:
        await answer.ended.wait()
        world.check(is_whole(answer), f"an answer was not let come to its end: {answer.ending}")
    last = await world.client("last", model=THREE[2].id).ask("[talk #4] of last")
    world.check(is_whole(last), f"status {last.status}: {last.body[-300:]!r}")
    await world.fall_quiet()
    await judge(world)


async def begun(world: World, model: Model) -> Answer:
    """An answer that has begun and goes on for long."""
    client = world.client(f"user of {model.endpoint}", model=model.id)
    answer = client.start(f"[long #1] of {client.name}")
    await answer.wait_until(lambda: b"content_block_delta" in answer.body)
    return answer


async def lease_states(world: World) -> list[str]:
    """How those stand who hold memory, or want it."""
    report = await world.life.resources.ask(DescribeMemory())
    return [lease.state for lease in report.leases]


def have_long_answers(world: World, seconds: float = LONG_SECONDS) -> None:
    """From the next load on."""
    world.engine.lives = [Life(token_seconds=seconds / len(REPLY))]
    world.workers.lives = [WorkerLife(step_seconds=seconds / LONG_STEPS)]


def talk(random: Random, client: Client, number: int) -> str:
    """A question that is nobody else's."""
    return f"[{random.choice(('talk', 'brief', 'long'))} #{number}] of {client.name}"


@attrs.frozen
class Hog:
    """Other programs, which take memory and give it back at a pace that a machine has."""

    world: World
    bytes_per_second: float = HOG_BYTES_PER_SECOND

    async def take(self, share: float) -> None:
        """Until they have that share of the machine."""
        memory = self.world.memory
        wanted, step = int(memory.total_bytes * share), int(self.bytes_per_second * HOG_SECONDS)
        while memory.other_bytes != wanted:
            await trio.sleep(HOG_SECONDS)
            missing = wanted - memory.other_bytes
            memory.other_bytes += max(-20 * step, min(step, missing))
