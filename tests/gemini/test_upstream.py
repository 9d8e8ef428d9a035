"""Requests for Gemini: path, tools, configuration, relay and count."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.blocks import Text, ToolReference, ToolResult, ToolUse
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialect import Target, UpstreamNonsense
from understudy.protocols.gemini.dialect import SERVED, UPSTREAM
from understudy.protocols.gemini.signatures import DUMMY, neutral, shown

from .wire import MODEL, call, dropped, few_examples, model, request, sent, text, user

OLD = "gemini-2.5-flash"
OLDEST = "gemini-2.0-flash"
HELLO = (Message("user", (Text("hello"),)),)
READ = Tool("Read", "reads", {"type": "object", "properties": {"a": {"type": "string"}}})


def config(name: str = MODEL, **members: Any) -> dict[str, Any]:
    return dict(sent(Conversation(HELLO, **members), name).get("generationConfig", {}))


@pytest.mark.parametrize(
    ("name", "streamed", "path"),
    [
        ("gemini-x", False, "/v1beta/models/gemini-x:generateContent"),
        ("models/gemini-x", True, "/v1beta/models/gemini-x:streamGenerateContent?alt=sse"),
        ("tunedModels/x y?", False, "/v1beta/tunedModels/x%20y%3F:generateContent"),
    ],
)
def test_the_path_says_the_model_and_the_form(name: str, streamed: bool, path: str) -> None:
    assert UPSTREAM.request(Conversation(HELLO, streamed=streamed), name).path == path


def test_the_least() -> None:
    assert sent(Conversation(HELLO)) == {"contents": [user(text("hello"))]}


def test_the_system_prompt() -> None:
    found = sent(Conversation(HELLO, system=(Text("a"), Text(""), Text("b"))))
    assert found["systemInstruction"] == {"parts": [text("a"), text("b")]}


def test_tools_and_which_of_them_are_shown() -> None:
    tools = (
        READ,
        Tool("Now"),
        Tool("Later", deferred=True),
        Tool("Found", deferred=True),
        Tool("DeferredToolPlaceholder", deferred=True),
        Tool("web_search", server={"type": "web_search_20250305"}),
    )
    messages = (
        Message("assistant", (ToolUse("t", "ToolSearch", {}),)),
        Message("user", (ToolResult("t", (ToolReference("Found"),)),)),
    )
    asked = Conversation(messages, tools=tools)
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    read = {"name": "Read", "description": "reads", "parametersJsonSchema": schema}
    declared = [read, {"name": "Now"}, {"name": "Found"}]
    assert sent(asked)["tools"] == [{"functionDeclarations": declared}]
    assert dropped(asked) == ("tools.web_search",)


def test_without_tools_that_are_shown_there_is_no_choice() -> None:
    tools = (Tool("Later", deferred=True),)
    found = sent(Conversation(HELLO, tools=tools, tool_choice=ToolChoice("any")))
    assert not {"tools", "toolConfig"} & set(found)


def test_names_within_the_limits_everywhere() -> None:
    long = "mcp__" + "ü" * 80
    messages = (*HELLO, Message("assistant", (ToolUse("t", long, {}),)))
    results = Message("user", (ToolResult("t", ()),))
    choice = ToolChoice("tool", long)
    found = sent(Conversation((*messages, results), tools=(Tool(long),), tool_choice=choice))
    name = found["tools"][0]["functionDeclarations"][0]["name"]
    assert len(name) <= 63
    assert name.isascii()
    assert found["contents"][1]["parts"][0]["functionCall"]["name"] == name
    assert found["contents"][2]["parts"][0]["functionResponse"]["name"] == name
    assert found["toolConfig"]["functionCallingConfig"]["allowedFunctionNames"] == [name]


@pytest.mark.parametrize(
    ("choice", "calling"),
    [
        (ToolChoice("auto"), {"mode": "AUTO"}),
        (ToolChoice("any"), {"mode": "ANY"}),
        (ToolChoice("none"), {"mode": "NONE"}),
        (ToolChoice("tool", "Read"), {"mode": "ANY", "allowedFunctionNames": ["Read"]}),
    ],
)
def test_the_choice_of_a_tool(choice: ToolChoice, calling: dict[str, Any]) -> None:
    found = sent(Conversation(HELLO, tools=(READ,), tool_choice=choice))
    assert found["toolConfig"] == {"functionCallingConfig": calling}


def test_parallel_calls_cannot_be_forbidden() -> None:
    for parallel, wanted in ((False, ("parallel_tools",)), (True, ()), (None, ())):
        assert dropped(Conversation(HELLO, tools=(READ,), parallel_tools=parallel)) == wanted


def test_sampling() -> None:
    sampling = Sampling(5, 0.5, 0.9, 40, ("x", ""), 3, logprobs=30)
    assert config(sampling=sampling) == {
        "maxOutputTokens": 5,
        "temperature": 0.5,
        "topP": 0.9,
        "topK": 40,
        "stopSequences": ["x"],
        "seed": 3,
        "responseLogprobs": True,
        "logprobs": 20,
    }
    assert config(sampling=Sampling(logprobs=0)) == {"responseLogprobs": True}
    penalties = Sampling(presence_penalty=1.0, frequency_penalty=0.0)
    assert config(OLDEST, sampling=penalties) == {"presencePenalty": 1.0}


def test_what_gemini_would_refuse_is_left_out_and_named() -> None:
    sampling = Sampling(
        stop_sequences=tuple("abcdef"),
        seed=2**31,
        presence_penalty=1.0,
        logit_bias={"1": 2},
        choices=2,
    )
    asked = Conversation(HELLO, sampling=sampling)
    assert config(sampling=sampling) == {"stopSequences": list("abcde")}
    assert dropped(asked) == ("choices", "logit_bias", "penalties", "seed", "stop_sequences")


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [(MODEL, 128_000, 65_536), (OLDEST, 128_000, 8_192), ("gemma-3", 128_000, 128_000)],
)
def test_the_length_of_an_answer_is_what_the_model_takes(name: str, asked: int, said: int) -> None:
    assert config(name, sampling=Sampling(asked)) == {"maxOutputTokens": said}


def test_structured_output() -> None:
    schema = {"type": "object", "properties": {"a": {"const": "x"}}, "$schema": "x"}
    wanted = {
        "responseMimeType": "application/json",
        "responseJsonSchema": {"type": "object", "properties": {"a": {"enum": ["x"]}}},
    }
    assert config(output=OutputFormat(schema)) == wanted
    assert config(output=OutputFormat()) == {"responseMimeType": "application/json"}
    beside = Conversation(HELLO, tools=(READ,), output=OutputFormat(schema))
    assert sent(beside)["generationConfig"] == wanted
    assert "generationConfig" not in sent(beside, OLD)
    assert dropped(beside, OLD) == ("output format beside tools",)


@pytest.mark.parametrize(
    ("reasoning", "name", "said"),
    [
        (Reasoning(), MODEL, None),
        (Reasoning(enabled=True), MODEL, {"includeThoughts": True}),
        (Reasoning(enabled=True, shown=False), OLD, None),
        (
            Reasoning(effort="high", shown=True),
            MODEL,
            {"includeThoughts": True, "thinkingLevel": "HIGH"},
        ),
        (Reasoning(effort="max"), MODEL, {"thinkingLevel": "HIGH"}),
        (Reasoning(effort="minimal"), MODEL, {"thinkingLevel": "LOW"}),
        (Reasoning(effort="minimal"), "gemini-3-flash", {"thinkingLevel": "MINIMAL"}),
        (Reasoning(enabled=False), "gemini-3-flash", {"thinkingLevel": "MINIMAL"}),
        (Reasoning(budget_tokens=1_000), MODEL, {"thinkingLevel": "LOW"}),
        (Reasoning(budget_tokens=31_999), MODEL, {"thinkingLevel": "HIGH"}),
        (Reasoning(budget_tokens=31_999), OLD, {"thinkingBudget": 24_576}),
        (Reasoning(budget_tokens=1), "gemini-2.5-pro", {"thinkingBudget": 128}),
        (Reasoning(effort="medium"), OLD, {"thinkingBudget": 8_192}),
        (Reasoning(effort="none"), OLD, {"thinkingBudget": 0}),
        (Reasoning(enabled=False), "gemini-2.5-pro", {"thinkingBudget": 128}),
        (Reasoning(enabled=True, effort="high"), OLDEST, None),
    ],
)
def test_how_much_to_think(reasoning: Reasoning, name: str, said: dict[str, Any] | None) -> None:
    assert config(name, reasoning=reasoning).get("thinkingConfig") == said


def test_thinking_that_a_model_cannot_is_named() -> None:
    for reasoning in (Reasoning(enabled=True), Reasoning(effort="low")):
        assert dropped(Conversation(HELLO, reasoning=reasoning), OLDEST) == ("thinking",)
    assert dropped(Conversation(HELLO, reasoning=Reasoning(enabled=False)), OLDEST) == ()


def test_a_relay_passes_the_client_s_bytes() -> None:
    body = b'{"contents": [ {"parts":[{"text":"\\u00e9"}]} ], "unknown": 1.50}'
    for array, query in ((False, "?alt=sse"), (True, "")):
        found = UPSTREAM.relayed(SERVED.parse(body, Target("mine", True, array)), MODEL)
        assert found.body == body
        assert found.path == f"/v1beta/models/{MODEL}:streamGenerateContent{query}"
    whole = UPSTREAM.relayed(SERVED.parse(body, Target("mine")), MODEL)
    assert whole.path == f"/v1beta/models/{MODEL}:generateContent"


def test_a_relay_s_model_agrees_with_the_path() -> None:
    body = b'{"model": "models/mine", "contents": []}'
    found = UPSTREAM.relayed(SERVED.parse(body, Target("mine")), MODEL)
    assert found.body == b'{"model": "models/gemini-3-pro", "contents": []}'


def test_a_relay_carries_no_signature_of_ours() -> None:
    own, other = shown(neutral("c2ln", MODEL, on_thought=False)), shown("c2ln")
    hidden = {"text": "", "thoughtSignature": shown("x", redacted=True)}
    contents = [
        model(hidden),
        model({**call("A"), "thoughtSignature": own}, {**call("B"), "thought_signature": other}),
        model(text("a", thoughtSignature=other), {**call("C"), "thoughtSignature": "Z29v"}),
    ]
    asked = request(contents=contents, unknown=1)
    found = json.loads(UPSTREAM.relayed(asked, MODEL).body)
    assert found["contents"] == [
        model({**call("A"), "thoughtSignature": "c2ln"}, {**call("B"), "thoughtSignature": DUMMY}),
        model(text("a"), {**call("C"), "thoughtSignature": "Z29v"}),
    ]
    assert found["unknown"] == 1
    old = json.loads(UPSTREAM.relayed(asked, OLD).body)["contents"]
    assert old[0] == model(call("A"), call("B"))


def test_a_count_asks_with_the_whole_request() -> None:
    asked = Conversation(HELLO, system=(Text("s"),), tools=(READ,), streamed=True)
    found = UPSTREAM.count_request(asked, MODEL)
    assert found.path == f"/v1beta/models/{MODEL}:countTokens"
    nested = json.loads(found.body)["generateContentRequest"]
    assert nested == {"model": f"models/{MODEL}", **sent(asked)}
    assert UPSTREAM.counted(b'{"totalTokens": 31}') == 31


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"totalTokens":-1}', b'{"totalTokens":"x"}'])
def test_a_count_that_makes_no_sense(body: bytes) -> None:
    with pytest.raises(UpstreamNonsense):
        UPSTREAM.counted(body)


@few_examples
@given(st.builds(Reasoning, effort=st.sampled_from(["", "low", "max"])), st.text(max_size=30))
def test_any_name_of_a_model_makes_a_request(reasoning: Reasoning, name: str) -> None:
    asked = Conversation(HELLO, reasoning=reasoning)
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in name):
        return
    found = UPSTREAM.request(attrs.evolve(asked, streamed=True), name)
    assert found.path.isascii()
    assert found.path.endswith(":streamGenerateContent?alt=sse")


def test_a_relay_carries_no_thought_of_another_model() -> None:
    theirs = shown(signed("openai-chat", "m", "reasoning_content"))
    thought = text("hm", thought=True)
    own_turn = model(thought, text("a", thoughtSignature="Z29v"))
    asked = request(contents=[own_turn, model(thought, text("b", thoughtSignature=theirs))])
    found = json.loads(UPSTREAM.relayed(asked, MODEL).body)
    assert found["contents"] == [own_turn, model(text("b"))]
