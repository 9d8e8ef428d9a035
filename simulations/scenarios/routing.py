"""Where turns go when a place fails: to the next one at once, and back when it is well again."""

from __future__ import annotations

import attrs
import trio

from ...protocols.records import TurnOutcome
from ...protocols.settings_data import RoutingSettings, Settings
from ..world.client import AnswerEnding, Client
from ..world.world import World
from .routing_world import FAULTS, MENDED, REFUSES, Places, endpoint, place, said_by

NAMES = ("one", "two", "three")
FALLING_BACK = Settings(
    endpoints=(endpoint("one", "two", "three"), endpoint("two"), endpoint("three", keys=2))
)
COOLDOWN_SECONDS = 15.0
KEY_REST_SECONDS, IDLE_SECONDS = 601.0, 100.0
FAILURES_TO_REST = 3
FAILED = (TurnOutcome.REFUSED, TurnOutcome.BROKEN)
REST = Settings(
    endpoints=(endpoint("one", "two"), endpoint("two")),
    routing=RoutingSettings(0, COOLDOWN_SECONDS, FAILURES_TO_REST),
)


@attrs.frozen
class RoutingFallback:
    """One kind of fault, alone: the seed's, if none is named."""

    kind: str = ""

    async def __call__(self, world: World) -> None:
        """The first place fails, then the first two, then all of them."""
        kind = self.kind or world.random.choice([*FAULTS, REFUSES])
        places = await Places.open(world, FALLING_BACK)
        if kind in MENDED or kind == REFUSES:
            await _is_mended(world, places, kind)
        else:
            await _is_seen(world, places, kind)


routing_fallback = RoutingFallback()


async def _is_mended(world: World, places: Places, kind: str) -> None:
    client = world.client(model=place("one"))
    for failing in range(len(NAMES)):
        for name in NAMES[:failing]:
            places.fail(name, [kind])
        answer = await client.ask(f"{failing} fail")
        told = (answer.status, answer.ending, said_by(answer))
        wanted = (200, AnswerEnding.COMPLETE, NAMES[failing])
        world.check(told == wanted, f"where {failing} have failed, the client saw {told}")
        # Whatever rests is well again, and idle connections are closed.
        await trio.sleep(KEY_REST_SECONDS if failing else IDLE_SECONDS)
    for name in NAMES:
        places.fail(name, ["529", "529"])
    answer = await client.ask("All fail")
    world.check(answer.status == 529, f"where all have failed the client was told {answer.status}")
    await world.fall_quiet()
    failed = sum(line.outcome in FAILED for line in world.ledger)
    world.check(failed == 1 + 2 + len(NAMES), f"{failed} attempts have failed")


async def _is_seen(world: World, places: Places, kind: str) -> None:
    """The client sees the fault, and nobody else is asked for this turn."""
    places.fail("one", [kind])
    answer = world.client(model=place("one")).start("It fails")
    with trio.move_on_after(60):
        await answer.ended.wait()
    answer.press_esc()
    world.check(places.asked("two") == 0, "another place was asked after an answer had begun")


async def routing_breaker(world: World) -> None:
    """What has failed too often rests; then one turn tries it, and if it is well all go there."""
    places = await Places.open(world, REST)
    clients = [world.client(f"session-{number}", model=place("one")) for number in range(3)]
    places.fail("one", ["500"] * FAILURES_TO_REST)
    for number in range(FAILURES_TO_REST + 2):
        answer = await clients[0].ask(f"question {number}")
        world.check(answer.status == 200, f"the client was told {answer.status}")
    asked = places.asked("one")
    world.check(asked == FAILURES_TO_REST, f"a place that should rest was asked {asked} times")
    fails_again = world.random.random() < 0.5
    await trio.sleep(COOLDOWN_SECONDS + 1)
    places.fail("one", ["500"] if fails_again else [])
    await _ask_at_once(world, clients, "After the rest")
    tries = places.asked("one") - asked
    world.check(tries == 1, f"{tries} turns tried a place at once")
    await trio.sleep(2 * COOLDOWN_SECONDS + 1)
    if fails_again:
        await _ask_at_once(world, clients, "After the longer rest")
        tries = places.asked("one") - asked
        world.check(tries == 2, f"{tries} turns have tried a place that failed twice")
    asked = places.asked("one")
    await _ask_at_once(world, clients, "All is well")
    back = places.asked("one") - asked
    world.check(
        back == len(clients), f"{back} of {len(clients)} turns went to a place that is well"
    )


async def _ask_at_once(world: World, clients: list[Client], text: str) -> None:
    answers = [client.start(text) for client in clients]
    for answer in answers:
        await answer.ended.wait()
        world.check(answer.status == 200, f"{text}: the client was told {answer.status}")
