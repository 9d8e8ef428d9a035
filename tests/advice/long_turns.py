"""Turns of a conversation that has nearly filled its window, and what is said of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from understudy.protocols.settings_data import ChatSettings, Settings
from understudy.protocols.turn import Turn
from understudy.simulations.upstream import Step

from ..actors.scripts import (
    WORK,
    answer_events,
    event,
    refusal,
    stream,
    turn,
)
from ..actors.stage import HOME_ENDPOINT, WORK_ENDPOINT, Reader, Stage

WINDOW_TOKENS = 60_000
LONG = "word " * 22_000
OFFER = b"(Understudy: You are at 52K of this model's 60K. home/claude-y holds 1M"
SAY = b"Say `switch to home/claude-y` to go on there.)"
FAILED = "work has failed here twice in a row. home/claude-y holds 1M"
DOWN = refusal(500, "api_error", "oops")


def settings(chat: ChatSettings | None = None, **work: Any) -> Settings:
    """Work is small, home is large."""
    endpoints = (
        attrs.evolve(WORK_ENDPOINT, context_tokens=WINDOW_TOKENS, **work),
        attrs.evolve(HOME_ENDPOINT, context_tokens=1_000_000),
    )
    return Settings(endpoints=endpoints, chat=chat or ChatSettings())


def filled(tokens: int = 52_000) -> Sequence[Step]:
    """An answer whose question has filled so much of the window."""
    return stream(answer_events("To", " be", input_tokens=tokens))


def long_turn(text: str = LONG, **members: Any) -> Turn:
    """A turn of a conversation that is long already."""
    return turn(text, model=WORK, **members)


async def read_twice(stage: Stage, conversation: str = "conversation") -> Reader:
    """The second answer of a long conversation: the first tells how long it is."""
    await stage.read(long_turn(conversation=conversation))
    return await stage.read(long_turn(conversation=conversation))


TOOL_USE = [
    event(
        "content_block_start",
        index=0,
        content_block={"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {}},
    ),
    event("content_block_stop", index=0),
    event("message_delta", delta={"stop_reason": "tool_use"}, usage={"output_tokens": 9}),
    event("message_stop"),
]
