"""Esc in a translated turn: before the head, in mid-stream, in a call, and not streamed at all.

It reaches the endpoint as soon as in a relayed turn, in as many passes of the run loop, and the
next prompt is answered. After twenty silent seconds the head that stands is our own.
"""

from __future__ import annotations

import trio

from ...protocols.records import TurnOutcome
from ..dialects.dialects import EARS
from ..dialects.ear import Prompt
from ..dialects.house import ENDPOINTS, House
from ..dialects.stalling import PLACES, stalling
from ..world.client import AnswerEnding
from ..world.inspection import ESC_SECONDS_MAX
from ..world.peer import Ending
from ..world.world import World
from .esc import JOINED_PASSES_MAX, LEFT_PASSES_MAX, watch_esc

WAIT_SECONDS_MAX = 40.0


async def translated_esc(world: World) -> None:
    """The endpoint says a part of its answer and falls silent; the client leaves and asks anew."""
    house = await House.open(world)
    endpoint, place = world.random.choice([*ENDPOINTS]), world.random.choice(PLACES)
    dialect = world.random.choice([name for name in EARS if name != ENDPOINTS[endpoint]])
    speaker, pieces = house.speakers[endpoint], world.random.randrange(1, 40)
    speaker.script_of = lambda _asked, meaning: stalling(speaker, place, pieces, meaning)
    talker = house.talker(dialect, endpoint, streamed=place != "not streamed")
    talker.turns = [Prompt("[tools #1]")]
    answer = talker.begin()
    await trio.sleep(3 + world.random.uniform(0, WAIT_SECONDS_MAX))
    world.check(answer.ending is AnswerEnding.OPEN, f"before Esc it is {answer.ending}")
    left, joined = watch_esc(world)
    answer.press_esc()
    await world.fall_quiet()
    world.check(0 < left.passes <= LEFT_PASSES_MAX, f"upstream left in pass {left.passes}")
    world.check(0 < joined.passes <= JOINED_PASSES_MAX, f"joined in pass {joined.passes}")
    [exchange] = speaker.exchanges
    world.check(exchange.ending is Ending.LEFT, f"the endpoint saw {exchange.ending}")
    took_seconds = exchange.left_seconds - answer.left_seconds
    world.check(took_seconds <= ESC_SECONDS_MAX, f"Esc took {took_seconds:.3f} s")
    outcomes = [line.outcome for line in world.ledger]
    world.check(outcomes == [TurnOutcome.CANCELLED], f"the ledger says {outcomes}")
    speaker.script_of, talker.turns = None, []
    again = await talker.talk("[talk #2]")
    world.check(again.heard.whole, f"the next answer is {again.status}, {again.body[:200]!r}")
