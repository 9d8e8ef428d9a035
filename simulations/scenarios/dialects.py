"""Each dialect as it is served, before each as an endpoint speaks it: a talk, and tools.

The seed draws the manner of each endpoint, such as calls in one piece or in many, and whether the
clients are streamed to. Nothing goes wrong here.
"""

from __future__ import annotations

import trio

from ..dialects.dialects import EARS
from ..dialects.house import ENDPOINTS, House
from ..world.claude import OutcomeKind
from ..world.world import World

PROMPTS = ("[talk #1]", "[tools #2]")


async def dialects(world: World) -> None:
    """All pairs at once, each in a session of its own."""
    house = await House.open(world)
    async with trio.open_nursery() as nursery:
        for endpoint in ENDPOINTS:
            for dialect in EARS:
                if dialect == "anthropic":
                    nursery.start_soon(claude_talk, house, endpoint)
                else:
                    nursery.start_soon(talk, house, dialect, endpoint)
    await world.fall_quiet()
    asked = sum(len(each) for each in house.exchanges.values())
    world.check(len(world.ledger) == asked, f"{asked} exchanges, {len(world.ledger)} lines")


async def talk(house: House, dialect: str, endpoint: str) -> None:
    """A plain client's conversation."""
    talker = house.talker(dialect, endpoint, streamed=house.world.random.random() < 0.5)
    for prompt in PROMPTS:
        answer = await talker.talk(prompt)
        told = (answer.status, answer.ending, answer.heard.complaints)
        house.world.check(answer.heard.whole, f"{dialect} at {endpoint}, {prompt}: {told}")
    wanted = len(PROMPTS) + 1
    house.world.check(len(talker.answers) == wanted, f"{dialect} asked {len(talker.answers)} times")


async def claude_talk(house: House, endpoint: str) -> None:
    """The same for a Claude Code."""
    claude = house.claude(f"claude-at-{endpoint}", endpoint)
    for prompt in PROMPTS:
        outcome = await claude.ask(prompt)
        house.world.check(outcome.kind is OutcomeKind.ANSWERED, f"{endpoint}, {prompt}: {outcome}")
    claude.quit()
