"""Conversations as Ollama's requests: what it can say it says, and the rest is named."""

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
from understudy.protocols.ollama.dialect import GENERATE, SERVED, UPSTREAM
from understudy.protocols.ollama.upstream import OllamaUpstream

PNG = Media("image", "image/png", data="iVBORw0KGgo=")
PDF = Media("document", "application/pdf", data="JVBERi0=", title="plan.pdf")
HI = Message("user", (Text("Hi"),))


def body(conversation: Conversation, model: str = "qwen3:8b") -> dict[str, Any]:
    """What is sent."""
    sent: dict[str, Any] = json.loads(UPSTREAM.request(conversation, model).body)
    return sent


def dropped(conversation: Conversation, model: str = "qwen3:8b") -> tuple[str, ...]:
    """What cannot be said."""
    return UPSTREAM.request(conversation, model).dropped


def messages(*found: Message, system: tuple[Text, ...] = ()) -> list[dict[str, Any]]:
    """The messages that are sent."""
    sent: list[dict[str, Any]] = body(Conversation(found, system))["messages"]
    return sent


def user(*blocks: Block) -> Message:
    return Message("user", blocks)


def assistant(*blocks: Block) -> Message:
    return Message("assistant", blocks)


def test_the_least_request() -> None:
    outgoing = UPSTREAM.request(Conversation((HI,), streamed=True), "qwen3:8b")
    assert (outgoing.path, outgoing.dropped) == ("/api/chat", ())
    assert json.loads(outgoing.body) == {
        "model": "qwen3:8b",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "truncate": False,
        "shift": False,
    }


def test_the_context_s_size_is_the_endpoint_s() -> None:
    sized = OllamaUpstream(context_tokens=65_536)
    sampling = Sampling(max_tokens=10)
    sent = json.loads(sized.request(Conversation((HI,), sampling=sampling), "m").body)
    assert sent["options"] == {"num_predict": 10, "num_ctx": 65_536}


def test_a_turn_with_tools_is_told_in_messages_of_their_own() -> None:
    found = messages(
        user(Text("a"), Text(""), Text("b")),
        assistant(
            Text("I look."),
            ToolUse("c1", "read", {"path": "x"}),
            ToolUse("c2", "list", {}),
        ),
        user(
            ToolResult("c2", (Text("one"), Text("two"))),
            Text("and now?"),
            ToolResult("c1", (Text("no such file"),), is_error=True),
            ToolResult("c9", ()),
        ),
        system=(Text("Be brief."), Text("Be kind.")),
    )
    assert found == [
        {"role": "system", "content": "Be brief.\n\nBe kind."},
        {"role": "user", "content": "a\n\nb"},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {"id": "c1", "function": {"index": 0, "name": "read", "arguments": {"path": "x"}}},
                {"id": "c2", "function": {"index": 1, "name": "list", "arguments": {}}},
            ],
        },
        {"role": "tool", "tool_name": "list", "tool_call_id": "c2", "content": "one\ntwo"},
        {
            "role": "tool",
            "tool_name": "read",
            "tool_call_id": "c1",
            "content": "The tool failed.\nno such file",
        },
        {"role": "tool", "tool_name": "", "tool_call_id": "c9", "content": ""},
        {"role": "user", "content": "and now?"},
    ]


def test_a_late_system_message_is_a_reminder_at_its_place() -> None:
    late = Message("system", (Text("9 tokens left"), PNG))
    assert messages(HI, late, Message("system", ())) == [
        {"role": "user", "content": "Hi"},
        {"role": "user", "content": "<system-reminder>\n9 tokens left\n</system-reminder>"},
    ]


def test_images_go_with_their_message_and_those_of_a_result_after_it() -> None:
    found = messages(
        user(Text("Look"), PNG),
        assistant(ToolUse("c1", "shot", {}), ToolUse("c2", "shot", {})),
        user(ToolResult("c1", (Text("done"), PNG)), ToolResult("c2", (PNG,))),
    )
    assert found[0] == {"role": "user", "content": "Look", "images": [PNG.data]}
    assert [message["content"] for message in found[2:4]] == ["done", ""]
    assert [(message["role"], message["images"]) for message in found[4:]] == [
        ("user", [PNG.data]),
        ("user", [PNG.data]),
    ]
    assert "c1" in found[4]["content"]
    assert "shot" in found[4]["content"]
    assert "c2" in found[5]["content"]


def test_what_cannot_be_shown_is_named_and_counted() -> None:
    by_url = Media("image", url="https://example.com/a.png")
    other = Other("anthropic", "container_upload", {"type": "container_upload"})
    note = Media("document", "text/plain", text="words", title="note.txt")
    conversation = Conversation(
        (
            user(PDF, by_url, other, note, Media("audio", data="UklGRg==")),
            assistant(Text("x"), other, Media("image", file_id="f")),
            user(ToolResult("c", (PDF, Media("video", file_id="f_7")))),
        )
    )
    found = body(conversation)["messages"]
    assert found[0]["content"].split("\n\n") == [
        "[document plan.pdf: this model cannot read it]",
        "[image https://example.com/a.png: this model cannot read it]",
        "[container_upload: this model cannot read it]",
        "note.txt\nwords",
    ]
    assert found[0]["images"] == ["UklGRg=="]
    assert found[1]["content"] == "x"
    assert found[2]["content"].split("\n") == [
        "[document plan.pdf: this model cannot read it]",
        "[video f_7: this model cannot read it]",
    ]
    assert dropped(conversation) == (
        "document",
        "image by url",
        "block container_upload",
        "image",
        "video",
    )


