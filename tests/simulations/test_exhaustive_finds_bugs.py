"""The exhaustive sets can fail: bugs that hide in one step, in the kernel and in a backend."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import outcome
import pytest
import trio
from understudy import app
from understudy.actors.backend.backend import Backend
from understudy.actors.backend.engine_keeper import EngineKeeper
from understudy.actors.backend.exchange import Exchange
from understudy.actors.backend.process_use import ProcessUse
from understudy.actors.conversations import Conversations
from understudy.actors.kernel.call import Call
from understudy.actors.kernel.cell import RestartPolicy
from understudy.actors.kernel.incarnation import Incarnation
from understudy.actors.kernel.ref import CellRef
from understudy.actors.kernel.stream import OpenStream
from understudy.io.ports import StateError
from understudy.io.upstream.connection import Connection
from understudy.protocols.actor import Sink
from understudy.protocols.records import TurnRecord
from understudy.protocols.turn import Answer, RecordTurn
from understudy.simulations.exhaustive.points import Point
from understudy.simulations.exhaustive.sets import exhaustive_sets, run_point
from understudy.simulations.world import life

STEPS = range(1, 40)


def finds(where: str, words: str, steps: range = STEPS) -> str:
    """The first point there with a complaint in these words, which a replay has as well."""
    for step in steps:
        name = f"{where}/{step}"
        complaints = run_point(Point.parse(name), app)
        if any(words in complaint for complaint in complaints):
            assert run_point(Point.parse(name), app) == complaints
            return name
    return ""


# In the kernel.


def test_a_checkpoint_between_making_a_call_and_the_try(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait(self: CellRef, call: Call) -> Any:
        await self.cell.enqueue(call)
        await trio.lowlevel.checkpoint()
        try:
            await call.done.wait()
        except trio.Cancelled:
            await self.cell.leave(call, "the asker was cancelled")
            raise
        return call.reply()

    monkeypatch.setattr(CellRef, "_wait", wait)
    assert finds("kernel/house/0/order", "is left, and its callee works on")


def test_a_join_without_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    async def join(self: Call) -> bool:
        with trio.CancelScope(shield=True):
            await self.done.wait()
        return True

    monkeypatch.setattr(Call, "join", join)
    assert finds("kernel/house/0/slow", "leaving slow took 0.3")


def test_a_call_that_wakes_nobody_when_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Call.finish

    def finish(self: Call, result: outcome.Value[Any] | outcome.Error) -> None:
        done, left = self.done, self.scope.cancel_called
        self.done = trio.Event() if left else done
        whole(self, result)
        self.done = done

    monkeypatch.setattr(Call, "finish", finish)
    assert finds("kernel/house/0/order", "leaving order took 0.1")


def test_a_place_that_is_not_given_back_when_a_call_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = vars(Incarnation)["_work"]

    async def work(self: Incarnation, call: Call, coroutine: Coroutine[Any, Any, Any]) -> None:
        await whole(self, call, coroutine)
        if call.scope.cancel_called:
            await vars(self)["_limit"].acquire()

    monkeypatch.setattr(Incarnation, "_work", work)
    assert finds("kernel/house/0/holder", "the scenario hangs")


def test_a_stream_whose_reader_does_not_close_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def leave(self: OpenStream[Any, Any], *_: object) -> None:
        await self.cell.leave(self.call, "the reader left the stream")

    monkeypatch.setattr(OpenStream, "__aexit__", leave)
    assert finds("kernel/house/0/reader", "a channel is open")


# In a backend.


def test_a_checkpoint_between_taking_a_turn_and_the_try(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Backend.stream

    async def stream(self: Backend, message: Answer, sink: Sink[Any]) -> TurnRecord:
        await trio.lowlevel.checkpoint()
        return await whole(self, message, sink)

    monkeypatch.setattr(Backend, "stream", stream)
    assert finds("esc/relayed/2/turn", "1 turns and 0 lines")


def test_an_exchange_under_a_shield_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Exchange.run

    async def deaf(self: Exchange, *arguments: Any) -> None:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 3_600):
            await whole(self, *arguments)

    monkeypatch.setattr(Exchange, "run", deaf)
    assert finds("esc/relayed/0/turn", "Esc took", range(40, 80))


def test_an_engine_that_nobody_starts_when_the_first_turn_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = EngineKeeper.running

    async def running(self: EngineKeeper, failed_starts: int) -> ProcessUse:
        if vars(self)["_tended"] is None:
            vars(self)["_tended"] = ProcessUse()
            await trio.lowlevel.checkpoint()
            vars(self)["_tended"] = None
        return await whole(self, failed_starts)

    monkeypatch.setattr(EngineKeeper, "running", running)
    assert finds("esc/local/0/turn", "the scenario hangs")


# Around it.


def test_a_ledger_that_does_not_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def flush(self: Conversations) -> bool:
        vars(self)["_wake"] = trio.Event()
        try:
            await vars(Conversations)["_save"](self)
        except StateError:
            return False
        return True

    monkeypatch.setattr(Conversations, "_flush", flush)
    assert finds("ports/relayed/0/state.save:StateError", "2 turns and 1 lines", range(1, 3))


def test_an_upstream_that_waits_for_an_answer_it_cannot_get(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def deaf(_self: Connection) -> int:
        await trio.sleep_forever()
        raise AssertionError

    whole = vars(Connection)["_take"]

    async def take(self: Connection) -> int:
        received: int = await (
            deaf(self) if vars(Connection)["_is_torn"].__get__(self) else whole(self)
        )
        return received

    monkeypatch.setattr(Connection, "_take", take)
    assert finds("sockets/relayed/0/upstream.send:EPIPE", "s to be told")


def test_a_backend_that_does_not_survive_its_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    async def stream(self: Backend, message: Answer, sink: Sink[Any]) -> TurnRecord:
        passage = self.passage(message.turn, message.model)
        exchange = Exchange(message, self.endpoint, sink, passage)
        await self.answer(exchange)
        record = exchange.record()
        await vars(self)["_conversations"].ask(RecordTurn(record))
        return record

    monkeypatch.setattr(Backend, "stream", stream)
    assert finds("crashes/relayed/0/conversations:fails", "the client was told")


def test_a_router_that_is_not_essential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "ESSENTIAL", RestartPolicy())
    assert finds("limits/relayed/0/router", "after the fall it has not ended", range(1, 2))


# In all of it.


@pytest.mark.parametrize("name", ["esc", "stop", "ports", "sockets", "crashes", "drawn"])
def test_a_product_that_does_not_even_answer(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    async def fail(*_arguments: Any) -> None:
        raise OSError("no address is left")

    monkeypatch.setattr(life, "listen", fail)
    first = next(iter(exhaustive_sets()[name].points(app, range(1))))
    assert first.number == 0
    assert finds(str(first).rpartition("/")[0], "no address is left", range(1))


def test_a_kernel_that_does_not_even_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait(_self: CellRef, _call: Call) -> Any:
        raise OSError("nobody is asked")

    monkeypatch.setattr(CellRef, "_wait", wait)
    first = next(iter(exhaustive_sets()["kernel"].points(app, range(1))))
    assert str(first) == "kernel/house/0/nothing/0"
    assert finds("kernel/house/0/nothing", "nobody is asked", range(1))
