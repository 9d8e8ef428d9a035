"""Machines, models and other programs as they are drawn; users who press Esc; then the calm.

The story tells nothing: what must hold is what the judge and the inspection look at, and at the end
that every user is answered, or told that their model is too large for this machine.
"""

from __future__ import annotations

import attrs
import trio

from ...protocols.settings_data import MemorySettings
from ..engine import Life
from ..worker.life import WorkerLife
from ..world.client import Answer, Client
from ..world.world import World
from .memory import Hog, Model, talk, use_models
from .memory_judge import is_refused, is_whole, judge

MACHINE_GIBIBYTES = (6.0, 24.0)
MODEL_GIBIBYTES = (0.5, 10.0)
MODELS_MAX = 4
USERS_MAX = 6
PROMPTS_MAX = 6
PAUSE_SECONDS = (0.0, 40.0)
ESC_CHANCE = 0.3
ESC_SECONDS = (0.0, 30.0)
TRUTH = (0.8, 1.05)
"""What becomes of a byte foretold: the watcher has a margin for as much."""
HOG_SHARE_MAX = 0.9
HOG_PAUSE_SECONDS = (0.0, 30.0)
IDLE_MINUTES = (0.1, 0.5, 10.0, 0.0)
ENDPOINTS = ("local", "second", "third", "fourth")


async def memory_storm(world: World) -> None:
    """A storm, and the calm after it."""
    random = world.random
    models = [draw_model(world, name) for name in ENDPOINTS[: random.randint(1, MODELS_MAX)]]
    world.memory.truth = random.uniform(*TRUTH)
    await use_models(
        world, models, draw_memory(world), gibibytes=random.uniform(*MACHINE_GIBIBYTES)
    )
    world.engine.lives = [draw_life(world) for _ in range(8)]
    world.workers.lives = [draw_worker_life(world) for _ in range(8)]
    world.may_cut = True
    async with trio.open_nursery() as weather:
        weather.start_soon(other_programs, world)
        async with trio.open_nursery() as nursery:
            for number in range(random.randint(1, USERS_MAX)):
                nursery.start_soon(use, world, number, models)
        weather.cancel_scope.cancel("the storm is over")
    await Hog(world).take(0.0)
    await trio.sleep(world.memory.rules.cool_down_seconds)
    for model in models:
        answer = await world.client("calm", model=model.id).ask("[brief #9] of calm")
        world.check(is_told(answer), f"{model} after the storm: {answer.body[-300:]!r}")
    await world.fall_quiet()
    await judge(world)


def is_told(answer: Answer) -> bool:
    """Whether somebody was answered, or refused because it can never be."""
    return is_whole(answer) or (is_refused(answer) and b"are missing" in answer.body)


def draw_model(world: World, endpoint: str) -> Model:
    """A model of any size, pinned or not."""
    random = world.random
    pinned = random.random() < 0.2
    idle_minutes = random.choice((None, *IDLE_MINUTES))
    return Model(endpoint, random.uniform(*MODEL_GIBIBYTES), pinned, idle_minutes)


def draw_memory(world: World) -> MemorySettings:
    """What the settings say of the memory."""
    budget = world.random.choice((None, world.random.uniform(4.0, 16.0)))
    return MemorySettings(budget, idle_minutes=world.random.choice(IDLE_MINUTES))


def draw_life(world: World) -> Life:
    """A managed server that takes its time."""
    random = world.random
    return Life(
        load_seconds=random.uniform(0.5, 15),
        prefill_seconds=random.uniform(0.1, 5),
        token_seconds=random.uniform(0.02, 8),
        stop_seconds=random.uniform(0.1, 1),
    )


def draw_worker_life(world: World) -> WorkerLife:
    """A worker that takes its time."""
    random = world.random
    return WorkerLife(load_seconds=random.uniform(0.5, 15), step_seconds=random.uniform(0.005, 0.3))


async def other_programs(world: World) -> None:
    """They take and give back, for ever."""
    hog, random = Hog(world), world.random
    while True:
        await trio.sleep(random.uniform(*HOG_PAUSE_SECONDS))
        await hog.take(random.uniform(0, HOG_SHARE_MAX))
        if random.random() < 0.3:
            rules = attrs.evolve(world.settings, memory=draw_memory(world))
            await world.change_settings(rules)


async def use(world: World, number: int, models: list[Model]) -> None:
    """A user's prompts to whatever models, some of which are left."""
    random = world.random
    for prompt in range(random.randint(1, PROMPTS_MAX)):
        await trio.sleep(random.uniform(*PAUSE_SECONDS))
        model = random.choice(models)
        client: Client = world.client(f"user-{number}-{prompt}", model=model.id)
        answer = client.start(talk(random, client, prompt))
        if random.random() < ESC_CHANCE:
            with trio.move_on_after(random.uniform(*ESC_SECONDS)):
                await answer.ended.wait()
            answer.press_esc()
        await answer.ended.wait()
