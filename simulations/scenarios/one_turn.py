"""One streamed turn: what the endpoint says is what the client reads, byte for byte."""

from __future__ import annotations

from ...protocols.records import TurnOutcome
from ..world.answers import INPUT_TOKENS, TEXTS, answer_events
from ..world.client import AnswerEnding
from ..world.peer import Ending
from ..world.world import World


async def one_turn(world: World) -> None:
    """A client asks, reads to the end, and asks again in the same session."""
    client = world.client()
    for question in ("Hamlet?", "And then?"):
        answer = await client.ask(question)
        world.check(answer.status == 200, f"the status is {answer.status}")
        world.check(answer.ending is AnswerEnding.COMPLETE, f"the answer is {answer.ending}")
        world.check(answer.body == b"".join(answer_events()), "the bytes have changed")
    await world.fall_quiet()
    endings = [exchange.ending for exchange in world.peer.exchanges]
    world.check(endings == [Ending.COMPLETE] * 2, f"the endpoint saw {endings}")
    world.check(len(world.ledger) == 2, f"the ledger has {len(world.ledger)} lines")
    for line in world.ledger:
        counted = (line.usage.input_tokens, line.usage.output_tokens)
        world.check(line.outcome is TurnOutcome.ANSWERED, f"the line says {line.outcome}")
        world.check(counted == (INPUT_TOKENS, len(TEXTS)), f"the line counts {counted}")
