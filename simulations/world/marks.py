"""What should happen sometimes: if no run ever does it, the simulation does not reach far enough.

Told from what clients and endpoints saw, after a run. A mark is a sentence; the explorer lists
those that were never reached.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...protocols.anthropic.events import PING
from ...protocols.records import TurnOutcome
from ..dialects.dialects import EARS
from ..dialects.talker import heard_of
from .client import Answer, AnswerEnding
from .peer import PeerExchange
from .world import World

OUTCOMES = {outcome: f"a turn is {outcome.value}" for outcome in TurnOutcome}
ESC_EARLY, ESC_LATE = "Esc before the head", "Esc in the middle of an answer"
CUT_EARLY, CUT_LATE = "a connection lost before the head", "an answer cut in the middle"
PINGED, COMMITTED = "a ping into a silence", "an answer begun in the endpoint's place"
LATE_ERROR = "an error told as an event"
REPLACED = "a turn replaced by a newer copy of it"
LOST = "turns lost by a crash"
UNSAID = "a turn that no endpoint heard of"
TRANSLATED, CALLED = "a translated answer came whole", "a translated answer called tools"
TOLD_LATE = "a translated answer was told to have failed"
CONTINUED = "a model was asked again with what a server tool had found"
MARKS = (
    *OUTCOMES.values(),
    ESC_EARLY,
    ESC_LATE,
    CUT_EARLY,
    CUT_LATE,
    PINGED,
    COMMITTED,
    LATE_ERROR,
    REPLACED,
    LOST,
    UNSAID,
    TRANSLATED,
    CALLED,
    TOLD_LATE,
    CONTINUED,
)


def note_marks(world: World) -> None:
    """Notes in `world.marks` what has happened in this run."""
    world.marks.update(OUTCOMES[line.outcome] for line in world.ledger)
    if world.turns.lost:
        world.marks[LOST] += world.turns.lost
    for client in world.clients:
        for answer in client.answers:
            world.marks.update(_marks(answer, world.exchanges_by_marker.get(answer.marker, [])))


def _marks(answer: Answer, exchanges: list[PeerExchange]) -> Iterator[str]:
    if answer.ending is AnswerEnding.LEFT:
        yield ESC_LATE if answer.status else ESC_EARLY
    if answer.ending is AnswerEnding.CUT:
        yield CUT_LATE if answer.status else CUT_EARLY
    if PING in answer.body:
        yield PINGED
    is_anthropic = not exchanges or exchanges[-1].dialect == "anthropic"
    if is_anthropic and b'"id":"msg_req_' in answer.body[:200]:
        yield COMMITTED
        if b"event: error" in answer.body:
            yield LATE_ERROR
    if answer.status == 409 or b"has replaced it" in answer.body:
        yield REPLACED
    if not exchanges:
        yield UNSAID
    elif exchanges[-1].dialect != answer.dialect:
        yield from _translation_marks(answer, exchanges)


def _translation_marks(answer: Answer, exchanges: list[PeerExchange]) -> Iterator[str]:
    heard = heard_of(answer, EARS[answer.dialect])
    if heard.whole:
        yield TRANSLATED
        if heard.calls:
            yield CALLED
    if heard.error:
        yield TOLD_LATE
    if any(exchange.is_continued for exchange in exchanges[:-1]):
        yield CONTINUED
