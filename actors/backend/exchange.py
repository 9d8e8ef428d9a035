"""One answer on its way from an upstream to its reader, and the point where it is committed.

Until the commit nothing has been sent: errors keep their status, and another backend may still
answer. A relayed answer is committed by the upstream's own head, a translated one by the first
bytes that there are for the client. If the upstream stays silent for COMMIT_SECONDS, our own head,
an opening and pings go out instead, so that no client gives up on a slow prefill; they then stand:
the upstream's opening is dropped, and a late error is told in the stream.

What becomes of the bytes is the passage's business (protocols/passage.py). Pings go only between
two events and only into silence.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from math import inf
from urllib.parse import quote

import attrs
import trio

from ...io.ports import (
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamUnreachable,
)
from ...protocols.account import Account
from ...protocols.actor import Note, Sink
from ...protocols.anthropic.events import ERROR_KINDS
from ...protocols.dialect import Failure, UpstreamNonsense
from ...protocols.passage import Passage
from ...protocols.records import TurnOutcome, TurnRecord, attempt_id
from ...protocols.routing.verdict import may_fail_over
from ...protocols.scrub import Secrets
from ...protocols.scrub_stream import Covering, Open, covering, relayed_headers
from ...protocols.token_features import TokenFeatures
from ...protocols.tool_uses import NoteToolUses
from ...protocols.turn import Answer, Cut, Head, Headers, Operation, Turn, TurnItem, TurnRefused
from .refusals import read_body, redirected, refused

COMMIT_SECONDS = 20.0
"""How long an upstream may be silent before we answer in its place."""
UNDECIDED_SECONDS_MAX = 120.0
"""How long that may be put off; well below what a client waits for a head."""
PING_SECONDS = 14.0
"""Silence after which a ping is due; the pacemaker looks once a second, so 15 s at most."""
UPSTREAM_SILENCE_SECONDS = 900.0
"""How long an upstream may say nothing at all, before its head or after. A client that asked it by
itself would leave after 362 s or 300 s; ours hears our pings, and would wait for ever."""
FAILURE_BYTES_MAX = 64 * 1024
REDIRECTS = range(300, 400)
"""Never relayed: the client would follow, and show that address its prompt and our token."""

ROUTE_HEADER = b"x-understudy-route"
ROUTE_CHARACTERS_MAX = 400
_PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")

KeyHeaders = Callable[[str], Headers]
"""The headers with a key, as a dialect wants them."""


KEY_REFUSED = (401, 403)
"""How an endpoint answers a key that it does not take."""


def do_nothing(*_: object) -> None:
    """What is done about a refused key where there is none, or about news that nobody hears."""


def no_key(_dialect: str) -> Headers:
    """What an endpoint without a key is sent."""
    return ()


def route_words(endpoint: str, asked: Answer) -> bytes:
    """The value of the header that says who answers, and why; no key and no word of a prompt."""
    attempt = f"; attempt {asked.attempt}" if asked.attempt > 1 else ""
    words = f"{endpoint}/{asked.model}{attempt}; {asked.why}"
    return quote(words, safe=_PLAIN)[:ROUTE_CHARACTERS_MAX].strip().encode()


class NotOffered(Exception):
    """The endpoint has nothing at this path."""


@attrs.define(eq=False)
class Exchange:
    """The life of one answer. `run` is its task; `beat` is called from the pacemaker."""

    asked: Answer
    endpoint: str
    sink: Sink[TurnItem]
    passage: Passage
    key_headers: KeyHeaders = no_key
    secrets: Secrets = attrs.field(factory=Secrets)
    """Covered in an endpoint's errors: it may quote the key that it refuses."""
    key_refused: Callable[[], None] = do_nothing
    started_seconds: float = attrs.field(factory=trio.current_time)
    outcome: TurnOutcome | None = None
    status: int = 0
    input_tokens: int = 0
    whole_tokens: int = 0
    """Of the request before it was shortened; 0 where it was not counted."""
    note: Callable[[Note], object] = do_nothing
    """Is told of each call that the answer asks for, before the client is."""
    features: TokenFeatures | None = None
    """Of what was asked, where the endpoint's report is to calibrate the estimate."""
    is_undecided: Callable[[], bool] = lambda: False
    """While it is so, whether there will be an answer, we commit to none in the upstream's place,
    but for UNDECIDED_SECONDS_MAX."""
    _first_byte_seconds: float = -1.0
    _last_sent_seconds: float = 0.0
    _committed: bool = False
    _ours: bool = False
    _paced: bool = False
    _heard_seconds: float = inf
    _silence_seconds_max: float = inf
    _patience: trio.CancelScope = attrs.field(factory=trio.CancelScope)
    _covering: Covering = attrs.field(factory=Open)
    _noted: int = 0

    @property
    def turn(self) -> Turn:
        """What is to be answered."""
        return self.asked.turn

    @property
    def model(self) -> str:
        """The model's name at the endpoint."""
        return self.asked.model

    @property
    def account(self) -> Account:
        """What is known of the answer so far."""
        return self.passage.account

    def commit(self) -> None:
        """Answers in the upstream's place: our head and opening, before it has spoken."""
        if self._committed or not self.turn.streamed:
            return
        opening = self.passage.opening(self.input_tokens)
        head = Head(200, self._signed(self.passage.headers))
        if self.sink.offer(head) and self.sink.offer(opening):
            self._committed = self._ours = self._paced = True
            self.status = 200
            self._last_sent_seconds = trio.current_time()

    def beat(self) -> None:
        """Commits if the upstream has been silent too long; pings into the silence after that."""
        now = trio.current_time()
        if now - self._heard_seconds >= self._silence_seconds_max:
            self._patience.cancel("the upstream is silent")
        if not self._committed:
            waited_seconds = now - self.started_seconds
            undecided = waited_seconds < UNDECIDED_SECONDS_MAX and self.is_undecided()
            if waited_seconds >= COMMIT_SECONDS and not undecided:
                self.commit()
            return
        silent = now - self._last_sent_seconds >= PING_SECONDS
        ping = self.passage.ping() if silent and self._paced else b""
        if ping and self.sink.offer(ping):
            self._last_sent_seconds = now

    async def run(
        self,
        upstream: Upstream,
        request: UpstreamRequest,
        *,
        silence_seconds_max: float = UPSTREAM_SILENCE_SECONDS,
        lacking: Container[int] = (),
        again: bool = False,
    ) -> None:
        """Sends the request and passes on the answer. Raises TurnRefused; see `refuse`.

        The upstream may say nothing for `silence_seconds_max`; then it is left. A status that is
        `lacking` is passed on to nobody: it raises NotOffered. Whoever can ask `again` elsewhere
        gets UpstreamUnreachable where nothing has been committed.
        """
        self._heard_seconds = trio.current_time()
        self._silence_seconds_max = silence_seconds_max
        self._patience = trio.CancelScope()
        try:
            with self._patience:
                async with upstream.open(request) as response:
                    if response.status in lacking:
                        raise NotOffered
                    await self._pass_on(response)
            if self._patience.cancelled_caught:
                await self._break(f"nothing was heard for {silence_seconds_max:.0f} s", 504)
        except UpstreamUnreachable as error:
            if again and not self._committed:
                raise
            words = f"{self.endpoint}: {error}"
            raise TurnRefused(503, "overloaded_error", words) from None
        except (UpstreamBroken, UpstreamNonsense) as error:
            await self._break(str(error))

    async def insert(self, data: bytes) -> None:
        """Puts something of ours into an answer that pauses, and ends it if it has ended so."""
        await self._send(data)
        if not self.passage.paused:
            await self._end()

    async def tell(self, headers: Headers, body: bytes) -> None:
        """Answers in one piece what no upstream need be asked."""
        self._committed, self.status = True, 200
        length = (b"content-length", b"%d" % len(body))
        await self.sink.send(Head(200, self._signed((*headers, length))))
        await self.sink.send(body)
        self.outcome = TurnOutcome.ANSWERED

    async def cut_off(self, why: str) -> None:
        """Whoever answers has to stop before the end. Raises TurnRefused if nothing was sent yet.

        A relay's client is told only between two events, as with pings.
        """
        if self.account.stopped:
            self.outcome = TurnOutcome.ANSWERED
        elif self.passage.relays and self._committed and not self.passage.ping():
            self.outcome = TurnOutcome.BROKEN
            await self.sink.send(Cut(why))
        elif not self.passage.paused:
            await self._fail(Failure(503, ERROR_KINDS[503], f"{self.endpoint}: {why}"))

    async def _pass_on(self, response: UpstreamResponse) -> None:
        if response.status in KEY_REFUSED:
            self.key_refused()
        if response.status in REDIRECTS:
            raise redirected(self.endpoint, response.status)
        if response.status != 200 and not self._is_relayed(response.status):
            body = await read_body(response, FAILURE_BYTES_MAX)
            raise refused(self.passage.failure(response.status, response.headers, body))
        if response.status == 200:
            self._check_head(response)
        if self.passage.relays:
            self._covering = covering(self.secrets, response.status, response.headers)
            if not self._committed:
                await self._relay_head(response)
        while data := await response.receive():
            self._heard_seconds = now = trio.current_time()
            if self._first_byte_seconds < 0:
                self._first_byte_seconds = now - self.started_seconds
            await self._send(self._covering.receive_data(self.passage.receive_data(data)))
            if self.passage.failed is not None:
                await self._fail(self.passage.failed)
                return
        rest = self._covering.receive_data(self.passage.receive_end())
        await self._send(rest + self._covering.receive_end())
        await self._end()

    def _is_relayed(self, status: int) -> bool:
        """Whether an error is the client's as it came: not while somebody else could answer."""
        elsewhere = not self.asked.is_last and may_fail_over(status)
        return self.passage.relays and not self._ours and not elsewhere

    def _check_head(self, response: UpstreamResponse) -> None:
        try:
            self.passage.receive_head(response.headers)
        except UpstreamNonsense as error:
            raise TurnRefused(502, "api_error", f"{self.endpoint}: {error}") from None

    async def _send(self, data: bytes) -> None:
        """Passes bytes on; the first ones of a translated answer commit it."""
        self._note_tool_uses()
        if not data:
            return
        if not self._committed:
            self._committed, self.status = True, 200
            self._paced = self.turn.streamed
            await self.sink.send(Head(200, self._signed(self.passage.headers)))
        await self.sink.send(data)
        self._last_sent_seconds = trio.current_time()

    def _note_tool_uses(self) -> None:
        """Who calls a tool may be asked about it at once: see protocols/tool_uses.py."""
        if fresh := tuple(self.account.tool_uses[self._noted :]):
            self._noted += len(fresh)
            self.note(NoteToolUses(self.turn.conversation, fresh, self.asked.prompt))

    async def _relay_head(self, response: UpstreamResponse) -> None:
        self._committed = True
        self.status = response.status
        self._last_sent_seconds = trio.current_time()
        self._paced = self.turn.streamed and response.status == 200
        headers = relayed_headers(response.headers, self.secrets)
        if self.passage.changes_length:
            headers = tuple(pair for pair in headers if pair[0] != b"content-length")
        await self.sink.send(Head(response.status, self._signed(headers)))

    def _signed(self, headers: Headers) -> Headers:
        """The headers of a head, with who answers and why."""
        return (*headers, (ROUTE_HEADER, route_words(self.endpoint, self.asked)))

    async def _end(self) -> None:
        account = self.account
        if self.passage.paused:
            return
        if self.passage.failed is not None:
            await self._fail(self.passage.failed)
        elif self._committed and self.status != 200:
            self.outcome = TurnOutcome.REFUSED
        elif account.error:
            self.outcome = TurnOutcome.BROKEN
        elif account.stopped or self.turn.operation is not Operation.MESSAGES:
            self.outcome = TurnOutcome.ANSWERED
        elif self.passage.relays and not self._ours:
            self.outcome = TurnOutcome.BROKEN
        else:
            await self._break("the upstream ended its answer early")

    async def _break(self, why: str, status: int = 502) -> None:
        """The connection failed. A client that has part of the answer must not take it for whole.

        A relayed one is cut; a translated one is told, where its dialect has words for it.
        """
        if self.passage.paused:
            return
        if self.account.stopped:
            self.outcome = TurnOutcome.ANSWERED
            return
        failure = Failure(status, ERROR_KINDS[status], f"{self.endpoint}: {why}")
        if self.passage.relays and self._committed:
            self.outcome = TurnOutcome.BROKEN
            await self._send(self._covering.receive_end())
            await self.sink.send(Cut(why))
        else:
            await self._fail(failure)

    async def _fail(self, failure: Failure) -> None:
        """The answer has failed: a refusal if nothing was sent yet, else its end."""
        self.outcome = TurnOutcome.BROKEN
        failure = self._covered(failure)
        if not self._committed:
            self.status = failure.status
            raise refused(failure)
        told = self.passage.told(failure)
        await self.sink.send(told or Cut(failure.message))

    async def refuse(self, refusal: TurnRefused) -> None:
        """No answer will come: raises the refusal or, after our own commit, tells it in the stream.

        Only our own commit can have come before: the upstream has not said that all is well.
        """
        self.outcome = self.outcome or TurnOutcome.REFUSED
        self.status = refusal.status
        said = Failure(refusal.status, refusal.kind, refusal.message, refusal.retry_after_seconds)
        failure = self._covered(said)
        if not self._committed:
            raise refusal if failure == said else refused(failure)
        await self.sink.send(self.passage.told(failure) or Cut(failure.message))

    def _covered(self, failure: Failure) -> Failure:
        """The failure in words that hold no secret."""
        kind, message = map(self.secrets.cover_text, (failure.kind, failure.message))
        return attrs.evolve(failure, kind=kind, message=message)

    def record(self) -> TurnRecord:
        """The ledger's line, as far as things have come. Without an end it was Esc, or a defect."""
        self.outcome = self.outcome or self._outcome_so_far()
        usage = self.account.settled_usage()
        if self.outcome in (TurnOutcome.CANCELLED, TurnOutcome.BROKEN):
            usage = attrs.evolve(usage, estimated=not self.account.stopped)
        if not usage.input_tokens and not usage.cache_read_tokens:
            usage = attrs.evolve(usage, input_tokens=self.input_tokens)
        return TurnRecord(
            turn=attempt_id(self.turn.id, self.asked.attempt),
            conversation=self.turn.conversation,
            endpoint=self.endpoint,
            model=self.model,
            outcome=self.outcome,
            status=self.status,
            stop_reason=self.account.stop_reason,
            usage=usage,
            first_byte_seconds=self._first_byte_seconds,
            total_seconds=trio.current_time() - self.started_seconds,
            tool_uses=tuple(self.account.tool_uses),
            why=self.asked.why,
            home=self.asked.home,
            key=self.asked.key,
        )

    def _outcome_so_far(self) -> TurnOutcome:
        """How a turn ended that nobody has ended; who leaves after the last event was answered."""
        if self.account.stopped:
            return TurnOutcome.ANSWERED
        cancelled = trio.current_effective_deadline() <= trio.current_time()
        return TurnOutcome.CANCELLED if cancelled else TurnOutcome.BROKEN
