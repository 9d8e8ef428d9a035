"""Bugs of where turns go, of what is private, of keys, and of who is said to have answered."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import Any

import attrs
import pytest
from understudy.actors import session as session_module
from understudy.actors.backend import exchange as exchange_module
from understudy.actors.backend.endpoint import EndpointBackend
from understudy.actors.backend.exchange import Exchange
from understudy.actors.conversations import Conversations
from understudy.actors.router import Router
from understudy.actors.session import Session
from understudy.io.key_ring import KeyRing
from understudy.protocols.actor import Message, Sink
from understudy.protocols.records import TurnOutcome, TurnRecord
from understudy.protocols.routing.budget import Budgets
from understudy.protocols.routing.health import Health
from understudy.protocols.routing.verdict import may_fail_over
from understudy.protocols.routing.wish import FindRoute, Wish
from understudy.protocols.settings_data import EndpointSettings
from understudy.protocols.turn import Answer, Head, KeepHome, TurnRefused

from .bug import Bug

ELSEWHERE = "nobody-has-this"
"""An id that leads to the default."""


def _wishes_are(patch: pytest.MonkeyPatch, change: Any) -> None:
    """The router hears another wish than the session has."""
    handle = Router.handle

    def changed(self: Router, message: Message[Any], /) -> Any:
        if isinstance(message, FindRoute):
            message = FindRoute(change(message.wish))
        return handle(self, message)

    patch.setattr(Router, "handle", changed)


def private_falls_over_to_a_remote_one(patch: pytest.MonkeyPatch) -> None:
    """When the private endpoints have failed the default is asked."""

    def change(wish: Wish) -> Wish:
        return attrs.evolve(wish, model=ELSEWHERE, home="") if wish.tried else wish

    _wishes_are(patch, change)


def sub_agents_are_nobody_s(patch: pytest.MonkeyPatch) -> None:
    """A sub-agent's turn does not know whose conversation it belongs to."""

    def change(wish: Wish) -> Wish:
        by_agent = wish.turn is not None and wish.turn.agent
        return attrs.evolve(wish, model=ELSEWHERE, home="") if by_agent else wish

    _wishes_are(patch, change)


def privacy_is_in_memory_alone(patch: pytest.MonkeyPatch) -> None:
    """That a conversation is private is written with the line of its first turn."""
    handle = Conversations.handle

    def without(self: Conversations, message: Message[Any], /) -> Any:
        return None if isinstance(message, KeepHome) else handle(self, message)

    patch.setattr(Conversations, "handle", without)


def first_key_goes_everywhere(patch: pytest.MonkeyPatch) -> None:
    """The next place is sent the key of the first."""
    request = EndpointBackend._request
    first: dict[str, Any] = {}

    def with_first_key(self: EndpointBackend, exchange: Exchange, *rest: Any) -> Any:
        exchange.key_headers = first.setdefault(exchange.turn.id, exchange.key_headers)
        return request(self, exchange, *rest)

    patch.setattr(EndpointBackend, "_request", with_first_key)


class Forgetful:
    """A sink that says that nothing was sent, and passes on one head alone."""

    def __init__(self, inner: Sink[Any]) -> None:
        self._inner = inner
        self._has_head = False
        self.used = False

    def offer(self, item: Any) -> bool:
        """See Sink.offer."""
        return self._is_again(item) or self._inner.offer(item)

    async def send(self, item: Any) -> None:
        """See Sink.send."""
        if not self._is_again(item):
            await self._inner.send(item)

    def _is_again(self, item: Any) -> bool:
        again = isinstance(item, Head) and self._has_head
        self._has_head = self._has_head or isinstance(item, Head)
        return again


def asked_elsewhere_after_content(patch: pytest.MonkeyPatch) -> None:
    """An answer that breaks off is asked for anew at the next place, behind what has come."""
    stream, break_off = Session.stream, Exchange._end

    async def forgetting(self: Session, message: Any, sink: Any, /) -> TurnRecord:
        return await stream(self, message, Forgetful(sink))

    async def refuse(self: Exchange) -> None:
        await break_off(self)
        if self.outcome is TurnOutcome.BROKEN and not self.asked.is_last:
            raise TurnRefused(502, "api_error", "it broke off")

    async def raise_it(_self: Exchange, refusal: TurnRefused) -> None:
        raise refusal

    patch.setattr(Session, "stream", forgetting)
    patch.setattr(Exchange, "_end", refuse)
    patch.setattr(Exchange, "refuse", raise_it)


def everybody_tries_at_once(patch: pytest.MonkeyPatch) -> None:
    """All turns go to a place whose rest is over, not one."""

    def take(self: Health, _spot: Any, _now: float) -> int:
        self._newest = next(self.tickets)
        return self._newest

    patch.setattr(Health, "take", take)


