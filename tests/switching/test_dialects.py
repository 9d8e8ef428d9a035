"""A command in every dialect, streamed or not: our reply is an answer that its client can read."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from trio.testing import MockClock
from understudy.protocols.conversation.answer import AnswerEnded, AnswerStarted
from understudy.protocols.dialect import Failure
from understudy.protocols.dialects import SERVED
from understudy.protocols.settings_data import Settings

from ..actors.dialects import (
    ANTHROPIC,
    CHAT,
    COMPLETIONS,
    GEMINI,
    GENERATE,
    OLLAMA,
    RESPONSES,
    answer,
    dialect_turn,
    read_back,
    said,
    settings_for,
)
from ..actors.scripts import always
from ..actors.stage import open_stage

COMMAND: Final = "Which model is this?"
_MESSAGES: Final = {"messages": [{"role": "user", "content": COMMAND}]}
ASKED: Final[dict[str, dict[str, Any]]] = {
    ANTHROPIC: _MESSAGES,
    CHAT: _MESSAGES,
    COMPLETIONS: {"prompt": COMMAND},
    RESPONSES: {"input": COMMAND},
    GEMINI: {"contents": [{"role": "user", "parts": [{"text": COMMAND}]}]},
    OLLAMA: _MESSAGES,
    GENERATE: {"prompt": COMMAND},
}
REPLY: Final = "work/m answers this conversation (remote, window unknown)."
USAGE_TOLD: Final[dict[str, Any]] = {"stream_options": {"include_usage": True}}
"""Chat Completions tells the usage of a stream where it is asked to."""


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("dialect", ASKED)
async def test_our_reply_is_an_answer(
    autojump_clock: MockClock, dialect: str, streamed: bool
) -> None:
    members = ASKED[dialect] | (USAGE_TOLD if streamed and dialect == CHAT else {})
    asked = dialect_turn(dialect, stream=streamed, **members)
    async with open_stage(settings_for(ANTHROPIC)) as stage:
        reader = await stage.read(asked)
        assert said(dialect, reader.body, streamed=streamed).startswith(REPLY)
        assert reader.head.status == 200
        assert dict(reader.headers)[b"content-type"].startswith(
            b"application/json" if not streamed else b"text/event-stream"
        ) or dialect in (OLLAMA, GENERATE)
        if dialect not in (COMPLETIONS, GENERATE):
            first, *_, last = read_back(dialect, reader.body, streamed=streamed)
            assert isinstance(first, AnswerStarted)
            assert isinstance(last, AnswerEnded)
            assert last.stop_reason == "end_turn"
            assert last.usage.read_tokens > 0, "the client's own bar stays where it was"
        assert stage.upstream.exchanges == []


@pytest.mark.parametrize("dialect", ASKED)
async def test_a_choice_that_is_gone_is_told_in_the_dialect(
    autojump_clock: MockClock, dialect: str
) -> None:
    members = json.loads(json.dumps(ASKED[dialect]).replace(COMMAND, "switch to work"))
    async with open_stage(settings_for(ANTHROPIC), check=False) as stage:
        stage.work.respond = always(answer(ANTHROPIC))
        await stage.read(dialect_turn(dialect, **members))
        await stage.apply(Settings())
        again = json.loads(json.dumps(ASKED[dialect]).replace(COMMAND, "Why is the sky blue?"))
        reader = await stage.read(dialect_turn(dialect, **again))
        assert reader.refused.status == 404
        told = Failure(404, reader.refused.kind, reader.refused.message)
        assert b"Say `list models`" in SERVED[dialect].error(told, "req_1")


async def test_a_choice_of_one_dialect_holds_for_another(autojump_clock: MockClock) -> None:
    async with open_stage(settings_for(ANTHROPIC), check=False) as stage:
        await stage.read(dialect_turn(CHAT, **_switch(CHAT)))
        reader = await stage.read(dialect_turn(OLLAMA, **ASKED[OLLAMA]))
        assert "You have chosen it here." in said(OLLAMA, reader.body)


def _switch(dialect: str) -> dict[str, Any]:
    members: dict[str, Any] = json.loads(
        json.dumps(ASKED[dialect]).replace(COMMAND, "switch to work")
    )
    return members


def test_every_dialect_is_tried() -> None:
    assert ASKED.keys() == SERVED.keys()
