"""A turn that is being answered: whom it has asked, and what the ledger and the router are told."""

from __future__ import annotations

import attrs
import trio

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
    is_late: bool = False
    """Whether it has met a backend that takes no new turns."""

    @property
    def attempt(self) -> int:
        """The number of the attempt that is made now, from 1."""
        return len(self.tried) + 1

    def question(self, route: Route) -> Answer:
        """What the backend of a route is asked."""
        return Answer(
            self.turn,
            route.model,
            route.key,
            route.is_last,
            self.attempt,
            route.why,
            route.home,
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
