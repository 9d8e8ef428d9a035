"""Sessions side by side, each with two sub-agents that ask the same: nobody gets another's answer.

Two sub-agents of one session send the very same first question, and are told apart by the agent's
id alone. A newer copy of a question replaces the older one, so one that is taken for a copy of the
other's is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import trio

from ..world.answers import call_events, paced, streamed
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.peer import PeerStep
from ..world.question import read_question
from ..world.world import World

SESSIONS = 2
PROMPTS = 2
AGENTS = (("Agent", "Look around"),) * 2


async def parallel_sessions(world: World) -> None:
    """Each prompt starts two sub-agents, each of which runs a tool; all is told in the answer."""
    ids = count(1)

    def respond(body: bytes) -> Sequence[PeerStep]:
        question = read_question(body)
        pause_seconds = world.random.uniform(0, 0.5)
        if question.rounds:
            return streamed(sorted(question.results), pause_seconds=pause_seconds)
        is_agent = "/" in question.asker
        calls = (("Bash", f"look for {question.asker}"),) if is_agent else AGENTS
        return paced(call_events(calls, ids), pause_seconds=pause_seconds)

    world.peer.respond = respond
    async with trio.open_nursery() as nursery:
        for number in range(SESSIONS):
            nursery.start_soon(talk, world, world.claude(f"session-{number}"))
    statuses = {answer.status for client in world.clients for answer in client.answers}
    world.check(statuses == {200}, f"the clients were told {sorted(statuses)}")


async def talk(world: World, claude: ClaudeCode) -> None:
    """One session: its answers hold what its own sub-agents found, and nothing else."""
    for number in range(PROMPTS):
        outcome = await claude.ask(f"Question {number}")
        world.check(outcome.kind is OutcomeKind.ANSWERED, f"{claude.session}: {outcome}")
        own = [tool for tool, who in world.tools_run.items() if who == claude.session][-2:]
        agents = [f"{claude.session}/agent-{tool}" for tool in own]
        wanted = "".join(sorted(f"{agent} ran look for {agent}" for agent in agents))
        world.check(outcome.text == wanted, f"{claude.session} was told {outcome.text!r}")
    claude.quit()
