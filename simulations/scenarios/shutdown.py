"""The server stops with turns in flight, and starts again: its state is there, nothing else."""

from __future__ import annotations

import trio

from ...protocols.records import TurnOutcome
from ..world.answers import INPUT_TOKENS, answer_events, streamed
from ..world.client import AnswerEnding
from ..world.peer import Ending
from ..world.world import World

SHORT_SECONDS, LONG_SECONDS = 0.1, 2.0
"""Pauses between the events of an answer that ends within the grace, and of one that does not."""


async def shutdown_with_turns_in_flight(world: World) -> None:
    """Who can finish within the grace does; who cannot is cut; both are in the ledger."""
    world.may_cut = True
    world.peer.respond = lambda _body: streamed(pause_seconds=SHORT_SECONDS)
    world.peers["home.test"].respond = lambda _body: streamed(pause_seconds=LONG_SECONDS)
    short = world.client("short").start("Quickly")
    long = world.client("long", model="home/claude-y").start("Slowly")
    await trio.sleep(world.random.uniform(0.05, 1))
    started_seconds = trio.current_time()
    await world.stop_server()
    took_seconds = trio.current_time() - started_seconds
    world.check(took_seconds < 8, f"stopping took {took_seconds:.1f} s")
    world.check(short.body == b"".join(answer_events()), f"the short turn was {short.ending}")
    await trio.sleep(0.1)
    world.check(long.ending is AnswerEnding.CUT, f"the long turn was {long.ending}")
    endings = [exchange.ending for exchange in world.exchanges]
    world.check(endings == [Ending.COMPLETE, Ending.LEFT], f"the endpoints saw {endings}")
    outcomes = [line.outcome for line in world.ledger]
    wanted = [TurnOutcome.ANSWERED, TurnOutcome.CANCELLED]
    world.check(outcomes == wanted, f"the ledger on disk says {outcomes}")
    refused = await world.client("late").ask("Anyone?")
    world.check(refused.status == 0, f"a stopped server answered {refused.status}")
    await world.start_server()


async def restart_with_state(world: World) -> None:
    """A conversation goes on after a restart, and after a crash, and is counted on."""
    world.peer.respond = lambda _body: streamed(pause_seconds=0)
    client = world.client()
    for number, end in enumerate((world.stop_server, world.crash_server, world.stop_server), 1):
        answer = await client.ask("Where were we?")
        world.check(answer.body == b"".join(answer_events()), f"life {number}: {answer.status}")
        await world.fall_quiet()
        await end()
        [record] = world.stored.conversations.values()
        kept = (record.turns, record.model, record.input_tokens)
        wanted = (number, "work/claude-x", INPUT_TOKENS)
        world.check(kept == wanted, f"on disk after life {number}: {kept}")
        await trio.sleep(world.random.uniform(0, 60))
        await world.start_server()
