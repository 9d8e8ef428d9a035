"""Prompts that are remembered: what has been read once is not read again.

Not by the next turn, not when the user comes back from another model, not when others have filled
the worker's memory meanwhile, and not when the worker or the whole server was started anew. How
many tokens were computed is counted where they are computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import attrs

from ..worker.answering import Answering
from ..worker.life import WELL, WorkerLife
from ..worker.vocabulary import tokens_of
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.world import World
from .worker import MODEL

AWAY = "work/claude-x"
OTHERS = 20
"""Conversations of others: more than the worker's memory has sequences for."""
TALKS = 6
MARKS = 6
"""Of the template, around what is new: they may have to be read again."""


async def worker_returns(world: World) -> None:
    """Turns here, turns elsewhere, and back; others in between; at last a new server."""
    await world.use_workers()
    world.may_cut = True  # connections that the client has kept
    claude = world.claude("moving", model=MODEL)
    for number in range(3):
        await remembered(world, claude, f"[talk #{number}] of moving")
    await elsewhere(world, claude)
    await remembered(world, claude, "[talk #3] of moving")
    for number in range(OTHERS):
        other = world.claude(f"other-{number}", model=MODEL)
        await answered(world, other, f"[brief #{number}] of {other.session}")
        other.quit()
    await world.fall_quiet()
    await elsewhere(world, claude)
    last = await remembered(world, claude, "[talk #4] of moving")
    _check_restored(world, last)
    await world.fall_quiet()
    if world.random.random() < 0.5:
        await world.stop_server()
    else:
        await world.crash_server()
    await world.start_server()
    late = world.claude("late", model=MODEL)
    await answered(world, late, "[brief #99] of late")
    late.quit()
    last = await remembered(world, claude, "[talk #5] of moving")
    _check_restored(world, last)
    claude.quit()


async def worker_crash_forgets_nothing(world: World) -> None:
    """The worker dies in mid-answer; what was written while it was idle is the next one's."""
    await world.use_workers()
    world.workers.lives = [WorkerLife(crash_pieces=world.random.randint(40, 50)), WELL]
    world.may_cut = True
    claude = world.claude("moving", model=MODEL)
    await answered(world, claude, "[brief #0] of moving")
    await world.fall_quiet()
    outcome = await claude.ask("[long #1] of moving")
    world.check(outcome.kind is OutcomeKind.ANSWERED, f"it ended as {outcome}")
    world.check(world.workers.starts == 2, f"{world.workers.starts} workers were started")
    _check_restored(world, world.workers.answers[-1])
    claude.quit()
    await world.fall_quiet()
    await world.stop_server()
    await world.start_server()
    await ask_otherwise(world)


async def ask_otherwise(world: World) -> None:
    """Somebody whose prompt begins as the one that is on disk: that much of it is used."""
    other = world.claude("other", model=MODEL)
    await answered(world, other, "[talk #1] of other")
    _check_restored(world, world.workers.answers[-1])
    other.quit()


async def worker_bad_files(world: World) -> None:
    """Files that cannot be written, cannot be read, or are not what was written: nobody notices."""
    await world.use_workers()
    world.may_cut = True  # connections that the clients have kept
    world.chance.start("state files.")
    claudes = [world.claude(f"talk-{number}", model=MODEL) for number in range(TALKS)]
    for turn in range(2):
        for claude in claudes:
            await answered(world, claude, f"[brief #{turn}] of {claude.session}")
        await world.fall_quiet()
        await world.stop_server()
        await world.start_server()
    for claude in claudes:
        claude.quit()


async def elsewhere(world: World, claude: ClaudeCode) -> None:
    """The user asks another model, and comes back."""
    claude.sender = attrs.evolve(claude.sender, model=AWAY)
    await answered(world, claude, "And you?")
    claude.sender = attrs.evolve(claude.sender, model=MODEL)


async def answered(world: World, claude: ClaudeCode, text: str) -> None:
    """A turn that goes well."""
    outcome = await claude.ask(text)
    world.check(outcome.kind is OutcomeKind.ANSWERED, f"{text} ended as {outcome}")


async def remembered(world: World, claude: ClaudeCode, text: str) -> Answering:
    """A turn in which nothing is computed but what this conversation has not said before."""
    own = [answer for answer in world.workers.answers if answer.tag.endswith(" of moving")]
    computed = world.workers.computed_tokens
    await answered(world, claude, text)
    computed = world.workers.computed_tokens - computed
    answer = world.workers.answers[-1]
    known = max((_common(answer, before) for before in own), default=0)
    new = len(answer.prompt) - known + answer.output_tokens
    words = f"{text}: {computed} tokens were computed, {new} are new"
    world.check(computed <= new + MARKS, words)
    world.check(not own or known > len(own[-1].prompt), f"{text}: only {known} tokens are known")
    return answer


def _common(answer: Answering, before: Answering) -> int:
    """How much of a prompt an earlier one and its answer begin with."""
    known: Sequence[int] = [*before.prompt, *tokens_of(before.said)]
    pairs = zip(answer.prompt, known, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _check_restored(world: World, answer: Answering) -> None:
    restored = answer.started.restored_tokens if answer.started is not None else 0
    world.check(restored > 0, f"{answer.tag} was read again, and not restored")
