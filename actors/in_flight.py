"""A turn that is being answered: whom it has asked, and what the ledger and the router are told."""

from __future__ import annotations

from functools import cached_property

import attrs
import trio

from ..protocols.advice.audience import is_heard
from ..protocols.advice.offer import Offer
from ..protocols.anthropic.earlier_thinking import without_earlier_thinking
from ..protocols.records import TurnOutcome, TurnRecord, Usage, attempt_id
from ..protocols.routing.verdict import Verdict, is_of_whole, verdict_of
from ..protocols.routing.wish import NoteOutcome, Route, Tried
from ..protocols.turn import Answer, MemoryRefused, Turn, TurnRefused


@attrs.define(eq=False)
class InFlight:
    """See the module. `refusal` is what the place said that was asked last."""

    turn: Turn
    scope: trio.CancelScope
    started_seconds: float
    endpoint: str = ""
    tried: list[Tried] = attrs.field(factory=list[Tried])
    refusal: TurnRefused | None = None
    choice: str = ""
    """The place that the user has chosen for it."""
    moved: bool = False
    """Whether a choice has made it a conversation of its own, of which another session lives."""
    home: str | None = None
    """The private model that such a conversation is with."""
    prompt: str = ""
    """The mark of the user's message that it works on."""
    has_switched: bool = False
    """Whether its conversation has been at several places."""
    notice: str = ""
    """What is put in front of its answer."""
    offers: tuple[Offer, ...] = ()
    offer: Offer | None = None
    looked: bool = False
    passed_over: bool = False
    """What it calls for, once it was looked at, and which of that its answer is to carry; and
    whether a place was passed over for it that rests after failures of this conversation's."""
    is_late: bool = False
    """Whether it has met a backend that takes no new turns."""

    @cached_property
    def is_heard(self) -> bool:
        """Whether its user reads the answer: asked at each step, told by reading it once."""
        return is_heard(self.turn)

    @property
    def attempt(self) -> int:
        """The number of the attempt that is made now, from 1."""
        return len(self.tried) + 1

    @property
    def has_words(self) -> bool:
        """Whether a refusal of it gets words of ours, and so is not passed on as it came."""
        return self.failure_offer is not None

    @property
    def failure_offer(self) -> Offer | None:
        """The offer that is made where a place goes on failing."""
        return next((each for each in self.offers if each.why == "fails"), None)

    def question(self, route: Route) -> Answer:
        """What the backend of a route is asked."""
        turn = self.turn
        if self.has_switched:
            request = without_earlier_thinking(turn.request)
            turn = attrs.evolve(turn, request=request)
        return Answer(
            turn,
            route.model,
            route.key,
            route.is_last and not self.has_words,
            self.attempt,
            route.why,
            route.home,
            self.notice,
            self.prompt,
        )

    def fail(self, route: Route, refusal: TurnRefused) -> None:
        """A place has refused it, and another is to be asked."""
        status = refusal.status
        self.tried.append(Tried(route.spot, route.model, is_of_whole(status), status))
        self.refusal = refusal

    def refused(self, status: int) -> TurnRecord:
        """The ledger's line for an attempt that no backend took."""
        return TurnRecord(
            turn=attempt_id(self.turn.id, self.attempt),
            conversation=self.turn.conversation,
            endpoint=self.endpoint,
            model=self.turn.model,
            outcome=TurnOutcome.REFUSED,
            status=status,
            stop_reason="",
            usage=Usage(),
            first_byte_seconds=-1.0,
            total_seconds=trio.current_time() - self.started_seconds,
        )


def unknown(route: Route) -> NoteOutcome:
    """The outcome of a turn that was left, or failed by a defect of ours."""
    return NoteOutcome(route.spot, route.ticket, Verdict.NEUTRAL)


def answered(route: Route, record: TurnRecord) -> NoteOutcome:
    """The outcome of a turn with a line in the ledger."""
    verdict = verdict_of(record.outcome, record.status)
    return NoteOutcome(route.spot, route.ticket, verdict, record.status, record.usage)


def refused(route: Route, refusal: TurnRefused) -> NoteOutcome:
    """The outcome of a turn that was refused. No room for a model is a limit, not a failure."""
    verdict = verdict_of(TurnOutcome.REFUSED, refusal.status)
    if isinstance(refusal, MemoryRefused):
        verdict = Verdict.BUSY
    after = float(refusal.retry_after_seconds or 0)
    return NoteOutcome(route.spot, route.ticket, verdict, refusal.status, Usage(), after)
