"""The simulation can fail: bugs planted in the product, each found by a scenario."""

from __future__ import annotations

from typing import Any

import h11
import pytest
import trio
from understudy import app
from understudy.actors.backend.exchange import Exchange
from understudy.io.serving.connection import Connection as ServedConnection
from understudy.io.upstream.connection import Connection as UpstreamConnection
from understudy.io.upstream.pool import ConnectionPool
from understudy.protocols.anthropic.start import StartRemover
from understudy.simulations.scenarios.crowd import crowd
from understudy.simulations.scenarios.esc import esc_mid_stream
from understudy.simulations.scenarios.one_turn import one_turn
from understudy.simulations.scenarios.upstream_cut import UpstreamCut, upstream_cut
from understudy.simulations.world.peer import Cut as PeerCut
from understudy.simulations.world.run import Scenario, run

SEEDS = range(20)


def finds(scenario: Scenario, words: str) -> bool:
    """Whether a scenario complains in these words, under one of a few seeds."""
    return any(words in line for seed in SEEDS for line in run(scenario, seed, app).complaints)


def recycle_anyway(self: UpstreamConnection) -> bool:
    """Makes a connection look new, whatever is still on its way."""
    vars(UpstreamConnection)["_protocol"].__set__(self, h11.Connection(h11.CLIENT))
    vars(UpstreamConnection)["_reset"](self)
    return True


def test_a_handler_that_is_not_told_of_esc(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(self: ServedConnection, reason: str) -> None:
        assert reason
        self.close()

    monkeypatch.setattr(ServedConnection, "_lose", lose)
    assert finds(esc_mid_stream, "Esc took")


def test_a_break_that_is_passed_on_as_a_clean_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def end_cleanly(self: Exchange, why: str) -> None:
        assert why

    monkeypatch.setattr(Exchange, "_break", end_cleanly)
    assert finds(upstream_cut, "a clean end without message_stop")


def test_an_upstream_s_start_after_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def pass_on(_remover: StartRemover, data: bytes) -> bytes:
        return data

    monkeypatch.setattr(StartRemover, "receive_data", pass_on)
    assert finds(UpstreamCut(PeerCut(1_000), 25), "message_start comes twice")


def test_a_connection_kept_although_its_answer_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UpstreamConnection, "recycle", recycle_anyway)
    assert finds(esc_mid_stream, "the endpoint saw Ending.OPEN")


def test_a_pool_that_forgets_to_close(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(_pool: ConnectionPool) -> None:
        pass

    monkeypatch.setattr(ConnectionPool, "close", forget)
    assert finds(one_turn, "sockets outlive the server")


def test_a_task_left_behind_by_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Exchange.run

    async def leak(self: Exchange, *arguments: Any) -> None:
        trio.lowlevel.spawn_system_task(trio.sleep_forever)
        await whole(self, *arguments)

    monkeypatch.setattr(Exchange, "run", leak)
    assert finds(one_turn, "tasks are left")


def test_a_question_that_is_answered_with_the_last_one_s_connection_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def always_quiet(_connection: UpstreamConnection) -> bool:
        return True

    monkeypatch.setattr(UpstreamConnection, "recycle", recycle_anyway)
    monkeypatch.setattr(UpstreamConnection, "is_quiet", always_quiet)
    assert finds(crowd, "has another's answer")


def test_an_exchange_that_does_not_hear_of_esc(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Exchange.run

    async def deaf(self: Exchange, *arguments: Any) -> None:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + 3_600):
            await whole(self, *arguments)

    monkeypatch.setattr(Exchange, "run", deaf)
    assert finds(esc_mid_stream, "not at rest")
