"""Server tools before models whose API has none: the search of the web, and the search for tools.

The model calls a stand-in, we run it, and the client sees one answer: with the call, with what was
found or why nothing was, and with what the model makes of it. The search may fail, be slow, and be
left by Esc. A second search of the web is one more than the client allows.
"""

from __future__ import annotations

import trio

from ..dialects.ear import Prompt
from ..dialects.house import House
from ..dialects.searching_ear import is_failure, results_of
from ..dialects.talker import Talker, heard_of
from ..world.world import World

ENDPOINTS = ("chat", "responses", "gemini", "ollama")
USES_MAX = 2
WANTED = {"search": 1, "searches": 3, "find": 1}
"""How many results each wish has, those beyond what the client allows included."""


async def server_tools(world: World) -> None:
    """Each endpoint's model searches as often as it is asked to."""
    house = await House.open(world, search=True)
    world.chance.start("search.")
    for endpoint in ENDPOINTS:
        talker = house.searcher(endpoint, streamed=world.random.random() < 0.5)
        for number, wish in enumerate(WANTED):
            await search(world, talker, f"[{wish} #{number}]", wish)
    await leave(house)


async def search(world: World, talker: Talker, prompt: str, wish: str) -> None:
    """One prompt, and whether its results are what the search has found."""
    asked, failed = len(world.search.asked), world.search.failed
    answer = await talker.talk(prompt)
    rounds = talker.answers[-2:] if wish == "find" else [answer]
    heard = [heard_of(one, talker.ear) for one in rounds]
    world.check(answer.heard.whole, f"{talker.session}, {prompt}: {answer.body[:300]!r}")
    results = [result for one in heard for result in results_of(one)]
    world.check(len(results) == WANTED[wish], f"{prompt} has {len(results)} results")
    asked = len(world.search.asked) - asked
    world.check(asked == (0 if wish == "find" else min(WANTED[wish], USES_MAX)), f"{asked} asked")
    bad = world.search.failed - failed + max(0, WANTED[wish] - USES_MAX)
    told = sum(map(is_failure, results))
    world.check(told == bad, f"{bad} searches failed, the client was told of {told}")


async def leave(house: House) -> None:
    """Esc while the search is on: it is left as well, and the model is not asked again."""
    world = house.world
    world.chance.stop()
    talker = house.searcher(world.random.choice(ENDPOINTS))
    asked = len(world.search.asked)
    talker.turns.append(Prompt("[search #9]"))
    answer = talker.begin()
    while len(world.search.asked) == asked:
        if answer.ended.is_set():
            break
        await trio.sleep(0.1)
    answer.press_esc()
    await world.fall_quiet()
    world.check(world.search.left == 1, f"{world.search.left} searches were left")
    exchanges = world.exchanges_by_marker[answer.marker]
    world.check(len(exchanges) == 1, f"after Esc the model was asked {len(exchanges)} times")
