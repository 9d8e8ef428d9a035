"""A request as an endpoint of this dialect gets it from the neutral conversation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.openai_responses.dialect import UPSTREAM
from understudy.protocols.openai_responses.usage import written_count

from .playbook import Json, outgoing

PICTURE = "data:image/png;base64,QUJD"
OWN = "understudy:openai-responses gpt-5.5 "


def user(*blocks: Block) -> Message:
    return Message("user", blocks)


def assistant(*blocks: Block) -> Message:
    return Message("assistant", blocks)


def items(*messages: Message) -> Any:
    return outgoing(Conversation(messages))["input"]


def dropped(asked: Conversation, model: str = "gpt-5.5") -> tuple[str, ...]:
    return UPSTREAM.request(asked, model).dropped


def test_the_least_request() -> None:
    sent = UPSTREAM.request(Conversation((user(Text("hi")),)), "gpt-5.5")
    assert (sent.path, sent.headers, sent.dropped) == ("/v1/responses", (), ())
    assert outgoing(Conversation((user(Text("hi")),), streamed=True)) == {
        "model": "gpt-5.5",
        "input": [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]}
        ],
        "store": False,
        "stream": True,
        "include": ["reasoning.encrypted_content"],
    }


def test_a_whole_turn_with_tools() -> None:
    found = items(
        user(Text("a"), Media("image", "image/png", data="QUJD")),
        assistant(
            Thinking("hm", OWN + "rs_1 ENC"),
            Text("b"),
            ToolUse("c1", "f", {"a": 1}),
            ToolUse("c2", "f", {}),
        ),
        user(ToolResult("c2", (Text("x"),)), ToolResult("c1", ()), Text("go on")),
        Message("system", (Text("late"),)),
    )
    assert found == [
        {
            "type": "message",
            "role": "user",
            "content": [
                {"type": "input_text", "text": "a"},
                {"type": "input_image", "detail": "auto", "image_url": PICTURE},
            ],
        },
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "hm"}],
            "encrypted_content": "ENC",
        },
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "b"}],
        },
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a":1}'},
        {"type": "function_call", "call_id": "c2", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c2", "output": "x"},
        {"type": "function_call_output", "call_id": "c1", "output": ""},
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "go on"}],
        },
        {
            "type": "message",
            "role": "developer",
            "content": [{"type": "input_text", "text": "late"}],
        },
    ]


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        (Thinking("hm", OWN + " ENC"), {"summary": [{"type": "summary_text", "text": "hm"}]}),
        (Thinking("", OWN + "ENC"), {"summary": []}),
        (RedactedThinking(OWN + "ENC"), {"summary": []}),
    ],
)
def test_own_thinking_without_an_id(block: Block, wanted: Json) -> None:
    assert items(assistant(block)) == [{"type": "reasoning", "encrypted_content": "ENC", **wanted}]


def test_own_thinking_of_open_weights_goes_back_as_text() -> None:
    content = [{"type": "reasoning_text", "text": "hm"}]
    wanted = {"type": "reasoning", "id": "rs_1", "summary": [], "content": content}
    assert items(assistant(Thinking("hm", OWN + "rs_1 "))) == [wanted]


@pytest.mark.parametrize(
    "block",
    [
        Thinking("hm"),
        Thinking("hm", "c2ln"),
        Thinking("hm", "understudy:openai-responses other rs_1 ENC"),
        Thinking("hm", "understudy:gemini gpt-5.5 x"),
        RedactedThinking("ZGF0"),
    ],
)
def test_foreign_thinking_is_left_out(block: Block) -> None:
    assert items(assistant(block)) == []


@pytest.mark.parametrize(
    ("media", "wanted"),
    [
        (
            Media("image", url="http://x", detail="high"),
            {"type": "input_image", "detail": "high", "image_url": "http://x"},
        ),
        (
            Media("image", file_id="f"),
            {"type": "input_image", "detail": "auto", "file_id": "f"},
        ),
        (
            Media("document", data="QUJD"),
            {
                "type": "input_file",
                "filename": "document.pdf",
                "file_data": "data:application/pdf;base64,QUJD",
            },
        ),
        (
            Media("document", "text/csv", data="QUJD", title="a.csv"),
            {
                "type": "input_file",
                "filename": "a.csv",
                "file_data": "data:text/csv;base64,QUJD",
            },
        ),
        (Media("document", url="http://x"), {"type": "input_file", "file_url": "http://x"}),
        (Media("document", file_id="f"), {"type": "input_file", "file_id": "f"}),
        (Media("document", text="words"), {"type": "input_text", "text": "words"}),
        (
            Media("document", text="words", title="t"),
            {"type": "input_text", "text": "t\n\nwords"},
        ),
        (
            Media("audio", "audio/wav", data="QUJD"),
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
        ),
    ],
)
def test_media_in_a_message_and_in_a_tool_s_output(media: Media, wanted: Json) -> None:
    assert items(user(media))[0]["content"] == [wanted]
    text = {"type": "input_text", "text": "see"}
    output = items(user(ToolResult("c", (Text("see"), media))))[0]["output"]
    assert output == [text, wanted]


def test_what_cannot_be_said_is_named() -> None:
    asked = Conversation(
        (
            user(Media("video", url="http://x"), Media("audio", url="http://x"), Text("")),
            user(Other("anthropic", "container_upload", {})),
            assistant(Media("image", url="http://x"), Other("gemini", "code", {}), Text("")),
            user(ToolResult("c", (Media("video", url="http://x"),))),
        ),
        tools=(Tool("search", server={"type": "web_search_20250305"}),),
        tool_choice=ToolChoice("tool", "search"),
        sampling=Sampling(
            top_k=1,
            stop_sequences=("x",),
            seed=0,
            presence_penalty=0.0,
            frequency_penalty=0.1,
            logit_bias={},
            choices=2,
        ),
        reasoning=Reasoning(False),
    )
    assert dropped(asked) == (
        "video",
        "audio",
        "container_upload",
        "image of the assistant",
        "code of the assistant",
        "tools.search",
        "top_k",
        "stop_sequences",
        "seed",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "choices",
        "reasoning.disabled",
    )
    assert outgoing(asked)["input"] == [
        {"type": "function_call_output", "call_id": "c", "output": ""}
    ]


def test_items_of_this_dialect_go_back_as_they_were() -> None:
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    part = {"type": "input_file"}
    found = items(
        assistant(Text("a"), Other("openai-responses", "web_search_call", search), Text("b")),
        user(Other("openai-responses", "input_file", part)),
    )
    assert found[1] == search
    assert [item["type"] for item in found] == ["message", "web_search_call", "message", "message"]
    assert found[3]["content"] == [part]
    result = ToolResult("c", (Other("openai-responses", "", {}),), is_error=True)
    assert items(user(result))[0]["output"] == "Error:"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ((Text("boom"),), "Error: boom"),
        ((Text("Error: boom"),), "Error: boom"),
        ((Text("<tool_use_error>x</tool_use_error>"),), "<tool_use_error>x</tool_use_error>"),
        ((), "Error:"),
    ],
)
def test_a_tool_s_error_is_said_in_words(content: tuple[Text, ...], wanted: str) -> None:
    assert items(user(ToolResult("c", content, is_error=True)))[0]["output"] == wanted


def test_an_error_with_an_image_keeps_both() -> None:
    output = items(user(ToolResult("c", (Media("image", url="u"),), is_error=True)))[0]["output"]
    assert [part["type"] for part in output] == ["input_text", "input_image"]


def test_a_long_call_id_becomes_a_short_one_that_is_always_the_same() -> None:
    call, output = items(assistant(ToolUse("x" * 65, "f", {})), user(ToolResult("x" * 65, ())))
    assert call["call_id"] == output["call_id"]
    assert len(call["call_id"]) <= 64
    assert items(assistant(ToolUse("x" * 64, "f", {})))[0]["call_id"] == "x" * 64


def test_tools_and_their_names() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    tools = (Tool("f", "d", schema, True), Tool("a.b c", schema={"anyOf": []}))
    found = outgoing(
        Conversation(
            (assistant(ToolUse("c", "gone.tool", {})),),
            tools=tools,
            tool_choice=ToolChoice("tool", "a.b c"),
            parallel_tools=False,
        )
    )
    first, second = found["tools"]
    assert first == {
        "type": "function",
        "name": "f",
        "description": "d",
        "parameters": schema,
        "strict": True,
    }
    assert second["name"].startswith("a_b_c_")
    assert second["parameters"] == {"type": "object", "properties": {}, "anyOf": []}
    assert second["strict"] is False
    assert found["tool_choice"] == {"type": "function", "name": second["name"]}
    assert found["parallel_tool_calls"] is False
    assert found["input"][0]["name"].startswith("gone_tool_")


MODES = [("auto", "auto"), ("any", "required"), ("none", "none")]


@pytest.mark.parametrize(("mode", "wanted"), MODES)
def test_tool_choice(mode: Any, wanted: str) -> None:
    asked = Conversation((), tools=(Tool("f"),), tool_choice=ToolChoice(mode))
    assert outgoing(asked)["tool_choice"] == wanted
    assert "tool_choice" not in outgoing(Conversation((), tool_choice=ToolChoice(mode)))


def test_a_deferred_tool_is_shown_once_it_is_referred_to() -> None:
    tools = (Tool("now"), Tool("later", deferred=True), Tool("DeferredToolPlaceholder"))
    before = Conversation((user(Text("a")),), tools=tools, tool_choice=ToolChoice("tool", "no"))
    assert [tool["name"] for tool in outgoing(before)["tools"]] == ["now"]
    assert dropped(before) == ("tool_choice",)
    result = ToolResult("c", (ToolReference("later"),))
    after = Conversation((user(result),), tools=tools)
    assert [tool["name"] for tool in outgoing(after)["tools"]] == ["now", "later"]
    assert outgoing(after)["input"][0]["output"] == "The tool later can be called now."
    beside = Conversation((user(ToolReference("later")),), tools=tools)
    assert len(outgoing(beside)["tools"]) == 2
    assert outgoing(beside)["input"][0]["content"][0]["type"] == "input_text"


def test_sampling_for_a_model_that_does_not_reason() -> None:
    sampling = Sampling(max_tokens=9, temperature=0.5, top_p=0.9, logprobs=2)
    found = outgoing(Conversation((), sampling=sampling), "gpt-4o")
    assert found["max_output_tokens"] == 16, "the API's least"
    assert (found["temperature"], found["top_p"], found["top_logprobs"]) == (0.5, 0.9, 2)
    assert found["include"] == ["message.output_text.logprobs"]
    assert dropped(Conversation((), reasoning=Reasoning(True)), "gpt-4o") == ("reasoning",)


@pytest.mark.parametrize("model", ["o3", "gpt-5.5", "azure/gpt-6-mini", "codex-mini"])
def test_sampling_for_a_model_that_reasons(model: str) -> None:
    asked = Conversation((), sampling=Sampling(100, 0.5, 0.9, logprobs=2))
    assert dropped(asked, model) == ("temperature", "top_p", "logprobs")
    found = outgoing(asked, model)
    assert set(found) == {"model", "input", "store", "include", "max_output_tokens"}
    assert dropped(Conversation((), sampling=Sampling(temperature=1, top_p=1.0)), model) == ()


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        (Reasoning(), None),
        (Reasoning(True), {"summary": "auto"}),
        (Reasoning(True, shown=False), None),
        (Reasoning(effort="high", shown=True), {"effort": "high", "summary": "auto"}),
        (Reasoning(False, effort="none"), {"effort": "none"}),
        (Reasoning(True, 4_096, shown=False), {"effort": "low"}),
        (Reasoning(True, 16_384, shown=False), {"effort": "medium"}),
        (Reasoning(True, 32_000, shown=False), {"effort": "high"}),
        (Reasoning(True, 1_000, "max", shown=False), {"effort": "max"}),
    ],
)
def test_effort(wanted: Reasoning, sent: Json | None) -> None:
    assert outgoing(Conversation((), reasoning=wanted)).get("reasoning") == sent


def test_structured_output_and_who_asks() -> None:
    schema = {"type": "object"}
    asked = Conversation(
        (), system=(Text("a"), Text(""), Text("b")), output=OutputFormat(), user="u"
    )
    found = outgoing(asked)
    assert found["text"] == {"format": {"type": "json_object"}}
    assert found["instructions"] == "a\n\nb"
    assert (found["user"], found["prompt_cache_key"]) == ("u", "u")
    assert len(outgoing(Conversation((), user="u" * 65))["user"]) == 32
    for name, sent in (("", "answer"), ("n", "n")):
        output = OutputFormat(schema, name, True)
        form = outgoing(Conversation((), output=output))["text"]["format"]
        assert form == {"type": "json_schema", "name": sent, "schema": schema, "strict": True}


def test_counting() -> None:
    asked = Conversation(
        (user(Text("a")),),
        system=(Text("s"),),
        tools=(Tool("f"),),
        sampling=Sampling(9),
        streamed=True,
    )
    sent = UPSTREAM.count_request(asked, "gpt-5.5")
    assert sent is not None
    assert sent.path == "/v1/responses/input_tokens"
    assert set(json.loads(sent.body)) == {"model", "input", "instructions", "tools"}
    assert written_count(11) == b'{"object":"response.input_tokens","input_tokens":11}'
    assert UPSTREAM.counted(written_count(11)) == 11
    for body in (b"", b"{}", b'{"input_tokens":-1}', b'{"input_tokens":true}'):
        with pytest.raises(UpstreamNonsense):
            UPSTREAM.counted(body)
