"""Esc in the middle of a stream, by RST: it reaches the endpoint, and leaves nothing behind."""

from __future__ import annotations

import trio

from ...protocols.records import TurnOutcome
from ..world.answers import answer_events, stalling_after, streamed
from ..world.client import AnswerEnding
from ..world.inspection import ESC_SECONDS_MAX
from ..world.passes import Watch
from ..world.peer import Ending
from ..world.world import World

DEPTH = 2
"""Calls between the connection and the upstream: the session's, and the backend's below it."""
LEFT_PASSES_MAX, JOINED_PASSES_MAX = DEPTH + 1 + 2, 2 * DEPTH + 2 + 1
"""The kernel's law, and what the connection adds: the read that hears the RST and the handler's
task on the way down, the end of that task on the way up."""


def watch_esc(world: World) -> tuple[Watch, Watch]:
    """Watches for one upstream's socket to be closed, and for one request to be over."""
    upstream, server = world.life.upstream, world.life.server
    sockets = upstream.statistics().open_connections
    requests = server.statistics().requests_in_flight
    return (
        world.passes.watch(lambda: upstream.statistics().open_connections < sockets),
        world.passes.watch(lambda: server.statistics().requests_in_flight < requests),
    )


async def esc_mid_stream(world: World) -> None:
    """The endpoint speaks for a while and falls silent; the client waits, leaves and asks anew."""
    pieces = world.random.randrange(1, len(answer_events()))
    world.peer.respond = lambda _body: stalling_after(pieces)
    client = world.client()
    answer = client.start("Go on")
    await answer.wait_until(lambda: answer.body.count(b"\n\n") >= pieces)
    await trio.sleep(world.random.uniform(0, 15))
    world.check(answer.ending is AnswerEnding.OPEN, f"before Esc it is {answer.ending}")
    left, joined = watch_esc(world)
    answer.press_esc()
    await world.fall_quiet()
    world.check(0 < left.passes <= LEFT_PASSES_MAX, f"upstream left in pass {left.passes}")
    world.check(0 < joined.passes <= JOINED_PASSES_MAX, f"joined in pass {joined.passes}")
    [exchange] = world.peer.exchanges
    world.check(exchange.ending is Ending.LEFT, f"the endpoint saw {exchange.ending}")
    took_seconds = exchange.left_seconds - answer.left_seconds
    world.check(took_seconds <= ESC_SECONDS_MAX, f"Esc took {took_seconds:.3f} s")
    world.check(len(world.ledger) == 1, f"the ledger has {len(world.ledger)} lines")
    outcomes = [line.outcome for line in world.ledger]
    world.check(outcomes == [TurnOutcome.CANCELLED], f"the ledger says {outcomes}")
    world.peer.respond = lambda _body: streamed()
    again = await client.ask("Once more")
    world.check(again.body == b"".join(answer_events()), "the next answer is not its own")
