"""A client's request: what routing needs, and all of it in neutral words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.blocks import Media, Text
from understudy.protocols.conversation.request import (
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialect import Failure, Target
from understudy.protocols.gemini.dialect import SERVED
from understudy.protocols.gemini.served import models_page
from understudy.protocols.request import MODEL_CHARACTERS_MAX, BadRequest
from understudy.protocols.turn import ModelCard

from .test_reader_splits import PARTS, VALUES
from .wire import conversation, few_examples, request, text, user

NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}}


def test_as_much_as_routing_needs() -> None:
    body = b'{"contents":[],"generation_config":{"max_output_tokens":7}}'
    found = SERVED.parse(body, Target("models/gemini-x", streamed=True, array=True))
    assert (found.model, found.streamed, found.max_tokens) == ("gemini-x", True, 7)
    assert (found.dialect, found.array, found.body) == ("gemini", True, body)
    assert found.same_question(SERVED.parse(body, Target("gemini-y")))
    assert not found.same_question(SERVED.parse(b'{"contents":[{}]}', Target("gemini-x")))


@pytest.mark.parametrize(
    ("body", "model", "words"),
    [
        (b"[]", "m", "not a JSON object"),
        (b"{}", "m", "contents: expected a list"),
        (b'{"contents":7}', "m", "contents: expected a list"),
        (b'{"contents":[]}', "", "model: expected 1 to"),
        (b'{"contents":[]}', "models/", "model: expected 1 to"),
        (b'{"contents":[]}', "m" * (MODEL_CHARACTERS_MAX + 1), "model: expected 1 to"),
        (b'{"contents":[],"generationConfig":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "m", "deep"),
    ],
)
def test_what_cannot_be_understood(body: bytes, model: str, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        SERVED.parse(body, Target(model))


@pytest.mark.parametrize("name", ["systemInstruction", "system_instruction"])
def test_the_system_instruction(name: str) -> None:
    for value in ({"parts": [text("a"), text("")]}, {"parts": text("a")}, "a"):
        assert conversation(**{name: value}).system == (Text("a"),)


def test_tools_in_either_style_of_schema() -> None:
    old = {
        "type": "OBJECT",
        "properties": {"type": {"type": "STRING", "nullable": True, "enum": ["a"]}},
        "required": ["type"],
        "property_ordering": ["type"],
    }
    new = {"type": "object", "additionalProperties": False}
    declared = [
        {"name": "Read", "description": "reads", "parameters": old},
        {"name": "Bash", "parameters_json_schema": new},
        {"name": "Now"},
    ]
    found = conversation(tools=[{"functionDeclarations": declared}]).tools
    properties = {"type": {"type": ["string", "null"], "enum": ["a", None]}}
    old_schema = {"type": "object", "properties": properties, "required": ["type"]}
    assert found == (
        Tool("Read", "reads", old_schema),
        Tool("Bash", schema=new),
        Tool("Now", schema=NO_PARAMETERS),
    )


def test_tools_that_the_provider_runs() -> None:
    found = conversation(
        tools=[{"googleSearch": {}}, {"url_context": {}, "codeExecution": {}}, {"googleMaps": {}}]
    )
    assert [tool.server and tool.server["type"] for tool in found.tools] == [
        "web_search_20250305",
        "web_fetch_20250910",
        "code_execution_20250825",
    ]
    assert found.unknown == ("tools.googleMaps",)


@pytest.mark.parametrize(
    ("calling", "choice", "names"),
    [
        ({"mode": "AUTO"}, ToolChoice("auto"), "ABC"),
        ({"mode": "VALIDATED"}, ToolChoice("auto"), "ABC"),
        ({"mode": "NONE", "allowedFunctionNames": ["A"]}, ToolChoice("none"), "ABC"),
        ({"mode": "any"}, ToolChoice("any"), "ABC"),
        ({"mode": "ANY", "allowedFunctionNames": ["B"]}, ToolChoice("tool", "B"), "ABC"),
        ({"mode": "ANY", "allowed_function_names": ["A", "C"]}, ToolChoice("any"), "AC"),
        ({"mode": "ANY", "allowedFunctionNames": ["?"]}, ToolChoice("any"), "ABC"),
        ({"mode": "VALIDATED", "allowedFunctionNames": ["A"]}, ToolChoice("auto"), "A"),
        ({}, None, "ABC"),
    ],
)
def test_the_choice_of_a_tool(calling: Any, choice: ToolChoice | None, names: str) -> None:
    tools = [{"functionDeclarations": [{"name": name} for name in "ABC"]}]
    found = conversation(tools=tools, toolConfig={"functionCallingConfig": calling})
    assert found.tool_choice == choice
    assert "".join(tool.name for tool in found.tools) == names


def test_sampling_in_both_spellings() -> None:
    camel = {
        "maxOutputTokens": 5.0,
        "temperature": 0.5,
        "topP": 0.9,
        "topK": 40.0,
        "stopSequences": ["x", 7],
        "seed": 3,
        "candidateCount": 2,
        "presencePenalty": 1,
        "frequencyPenalty": -1,
        "responseLogprobs": True,
    }
    snake = {
        "max_output_tokens": 5,
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "stop_sequences": ["x"],
        "seed": 3,
        "candidate_count": 2,
        "presence_penalty": 1,
        "frequency_penalty": -1,
        "response_logprobs": True,
    }
    wanted = Sampling(5, 0.5, 0.9, 40, ("x",), 3, 1, -1, None, 0, 2)
    for config in (camel, snake):
        assert conversation(generationConfig=config).sampling == wanted
    assert conversation(generationConfig={"logprobs": 4}).sampling == Sampling(logprobs=4)


@pytest.mark.parametrize(
    ("config", "reasoning"),
    [
        ({"thinkingBudget": 0}, Reasoning(enabled=False)),
        ({"thinkingBudget": -1}, Reasoning(enabled=True)),
        ({"thinking_budget": 512}, Reasoning(enabled=True, budget_tokens=512)),
        ({"thinkingLevel": "LOW"}, Reasoning(enabled=True, effort="low")),
        ({"thinkingLevel": "THINKING_LEVEL_UNSPECIFIED"}, Reasoning()),
        ({"includeThoughts": True}, Reasoning(shown=True)),
    ],
)
def test_thinking(config: dict[str, Any], reasoning: Reasoning) -> None:
    found = conversation(generationConfig={"thinkingConfig": config})
    assert found.reasoning == reasoning


def test_structured_output() -> None:
    old = {"responseMimeType": "application/json", "responseSchema": {"type": "STRING"}}
    new = {"response_mime_type": "application/json", "response_json_schema": {"type": "string"}}
    for config in (old, new):
        found = conversation(generationConfig=config)
        assert found.output == OutputFormat({"type": "string"})
    plain = {"responseMimeType": "application/json"}
    assert conversation(generationConfig=plain).output == OutputFormat()
    assert conversation(generationConfig={"responseMimeType": "text/plain"}).output is None


def test_what_has_no_place_is_named() -> None:
    found = conversation(
        safetySettings=[], labels={}, generationConfig={"speechConfig": {}, "top_p": 1}
    )
    assert found.unknown == ("generationConfig.speechConfig", "labels", "safetySettings")


def test_a_count_of_tokens_asks_with_a_whole_request() -> None:
    inner = {
        "model": "models/m",
        "contents": [user(text("a"))],
        "systemInstruction": {"parts": [text("b")]},
        "generationConfig": {"maxOutputTokens": 9},
    }
    body = json.dumps({"generateContentRequest": inner}).encode()
    found = SERVED.parse(body, Target("m"))
    asked = SERVED.conversation(found)
    assert (found.max_tokens, asked.system) == (9, (Text("b"),))
    assert asked.messages[0].blocks == (Text("a"),)
    assert json.loads(SERVED.count_body(42)) == {"totalTokens": 42}


def test_an_error_with_its_details() -> None:
    told = json.loads(SERVED.error(Failure(429, "rate_limit_error", "slow down", 7), "req_1"))
    assert told["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert [detail.get("retryDelay") for detail in told["error"]["details"]] == ["7s", None]
    long = Failure(400, "invalid_request_error", "prompt is too long: 12 tokens > 10 maximum")
    assert json.loads(SERVED.error(long, ""))["error"] == {
        "code": 400,
        "message": "The input token count (12) exceeds the maximum number of tokens allowed (10).",
        "status": "INVALID_ARGUMENT",
    }


def test_the_list_of_models() -> None:
    cards = [ModelCard("a/b", "A B", "e", 1_000), ModelCard("c", "C", "e", 0)]
    first, second = models_page(cards)["models"]
    assert (first["name"], first["inputTokenLimit"]) == ("models/a/b", 1_000)
    assert "generateContent" in first["supportedGenerationMethods"]
    assert (second["displayName"], "inputTokenLimit" in second) == ("C", False)


CONTENTS = VALUES | st.fixed_dictionaries(
    {"parts": VALUES | st.lists(PARTS, max_size=3)},
    optional={"role": st.sampled_from(["user", "model", "?", 7, None])},
)
TOOL_MEMBERS = st.dictionaries(
    st.sampled_from(["functionDeclarations", "googleSearch"]),
    VALUES | st.lists(VALUES, max_size=2),
)
ODD = st.fixed_dictionaries(
    {"contents": st.lists(CONTENTS, max_size=4) | st.text()},
    optional={
        "systemInstruction": VALUES,
        "tools": VALUES | st.lists(TOOL_MEMBERS, max_size=2),
        "toolConfig": VALUES | st.fixed_dictionaries({"functionCallingConfig": VALUES}),
        "generationConfig": VALUES
        | st.dictionaries(
            st.sampled_from(
                ["maxOutputTokens", "topK", "stopSequences", "responseSchema", "thinkingConfig"]
            ),
            VALUES,
        ),
    },
)


@few_examples
@given(ODD)
def test_an_odd_request_is_read_or_refused_and_nothing_else(value: dict[str, Any]) -> None:
    try:
        found = SERVED.parse(json.dumps(value).encode(), Target("m", streamed=True))
        asked = SERVED.conversation(found)
    except BadRequest:
        return
    assert all(message.blocks for message in asked.messages)
    assert SERVED.writer(found, "a").end() == b""


@few_examples
@given(st.binary(max_size=60))
def test_odd_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        SERVED.parse(body, Target("m"))


def test_a_conversation_reads_any_request() -> None:
    assert SERVED.conversation(request(False)).streamed is False


def test_bytes_in_the_alphabet_of_urls_are_read_into_the_common_one() -> None:
    part = {"inlineData": {"mimeType": "image/png", "data": "_-8"}}
    body = json.dumps({"contents": [{"role": "user", "parts": [part]}]}).encode()
    asked = SERVED.conversation(SERVED.parse(body, Target("m")))
    assert asked.messages[0].blocks == (Media("image", "image/png", data="/+8="),)
