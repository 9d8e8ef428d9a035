"""An answer that gets a safety verdict on its way: what is called is shown to a classifier first.

The session opens the backend's stream itself here, and is on the way of its items, one at a time:
a slow client slows the backend as ever. The answer's end is held until the backend has ended its
part and given back what it holds (a slot, a connection): the classifier may be a model of the same
endpoint. Then the classifier is asked, with pings to the client meanwhile, and the end goes out:
with the verdicts, or as it came where there are none, so that the client asks its user.

Esc leaves whichever of the two is open. The question is a turn of our own: it has a line in the
ledger, under a conversation of its own, and is never part of the user's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs
import trio

from ..protocols.actor import ActorError, Ref, Sink
from ..protocols.anthropic.events import JSON_HEADERS, PING
from ..protocols.records import TurnOutcome, TurnRecord
from ..protocols.request import BadRequest, ServedRequest
from ..protocols.routing.wish import Route
from ..protocols.safeguards.classifier import CLASSIFIER_CONVERSATION, FindClassifier
from ..protocols.safeguards.classifier_choice import NO_VERDICT
from ..protocols.safeguards.guarded_answer import GuardedAnswer
from ..protocols.safeguards.question import ToolUse, question
from ..protocols.safeguards.verdict import NoVerdict, Verdict, read_verdicts, results
from ..protocols.turn import Answer, Cut, Head, Operation, Turn, TurnItem, TurnRefused
from .in_flight import answered, refused, unknown

VERDICT_SECONDS_MAX: Final = 30.0
"""How long a classifier may take for one answer. The client waits as long as there are pings; its
user does not."""
PING_SECONDS: Final = 10.0
VERDICT_BYTES_MAX: Final = 1024 * 1024
"""Of a classifier's answer."""
TURN_MARK: Final = ".classifier"
"""Behind a turn's id: the line of the question about its tool uses."""
HEADERS: Final = (*JSON_HEADERS, (b"anthropic-version", b"2023-06-01"))

_LENGTH: Final = b"content-length"


@attrs.define(eq=False)
class GuardedTurn:
    """One answer on its way to its client.

    `wanted` is what the router is asked for a classifier; `tell` takes what the user should know.
    """

    asked: Answer
    answering: Ref
    router: Ref
    wanted: FindClassifier
    tell: Callable[[str], None]

    async def run(self, sink: Sink[TurnItem]) -> TurnRecord:
        """Passes the answer on. Raises what the backend raises, if nothing was sent yet."""
        turn = self.asked.turn
        answer = GuardedAnswer(turn.streamed)
        head: Head | None = None
        cut: Cut | None = None
        async with self.answering.open_stream(self.asked) as opened:
            async for item in opened:
                match item:
                    case Head():
                        head = _without_length(item)
                        if turn.streamed or item.status != 200:
                            await sink.send(head)
                    case Cut():
                        cut = item
                    case _:
                        if data := answer.receive_data(item):
                            await sink.send(data)
            record = await opened.reply()
        answer.receive_end()
        verdicts = await self._verdicts(answer, sink) if cut is None else None
        if head is not None and not sink.used:
            await sink.send(head)
        if rest := answer.finish(None if verdicts is None else results(verdicts)):
            await sink.send(rest)
        if cut is not None:
            await sink.send(cut)
        return record

    async def _verdicts(
        self, answer: GuardedAnswer, sink: Sink[TurnItem]
    ) -> tuple[Verdict, ...] | None:
        """One verdict for each tool use, or None where there are none, and why is told."""
        if not answer.complete:
            return None
        try:
            uses = answer.tool_uses
            if not uses:
                return ()
            async with trio.open_nursery() as nursery:
                if self.asked.turn.streamed:
                    nursery.start_soon(_ping, sink, name="guarded turn: pings")
                found = await self._judge(uses)
                nursery.cancel_scope.cancel("the classifier has answered")
        except NoVerdict as error:
            found = error
        if isinstance(found, NoVerdict):
            self.tell(NO_VERDICT.format(why=found))
            return None
        return found

    async def _judge(self, uses: Sequence[ToolUse]) -> tuple[Verdict, ...] | NoVerdict:
        """What the classifier says, within its time; or why there is no verdict."""
        try:
            with trio.move_on_after(VERDICT_SECONDS_MAX):
                found = await self.router.ask(attrs.evolve(self.wanted, asks_now=True))
                if found.route is None:  # it was there when the turn began
                    raise NoVerdict("the classifier is not there any more")
                try:
                    body = await self._ask(found.route, uses)
                    return read_verdicts(body, [use.id for use in uses])
                except (NoVerdict, BadRequest, ActorError) as error:
                    name = f"{found.route.endpoint}/{found.route.model}"
                    raise NoVerdict(f"{name} was to judge, but {error}") from None
            return NoVerdict(f"the classifier took longer than {VERDICT_SECONDS_MAX:.0f} s")
        except (NoVerdict, ActorError) as error:
            return NoVerdict(str(error))

    async def _ask(self, route: Route, uses: Sequence[ToolUse]) -> bytes:
        """The classifier's whole answer. Raises NoVerdict, and what its backend raises."""
        note = unknown(route)
        try:
            request = question(self.asked.turn.request, uses, route.model, route.context_tokens)
            body, record = await _read(route, self._turn(request))
            note = answered(route, record)
        except TurnRefused as refusal:
            note = refused(route, refusal)
            raise
        finally:
            self.router.post(note)
        if record.outcome is not TurnOutcome.ANSWERED:
            raise NoVerdict(f"its answer ended as {record.outcome.value}")
        return body

    def _turn(self, request: ServedRequest) -> Turn:
        return Turn(
            f"{self.asked.turn.id}{TURN_MARK}",
            CLASSIFIER_CONVERSATION,
            named=False,
            agent="",
            operation=Operation.MESSAGES,
            request=request,
            headers=HEADERS,
        )


async def _read(route: Route, turn: Turn) -> tuple[bytes, TurnRecord]:
    body = b""
    asked = Answer(turn, route.model, route.key, why=route.why)
    async with route.backend.open_stream(asked) as opened:
        async for item in opened:
            if isinstance(item, bytes):
                body += item
            if len(body) > VERDICT_BYTES_MAX:
                raise NoVerdict("its answer is too long")
        return body, await opened.reply()


async def _ping(sink: Sink[Any]) -> None:
    """Keeps the client patient; its answer is held between two events."""
    while True:
        await trio.sleep(PING_SECONDS)
        sink.offer(PING)


def _without_length(head: Head) -> Head:
    """The head of an answer whose length may change."""
    kept = tuple(pair for pair in head.headers if pair[0] != _LENGTH)
    return Head(head.status, kept)
