"""One answer on its way from an upstream to its reader, and the point where it is committed.

Until the commit nothing has been sent: errors keep their status, and another backend may still
answer. The upstream's own head commits. If it stays silent for COMMIT_SECONDS, our own head, a
`message_start` and pings go out instead, so that no client gives up on a slow prefill; they then
stand: the upstream's `message_start` is dropped, and a late error becomes an error event.

The bytes of the body pass unchanged. Pings go only between two events and only into silence.
"""

from __future__ import annotations

from math import inf

import attrs
import trio

from ...io.ports import (
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamUnreachable,
)
from ...protocols.actor import Sink
from ...protocols.anthropic import events
from ...protocols.anthropic.failure import read_failure
from ...protocols.anthropic.notice import NoticeInserter
from ...protocols.anthropic.sniffer import AnswerSniffer
from ...protocols.anthropic.start import StartRemover
from ...protocols.records import TurnOutcome, TurnRecord
from ...protocols.turn import Cut, Head, Headers, Operation, Turn, TurnItem, TurnRefused

COMMIT_SECONDS = 20.0
"""How long an upstream may be silent before we answer in its place."""
PING_SECONDS = 14.0
"""Silence after which a ping is due; the pacemaker looks once a second, so 15 s at most."""
UPSTREAM_SILENCE_SECONDS = 900.0
"""How long an upstream may say nothing at all, before its head or after. A client that asked it by
itself would leave after 362 s or 300 s; ours hears our pings, and would wait for ever."""
FAILURE_BYTES_MAX = 64 * 1024
REDIRECTS = range(300, 400)
"""Never relayed: the client would follow, and show that address its prompt and our token."""

_NOT_RELAYED = frozenset(
    b"connection keep-alive proxy-authenticate proxy-connection te trailer transfer-encoding"
    b" upgrade date server set-cookie alt-svc".split()
)
"""Headers of one hop (RFC 9110, 7.6.1), and those that are ours to say or not for a client."""


