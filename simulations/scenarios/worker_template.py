"""Another template for the same file: what was kept of prompts is of no use, and not used."""

from __future__ import annotations

from ..worker.model import SimulatedModel
from ..world.world import World
from .worker import MODEL
from .worker_returns import answered
from .worker_tools import FILE


async def worker_template(world: World) -> None:
    """The same first question before and after the model was exchanged."""
    world.workers.models[FILE] = SimulatedModel(FILE, template="one")
    await world.use_workers()
    await ask(world)
    await world.fall_quiet()
    world.check(bool(world.workers.disk.files), "nothing was written down")
    await world.stop_server()
    world.workers.models[FILE] = SimulatedModel(FILE, template="other")
    await world.start_server()
    await ask(world)
    started = world.workers.answers[-1].started
    kept = started.kept_tokens if started is not None else 0
    world.check(kept == 0, f"{kept} tokens of another template's prompts were used")


async def ask(world: World) -> None:
    """Somebody's first question, the same each time."""
    claude = world.claude("someone", model=MODEL)
    await answered(world, claude, "[talk #1] of someone")
    claude.quit()
