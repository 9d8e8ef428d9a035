"""A request for an endpoint: its members, and what of the client's wishes it cannot say."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.conversation.blocks import Text, ToolReference, ToolResult
from understudy.protocols.conversation.request import (
    Conversation,
    Effort,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.openai_chat.dialect import UPSTREAM

from .wire import MODEL, assistant, sent, tool, use, user

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "$schema": "x"}


def members(model: str = MODEL, **given: Any) -> dict[str, Any]:
    """What a request has besides the model and the messages."""
    body = sent(Conversation((user("hi"),), **given), model)
    assert body.pop("model") == model
    assert body.pop("messages") == [{"role": "user", "content": "hi"}]
    return body


def dropped(model: str = MODEL, **given: Any) -> tuple[str, ...]:
    """What could not be said."""
    return UPSTREAM.request(Conversation((user("hi"),), **given), model).dropped


def test_nothing_is_sent_that_was_not_asked_for() -> None:
    assert members() == {}
    out = UPSTREAM.request(Conversation(()), MODEL)
    assert (out.path, out.headers, out.dropped) == ("/v1/chat/completions", (), ())


def test_a_stream_always_tells_its_usage() -> None:
    assert members(streamed=True) == {"stream": True, "stream_options": {"include_usage": True}}


def test_tools_are_functions() -> None:
    found = members(tools=(Tool("Read", "Reads.", SCHEMA, strict=True), Tool("bare")))["tools"]
    assert found == [
        {
            "type": "function",
            "function": {
                "name": "Read",
                "description": "Reads.",
                "parameters": SCHEMA,
                "strict": True,
            },
        },
        {
            "type": "function",
            "function": {"name": "bare", "parameters": {"type": "object", "properties": {}}},
        },
    ]


def test_a_deferred_tool_is_shown_once_a_result_has_named_it_and_the_placeholder_never() -> None:
    tools = (
        tool("ToolSearch"),
        tool("WebFetch", deferred=True),
        tool("Cron", deferred=True),
        tool("DeferredToolPlaceholder", deferred=True),
    )
    named = tuple(ToolReference(name) for name in ("WebFetch", "DeferredToolPlaceholder"))

    def shown(*messages: Any) -> list[str]:
        body = sent(Conversation(messages, tools=tools))
        return [item["function"]["name"] for item in body["tools"]]

    called = assistant(use("ToolSearch"))
    assert shown(user("hi")) == ["ToolSearch"]
    assert shown(called, user(ToolResult("call_1", named))) == ["ToolSearch", "WebFetch"]
    assert shown(user(*named)) == ["ToolSearch", "WebFetch"]


def test_server_tools_are_not_sent_but_named() -> None:
    server = Tool("web_search", server={"type": "web_search_20250305"})
    assert members(tools=(server,), tool_choice=ToolChoice("auto")) == {}
    assert dropped(tools=(server,)) == ("server tool web_search",)
    cached = Tool("f", cache={"type": "ephemeral"})
    assert dropped(tools=(cached,)) == ("cache_control",)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (ToolChoice("auto"), "auto"),
        (ToolChoice("any"), "required"),
        (ToolChoice("none"), "none"),
        (ToolChoice("tool", "f"), {"type": "function", "function": {"name": "f"}}),
    ],
)
def test_a_tool_choice_is_sent_with_tools_alone(choice: ToolChoice, expected: Any) -> None:
    given: dict[str, Any] = {"tool_choice": choice, "parallel_tools": False}
    found = members(tools=(tool("f"),), **given)
    assert found["tool_choice"] == expected
    assert found["parallel_tool_calls"] is False
    assert members(**given) == {}


def test_a_choice_of_a_tool_that_is_not_shown_is_dropped() -> None:
    tools = (tool("f"),)
    assert "tool_choice" not in members(tools=tools, tool_choice=ToolChoice("tool", "g"))
    assert dropped(tools=tools, tool_choice=ToolChoice("tool", "g")) == ("tool_choice",)


def test_a_choice_shows_a_deferred_tool() -> None:
    tools = (tool("f"), tool("g", deferred=True))
    found = members(tools=tools, tool_choice=ToolChoice("tool", "g"))
    assert found["tool_choice"]["function"]["name"] == "g"
    assert len(found["tools"]) == 2


def test_a_choice_uses_the_name_that_is_sent() -> None:
    found = members(tools=(tool("a.b"),), tool_choice=ToolChoice("tool", "a.b"))
    name = found["tools"][0]["function"]["name"]
    assert name != "a.b"
    assert found["tool_choice"]["function"]["name"] == name


EVERYTHING = Sampling(
    max_tokens=100,
    temperature=0.5,
    top_p=0.9,
    top_k=40,
    stop_sequences=("a", "b", "c", "d", "e"),
    seed=3,
    presence_penalty=0.1,
    frequency_penalty=0.2,
    logit_bias={"1": 2},
    logprobs=4,
    choices=2,
)


def test_sampling() -> None:
    assert members(sampling=EVERYTHING) == {
        "max_tokens": 100,
        "temperature": 0.5,
        "top_p": 0.9,
        "seed": 3,
        "presence_penalty": 0.1,
        "frequency_penalty": 0.2,
        "logit_bias": {"1": 2},
        "stop": ["a", "b", "c", "d"],
        "logprobs": True,
        "top_logprobs": 4,
    }
    assert dropped(sampling=EVERYTHING) == ("stop", "top_k", "choices")
    assert members(sampling=Sampling(logprobs=0, choices=1)) == {"logprobs": True}


@pytest.mark.parametrize("model", ["o3", "o4-mini", "gpt-5", "openai/gpt-5.2:free", "GPT-6-sol"])
def test_openai_s_thinking_models_get_their_narrower_request(model: str) -> None:
    assert members(model, sampling=EVERYTHING) == {"max_completion_tokens": 100, "seed": 3}
    assert set(dropped(model, sampling=EVERYTHING)) == {
        "temperature",
        "top_p",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "stop",
        "logprobs",
        "top_logprobs",
        "top_k",
        "choices",
    }
    assert dropped(model, sampling=Sampling(temperature=1, top_p=1)) == ()


@pytest.mark.parametrize(
    "model", ["gpt-4o", "gpt-5-chat-latest", "olmo", "gpt-oss-120b", "o-model"]
)
def test_other_models_get_the_older_limit(model: str) -> None:
    assert members(model, sampling=Sampling(max_tokens=5)) == {"max_tokens": 5}


def test_models_that_call_one_tool_at_a_time_are_not_told_so() -> None:
    given: dict[str, Any] = {"tools": (tool(),), "parallel_tools": False}
    assert "parallel_tool_calls" not in members("o3-mini", **given)
    assert dropped("o3-mini", **given) == ("parallel_tool_calls",)
    assert dropped("o3-mini", tools=(tool(),), parallel_tools=True) == ()


@pytest.mark.parametrize(
    ("model", "effort", "expected"),
    [
        ("o3", "max", "high"),
        ("o3", "none", "low"),
        ("gpt-5", "minimal", "minimal"),
        ("gpt-5-mini", "none", "minimal"),
        ("gpt-5.2", "none", "none"),
        ("gpt-5.2", "max", "xhigh"),
        ("gpt-6-sol", "max", "max"),
        ("openai/gpt-oss-20b", "xhigh", "high"),
        ("grok-4", "medium", "low"),
        ("gemini-3-pro", "minimal", "low"),
        ("magistral-small", "medium", "high"),
        ("gpt-4o", "high", ""),
        ("gpt-5-chat-latest", "high", ""),
        ("qwen3-coder", "high", ""),
    ],
)
def test_effort_goes_to_models_that_take_it(model: str, effort: Effort, expected: str) -> None:
    found = members(model, reasoning=Reasoning(effort=effort))
    assert found == ({"reasoning_effort": expected} if expected else {})
    named = dropped(model, reasoning=Reasoning(effort=effort))
    assert named == (() if expected else ("effort",))


@pytest.mark.parametrize(
    ("reasoning", "expected"),
    [
        (Reasoning(enabled=True), None),
        (Reasoning(enabled=True, budget_tokens=4_096), "low"),
        (Reasoning(enabled=True, budget_tokens=4_097), "medium"),
        (Reasoning(enabled=True, budget_tokens=31_999), "high"),
        (Reasoning(budget_tokens=31_999, effort="low"), "low"),
        (Reasoning(enabled=False, budget_tokens=31_999), "low"),
    ],
)
def test_a_budget_is_about_an_effort(reasoning: Reasoning, expected: str | None) -> None:
    assert members("o3", reasoning=reasoning).get("reasoning_effort") == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (OutputFormat(), {"type": "json_object"}),
        (
            OutputFormat(SCHEMA, "n", strict=True),
            {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA, "strict": True}},
        ),
        (
            OutputFormat(SCHEMA),
            {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}},
        ),
    ],
)
def test_the_form_of_the_answer(output: OutputFormat, expected: dict[str, Any]) -> None:
    assert members(output=output) == {"response_format": expected}


def test_a_user_is_named_unless_the_name_is_too_long() -> None:
    assert members(user="u" * 64) == {"user": "u" * 64}
    assert members(user="u" * 65) == {}
    assert dropped(user="u" * 65) == ("user",)


def test_what_is_dropped_is_named_once() -> None:
    cached = user(Text("a", {"x": 1}), Text("b", {"x": 1}))
    out = UPSTREAM.request(Conversation((cached, assistant("c"), cached)), MODEL)
    assert out.dropped == ("cache_control",)
