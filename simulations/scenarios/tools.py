"""Two rounds of tools, the second of them parallel, then an answer: each tool runs once.

In half of the runs the endpoint's connection breaks after the last whole tool use. The client runs
the tools all the same, so nobody may ask the question again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from ..upstream import Wait
from ..world.answers import call_events, paced, streamed
from ..world.claude import OutcomeKind
from ..world.peer import PeerStep, SendRaw
from ..world.question import read_question
from ..world.world import World

SEARCH = (("Bash", "ls"),)
READING = (("Read", "one.txt"), ("Read", "other.txt"))
BREAK_SECONDS = 0.3
"""From the last tool use to the break: by then the client has begun to run it."""
CUT: Sequence[PeerStep] = (Wait(BREAK_SECONDS), SendRaw(b""))


async def tools(world: World) -> None:
    """The endpoint has the folder listed and two files read, and repeats what it was told."""
    ids, breaks = count(1), world.random.random() < 0.5

    def respond(body: bytes) -> Sequence[PeerStep]:
        question = read_question(body)
        match question.rounds:
            case 0:
                return paced(call_events(SEARCH, ids))
            case 1 if breaks:
                return [*paced(call_events(READING, ids)[:-2]), *CUT]
            case 1:
                return paced(call_events(READING, ids))
            case _:
                return streamed([f"{text}." for text in sorted(question.results)])

    world.peer.respond = respond
    claude = world.claude()
    outcome = await claude.ask("What do the files say?")
    claude.quit()
    await world.fall_quiet()
    said = "story ran ls.story ran one.txt.story ran other.txt."
    world.check(outcome.kind is OutcomeKind.ANSWERED, f"it ended as {outcome}")
    world.check(outcome.text == said, f"the answer is {outcome.text!r}")
    run = sorted(world.tools_run)
    world.check(run == ["toolu_1", "toolu_2", "toolu_3"], f"the tools {run} ran")
    told = [line.tool_uses for line in world.ledger]
    wanted = [("toolu_1",), ("toolu_2", "toolu_3"), ()]
    world.check(told == wanted, f"the ledger has the tool uses {told}")
