"""A conversation with a private endpoint, to which everything happens that might lead it astray.

Its endpoint fails and rests, the client asks for models that a rule would send elsewhere, starts
sub-agents, the settings change, and the server is restarted or crashes. Every word of it is marked:
the inspection looks for the mark wherever it must not be.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import count

import attrs
import trio

from ...protocols.settings_data import RuleSettings, Settings
from ..world.answers import call_events, paced
from ..world.claude import ClaudeCode
from ..world.peer import PeerStep
from ..world.question import read_question
from ..world.world import PRIVATE_TEXT, World
from .routing_world import MENDED, Places, endpoint, place, said_by

SMALL_MODEL = "claude-haiku-4-5"
UNKNOWN_MODEL = "claude-of-tomorrow"
PRIVATE = Settings(
    default=place("work"),
    endpoints=(
        endpoint("work"),
        endpoint("home", "vault", private=True),
        endpoint("vault", private=True),
    ),
    rules=(
        RuleSettings((place("work"),), when=("background",)),
        RuleSettings((place("work"), place("vault")), when=("sub-agent",)),
    ),
)
STEPS = 3
Event = Callable[[World, Places], Awaitable[None]]


async def routing_private(world: World) -> None:
    """A few things happen, as they are drawn; after each the conversation goes on."""
    places = await Places.open(world, PRIVATE)
    calls, plain = (
        call_events((("Agent", f"look, {PRIVATE_TEXT}"),), count(1)),
        places.scripts["home"],
    )

    def respond(body: bytes) -> Sequence[PeerStep]:
        question = read_question(body) if b"Agent" in body else None
        first = question is not None and "/" not in question.asker and not question.results
        return paced(calls, pause_seconds=0.02) if first else plain(body)

    claude = world.claude("private", model=place("home"))
    if world.random.random() < 0.5:
        world.peers["home.test"].respond = respond
        await claude.ask(f"Begin, {PRIVATE_TEXT}")
        world.peers["home.test"].respond = plain
    else:
        await _begin_badly(world, claude)
    if not any(PRIVATE_TEXT.encode() in each.body for each in world.peers["home.test"].exchanges):
        claude.quit()  # Esc came before a word of it: nothing has made the conversation private
        return
    for _ in range(STEPS):
        await world.random.choice(EVENTS)(world, places)
        model = world.random.choice((SMALL_MODEL, UNKNOWN_MODEL, place("work"), place("home")))
        answer = await world.client("private", model=model).ask(f"Go on, {PRIVATE_TEXT}")
        told = (answer.status, said_by(answer))
        at_home = answer.status != 200 or said_by(answer) in ("home", "vault")
        world.check(at_home, f"{model} of a private one is told {told}")
    claude.quit()
    await world.change_settings(PRIVATE)
    await trio.sleep(1)
    answer = await world.client("other", model=UNKNOWN_MODEL).ask("Nothing private")
    world.check(said_by(answer) == "work", "another conversation is private, too")


async def _begin_badly(world: World, claude: ClaudeCode) -> None:
    """The server crashes during the first turn, or just after it."""
    world.may_cut = True
    prompt = claude.start(f"Begin, {PRIVATE_TEXT}")
    await trio.sleep(world.random.uniform(0.01, 0.5))
    await world.crash_server()
    await world.start_server()
    prompt.press_esc()
    await prompt.wait()


async def _fail(world: World, places: Places) -> None:
    """Its endpoint fails: again and again until it rests, or all that are private."""
    kind = world.random.choice([*MENDED])
    names = world.random.choice((("home",), ("home", "vault")))
    for name in names:
        places.fail(name, [kind] * 4)
    for number in range(world.random.randint(0, 3)):
        text = f"question {number}, {PRIVATE_TEXT}"
        await world.client("private", model=place("home")).ask(text)


async def _reload(world: World, _places: Places) -> None:
    """Another rest, the private endpoints in another order, or without one of them."""
    work, home, vault = PRIVATE.endpoints
    endpoints = world.random.choice(
        [(work, vault), (work, home, vault), (vault, home, work), (home, vault)]
    )
    kept = attrs.evolve(home, fallback=()) if vault not in endpoints else home
    changed = tuple(kept if each is home else each for each in endpoints)
    rules = PRIVATE.rules if work in endpoints else ()
    default = PRIVATE.default if work in endpoints else None
    await world.change_settings(Settings(default=default, endpoints=changed, rules=rules))
    await trio.sleep(0.1)


async def _restart(world: World, _places: Places) -> None:
    await world.stop_server()
    await world.start_server()
    await trio.sleep(0.1)


async def _crash(world: World, _places: Places) -> None:
    await world.crash_server()
    await world.start_server()
    await trio.sleep(0.1)


async def _wait(world: World, _places: Places) -> None:
    """Long enough for the session to be forgotten, or not."""
    await trio.sleep(world.random.choice((1, 60, 2_000 / STEPS)))


EVENTS: Sequence[Event] = (_fail, _reload, _restart, _crash, _wait)
