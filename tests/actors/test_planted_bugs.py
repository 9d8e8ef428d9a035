"""The invariant checker can fail: bugs planted in the actors, each found by `check_quiescent`."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.backend import Backend
from understudy.actors.backend.exchange import Exchange
from understudy.actors.in_flight import InFlight
from understudy.actors.session import Session
from understudy.io.ports import Upstream, UpstreamRequest
from understudy.protocols.actor import Sink
from understudy.protocols.anthropic import events
from understudy.protocols.anthropic.passage import AnthropicRelay
from understudy.protocols.anthropic.start import StartRemover
from understudy.protocols.records import TurnRecord
from understudy.protocols.turn import Answer, RecordTurn, StartTurn
from understudy.simulations.upstream import HANG, SendBytes, Step, Wait

from .scripts import ANSWER, always, stream, turn
from .stage import open_stage

HALF = len(ANSWER[2]) // 2
BROKEN_IN_TWO: list[Step] = [
    *stream(ANSWER[:2]),
    SendBytes(ANSWER[2][:HALF]),
    Wait(30),
    SendBytes(ANSWER[2][HALF:] + b"".join(ANSWER[3:])),
]


async def complaints(script: list[Step], *, leave: bool) -> str:
    """What the checker says of one turn, left after 10 s or read to its end."""
    async with open_stage(check=False) as stage:
        stage.work.respond = always(script)
        reader = stage.start(turn())
        await trio.sleep(10)
        if leave:
            reader.leave()
        await reader.ended.wait()
        try:
            await stage.check_quiescent()
        except AssertionError as error:
            return str(error)
        return ""


@pytest.mark.parametrize("leave", [True, False])
async def test_without_a_bug_it_says_nothing(leave: bool, autojump_clock: MockClock) -> None:
    assert await complaints(BROKEN_IN_TWO, leave=leave) == ""
    assert await complaints([Wait(30), *stream()], leave=leave) == ""


async def test_a_backend_that_settles_only_at_the_end(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def settle_at_the_end(self: Backend, message: Answer, sink: Sink[Any]) -> TurnRecord:
        passage = self.passage(message.turn, message.model)
        exchange = Exchange(message, self.endpoint, sink, passage)
        await self.answer(exchange)
        record = exchange.record()
        await vars(self)["_conversations"].ask(RecordTurn(record))
        return record

    monkeypatch.setattr(Backend, "stream", settle_at_the_end)
    assert await complaints(stream(), leave=False) == ""
    found = await complaints([*stream(ANSWER[:3]), HANG], leave=True)
    assert "backends took 1 turns, and the ledger has 0 lines" in found


async def test_a_backend_that_settles_twice(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = Backend.stream

    async def settle_twice(self: Backend, message: Answer, sink: Sink[Any]) -> TurnRecord:
        record = await once(self, message, sink)
        again = attrs.evolve(record, turn=f"{record.turn} again")
        await vars(self)["_conversations"].ask(RecordTurn(again))
        return record

    monkeypatch.setattr(Backend, "stream", settle_twice)
    assert "1 lines are of no turn" in await complaints(stream(), leave=False)


async def test_a_session_that_forgets_to_remove_a_live_turn(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forget(self: Session, message: StartTurn, sink: Sink[Any]) -> TurnRecord:
        flight = InFlight(message.turn, trio.CancelScope(), trio.current_time())
        record: TurnRecord = await vars(Session)["_answer"](self, flight, sink)
        vars(self)["_live"].pop(message.turn.id)
        return record

    monkeypatch.setattr(Session, "stream", forget)
    assert await complaints(stream(), leave=False) == ""
    found = await complaints([*stream(ANSWER[:3]), HANG], leave=True)
    assert "turns are still shown as live" in found


async def test_a_ping_inside_an_event(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ping_before_the_end(self: AnthropicRelay) -> bytes:
        return b"" if self.account.stopped else events.PING

    monkeypatch.setattr(AnthropicRelay, "ping", ping_before_the_end)
    found = await complaints(BROKEN_IN_TWO, leave=False)
    assert "not a stream of events" in found


async def test_a_ping_after_the_end(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ping_always(_relay: AnthropicRelay) -> bytes:
        return events.PING

    monkeypatch.setattr(AnthropicRelay, "ping", ping_always)
    found = await complaints([*stream(), Wait(30)], leave=False)
    assert "something comes after message_stop" in found


async def test_an_upstream_s_start_after_our_own(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pass_on(_remover: StartRemover, data: bytes) -> bytes:
        return data

    monkeypatch.setattr(StartRemover, "receive_data", pass_on)
    found = await complaints([Wait(30), *stream()], leave=False)
    assert "message_start comes twice" in found


async def test_an_upstream_that_is_left_open(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leak(self: Exchange, upstream: Upstream, request: UpstreamRequest) -> None:
        response = await upstream.open(request).__aenter__()
        await vars(Exchange)["_pass_on"](self, response)

    monkeypatch.setattr(Exchange, "run", leak)
    found = await complaints([*stream(ANSWER[:3]), HANG], leave=True)
    assert "connections are left open" in found


async def test_a_callee_that_does_not_hear_of_esc(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Exchange.run

    async def deaf(self: Exchange, upstream: Upstream, request: UpstreamRequest) -> None:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 3_600):
            await whole(self, upstream, request)

    monkeypatch.setattr(Exchange, "run", deaf)
    found = await complaints([*stream(ANSWER[:3]), HANG], leave=True)
    assert "an actor is not at rest" in found
    assert "connections are left open" in found