@attrs.define(eq=False)
class Exchange:
    """The life of one answer. `run` is its task; `beat` is called from the pacemaker."""

    turn: Turn
    endpoint: str
    model: str
    sink: Sink[TurnItem]
    sniffer: AnswerSniffer
    started_seconds: float = attrs.field(factory=trio.current_time)
    outcome: TurnOutcome | None = None
    status: int = 0
    input_tokens: int = 0
    inserter: NoticeInserter | None = None
    _first_byte_seconds: float = -1.0
    _last_sent_seconds: float = 0.0
    _committed: bool = False
    _ours: bool = False
    _paced: bool = False
    _remover: StartRemover | None = None
    _heard_seconds: float = inf
    _patience: trio.CancelScope = attrs.field(factory=trio.CancelScope)

    def commit(self) -> None:
        """Answers in the upstream's place: our head and `message_start`, before it has spoken."""
        if self._committed or not self.turn.streamed:
            return
        start = events.message_start(f"msg_{self.turn.id}", self.turn.model, self.input_tokens)
        if self.sink.offer(Head(200, events.STREAM_HEADERS)) and self.sink.offer(start):
            self._committed = self._ours = self._paced = True
            self.status = 200
            self._remover = StartRemover()
            self._last_sent_seconds = trio.current_time()

    def beat(self) -> None:
        """Commits if the upstream has been silent too long; pings into the silence after that."""
        now = trio.current_time()
        if now - self._heard_seconds >= UPSTREAM_SILENCE_SECONDS:
            self._patience.cancel("the upstream is silent")
        if not self._committed:
            if now - self.started_seconds >= COMMIT_SECONDS:
                self.commit()
            return
        silent = now - self._last_sent_seconds >= PING_SECONDS
        if silent and self._takes_pings() and self.sink.offer(events.PING):
            self._last_sent_seconds = now

    def _takes_pings(self) -> bool:
        """Whether we are between two events of a stream that has not come to its end."""
        ended = self.sniffer.stopped or self.sniffer.error
        return self._paced and self.sniffer.at_boundary and not ended

    async def run(
        self, upstream: Upstream, request: UpstreamRequest, *, patient: bool = True
    ) -> None:
        """Sends the request and passes on the answer. Raises TurnRefused; see `refuse`.

        With `patient` an upstream may be silent for UPSTREAM_SILENCE_SECONDS, else for ever.
        """
        self._heard_seconds = trio.current_time() if patient else inf
        try:
            with self._patience:
                async with upstream.open(request) as response:
                    await self._pass_on(response)
            if self._patience.cancelled_caught:
                await self._break(f"nothing was heard for {UPSTREAM_SILENCE_SECONDS:.0f} s", 504)
        except UpstreamUnreachable as error:
            words = f"{self.endpoint}: {error}"
            raise TurnRefused(503, "overloaded_error", words) from None
        except UpstreamBroken as error:
            await self._break(str(error))

    async def _pass_on(self, response: UpstreamResponse) -> None:
        self._first_byte_seconds = trio.current_time() - self.started_seconds
        if response.status in REDIRECTS:
            raise TurnRefused(
                502,
                "api_error",
                f"{self.endpoint} redirects (status {response.status}), which is not followed; "
                "write the address that it redirects to as its base_url",
            )
        if self._ours and response.status != 200:
            body = await read_body(response, FAILURE_BYTES_MAX)
            failure = read_failure(response.status, body)
            raise TurnRefused(failure.status, failure.kind, failure.message)
        if self._ours and not is_plain_event_stream(response):
            words = f"{self.endpoint}: the answer to a streamed request is not a stream of events"
            raise TurnRefused(502, "api_error", words)
        if not self._committed:
            await self._relay_head(response)
        while data := await response.receive():
            if self._heard_seconds != inf:
                self._heard_seconds = trio.current_time()
            self.sniffer.receive_data(data)
            if self._remover is not None:
                data = self._without_start(data)
            if self.inserter is not None:
                data = self.inserter.receive_data(data)
            if data:
                await self.sink.send(data)
                self._last_sent_seconds = trio.current_time()
        if self.inserter is not None and (data := self.inserter.end()):
            await self.sink.send(data)
        await self._end()

    async def _relay_head(self, response: UpstreamResponse) -> None:
        self._committed = True
        self.status = response.status
        self._last_sent_seconds = trio.current_time()
        self._paced = self.turn.streamed and is_plain_event_stream(response)
        headers = relayed_headers(response.headers)
        if self.inserter is not None:
            headers = tuple(pair for pair in headers if pair[0] != b"content-length")
        await self.sink.send(Head(response.status, headers))

    def _without_start(self, data: bytes) -> bytes:
        assert self._remover is not None
        data = self._remover.receive_data(data)
        if self._remover.done:
            self._remover = None
        return data

    async def _end(self) -> None:
        self.sniffer.end()
        if self.status != 200:
            self.outcome = TurnOutcome.REFUSED
        elif self.sniffer.error:
            self.outcome = TurnOutcome.BROKEN
        elif self.sniffer.stopped or self.turn.operation is Operation.COUNT_TOKENS:
            self.outcome = TurnOutcome.ANSWERED
        else:
            self.outcome = TurnOutcome.BROKEN
            if self._ours:
                await self.sink.send(Cut("the upstream ended its answer early"))

    async def _break(self, why: str, status: int = 502) -> None:
        """The connection failed. A client that has part of the answer must see a cut."""
        if self.sniffer.stopped:
            self.outcome = TurnOutcome.ANSWERED
            return
        self.outcome = TurnOutcome.BROKEN
        if not self._committed:
            self.status = status
            raise TurnRefused(status, events.ERROR_KINDS[status], f"{self.endpoint}: {why}")
        await self.sink.send(Cut(why))

    async def refuse(self, refusal: TurnRefused) -> None:
        """No answer will come: raises the refusal or, after our own commit, sends it as an event.

        Only our own commit can have come before: the upstream has not said that all is well.
        """
        self.outcome = self.outcome or TurnOutcome.REFUSED
        self.status = refusal.status
        if not self._committed:
            raise refusal
        await self.sink.send(events.error_event(refusal.kind, refusal.message))

    def record(self) -> TurnRecord:
        """The ledger's line, as far as things have come. Without an end it was Esc, or a defect."""
        self.outcome = self.outcome or self._outcome_so_far()
        usage = self.sniffer.settled_usage()
        if self.outcome in (TurnOutcome.CANCELLED, TurnOutcome.BROKEN):
            usage = attrs.evolve(usage, estimated=not self.sniffer.stopped)
        if not usage.input_tokens and not usage.cache_read_tokens:
            usage = attrs.evolve(usage, input_tokens=self.input_tokens)
        return TurnRecord(
            turn=self.turn.id,
            conversation=self.turn.conversation,
            endpoint=self.endpoint,
            model=self.model,
            outcome=self.outcome,
            status=self.status,
            stop_reason=self.sniffer.stop_reason,
            usage=usage,
            first_byte_seconds=self._first_byte_seconds,
            total_seconds=trio.current_time() - self.started_seconds,
            tool_uses=tuple(self.sniffer.tool_uses),
        )

    def _outcome_so_far(self) -> TurnOutcome:
        """How a turn ended that nobody has ended; who leaves after the last event was answered."""
        if self.sniffer.stopped:
            return TurnOutcome.ANSWERED
        cancelled = trio.current_effective_deadline() <= trio.current_time()
        return TurnOutcome.CANCELLED if cancelled else TurnOutcome.BROKEN


def is_plain_event_stream(response: UpstreamResponse) -> bool:
    """Whether an event of ours may be put in: events are coming, and they are not compressed."""
    headers = dict(response.headers)
    kind = headers.get(b"content-type", b"").lower()
    coded = headers.get(b"content-encoding", b"identity").lower() != b"identity"
    return response.status == 200 and kind.startswith(b"text/event-stream") and not coded


def relayed_headers(headers: Headers) -> Headers:
    """The upstream's headers that are for the client too."""
    return tuple((name, value) for name, value in headers if name not in _NOT_RELAYED)


async def read_body(response: UpstreamResponse, limit_bytes: int) -> bytes:
    """Reads a body up to a limit; what comes after is not asked for."""
    body = b""
    while len(body) < limit_bytes and (data := await response.receive()):
        body += data
    return body[:limit_bytes]
