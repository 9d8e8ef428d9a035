"""Whose call is it? Told by the id that was seen in an answer, and by nothing else."""

from __future__ import annotations

from typing import Any

import attrs
import trio
from trio.testing import MockClock
from understudy.protocols.tool_uses import (
    TOOL_USE_SECONDS,
    TOOL_USES_MAX,
    FindRecentConversations,
    FindToolUse,
    NoteToolUses,
    key_of_token,
    sealed,
)
from understudy.simulations.state import SimulatedState, StoredState
from understudy.simulations.upstream import HANG

from ..actors.scripts import always, event, stream, turn
from ..actors.stage import Stage, open_stage

TOOL: dict[str, Any] = {"type": "tool_use", "id": "toolu_1", "name": "endpoint_set", "input": {}}
CALL = [
    event("message_start", message={"id": "m", "usage": {"input_tokens": 3}}),
    event("content_block_start", index=0, content_block=TOOL),
]


async def owners(stage: Stage, tool_use: str) -> tuple[str, ...]:
    return await stage.conversations.ask(FindToolUse(tool_use))


async def test_a_call_is_known_while_the_answer_still_streams(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        stage.work.respond = always([*stream(CALL, 1), HANG])
        reader = stage.start(turn())
        await trio.sleep(2.5)
        assert await owners(stage, "toolu_1") == ("conversation",)
        assert await owners(stage, "toolu_2") == ()
        reader.leave()
        await reader.ended.wait()


async def test_an_id_of_two_conversations_is_ambiguous(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        for name in ("a", "b", "a"):
            stage.conversations.post(NoteToolUses(name, ("call_0",)))
        assert sorted(await owners(stage, "call_0")) == ["a", "b"]


async def test_it_is_known_after_a_restart_and_never_written_as_it_is(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState()
    async with open_stage(check=False, state=SimulatedState(stored)) as stage:
        stage.conversations.post(NoteToolUses("a", ("toolu_1",)))
        await owners(stage, "toolu_1")
    assert [key for key, _ in stored.tool_uses] == [sealed(b"", "toolu_1")]
    async with open_stage(check=False, state=SimulatedState(stored)) as stage:
        assert await owners(stage, "toolu_1") == ("a",)


async def test_it_is_forgotten_after_a_day(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        stage.conversations.post(NoteToolUses("a", ("toolu_1",)))
        await trio.sleep(TOOL_USE_SECONDS - 1)
        assert await owners(stage, "toolu_1") == ("a",)
        await trio.sleep(2)
        assert await owners(stage, "toolu_1") == ()


async def test_a_disk_that_fails_costs_only_what_is_older(autojump_clock: MockClock) -> None:
    stored = StoredState()
    async with open_stage(check=False, state=SimulatedState(stored)) as stage:
        stored.fails = True
        stage.conversations.post(NoteToolUses("a", ("toolu_1",)))
        assert await owners(stage, "toolu_1") == ("a",)
        stored.fails = False


def test_a_key_tells_nothing_of_its_token_and_differs_for_each() -> None:
    one, other = key_of_token("token-one"), key_of_token("token-two")
    assert sealed(one, "toolu_1") != sealed(other, "toolu_1")
    assert b"token" not in one


async def test_no_more_are_known_than_the_limit(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        ids = [f"toolu_{number}" for number in range(TOOL_USES_MAX + 1)]
        stage.conversations.post(NoteToolUses("a", tuple(ids)))
        assert await owners(stage, "toolu_0") == ()
        assert await owners(stage, "toolu_1") == ("a",)


async def test_the_conversations_used_last_are_told_without_a_word_of_them(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState()
    async with open_stage(check=False, state=SimulatedState(stored)) as stage:
        await stage.read(attrs.evolve(turn("a secret plan"), conversation="a"))
        await trio.sleep(5)
        await stage.read(attrs.evolve(turn(), conversation="b"))
    async with open_stage(check=False, state=SimulatedState(stored)) as stage:
        await trio.sleep(60)
        await stage.read(attrs.evolve(turn(), conversation="c"))
        await trio.sleep(5)
        await stage.read(attrs.evolve(turn(), conversation="a"))
        found = await stage.conversations.ask(FindRecentConversations(2))
        assert [(each.conversation, each.turns) for each in found] == [("a", 2), ("c", 1)]
        everyone = await stage.conversations.ask(FindRecentConversations())
        assert [each.conversation for each in everyone] == ["a", "c", "b"]
        assert found[0].model == "work/claude-x"
        assert "secret" not in repr(everyone)
