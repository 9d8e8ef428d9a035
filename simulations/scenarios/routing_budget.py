"""An endpoint that may use so many tokens a day: a wall, a warning before it, and the next day."""

from __future__ import annotations

import trio

from ...protocols.settings_data import Settings
from ..calendar import DAY_SECONDS
from ..world.answers import INPUT_TOKENS
from ..world.world import World
from .routing_world import Places, endpoint, place, said_by

TURN_TOKENS = INPUT_TOKENS + 1
"""What a turn uses: what is asked, and the one word that is said."""
TURNS = 3
RESTART_CHANCE = 0.15
LIMIT_TOKENS = TURNS * TURN_TOKENS - 5
"""Spent after so many turns."""
FALLING_BACK = Settings(
    endpoints=(endpoint("paid", "spare", tokens_per_day=LIMIT_TOKENS), endpoint("spare"))
)
ALONE = Settings(endpoints=(endpoint("paid", tokens_per_day=LIMIT_TOKENS),))


async def routing_budget(world: World) -> None:
    """Two days: on each the endpoint answers so many turns, and no more."""
    settings = world.random.choice((FALLING_BACK, ALONE))
    places = await Places.open(world, settings)
    client = world.client(model=place("paid"))
    for day in range(2):
        for number in range(TURNS):
            answer = await client.ask(f"day {day}, question {number}")
            told = (answer.status, said_by(answer))
            world.check(told == (200, "paid"), f"on day {day} before the wall: {told}")
            await trio.sleep(0.1)
            if world.random.random() < RESTART_CHANCE:
                await world.stop_server()
                await world.start_server()
        asked = places.asked("paid")
        wanted = (200, "spare") if settings is FALLING_BACK else (403, "")
        for number in range(2):
            answer = await client.ask(f"day {day}, beyond {number}")
            told = (answer.status, said_by(answer))
            world.check(told == wanted, f"on day {day} behind the wall: {told}")
        beyond = places.asked("paid") - asked
        world.check(not beyond, f"{beyond} turns went through the wall")
        world.calendar.skip(world.random.uniform(DAY_SECONDS / 1.2, DAY_SECONDS))
