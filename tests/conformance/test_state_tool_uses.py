"""What the State port promises of the ids of tools' calls."""

from __future__ import annotations

import pytest
from understudy.io.ports import State, StateError
from understudy.protocols.tool_uses import TOOL_USE_SECONDS, ToolUse

from .test_state import Disk, conversation
from .test_state import disk as disk
from .test_state import state as state


async def test_a_tool_use_is_known_by_its_digest_alone(disk: Disk, state: State) -> None:
    first, second = ToolUse("a", "c", 100.0), ToolUse("b", "d", 101.0)
    await state.save([], [], [first, second])
    assert list(await state.tool_uses("a")) == [first]
    assert list(await disk.open().tool_uses("b")) == [second]
    assert list(await state.tool_uses("c")) == []


async def test_a_tool_use_of_two_conversations_is_kept_for_both(state: State) -> None:
    await state.save([], [], [ToolUse("a", "c", 100.0), ToolUse("a", "d", 101.0)])
    await state.save([], [], [ToolUse("a", "c", 102.0)])
    found = await state.tool_uses("a")
    assert [(use.conversation, use.seen_at) for use in found] == [("d", 101.0), ("c", 102.0)]


async def test_tool_uses_are_forgotten_after_a_day(state: State) -> None:
    await state.save([], [], [ToolUse("a", "c", 100.0), ToolUse("b", "c", 101.0)])
    await state.save([], [], [ToolUse("z", "c", 100.0 + TOOL_USE_SECONDS)])
    assert list(await state.tool_uses("a")) == []
    assert len(await state.tool_uses("b")) == 1


async def test_the_oldest_tool_uses_go_first(state: State) -> None:
    await state.save([], [], [ToolUse(name, "c", 1.0) for name in "abcd"])
    await state.save([], [], [ToolUse("a", "c", 2.0), ToolUse("e", "c", 2.0)])
    kept = [name for name in "abcde" if await state.tool_uses(name)]
    assert kept == ["a", "c", "d", "e"]


async def test_a_tool_use_that_no_row_can_hold_writes_nothing(state: State) -> None:
    with pytest.raises(StateError):
        await state.save([conversation("c")], [], [ToolUse("a", "\ud800", 1.0)])
    assert await state.load("c") is None
