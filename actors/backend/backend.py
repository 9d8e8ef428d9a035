"""What all backends share: the exchanges in flight, their pacemaker, and settling the ledger.

One pacemaker for a backend, not a timer for each turn: a turn costs no task of its own beside the
one that serves it. It sleeps while nothing is in flight.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import attrs
import trio

from ...protocols.actor import ActorError, ReaderLeft, Ref, Sink, StreamMessage
from ...protocols.anthropic.diet import ROOM_TOKENS, bytes_per_token, put_on_diet
from ...protocols.passage import Passage
from ...protocols.records import TurnOutcome, TurnRecord
from ...protocols.request import BadRequest, ServedRequest
from ...protocols.scrub import Secrets
from ...protocols.token_estimate import TokenEstimator
from ...protocols.told import Told
from ...protocols.turn import Answer, NoteDiet, RecordTurn, Turn, TurnItem, TurnRefused
from ..kernel import Actor
from .exchange import Exchange

BEAT_SECONDS = 1.0
SETTLE_SECONDS = 1.0
"""How long settling may take. The ledger answers in one step, but on a busy machine a step can take
long, and a turn must not be lost then; whoever waits for us leaves at the join bound."""
RATIO_DRIFT = 0.5
"""Bytes a token by which a conversation may drift before its diet is cut anew."""
RATIOS_MAX = 1_000

Counter = Callable[[ServedRequest], Awaitable[int]]


class Backend(Actor):
    """Base of the backends. A subclass says how an exchange is run."""

    def __init__(self, endpoint: str, conversations: Ref, secrets: Secrets | None = None) -> None:
        self.endpoint = endpoint
        self._secrets = Secrets() if secrets is None else secrets
        self._conversations = conversations
        self._exchanges: dict[str, Exchange] = {}
        self._ratios: dict[str, float] = {}
        self._estimators: dict[str, TokenEstimator] = {}
        self.busy = trio.Event()
        """Set while exchanges are in flight."""

    async def start(self) -> None:
        """Starts the pacemaker."""
        self.background.start_soon(self._pace, name=f"{self.endpoint}:pacemaker")

    async def answer(self, exchange: Exchange) -> None:
        """Runs one exchange to its end. Raises TurnRefused."""
        raise NotImplementedError

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> TurnRecord:
        """Answers one turn; settles it in the ledger however it ends."""
        assert isinstance(message, Answer), message
        exchange = self._new_exchange(message, sink)
        self._exchanges[message.turn.id] = exchange
        self.busy.set()
        try:
            exchange.passage = self.passage(message.turn, message.model)
            if message.notice:
                exchange.passage.notice(message.notice)
            await self.answer(exchange)
        except TurnRefused as refusal:
            await exchange.refuse(refusal)
        except ReaderLeft:  # heard one step before the cancellation that follows
            exchange.outcome = TurnOutcome.CANCELLED
            raise
        except (BadRequest, RecursionError) as error:  # found only when it was read for this model
            words = str(error) if isinstance(error, BadRequest) else "nested too deeply"
            unreadable = TurnRefused(400, "invalid_request_error", words)
            await exchange.refuse(unreadable)
        finally:
            del self._exchanges[message.turn.id]
            noticed = bool(message.notice) and exchange.passage.noticed
            record = attrs.evolve(
                exchange.record(), noticed=noticed, whole_tokens=exchange.whole_tokens
            )
            self._calibrate(exchange, record)
            bound = trio.current_time() + SETTLE_SECONDS
            # A ledger that fails costs its own line, never the answer.
            with trio.CancelScope(shield=True, deadline=bound), suppress(ActorError):
                await self._conversations.ask(RecordTurn(record))
        return record

    def estimator(self, model: str) -> TokenEstimator:
        """What estimates the tokens of a request to this model; at most one for each there is."""
        found = self._estimators.get(model)
        if found is None:
            found = self._estimators[model] = TokenEstimator()
        return found

    def _calibrate(self, exchange: Exchange, record: TurnRecord) -> None:
        """What an endpoint reports of its input makes the next estimate better."""
        usage = record.usage
        reported = usage.input_tokens + usage.cache_read_tokens + usage.cache_creation_tokens
        if exchange.features is not None and reported and not usage.estimated:
            self.estimator(exchange.model).observe(exchange.features, reported)

    async def fit(
        self, exchange: Exchange, request: ServedRequest, count: Counter, window_tokens: int
    ) -> ServedRequest:
        """The request itself or, if it is longer than the window, put on a diet.

        It is in Anthropic's form; `count` counts such a request's tokens. Raises TurnRefused when
        nothing helps, or when the endpoint has room and the client can compact by itself.
        """
        tokens = exchange.whole_tokens = await count(request)
        if tokens >= window_tokens:
            if window_tokens > ROOM_TOKENS:
                raise prompt_too_long(tokens, window_tokens)
            token_bytes = self._token_bytes(exchange.turn, request, tokens)
            diet = put_on_diet(request, tokens, window_tokens, token_bytes)
            request, tokens = diet.request, await count(diet.request)
            if tokens >= window_tokens:
                raise prompt_too_long(tokens, window_tokens)
            note = NoteDiet(exchange.turn.conversation, diet.notice.strip())
            if await self._conversations.ask(note):
                exchange.passage.notice(diet.notice)
        exchange.input_tokens = tokens
        return request

    def _token_bytes(self, turn: Turn, request: ServedRequest, tokens: int) -> float:
        """The bytes of a token in this conversation: what it was at first, while that is near."""
        found = bytes_per_token(request, tokens)
        known = self._ratios.pop(turn.conversation, found)
        self._ratios[turn.conversation] = found if abs(found - known) > RATIO_DRIFT else known
        while len(self._ratios) > RATIOS_MAX:
            del self._ratios[next(iter(self._ratios))]
        return self._ratios[turn.conversation]

    def _new_exchange(self, message: Answer, sink: Sink[TurnItem]) -> Exchange:
        """An exchange; its passage is made where a request that cannot be read is refused."""
        note = self._conversations.post
        return Exchange(message, self.endpoint, sink, Told(), secrets=self._secrets, note=note)

    def passage(self, turn: Turn, model: str) -> Passage:
        """The way of this turn's answer to its client."""
        raise NotImplementedError

    async def _pace(self) -> None:
        while True:
            await self.busy.wait()
            while self._exchanges:
                await trio.sleep(BEAT_SECONDS)
                for exchange in list(self._exchanges.values()):
                    exchange.beat()
            self.busy = trio.Event()


def prompt_too_long(tokens: int, window_tokens: int) -> TurnRefused:
    """The refusal that the client knows how to read: it compacts by these two numbers."""
    words = f"prompt is too long: {tokens} tokens > {window_tokens} maximum"
    return TurnRefused(400, "invalid_request_error", words)
