"""Requests whose answer must have a form: what stands in them is work, whatever it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from trio.testing import MockClock
from understudy.protocols.demands import is_demanding
from understudy.protocols.dialect import Target
from understudy.protocols.dialects import SERVED

from ..actors.dialects import (
    ANTHROPIC,
    CHAT,
    COMPLETIONS,
    GEMINI,
    GENERATE,
    OLLAMA,
    RESPONSES,
    dialect_turn,
)
from .talk import hosts, open_talk

SCHEMA: dict[str, Any] = {"type": "object"}
TOOL = {"type": "function", "function": {"name": "f"}}
DEMANDING: list[tuple[str, dict[str, Any]]] = [
    (ANTHROPIC, {"tool_choice": {"type": "any"}}),
    (ANTHROPIC, {"tool_choice": {"type": "tool", "name": "f"}}),
    (ANTHROPIC, {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}),
    (ANTHROPIC, {"output_format": {"type": "json_schema", "schema": SCHEMA}}),
    (CHAT, {"tool_choice": "required"}),
    (CHAT, {"tool_choice": TOOL}),
    (CHAT, {"tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required"}}}),
    (CHAT, {"function_call": {"name": "f"}}),
    (CHAT, {"response_format": {"type": "json_object"}}),
    (CHAT, {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}}),
    (CHAT, {"n": 2}),
    (COMPLETIONS, {"suffix": "}"}),
    (COMPLETIONS, {"echo": True}),
    (COMPLETIONS, {"best_of": 3}),
    (RESPONSES, {"tool_choice": {"type": "function", "name": "f"}}),
    (RESPONSES, {"tool_choice": {"type": "allowed_tools", "mode": "required", "tools": []}}),
    (RESPONSES, {"text": {"format": {"type": "json_object"}}}),
    (GEMINI, {"generationConfig": {"responseMimeType": "application/json"}}),
    (GEMINI, {"generation_config": {"response_mime_type": "text/x.enum"}}),
    (GEMINI, {"generationConfig": {"candidateCount": 2}}),
    (GEMINI, {"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}),
    (GEMINI, {"tool_config": {"function_calling_config": {"mode": "any"}}}),
    (OLLAMA, {"format": "json"}),
    (OLLAMA, {"format": SCHEMA}),
    (GENERATE, {"raw": True}),
    (GENERATE, {"suffix": "}"}),
]
FREE: list[tuple[str, dict[str, Any]]] = [
    (ANTHROPIC, {"tool_choice": {"type": "auto"}, "output_config": {"effort": "high"}}),
    (ANTHROPIC, {"max_tokens": 1, "stop_sequences": ["\n"]}),
    (CHAT, {"tool_choice": "auto", "response_format": {"type": "text"}, "n": 1}),
    (CHAT, {"tool_choice": None, "response_format": None, "n": None, "function_call": "auto"}),
    (CHAT, {"tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto"}}}),
    (CHAT, {"tool_choice": [], "response_format": 7, "n": "2"}),
    (COMPLETIONS, {"suffix": "", "echo": False, "best_of": 1}),
    (RESPONSES, {"tool_choice": "none", "text": {"format": {"type": "text"}, "verbosity": "low"}}),
    (GEMINI, {"generationConfig": {"responseMimeType": "text/plain", "candidateCount": 1}}),
    (GEMINI, {"toolConfig": {"functionCallingConfig": {"mode": "AUTO"}}}),
    (OLLAMA, {"format": "", "raw": False}),
]
SAID: dict[str, dict[str, Any]] = {
    COMPLETIONS: {"model": "m", "prompt": "go back"},
    GENERATE: {"model": "m", "prompt": "go back"},
    GEMINI: {"contents": [{"parts": [{"text": "go back"}]}]},
    RESPONSES: {"model": "m", "input": "go back"},
}
MESSAGES: dict[str, Any] = {
    "model": "m",
    "max_tokens": 9,
    "messages": [{"role": "user", "content": "go back"}],
}


def is_found(dialect: str, members: dict[str, Any]) -> bool:
    body = json.dumps(SAID.get(dialect, MESSAGES) | members).encode()
    return is_demanding(SERVED[dialect].parse(body, Target("m")))


@pytest.mark.parametrize(("dialect", "members"), DEMANDING)
def test_an_answer_of_a_form_is_demanded(dialect: str, members: dict[str, Any]) -> None:
    assert is_found(dialect, members)


@pytest.mark.parametrize(("dialect", "members"), FREE)
def test_words_will_do(dialect: str, members: dict[str, Any]) -> None:
    assert not is_found(dialect, members)


def test_what_cannot_be_read_demands_nothing() -> None:
    body = b'{"model":"m","prompt":"x","format":1e999}'
    assert not is_demanding(SERVED[GENERATE].parse(body, Target("m")))


async def test_what_must_have_a_form_is_answered_by_a_model(autojump_clock: MockClock) -> None:
    """It goes where its conversation goes."""
    form = {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}
    async with open_talk() as talk:
        assert "home/claude-y answers from now on" in await talk.say("switch to home")
        assert await talk.say("switch to work", **form) == "To be."
        assert await talk.say("Hello") == "To be."
        assert hosts(talk.stage) == ["home", "home"]


async def test_a_gap_in_a_program_is_filled_whatever_stands_before_it(
    autojump_clock: MockClock,
) -> None:
    async with open_talk() as talk:
        asked = dialect_turn(COMPLETIONS, model="work/claude-x", prompt="go back", suffix="()")
        reader = await talk.stage.read(asked)
        assert reader.error is None
        assert hosts(talk.stage) == ["work"]
