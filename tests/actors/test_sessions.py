"""The registry of sessions: bounded, forgetful of the idle, faithful to the busy."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock
from understudy.actors import sessions
from understudy.actors.backend.backend import BEAT_SECONDS
from understudy.actors.backend.exchange import COMMIT_SECONDS
from understudy.actors.sessions import IDLE_SECONDS, SWEEP_SECONDS
from understudy.protocols.actor import Unavailable
from understudy.simulations.upstream import HANG, SendHead, Wait

from .scripts import ANSWER, always, paced, stream, turn
from .stage import open_stage


async def test_turns_of_a_conversation_share_a_session(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        for name in ("a", "b", "a"):
            await stage.read(turn(conversation=name))
        assert stage.living("session:") == ["session:1", "session:2"]


async def test_no_turn_of_a_conversation_waits_unheard(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([HANG])
        readers = [stage.start(turn(f"{number}", named=False)) for number in range(200)]
        await trio.sleep(COMMIT_SECONDS + 2 * BEAT_SECONDS)
        assert all(reader.items for reader in readers)
        for reader in readers:
            reader.leave()
        for reader in readers:
            await reader.ended.wait()


async def test_the_idle_one_is_forgotten_and_made_again(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        await stage.read(turn(conversation="a"))
        await trio.sleep(IDLE_SECONDS / 2)
        await stage.read(turn(conversation="b"))
        await trio.sleep(IDLE_SECONDS / 2 - SWEEP_SECONDS)
        assert stage.living("session:") == ["session:1", "session:2"]
        await trio.sleep(2 * SWEEP_SECONDS)
        assert stage.living("session:") == ["session:2"]
        reader = await stage.read(turn(conversation="a"))
        assert reader.body == b"".join(ANSWER)
        assert stage.living("session:") == ["session:2", "session:3"]


async def test_a_busy_one_is_not_forgotten(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([SendHead(), *paced(ANSWER, 0.45 * IDLE_SECONDS)])
        reader = await stage.read(turn())
        assert reader.record is not None
        assert trio.current_time() >= 3 * IDLE_SECONDS
        assert stage.living("session:") == ["session:1"]


async def test_the_one_idle_longest_makes_way(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SESSIONS_MAX", 3)
    async with open_stage() as stage:
        for name in ("a", "b", "c", "a"):
            await stage.read(turn(conversation=name))
        stage.work.respond = always([HANG])
        busy = stage.start(turn(conversation="b"))
        await trio.sleep(1)
        idle = await stage.read(turn(conversation="d", model="home/claude-y"))
        await trio.sleep(1)
        assert idle.record is not None
        assert stage.living("session:") == ["session:1", "session:2", "session:4"], "c made way"
        assert not busy.ended.is_set()
        busy.leave()
        await busy.ended.wait()


async def test_when_all_are_busy_a_new_one_is_refused(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "SESSIONS_MAX", 3)
    async with open_stage() as stage:
        stage.work.respond = always([Wait(100), *stream()])
        readers = [stage.start(turn(conversation=name)) for name in "abc"]
        await trio.sleep(1)
        with pytest.raises(Unavailable, match="3 conversations are being answered right now"):
            stage.sessions.session("d")
        stage.start(turn("Another", conversation="a"))
        for reader in stage.readers:
            await reader.ended.wait()
        assert all(reader.record is not None for reader in readers)
        assert (await stage.read(turn(conversation="d"))).record is not None


async def test_a_thousand_conversations_and_no_more(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        for number in range(sessions.SESSIONS_MAX + 50):
            stage.sessions.session(f"conversation {number}")
            if number % 100 == 0:
                await trio.sleep(0.01)
        assert len(stage.sessions) == sessions.SESSIONS_MAX
        await trio.sleep(1)
        assert len(stage.living("session:")) == sessions.SESSIONS_MAX
