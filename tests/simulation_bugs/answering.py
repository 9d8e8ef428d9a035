"""Bugs of what is said to whom, and of what is written down: answers, routes and the ledger."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import h11
import pytest
import trio
from understudy.actors.backend.backend import Backend
from understudy.actors.backend.exchange import Exchange
from understudy.actors.conversations import Conversations
from understudy.actors.in_flight import InFlight
from understudy.actors.session import Session
from understudy.io.upstream import http11
from understudy.io.upstream.connection import Connection as UpstreamConnection
from understudy.protocols import scrub_stream as stream_module
from understudy.protocols.actor import Sink
from understudy.protocols.anthropic import events
from understudy.protocols.anthropic.passage import AnthropicRelay
from understudy.protocols.anthropic.sniffer import AnswerSniffer
from understudy.protocols.json_values import object_of
from understudy.protocols.records import TurnRecord, Usage
from understudy.protocols.routing.wish import FindRoute, Wish
from understudy.protocols.turn import Answer, RecordTurn, TurnRefused

from .bug import Bug


def asked_again_after_a_tool_use(patch: pytest.MonkeyPatch) -> None:
    """An answer that breaks off after a whole tool use is asked for anew, unseen."""
    run, break_off = Exchange.run, Exchange._break
    again: dict[str, Callable[[], Awaitable[None]]] = {}

    async def run_and_note(self: Exchange, *arguments: Any, **options: Any) -> None:
        again[self.turn.id] = partial(run, self, *arguments, **options)
        await run(self, *arguments, **options)

    async def try_again(self: Exchange, why: str, status: int = 502) -> None:
        ask = again.pop(self.turn.id, None)
        if ask is None or not self.account.tool_finished or self.account.stopped:
            await break_off(self, why, status)
            return
        self._patience = trio.CancelScope()
        self.passage.opening(0)
        await ask()

    patch.setattr(Exchange, "run", run_and_note)
    patch.setattr(Exchange, "_break", try_again)


def usage_is_added_up(patch: pytest.MonkeyPatch) -> None:
    """Counts that an endpoint repeats are taken for further ones."""

    def read_usage(self: AnswerSniffer, reported: Any) -> None:
        usage, known = object_of(reported), self.usage
        self.usage = Usage(
            known.input_tokens + _count(usage.get("input_tokens")),
            known.output_tokens + _count(usage.get("output_tokens")),
        )

    patch.setattr(AnswerSniffer, "_read_usage", read_usage)


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def turn_counts_for_each_who_was_asked(patch: pytest.MonkeyPatch) -> None:
    """A turn that a backend could not take any more, and another did, is two turns."""

    settle = Conversations._settle

    def forget_and_settle(self: Conversations, turn: TurnRecord) -> None:
        self._recent.pop(turn.turn, None)
        settle(self, turn)

    patch.setattr(Conversations, "_settle", forget_and_settle)


def connection_used_again_too_soon(patch: pytest.MonkeyPatch) -> None:
    """A connection is used again although the answer before is still on its way."""

    def recycle(self: UpstreamConnection) -> bool:
        self._protocol = h11.Connection(h11.CLIENT)
        self._reset()
        return True

    def is_quiet(_self: UpstreamConnection) -> bool:
        return True

    patch.setattr(UpstreamConnection, "recycle", recycle)
    patch.setattr(UpstreamConnection, "is_quiet", is_quiet)


def upstream_kept_after_an_error(patch: pytest.MonkeyPatch) -> None:
    """An exchange that ends otherwise than well does not give its connection back."""
    whole = http11._Exchange.__aexit__

    async def leave(self: Any, kind: Any, *details: Any) -> None:
        if kind is None:
            await whole(self, kind, *details)

    patch.setattr(http11._Exchange, "__aexit__", leave)


def end_is_said_twice(patch: pytest.MonkeyPatch) -> None:
    """A stream that we have opened is closed by us as well."""
    whole = Exchange._end

    async def end(self: Exchange) -> None:
        await whole(self)
        if self._ours:
            await self.sink.send(events.event("message_stop", {"type": "message_stop"}))

    patch.setattr(Exchange, "_end", end)


def ping_anywhere(patch: pytest.MonkeyPatch) -> None:
    """A ping goes out whenever it is time."""

    def ping(self: AnthropicRelay) -> bytes:
        return b"" if self.account.stopped or self.account.error else events.PING

    patch.setattr(AnthropicRelay, "ping", ping)


def memory_wins_over_the_disk(patch: pytest.MonkeyPatch) -> None:
    """What the disk knows of a conversation is not added to what has happened since."""

    async def read(self: Conversations, conversation: str) -> None:
        if conversation not in self._records:
            stored = await self._state.load(conversation)
            if stored is not None:
                self._remember(stored)
        self._not_read.discard(conversation)

    patch.setattr(Conversations, "_read", read)


def private_turn_goes_elsewhere(patch: pytest.MonkeyPatch) -> None:
    """A turn whose model cannot answer it is given to another endpoint, whoever that is."""
    whole = Session._answer

    async def answer(self: Session, flight: InFlight, sink: Sink[Any]) -> TurnRecord:
        try:
            return await whole(self, flight, sink)
        except TurnRefused as refusal:
            if sink.used or refusal.status < 500:
                raise
        route = await self._router.ask(FindRoute(Wish("work/claude-x")))
        return await route.backend.delegate(Answer(flight.turn, route.model), sink)

    patch.setattr(Session, "_answer", answer)


def old_backend_is_closed_at_once(patch: pytest.MonkeyPatch) -> None:
    """A change of the settings gives the turns of an endpoint that has moved no time."""
    patch.setattr("understudy.actors.backends.DRAIN_SECONDS", 0.0)


def left_turn_has_no_line(patch: pytest.MonkeyPatch) -> None:
    """A turn is settled when it has been answered, and not in any case."""

    async def stream(self: Backend, message: Any, sink: Sink[Any]) -> TurnRecord:
        exchange = self._new_exchange(message, sink)
        exchange.passage = self.passage(message.turn, message.model)
        self._exchanges[message.turn.id] = exchange
        self.busy.set()
        try:
            await self.answer(exchange)
        except TurnRefused as refusal:
            await exchange.refuse(refusal)
        finally:
            del self._exchanges[message.turn.id]
        await trio.lowlevel.checkpoint()
        record = exchange.record()
        await self._conversations.ask(RecordTurn(record))
        return record

    patch.setattr(Backend, "stream", stream)


def retry_after_is_dropped(patch: pytest.MonkeyPatch) -> None:
    """The time to wait is taken for a header of one hop."""
    hidden = stream_module._NOT_RELAYED | {b"retry-after"}
    patch.setattr(stream_module, "_NOT_RELAYED", hidden)


def overload_becomes_an_error(patch: pytest.MonkeyPatch) -> None:
    """A status that RFC 9110 does not know is told as one that it does."""
    whole = Exchange._relay_head

    async def relay_head(self: Exchange, response: Any) -> None:
        response.status = 500 if response.status == 529 else response.status
        await whole(self, response)

    patch.setattr(Exchange, "_relay_head", relay_head)


BUGS = (
    Bug(
        "A tool runs again because the question was asked again",
        asked_again_after_a_tool_use,
        "the tools [",
        "tools",
        5,
    ),
    Bug("The bill is twice what the endpoint counts", usage_is_added_up, "counted", "swarm", 5),
    Bug(
        "A conversation counts turns that it never had",
        turn_counts_for_each_who_was_asked,
        "the record of",
        point="crashes/local/0/backend:local:4:background",
    ),
    Bug(
        "Somebody reads the answer to another's question",
        connection_used_again_too_soon,
        "has another's answer",
        "crowd",
        3,
    ),
    Bug(
        "Each turn that fails keeps a connection to the endpoint",
        upstream_kept_after_an_error,
        "upstreams are open",
        "swarm",
        56,
    ),
    Bug("An answer ends twice", end_is_said_twice, "something comes after the end", "patience", 1),
    Bug("An answer has a ping inside a word", ping_anywhere, "not an event", "resend-livelock", 1),
    Bug(
        "After a restart a conversation begins at nought",
        memory_wins_over_the_disk,
        "the record of",
        "swarm",
        306,
    ),
    Bug(
        "What was meant for this machine alone is sent to an endpoint",
        private_turn_goes_elsewhere,
        "a private turn reached an endpoint",
        "swarm",
        183,
    ),
    Bug(
        "Saving the settings file cuts answers off",
        old_backend_is_closed_at_once,
        "AnswerEnding.CUT",
        "reload-under-load",
        1,
    ),
    Bug("A turn that was left is not in the ledger", left_turn_has_no_line, "lines", "swarm", 4),
    Bug(
        "A client that is told to wait comes again at once",
        retry_after_is_dropped,
        "the client was told",
        "too-many-requests",
        1,
    ),
    Bug(
        "An endpoint that is overloaded looks broken",
        overload_becomes_an_error,
        "the client was told",
        "swarm",
        117,
    ),
)