def test_only_its_own_thinking_goes_back_to_a_model() -> None:
    own, other = signed("ollama", "qwen3:8b", ""), signed("ollama", "gpt-oss:20b", "")
    found = messages(
        assistant(Thinking("mine", own), Thinking("theirs", other), Text("A")),
        assistant(Thinking("Claude's", "c2ln"), Thinking("nobody's"), RedactedThinking("x")),
        assistant(Thinking("only", own)),
        user(Thinking("odd", own)),
    )
    assert found == [
        {"role": "assistant", "content": "A", "thinking": "mine"},
        {"role": "assistant", "content": "", "thinking": "only"},
    ]


def test_a_deferred_tool_is_shown_once_something_has_named_it() -> None:
    tools = (
        Tool("DeferredToolPlaceholder", deferred=True),
        Tool("fetch", deferred=True),
        Tool("grep", deferred=True),
        Tool("read"),
        Tool("cron", deferred=True),
        Tool("web_search", server={"type": "web_search_20250305"}),
    )
    talk = (
        assistant(ToolUse("c1", "ToolSearch", {}), ToolUse("c2", "grep", {})),
        user(ToolResult("c1", (ToolReference("fetch"),)), ToolResult("c2", ())),
    )
    conversation = Conversation(talk, tools=tools)
    sent = body(conversation)
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["read", "grep", "fetch"]
    assert sent["messages"][1]["content"] == "The tool fetch can be called now."
    assert dropped(conversation) == ("tools.web_search",)
    late = Tool("DeferredToolPlaceholder")
    assert "tools" not in body(Conversation((HI,), tools=(late,)))


def test_names_of_tools_are_not_changed() -> None:
    name = "mcp__a-server.with/odd\u00e9 characters__" + "x" * 100
    assert body(Conversation((HI,), tools=(Tool(name),)))["tools"][0]["function"]["name"] == name


@pytest.mark.parametrize(
    ("choice", "shown", "unsaid"),
    [
        (None, True, ()),
        (ToolChoice("auto"), True, ()),
        (ToolChoice("none"), False, ()),
        (ToolChoice("any"), True, ("tool_choice",)),
        (ToolChoice("tool", "read"), True, ("tool_choice",)),
    ],
)
def test_a_choice_of_tools(choice: ToolChoice | None, shown: bool, unsaid: tuple[str, ...]) -> None:
    conversation = Conversation((HI,), tools=(Tool("read"),), tool_choice=choice)
    assert ("tools" in body(conversation)) is shown
    assert dropped(conversation) == unsaid


def test_every_option_that_ollama_has() -> None:
    sampling = Sampling(9, 0.0, 0.5, 40, ("a",), 7, 0.1, 0.2, {"5": 1}, logprobs=2, choices=3)
    conversation = Conversation((HI,), sampling=sampling, parallel_tools=False)
    sent = body(conversation)
    assert sent["options"] == {
        "num_predict": 9,
        "temperature": 0.0,
        "top_p": 0.5,
        "top_k": 40,
        "stop": ["a"],
        "seed": 7,
        "presence_penalty": 0.1,
        "frequency_penalty": 0.2,
    }
    assert (sent["logprobs"], sent["top_logprobs"]) == (True, 2)
    assert dropped(conversation) == ("logit_bias", "choices")
    single = Conversation((HI,), tools=(Tool("t"),), parallel_tools=False)
    assert dropped(single) == ("parallel_tools",)


@pytest.mark.parametrize(
    ("reasoning", "plain", "levelled"),
    [
        (Reasoning(), None, None),
        (Reasoning(enabled=True), None, None),
        (Reasoning(enabled=False), False, "low"),
        (Reasoning(effort="none"), False, "low"),
        (Reasoning(effort="minimal"), None, "low"),
        (Reasoning(enabled=True, effort="medium"), None, "medium"),
        (Reasoning(effort="xhigh"), None, "high"),
        (Reasoning(effort="max"), None, "high"),
    ],
)
def test_thinking_is_asked_for_as_the_model_understands_it(
    reasoning: Reasoning, plain: Any, levelled: Any
) -> None:
    conversation = Conversation((HI,), reasoning=reasoning)
    assert body(conversation).get("think") == plain
    assert body(conversation, "gpt-oss:20b").get("think") == levelled
    unsaid = plain is None and reasoning.effort != ""
    assert dropped(conversation) == (("reasoning.effort",) if unsaid else ())
    assert dropped(conversation, "gpt-oss:20b") == ()


def test_a_budget_of_thinking_cannot_be_said() -> None:
    reasoning = Reasoning(enabled=True, budget_tokens=4_000)
    assert dropped(Conversation((HI,), reasoning=reasoning)) == ("reasoning.budget_tokens",)


@pytest.mark.parametrize(
    ("output", "wanted"),
    [(OutputFormat(), "json"), (OutputFormat({"type": "array"}, "n"), {"type": "array"})],
)
def test_structured_output_is_a_format(output: OutputFormat, wanted: Any) -> None:
    assert body(Conversation((HI,), output=output))["format"] == wanted


def test_a_relayed_request_is_the_client_s_but_for_the_model() -> None:
    raw = b'{ "keep_alive":1, "model" : "m", "messages":[{"role":"user","weird":1.50}]}'
    outgoing = UPSTREAM.relayed(SERVED.parse(raw), "qwen3:8b")
    assert outgoing.path == "/api/chat"
    assert outgoing.body == raw.replace(b'"m",', b'"qwen3:8b",')
    raw = b'{"model":"m","prompt":"x","suffix":"y"}'
    outgoing = UPSTREAM.relayed(GENERATE.parse(raw), "qwen3:8b")
    assert outgoing.path == "/api/generate"
    assert outgoing.body == raw.replace(b'"m"', b'"qwen3:8b"')


def test_ollama_counts_no_tokens() -> None:
    assert UPSTREAM.count_request(Conversation((HI,)), "m") is None
