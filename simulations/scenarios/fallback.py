"""Errors to which Claude Code asks for the whole message without a stream."""

from __future__ import annotations

from collections.abc import Sequence

from ...protocols.anthropic import events
from ...protocols.records import TurnOutcome
from ..world.answers import answer_events, paced, refused, whole
from ..world.claude import OutcomeKind
from ..world.peer import PeerStep
from ..world.question import read_question
from ..world.world import World


async def falls_back(world: World) -> None:
    """A 404, or an error after content: the whole message is asked for, and it alone counts."""
    pieces = world.random.randrange(2, len(answer_events()) - 2)
    error = events.error_event("api_error", "as scripted")
    broken = paced([*answer_events()[:pieces], error])
    bad = world.random.choice([refused(404), broken])

    def respond(body: bytes) -> Sequence[PeerStep]:
        return bad if read_question(body).streamed else whole("All of it.")

    world.peer.respond = respond
    claude = world.claude()
    outcome = await claude.ask("Tell me")
    claude.quit()
    await world.fall_quiet()
    answered = (outcome.kind, outcome.text) == (OutcomeKind.ANSWERED, "All of it.")
    world.check(answered, f"it ended as {outcome}")
    streams = [attempt.streamed for attempt in outcome.attempts]
    world.check(streams == [True, False], f"the attempts were {streams}")
    outcomes = [line.outcome for line in world.ledger]
    first = TurnOutcome.BROKEN if bad is broken else TurnOutcome.REFUSED
    world.check(outcomes == [first, TurnOutcome.ANSWERED], f"the ledger says {outcomes}")
