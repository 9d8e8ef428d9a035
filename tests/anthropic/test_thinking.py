"""How each generation of models is asked to think."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from understudy.protocols.anthropic.dialect import UPSTREAM
from understudy.protocols.conversation.blocks import Block, RedactedThinking, Thinking
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.request import (
    Conversation,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)

from .neutral import assistant, result, use, user

NEW = "claude-opus-5-5"
BUDGET = "claude-sonnet-4-5-20250929"
THOUGHTLESS = "claude-3-5-haiku-20241022"
GO = (user("go"),)
DISABLED = {"thinking": {"type": "disabled"}}


def asked(
    reasoning: Reasoning, model: str, max_tokens: int | None = None, **members: Any
) -> dict[str, Any]:
    conversation = Conversation(GO, reasoning=reasoning, sampling=Sampling(max_tokens))
    outgoing = UPSTREAM.request(attrs.evolve(conversation, **members), model)
    found: dict[str, Any] = json.loads(outgoing.body)
    kept = {key: value for key, value in found.items() if key in ("thinking", "output_config")}
    return {**kept, "dropped": outgoing.dropped} if outgoing.dropped else kept


@pytest.mark.parametrize("model", [NEW, BUDGET, THOUGHTLESS])
def test_nothing_is_asked_for_a_client_that_asks_nothing(model: str) -> None:
    assert asked(Reasoning(), model) == {}


@pytest.mark.parametrize("wish", [Reasoning(False), Reasoning(effort="none")])
def test_thinking_that_is_not_wanted(wish: Reasoning) -> None:
    assert asked(wish, NEW) == DISABLED
    assert asked(wish, BUDGET) == DISABLED
    assert asked(wish, THOUGHTLESS) == {}


@pytest.mark.parametrize(
    ("wish", "display", "effort"),
    [
        (Reasoning(True), None, None),
        (Reasoning(True, 2_000), None, "low"),
        (Reasoning(True, 10_000), None, "medium"),
        (Reasoning(True, 31_999), None, "high"),
        (Reasoning(True, 31_999, "max"), None, "max"),
        (Reasoning(effort="minimal"), None, "low"),
        (Reasoning(effort="xhigh", shown=True), "summarized", "xhigh"),
        (Reasoning(shown=False), "omitted", None),
    ],
)
@pytest.mark.parametrize("model", [NEW, "claude-opus-4-6", "claude-sonnet-4.7", "some-model"])
def test_a_new_model_gets_an_effort(
    wish: Reasoning, display: str | None, effort: str | None, model: str
) -> None:
    thinking = {"type": "adaptive"} | ({"display": display} if display else {})
    config = {"output_config": {"effort": effort}} if effort else {}
    assert asked(wish, model) == {"thinking": thinking, **config}


def test_an_effort_stands_beside_a_format() -> None:
    found = asked(Reasoning(effort="low"), NEW, output=OutputFormat({"type": "object"}))
    wanted = {"type": "json_schema", "schema": {"type": "object"}}
    assert found["output_config"] == {"effort": "low", "format": wanted}


@pytest.mark.parametrize(
    ("wish", "max_tokens", "budget"),
    [
        (Reasoning(True, 2_000), None, 2_000),
        (Reasoning(True, 5), None, 1_024),
        (Reasoning(True), None, 10_240),
        (Reasoning(effort="low"), None, 4_096),
        (Reasoning(effort="max"), 8_000, 7_999),
    ],
)
@pytest.mark.parametrize(
    "model", [BUDGET, "claude-opus-4-1", "claude-sonnet-4", "claude-haiku-4.5", "claude-3-7-sonnet"]
)
def test_an_older_model_gets_a_budget(
    wish: Reasoning, max_tokens: int | None, budget: int, model: str
) -> None:
    expected = {"thinking": {"type": "enabled", "budget_tokens": budget}}
    assert asked(wish, model, max_tokens) == expected
    assert asked(Reasoning(shown=False), model) == {}


def test_thinking_that_cannot_be_is_named() -> None:
    wish = Reasoning(True, 2_000)
    assert asked(wish, THOUGHTLESS) == {"dropped": ("thinking",)}
    assert asked(wish, BUDGET, 1_000) == {"dropped": ("thinking",)}
    forced = asked(wish, BUDGET, tools=(Tool("Read"),), tool_choice=ToolChoice("any"))
    assert forced == {"dropped": ("thinking",)}


@pytest.mark.parametrize(
    ("before", "thinks"),
    [
        ((), False),
        ((Thinking("hm", signed("gemini", "g", "x")),), False),
        ((Thinking("hm", "c2ln"),), True),
        ((RedactedThinking("c2ln"),), True),
    ],
)
def test_a_tool_loop_that_another_model_began_goes_on_without_thinking(
    before: tuple[Block, ...], thinks: bool
) -> None:
    history = (*GO, assistant(*before, use("t")), user(result("t")))
    found = asked(Reasoning(True), BUDGET, messages=history)
    assert ("thinking" in found) == thinks
    over = (*history, assistant("done"), user("thanks"))
    assert "thinking" in asked(Reasoning(True), BUDGET, messages=over)
    assert "thinking" in asked(Reasoning(True), NEW, messages=history)


def test_beside_thinking_tokens_are_chosen_in_the_api_s_own_way() -> None:
    sampling = Sampling(temperature=0.5, top_p=0.9, top_k=5)
    found = asked(Reasoning(True), NEW, sampling=sampling)
    assert found["dropped"] == ("temperature", "top_k", "top_p")
    assert "dropped" not in asked(Reasoning(False), NEW, sampling=Sampling(temperature=0.5))
