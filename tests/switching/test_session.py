"""What the session answers itself, and where the turns go that it does not."""

from __future__ import annotations

import attrs
from trio.testing import MockClock
from understudy.protocols.records import TurnOutcome
from understudy.simulations.state import SimulatedState, StoredState

from ..actors.scripts import HOME, WORK, turn
from ..actors.stage import HOME_URL, WORK_URL, open_stage


async def test_a_command_is_answered_without_a_model(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        reader = await stage.read(turn("switch to home", model=WORK))
        assert b"home/claude-y answers from now on" in reader.body
        assert stage.upstream.exchanges == []
        await stage.read(turn("hello", model=WORK))
        assert [each.request.url.startswith(HOME_URL) for each in stage.upstream.exchanges] == [
            True
        ]
        lines = await stage.ledger()
        assert [line.outcome for line in lines] == [TurnOutcome.ANSWERED] * 2
        assert lines[0].why == f"{HOME} was chosen in this conversation"


async def test_going_back_returns(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        await stage.read(turn("switch to home", model=WORK))
        await stage.read(turn("go back", model=WORK))
        await stage.read(turn("hello", model=WORK))
        assert stage.upstream.exchanges[0].request.url.startswith(WORK_URL)


async def test_another_conversation_stays_where_it_was(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        await stage.read(turn("switch to home", model=WORK))
        await stage.read(attrs.evolve(turn("hello", model=WORK), conversation="another"))
        assert stage.upstream.exchanges[0].request.url.startswith(WORK_URL)


async def test_a_choice_outlives_the_server(autojump_clock: MockClock) -> None:
    stored = StoredState()
    async with open_stage(check=False, state=SimulatedState(stored)) as stage:
        await stage.read(turn("switch to home", model=WORK))
    async with open_stage(check=False, state=SimulatedState(stored)) as stage:
        await stage.read(turn("hello", model=WORK))
        assert stage.upstream.exchanges[0].request.url.startswith(HOME_URL)
