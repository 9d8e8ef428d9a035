"""Requests to a Messages API, written from the conversations of any dialect."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic.content_writer import ContentWriter
from understudy.protocols.anthropic.dialect import SERVED, UPSTREAM
from understudy.protocols.anthropic.history import fit_id
from understudy.protocols.anthropic.limits import MAX_TOKENS_CLAUDE_3, MAX_TOKENS_DEFAULT
from understudy.protocols.anthropic.server_blocks import own_id
from understudy.protocols.anthropic.upstream_request import OPENING
from understudy.protocols.conversation.blocks import (
    Block,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.names import ToolNames
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.pairing import INTERRUPTED
from understudy.protocols.conversation.repair import repaired
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialect import UpstreamNonsense

from .neutral import HISTORIES, assistant, result, system, use, user
from .requests import ODD_BODIES, few_examples, request, text

MODEL = "claude-opus-5-5"
CACHE = {"type": "ephemeral"}
GO = (user("go"),)
FOREIGN = signed("gemini", "g", "c2ln")


def body(conversation: Conversation, model: str = MODEL) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(UPSTREAM.request(conversation, model).body)
    return found


def messages(*history: Message) -> list[Any]:
    found: list[Any] = body(Conversation(history))["messages"]
    return found


def dropped(conversation: Conversation) -> tuple[str, ...]:
    return UPSTREAM.request(conversation, MODEL).dropped


def test_a_small_request() -> None:
    outgoing = UPSTREAM.request(Conversation(GO, system=(Text("s", CACHE),), streamed=True), MODEL)
    assert outgoing.path == "/v1/messages"
    assert outgoing.headers == ((b"anthropic-version", b"2023-06-01"),)
    assert outgoing.dropped == ()
    assert json.loads(outgoing.body) == {
        "model": MODEL,
        "max_tokens": MAX_TOKENS_DEFAULT,
        "messages": [{"role": "user", "content": [text("go")]}],
        "system": [{**text("s"), "cache_control": CACHE}],
        "stream": True,
    }


@pytest.mark.parametrize(
    ("model", "asked", "expected"),
    [
        (MODEL, None, MAX_TOKENS_DEFAULT),
        ("claude-3-haiku-20240307", None, MAX_TOKENS_CLAUDE_3),
        ("my-model", None, MAX_TOKENS_DEFAULT),
        ("claude-3-haiku-20240307", 100_000, 100_000),
        (MODEL, 7, 7),
    ],
)
def test_max_tokens_is_always_said(model: str, asked: int | None, expected: int) -> None:
    conversation = Conversation(GO, sampling=Sampling(max_tokens=asked))
    assert body(conversation, model)["max_tokens"] == expected


def test_the_user_begins_and_roles_alternate() -> None:
    assert messages() == [{"role": "user", "content": [text(OPENING)]}]
    found = messages(assistant("a"), user("b"), user("c"), assistant("d"), assistant("e"))
    assert found == [
        {"role": "user", "content": [text(OPENING)]},
        {"role": "assistant", "content": [text("a")]},
        {"role": "user", "content": [text("b"), text("c")]},
        {"role": "assistant", "content": [text("d"), text("e")]},
    ]


def test_what_the_system_says_in_mid_conversation_is_a_reminder_for_the_user_s_turn() -> None:
    found = messages(user("a"), Message("system", (Text("x"), Text("y", CACHE))), assistant("b"))
    reminder = {**text("<system-reminder>\nx\n\ny\n</system-reminder>"), "cache_control": CACHE}
    assert found[0] == {"role": "user", "content": [text("a"), reminder]}


def test_a_reminder_between_a_call_and_its_result_comes_after_it() -> None:
    found = messages(user("a"), assistant(use("t")), system("x"), user(result("t")))
    assert [block["type"] for block in found[2]["content"]] == ["tool_result", "text"]


def test_a_prefill_ends_without_white_space() -> None:
    assert messages(user("a"), assistant("b \n"))[1]["content"] == [text("b")]
    assert messages(user("a"), assistant("b \n"), user("c"))[1]["content"] == [text("b \n")]
    assert messages(user("a"), assistant("b ", use("t")))[1]["content"][0] == text("b ")


def test_a_call_and_its_result() -> None:
    given = {"path": "x"}
    call = ToolUse("call.1", "Read", given, CACHE)
    answer = ToolResult("call.1", (Text("a"), ToolReference("Later")), cache=CACHE)
    found = messages(user("a"), assistant(call), user(answer, "b"))
    identity = found[1]["content"][0]["id"]
    assert identity.startswith("call_1_")
    used = {"type": "tool_use", "id": identity, "name": "Read", "input": given}
    assert found[1]["content"] == [{**used, "cache_control": CACHE}]
    inside = [text("a"), {"type": "tool_reference", "tool_name": "Later"}]
    answered = {"type": "tool_result", "tool_use_id": identity, "content": inside}
    assert found[2]["content"] == [{**answered, "cache_control": CACHE}, text("b")]


def test_pain_10_a_broken_history_is_repaired() -> None:
    found = messages(user("a"), assistant(use("t")), user("b", result("gone")))
    answered = {"type": "tool_result", "tool_use_id": "t", "content": [text(INTERRUPTED)]}
    assert found[2]["content"] == [{**answered, "is_error": True}, text("b")]


def test_pain_5_thinking_goes_to_its_own_api_and_never_as_text() -> None:
    own: tuple[Block, ...] = (Thinking("hm", "c2ln"), RedactedThinking("c2Vj"))
    foreign = (Thinking("no", FOREIGN), Thinking("no"), RedactedThinking(FOREIGN))
    conversation = Conversation((*GO, assistant(*own, *foreign, "a"), user("b")))
    assert body(conversation)["messages"][1]["content"] == [
        {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "c2Vj"},
        text("a"),
    ]
    assert dropped(conversation) == ("redacted_thinking", "thinking")
    assert b'"no"' not in UPSTREAM.request(conversation, MODEL).body


def test_a_message_of_nothing_but_foreign_thinking_goes() -> None:
    found = messages(user("a"), assistant(Thinking("no", FOREIGN)), user("b"))
    assert found == [{"role": "user", "content": [text("a"), text("b")]}]


def test_other_blocks_of_its_own_go_as_they_are() -> None:
    value: dict[str, Any] = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search"}
    ours = {**value, "id": own_id("call_1")}
    blocks = (
        Other("anthropic", "server_tool_use", value),
        Other("anthropic", "server_tool_use", ours),
        Other("gemini", "executableCode", {"x": 1}),
    )
    conversation = Conversation((*GO, assistant("a", *blocks), user("b")))
    assert body(conversation)["messages"][1]["content"] == [text("a"), value]
    assert dropped(conversation) == ("anthropic:server_tool_use", "gemini:executableCode")


def test_a_reference_beside_a_result_is_told_in_words() -> None:
    found = messages(user("a", ToolReference("WebFetch")))[0]["content"]
    assert found == [text("a"), text("The tool WebFetch can be called now.")]


def test_blocks_that_the_api_refuses_are_left_out() -> None:
    system = (Text(" \n"), Text("s"))
    assert body(Conversation(GO, system=system))["system"] == [text("s")]
    assert ContentWriter(ToolNames({}, {})).assistant([result("t")]) == []


def test_text_keeps_its_citations() -> None:
    cited = Text("a", citations=({"type": "x"},))
    assert messages(*GO, assistant(cited), user("b"))[1]["content"] == [
        {**text("a"), "citations": [{"type": "x"}]}
    ]


def test_tools() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"x": {}}}
    search = {"type": "web_search_20250305", "name": "web_search"}
    tools = (
        Tool("Read", "Reads", schema, strict=True, cache=CACHE),
        Tool("Later", deferred=True),
        Tool("web_search", server=search),
    )
    found = body(Conversation(GO, tools=tools, user="me"))
    assert found["tools"] == [
        {
            "name": "Read",
            "description": "Reads",
            "input_schema": schema,
            "strict": True,
            "cache_control": CACHE,
        },
        {"name": "Later", "input_schema": {"type": "object"}, "defer_loading": True},
        search,
    ]
    assert found["metadata"] == {"user_id": "me"}
    assert "tool_choice" not in found


@pytest.mark.parametrize("name", ["a.b", "n" * 129, "", "\u00e9"])
def test_a_name_that_does_not_fit_is_shortened_everywhere(name: str) -> None:
    conversation = Conversation(
        (*GO, assistant(use("t", name)), user(result("t"))),
        tools=(Tool(name), Tool("n" * 128)),
        tool_choice=ToolChoice("tool", name),
    )
    found = body(conversation)
    sent = found["tools"][0]["name"]
    assert sent != name
    assert 1 <= len(sent) <= 128
    assert found["tools"][1]["name"] == "n" * 128
    assert found["tool_choice"] == {"type": "tool", "name": sent}
    assert found["messages"][1]["content"][0]["name"] == sent


@pytest.mark.parametrize(
    ("choice", "parallel", "expected"),
    [
        (ToolChoice("any"), None, {"type": "any"}),
        (ToolChoice("any"), True, {"type": "any", "disable_parallel_tool_use": False}),
        (None, False, {"type": "auto", "disable_parallel_tool_use": True}),
        (None, True, None),
        (ToolChoice("none"), False, {"type": "none"}),
    ],
)
def test_a_choice_of_tools(
    choice: ToolChoice | None, parallel: bool | None, expected: dict[str, Any] | None
) -> None:
    conversation = Conversation(
        GO, tools=(Tool("Read"),), tool_choice=choice, parallel_tools=parallel
    )
    assert body(conversation).get("tool_choice") == expected
    assert "tool_choice" not in body(attrs.evolve(conversation, tools=()))


def test_sampling_within_what_the_api_takes() -> None:
    sampling = Sampling(temperature=1.8, top_k=5, stop_sequences=("a", " \n", "b"))
    found = body(Conversation(GO, sampling=sampling))
    assert (found["temperature"], found["top_k"]) == (1.0, 5)
    assert found["stop_sequences"] == ["a", "b"]
    assert dropped(Conversation(GO, sampling=sampling)) == ("stop_sequences",)
    assert body(Conversation(GO, sampling=Sampling(top_p=0.5)))["top_p"] == 0.5


def test_what_cannot_be_said_is_named() -> None:
    sampling = Sampling(
        temperature=0.5,
        top_p=0.5,
        seed=1,
        presence_penalty=1,
        frequency_penalty=1,
        logit_bias={},
        logprobs=1,
        choices=2,
    )
    conversation = Conversation(GO, sampling=sampling, output=OutputFormat(), unknown=("store",))
    assert set(body(conversation)) == {"model", "max_tokens", "messages", "temperature"}
    assert dropped(conversation) == (
        "choices",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "output",
        "presence_penalty",
        "seed",
        "top_p",
        "store",
    )
    assert dropped(Conversation(GO, sampling=Sampling(choices=1))) == ()


def test_structured_output() -> None:
    schema = {"type": "object"}
    found = body(Conversation(GO, output=OutputFormat(schema)))
    assert found["output_config"] == {"format": {"type": "json_schema", "schema": schema}}


def test_counting_asks_with_what_counts_alone() -> None:
    conversation = Conversation(
        GO,
        system=(Text("s"),),
        tools=(Tool("Read"),),
        sampling=Sampling(5, temperature=0.5, stop_sequences=("x",)),
        user="me",
        streamed=True,
    )
    found = UPSTREAM.count_request(conversation, MODEL)
    assert found is not None
    assert found.path == "/v1/messages/count_tokens"
    assert set(json.loads(found.body)) == {"model", "messages", "system", "tools"}
    assert UPSTREAM.counted(b'{"input_tokens":12,"x":1}') == 12


NO_COUNTS = [b"", b"[]", b"{}", b'{"input_tokens":true}', b'{"input_tokens":-1}']


@pytest.mark.parametrize("answer", NO_COUNTS)
def test_a_count_that_is_none_is_nonsense(answer: bytes) -> None:
    with pytest.raises(UpstreamNonsense, match="counts no tokens"):
        UPSTREAM.counted(answer)


def test_a_relay_is_the_client_s_own_bytes() -> None:
    found = UPSTREAM.relayed(request(messages=[], x=1.0), "n")
    assert found.path == "/v1/messages"
    assert json.loads(found.body) == {"model": "n", "messages": [], "x": 1.0}


@given(HISTORIES, st.sampled_from([MODEL, "claude-sonnet-4-5"]))
def test_any_history_is_one_that_the_api_takes(history: tuple[Message, ...], model: str) -> None:
    found = body(Conversation(history), model)["messages"]
    assert [message["role"] for message in found] == [
        ("user", "assistant")[place % 2] for place in range(len(found))
    ]
    used: list[str] = []
    waiting: list[str] = []
    for message in found:
        kinds = [block["type"] for block in message["content"]]
        assert kinds
        answered = [block["tool_use_id"] for block in message["content"] if "tool_use_id" in block]
        assert sorted(answered) == sorted(waiting)
        assert kinds[: len(answered)] == ["tool_result"] * len(answered)
        waiting = [block["id"] for block in message["content"] if block["type"] == "tool_use"]
        used += waiting
    assert not waiting
    assert len(set(used)) == len(used)


@given(HISTORIES)
def test_what_is_written_is_read_again(history: tuple[Message, ...]) -> None:
    """Of a history whose thinking is Anthropic's and which ends with the user."""
    whole = Conversation((*(each for each in history if each.role != "system"), user("go")))
    written = UPSTREAM.request(whole, MODEL).body
    read = SERVED.conversation(SERVED.parse(written))
    opening = read.messages[0] == user(OPENING)
    assert repaired(whole, fit_id).messages == read.messages[opening:]


@few_examples
@given(ODD_BODIES)
def test_an_odd_request_is_written_without_a_crash(value: dict[str, Any]) -> None:
    conversation = SERVED.conversation(SERVED.parse(json.dumps(value).encode()))
    assert SERVED.parse(UPSTREAM.request(conversation, MODEL).body).model == MODEL
