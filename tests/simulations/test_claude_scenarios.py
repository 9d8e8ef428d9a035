"""The scenarios of the simulated Claude Code: nothing is found, and planted bugs are."""

from __future__ import annotations

from typing import Any

import pytest
from understudy import app
from understudy.actors.backend.exchange import Exchange
from understudy.actors.session import Session
from understudy.io.ports import UpstreamBroken
from understudy.protocols import scrub_stream as stream_module
from understudy.protocols.anthropic import dialect as anthropic
from understudy.protocols.anthropic.request import relayed_body
from understudy.protocols.anthropic.sniffer import AnswerSniffer
from understudy.protocols.request import ServedRequest
from understudy.protocols.turn import Turn
from understudy.simulations.scenarios.fallback import falls_back
from understudy.simulations.scenarios.ladder import retry_ladder
from understudy.simulations.scenarios.parallel_sessions import parallel_sessions
from understudy.simulations.scenarios.resend import resend_livelock
from understudy.simulations.scenarios.tools import tools
from understudy.simulations.world.run import Scenario, run

SCENARIOS = (tools, resend_livelock, retry_ladder, falls_back, parallel_sessions)
SEEDS = range(20)


def finds(scenario: Scenario, words: str) -> bool:
    """Whether a scenario complains in these words, under one of a few seeds."""
    return any(words in line for seed in SEEDS for line in run(scenario, seed, app).complaints)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: str(found.__name__))
def test_nothing_is_found(scenario: Scenario) -> None:
    found = [run(scenario, seed, app) for seed in SEEDS]
    assert [result for result in found if result.complaints] == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: str(found.__name__))
def test_one_seed_is_one_run(scenario: Scenario) -> None:
    first, *others = [run(scenario, 7, app, trace=True) for _ in range(3)]
    assert others == [first, first]


def test_a_question_asked_again_after_a_tool_use_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Exchange.run

    async def ask_again(self: Exchange, upstream: Any, request: Any) -> None:
        try:
            async with upstream.open(request) as response:
                await self._pass_on(response)  # pyright: ignore[reportPrivateUsage] planted here
        except UpstreamBroken:
            self._committed = True  # pyright: ignore[reportPrivateUsage] planted here
            await whole(self, upstream, request)

    monkeypatch.setattr(Exchange, "run", ask_again)
    assert finds(tools, "message_start comes twice")


def test_tool_uses_that_do_not_come_to_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    read = AnswerSniffer.receive_data

    def forget(self: AnswerSniffer, data: bytes) -> None:
        read(self, data)
        self.tool_uses = self.tool_uses[:1]

    monkeypatch.setattr(AnswerSniffer, "receive_data", forget)
    assert finds(tools, "the ledger has the tool uses")


def test_a_newer_copy_that_does_not_replace_the_older(monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(_session: Session, turn: Turn) -> None:
        assert turn

    monkeypatch.setattr(Session, "_replace_older", keep)
    assert finds(resend_livelock, "two copies were computed at once")


def test_a_retry_after_that_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = vars(stream_module)["_NOT_RELAYED"] | {b"retry-after"}
    monkeypatch.setattr(stream_module, "_NOT_RELAYED", hidden)
    assert finds(retry_ladder, "it waited 0.")


def test_an_error_that_changes_its_status(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Exchange._relay_head  # pyright: ignore[reportPrivateUsage] planted here

    async def flatten(self: Exchange, response: Any) -> None:
        response.status = 500 if response.status > 500 else response.status
        await whole(self, response)

    monkeypatch.setattr(Exchange, "_relay_head", flatten)
    assert finds(retry_ladder, "the client was told [429, 503, 500, 200]")


def test_a_whole_message_that_is_asked_for_as_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    def streaming(request: ServedRequest, model: str) -> bytes:
        return relayed_body(request, model).replace(b'"stream":false', b'"stream":true')

    monkeypatch.setattr(anthropic, "relayed_body", streaming)
    assert finds(falls_back, "it ended as")


def test_a_sub_agent_taken_for_a_copy_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Session._replace_older  # pyright: ignore[reportPrivateUsage] planted here

    def mix_up(self: Session, turn: Turn) -> None:
        for older in self._in_flight.values():  # pyright: ignore[reportPrivateUsage] planted here
            object.__setattr__(older.turn, "agent", turn.agent)
        replace(self, turn)

    monkeypatch.setattr(Session, "_replace_older", mix_up)
    assert finds(parallel_sessions, ", 409]")
