"""Whose call is it? Conversations side by side call tools, and are told by the ids of their calls.

Some models give their calls the same few ids again and again: such a call belongs to several, and
nobody may take one of them for the other. What was seen outlives the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import trio

from ...protocols.tool_uses import FindToolUse
from ..world.answers import call_events, paced, streamed
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.peer import PeerStep
from ..world.question import read_question
from ..world.world import FLUSHED_SECONDS, World

SESSIONS = 4
SHARED_CHANCE = 0.3
SHARED = 0
"""The number in the id that a model gives to more than one call."""
PAUSE_SECONDS = 0.02


async def mcp_tool_ids(world: World) -> None:
    """Everybody calls; each call is known while the server lives, and after it has gone."""
    ids = count(1)

    def respond(body: bytes) -> Sequence[PeerStep]:
        if read_question(body).rounds:
            return streamed(pause_seconds=PAUSE_SECONDS)
        shared = world.random.random() < SHARED_CHANCE
        numbers = count(SHARED) if shared else ids
        return paced(call_events((("Bash", "run"),), numbers), pause_seconds=PAUSE_SECONDS)

    world.peer.respond = respond
    clients = [world.claude(f"session-{number}") for number in range(SESSIONS)]
    async with trio.open_nursery() as nursery:
        for claude in clients:
            nursery.start_soon(_talk, world, claude)
    await _check(world, clients)
    await trio.sleep(FLUSHED_SECONDS)
    await world.random.choice((world.stop_server, world.crash_server))()
    await world.start_server()
    await _check(world, clients)
    for claude in clients:
        claude.quit()


async def _talk(world: World, claude: ClaudeCode) -> None:
    claude.tools_run = {}  # an id that others have too is no tool that runs twice
    outcome = await claude.ask("question")
    world.check(outcome.kind is OutcomeKind.ANSWERED, f"{claude.session}: {outcome}")


async def _check(world: World, clients: Sequence[ClaudeCode]) -> None:
    """Each call is its own conversation's, or that of all who have one with this id."""
    owners: dict[str, set[str]] = {"toolu_unknown": set()}
    for claude in clients:
        for tool_use in claude.tools_run:
            owners.setdefault(tool_use, set()).add(claude.session)
    for tool_use, wanted in owners.items():
        found = await world.life.board.conversations.ask(FindToolUse(tool_use))
        world.check(set(found) == wanted, f"{tool_use} is of {sorted(wanted)}, not of {found}")