def breaker_never_closes(patch: pytest.MonkeyPatch) -> None:
    """A place that has rested and is well again stays on trial."""
    note = Health.note

    def unless_well(
        self: Health, spot: Any, ticket: int, verdict: Any, *more: Any, **rest: Any
    ) -> None:
        if verdict.name != "WELL":
            note(self, spot, ticket, verdict, *more, **rest)

    patch.setattr(Health, "note", unless_well)


def affinity_is_by_the_turn(patch: pytest.MonkeyPatch) -> None:
    """Each turn of a conversation has an order of replicas of its own."""

    def key(self: Wish) -> str:
        return "" if self.turn is None else self.turn.id

    patch.setattr(Wish, "key", property(key))


def attempts_count_as_turns(patch: pytest.MonkeyPatch) -> None:
    """The ledger counts a turn for each place that was asked."""

    def never(_self: TurnRecord) -> bool:
        return False

    patch.setattr(TurnRecord, "is_repeated", property(never))


def changed_key_is_kept(patch: pytest.MonkeyPatch) -> None:
    """A key is used until its time is over, whatever the user has done."""

    def keep(_self: KeyRing, _name: str | None = None) -> None:
        return

    patch.setattr(KeyRing, "forget", keep)


def wall_stands_for_a_day_alone(patch: pytest.MonkeyPatch) -> None:
    """After midnight nobody looks at the budget any more."""
    is_spent = Budgets.is_spent
    first: list[str] = []

    def on_the_first_day(self: Budgets, endpoint: EndpointSettings) -> bool:
        first.append(self.day)
        return self.day == first[0] and is_spent(self, endpoint)

    patch.setattr(Budgets, "is_spent", on_the_first_day)


def refused_key_is_the_end(patch: pytest.MonkeyPatch) -> None:
    """Nobody else is asked where a key was refused."""

    def unless_refused(status: int) -> bool:
        return status != 401 and may_fail_over(status)

    patch.setattr(session_module, "may_fail_over", unless_refused)


def wanted_place_is_named(patch: pytest.MonkeyPatch) -> None:
    """The client is told whom it has asked, not who has answered."""

    def route_words(_endpoint: str, asked: Answer) -> bytes:
        return f"{asked.turn.model}; as wanted".encode()

    patch.setattr(exchange_module, "route_words", route_words)


BUGS = (
    Bug(
        "What is private is sent to a remote place once its own has failed",
        private_falls_over_to_a_remote_one,
        "a private turn reached an endpoint",
        "routing-private",
        6,
    ),
    Bug(
        "A sub-agent of a private conversation is sent to a remote place",
        sub_agents_are_nobody_s,
        "a private turn reached an endpoint",
        "routing-private",
        3,
    ),
    Bug(
        "After a crash a private conversation is public",
        privacy_is_in_memory_alone,
        "a private turn reached an endpoint",
        "routing-private",
        15,
    ),
    Bug(
        "The next place is sent the key of the first",
        first_key_goes_everywhere,
        "a foreign key reached this endpoint",
        "routing-fallback",
        3,
    ),
    Bug(
        "An answer that broke off goes on with another's beginning",
        asked_elsewhere_after_content,
        "was sent again after an answer had begun",
        "routing-fallback",
        12,
    ),
    Bug(
        "All turns at once try a place that has rested",
        everybody_tries_at_once,
        "turns tried a place at once",
        "routing-breaker",
        3,
    ),
    Bug(
        "A place that is well again is hardly asked any more",
        breaker_never_closes,
        "turns went to a place that is well",
        "routing-breaker",
        3,
    ),
    Bug(
        "A conversation is read anew at another replica",
        affinity_is_by_the_turn,
        "moved though their replicas are well",
        "routing-replicas",
        3,
    ),
    Bug(
        "A conversation has more turns than its user asked",
        attempts_count_as_turns,
        "the record of story says",
        "routing-fallback",
        3,
    ),
    Bug(
        "A key that was changed is sent all the same",
        changed_key_is_kept,
        "an older key was used after the new one was kept",
        "keys-rotate",
        3,
    ),
    Bug(
        "On the second day an endpoint costs more than it may",
        wall_stands_for_a_day_alone,
        "on day 1 behind the wall",
        "routing-budget",
        3,
    ),
    Bug(
        "A refused key is told though another place would have answered",
        refused_key_is_the_end,
        "the client saw",
        "routing-fallback",
        60,
    ),
    Bug(
        "A client takes one model's answer for another's",
        wanted_place_is_named,
        "the client was told",
        "routing-fallback",
        3,
    ),
)
