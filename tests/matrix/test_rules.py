"""A scripted upstream refuses what its provider would refuse: each rule is broken once.

A good request of the dialect is changed in one place, and must be refused for it.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from .cells import DIALECTS, SCRIPTS
from .judges import anthropic, openai_chat, openai_responses
from .judges.ollama import written as ollama_request
from .question import Json
from .questions import ANSWERED
from .upstreams.rules import Complaints
from .upstreams.script import Asked

HEADERS = {"anthropic-version": "2023-06-01"}
TARGETS = {"gemini": "/v1beta/models/text:generateContent"}
GEMINI: Json = {
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [
        {"role": "user", "parts": [{"text": "What time is it?"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "get_time", "args": {}}}]},
        {
            "role": "user",
            "parts": [{"functionResponse": {"name": "get_time", "response": {"output": "12:00"}}}],
        },
    ],
    "tools": [
        {
            "functionDeclarations": [
                {"name": "get_time", "description": "x", "parameters": {"type": "OBJECT"}}
            ]
        }
    ],
    "generationConfig": {"maxOutputTokens": 100},
}
GOOD: dict[str, Json] = {
    "anthropic": anthropic.written(ANSWERED, "text"),
    "openai-chat": openai_chat.written(ANSWERED, "text"),
    "openai-responses": openai_responses.written(ANSWERED, "text"),
    "gemini": GEMINI,
    "ollama": ollama_request(ANSWERED, "text"),
}
MISSING = object()

BROKEN: list[tuple[str, str, Any]] = [
    ("anthropic", "max_tokens", MISSING),
    ("anthropic", "seed", 1),
    ("anthropic", "temperature", 1.5),
    ("anthropic", "thinking", {"type": "enabled", "budget_tokens": 4_096}),
    ("anthropic", "messages", []),
    ("anthropic", "messages.0.role", "assistant"),
    ("anthropic", "messages.0.role", "tool"),
    ("anthropic", "messages.0.content", []),
    ("anthropic", "messages.0.content.0.text", " "),
    ("anthropic", "messages.1.content.1.id", "call.1"),
    ("anthropic", "messages.1.content.1.input", "{}"),
    ("anthropic", "messages.1.content.2.id", "call_1_0"),
    ("anthropic", "messages.2.content.0", MISSING),
    ("anthropic", "messages.2.content.0.tool_use_id", "call_9"),
    ("anthropic", "messages.2.content.0.tool_use_id", "call_1_0"),
    ("anthropic", "messages.2", MISSING),
    ("anthropic", "messages.2.content.1.content.1.source.data", "?"),
    ("anthropic", "tools.0.name", "a.b"),
    ("anthropic", "tools.0.name", "x" * 129),
    ("anthropic", "tools.0.input_schema", {"properties": {}}),
    ("anthropic", "tools.1.name", "take_photo"),
    ("openai-chat", "messages.0.role", "model"),
    ("openai-chat", "messages.1.content.0.cache_control", {}),
    ("openai-chat", "messages.2.tool_calls.0.function.arguments", "{"),
    ("openai-chat", "messages.2.tool_calls.0.function.arguments", {}),
    ("openai-chat", "messages.2.tool_calls.0.id", ""),
    ("openai-chat", "messages.3", MISSING),
    ("openai-chat", "messages.3.tool_call_id", "call_9"),
    ("openai-chat", "messages.3.content", [{"type": "image_url", "image_url": {"url": "x"}}]),
    ("openai-chat", "messages.6.content.0.image_url.url", "data:image/png,x"),
    ("openai-chat", "max_tokens", 5),
    ("openai-chat", "stream_options", {"include_usage": True}),
    ("openai-chat", "stop", ["a", "b", "c", "d", "e"]),
    ("openai-chat", "tools", []),
    ("openai-chat", "tools.0.function.name", "x" * 65),
    ("openai-chat", "reasoning_effort", "extreme"),
    ("openai-responses", "input", MISSING),
    ("openai-responses", "messages", []),
    ("openai-responses", "max_output_tokens", 15),
    ("openai-responses", "input.0.content.0.type", "text"),
    ("openai-responses", "input.2", MISSING),
    ("openai-responses", "input.5", MISSING),
    ("openai-responses", "input.5.call_id", "x" * 65),
    ("openai-responses", "input.2.arguments", "{"),
    ("openai-responses", "input.2.id", "call_1"),
    ("openai-responses", "tools.0.parameters", MISSING),
    ("openai-responses", "tools.0.function", {}),
    ("openai-responses", "previous_response_id", "resp_1"),
    ("gemini", "contents.0.role", "assistant"),
    ("gemini", "contents.0.parts.0.functionCall", {"name": "x"}),
    ("gemini", "contents.1.parts.0.functionCall.id2", "x"),
    ("gemini", "contents.2", MISSING),
    ("gemini", "contents.1", MISSING),
    ("gemini", "contents.2.parts.0.functionResponse.name", "get_date"),
    ("gemini", "contents.2.parts.0.functionResponse.response", "12:00"),
    ("gemini", "tools.0.functionDeclarations.0.name", "1st"),
    ("gemini", "tools.0.functionDeclarations.0.parameters.$schema", "x"),
    ("gemini", "generationConfig.max_tokens", 5),
    ("gemini", "max_tokens", 5),
    ("ollama", "messages.2.tool_calls.0.function.arguments", "{}"),
    ("ollama", "messages.3.tool_name", "get_date"),
    ("ollama", "messages.3.tool_name", MISSING),
    ("ollama", "messages.0.role", "developer"),
    ("ollama", "options.max_tokens", 5),
    ("ollama", "max_tokens", 5),
    ("ollama", "think", "much"),
]


def complaints_of(dialect: str, body: Json) -> list[str]:
    complaints = Complaints()
    asked = Asked(TARGETS.get(dialect, ""), HEADERS, json.dumps(body).encode())
    SCRIPTS[dialect].hear(asked, body, complaints)
    return complaints.found


def changed(body: Json, path: str, value: Any) -> Json:
    made = copy.deepcopy(body)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = made
    for step in way:
        place = place[step]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return made


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_good_request_breaks_no_rule(dialect: str) -> None:
    assert complaints_of(dialect, GOOD[dialect]) == []


@pytest.mark.parametrize(("dialect", "path", "value"), BROKEN)
def test_a_broken_rule_is_refused(dialect: str, path: str, value: Any) -> None:
    assert complaints_of(dialect, changed(GOOD[dialect], path, value))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_has_its_rules_broken(dialect: str) -> None:
    assert len([1 for broken, _, _ in BROKEN if broken == dialect]) >= 7
