"""Neutral conversations, as translators get and give them."""

from __future__ import annotations

from hypothesis import strategies as st
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Text,
    Thinking,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import Message

IDS = st.sampled_from(["a", "b", "c", "a_2", ""])
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.sampled_from(["", " \n", "hello"]).map(Text),
    IDS.map(lambda identity: ToolUse(identity, "Read", {})),
    IDS.map(lambda identity: ToolResult(identity, (Text(f"of {identity}"),))),
    st.just(Thinking("hm", "c2ln")),
    st.just(Media("image", "image/png", data="aGk=")),
)
MESSAGES = st.builds(
    Message,
    st.sampled_from(["user", "user", "assistant", "assistant", "system"]),
    st.lists(BLOCKS, max_size=4).map(tuple),
)
HISTORIES = st.lists(MESSAGES, max_size=7).map(tuple)


def user(*blocks: Block | str) -> Message:
    """A user's message."""
    return Message("user", tuple(_block(block) for block in blocks))


def assistant(*blocks: Block | str) -> Message:
    """An assistant's message."""
    return Message("assistant", tuple(_block(block) for block in blocks))


def system(words: str) -> Message:
    """What the system says in mid-conversation."""
    return Message("system", (Text(words),))


def use(identity: str, name: str = "Read") -> ToolUse:
    """A tool call."""
    return ToolUse(identity, name, {"path": "x"})


def result(identity: str, words: str = "done") -> ToolResult:
    """A tool's result."""
    return ToolResult(identity, (Text(words),))


def _block(block: Block | str) -> Block:
    return Text(block) if isinstance(block, str) else block
