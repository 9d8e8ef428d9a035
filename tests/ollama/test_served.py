"""A client's requests as conversations: nothing lost that has a neutral form, the rest named."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Text,
    Thinking,
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
)
from understudy.protocols.dialect import Failure
from understudy.protocols.ollama.dialect import GENERATE, SERVED
from understudy.protocols.ollama.served import asks_to_load, load_answer
from understudy.protocols.request import BadRequest, ServedRequest

from .inputs import CALLS, VALUES, few_examples, objects


def chat(**members: Any) -> ServedRequest:
    """A request to `/api/chat`."""
    return SERVED.parse(json.dumps({"model": "m", "messages": [], **members}).encode())


def generate(**members: Any) -> ServedRequest:
    """A request to `/api/generate`."""
    return GENERATE.parse(json.dumps({"model": "m", **members}).encode())


def talk(*messages: Any, **members: Any) -> Conversation:
    """The conversation that a client's messages are."""
    return SERVED.conversation(chat(messages=messages, **members))


def user(*blocks: Block) -> Message:
    return Message("user", blocks)


def assistant(*blocks: Block) -> Message:
    return Message("assistant", blocks)


def call(name: str, given: Any = None, **members: Any) -> dict[str, Any]:
    return {"function": {"name": name, "arguments": given or {}}, **members}


def calls(*found: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "content": "", "tool_calls": found}


def answer(content: str, **members: Any) -> dict[str, Any]:
    return {"role": "tool", "content": content, **members}


def test_routing_reads_what_it_needs() -> None:
    request = chat(options={"num_predict": 77, "temperature": 1})
    assert (request.model, request.streamed, request.max_tokens) == ("m", True, 77)
    assert (request.dialect, request.question_keys) == ("ollama", ("messages", "tools"))
    assert generate(prompt="x").dialect == "ollama-generate"


@pytest.mark.parametrize(
    ("members", "streamed"), [({}, True), ({"stream": None}, True), ({"stream": False}, False)]
)
def test_an_answer_is_streamed_unless_the_client_says_no(
    members: dict[str, Any], streamed: bool
) -> None:
    for request in (chat(**members), generate(**members)):
        assert request.streamed is streamed
    assert SERVED.conversation(chat(**members)).streamed is streamed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"messages":[]}',
        b'{"model":"","messages":[]}',
        b'{"model":"m","messages":{}}',
        b'{"model":"m","messages":"hi"}',
        b'{"model":"m","stream":"yes"}',
        b'{"model":"m","options":1e999}',
    ],
)
def test_what_makes_no_sense_at_all_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        SERVED.conversation(SERVED.parse(body))


def test_a_prompt_that_is_no_text_is_refused() -> None:
    with pytest.raises(BadRequest):
        generate(prompt=["x"])
    assert GENERATE.conversation(generate(prompt=None)).messages == ()


def test_system_messages_stand_where_they_are() -> None:
    found = talk(
        {"role": "system", "content": "Be brief."},
        {"role": "System", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
        {"role": "developer", "content": "Now in verse."},
        {"role": "ctx", "content": "odd"},
    )
    assert found.system == (Text("Be brief."), Text("Be kind."))
    assert found.messages == (
        user(Text("Hi")),
        Message("system", (Text("Now in verse."),)),
        user(Text("odd")),
    )
    assert found.unknown == ("role ctx",)


def test_thinking_text_images_and_calls_are_blocks_in_this_order() -> None:
    png, pdf, wav = (
        base64.b64encode(head + b"x" * 20).decode()
        for head in (b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"RIFF\0\0\0\0WAVEfmt ")
    )
    found = talk(
        {"role": "user", "content": "Look", "images": [png, pdf, wav, "?", "data:x;base64," + png]},
        {"role": "assistant", "content": "A", "thinking": "hm", "tool_calls": [call("t")]},
    )
    assert found.messages == (
        user(
            Text("Look"),
            Media("image", "image/png", data=png),
            Media("document", "application/pdf", data=pdf),
            Media("audio", "audio/wav", data=wav),
            Media("image", "image/jpeg", data="?"),
            Media("image", "image/png", data=png),
        ),
        assistant(Thinking("hm"), Text("A"), ToolUse("call_0", "t", {})),
    )


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM", "image/bmp"),
        (b"ID3\4", "audio/mpeg"),
    ],
)
def test_the_first_bytes_tell_what_an_image_is(head: bytes, media_type: str) -> None:
    data = base64.b64encode(head + bytes(20)).decode()
    (message,) = talk({"role": "user", "content": "", "images": [data]}).messages
    (media,) = message.blocks
    assert isinstance(media, Media)
    assert media.media_type == media_type


def test_calls_without_ids_are_matched_by_name_and_order() -> None:
    found = talk(
        calls(call("read", {"p": 1}), call("list"), call("read", {"p": 2})),
        answer("second", tool_name="list"),
        answer("first", tool_name="read"),
        answer("third", tool_name="read"),
        {"role": "user", "content": "Go on"},
        calls(call("read", {"p": 3})),
        answer("fourth"),
    )
    assert [message.blocks for message in found.messages] == [
        (
            ToolUse("call_0", "read", {"p": 1}),
            ToolUse("call_1", "list", {}),
            ToolUse("call_2", "read", {"p": 2}),
        ),
        (
            ToolResult("call_1", (Text("second"),)),
            ToolResult("call_0", (Text("first"),)),
            ToolResult("call_2", (Text("third"),)),
        ),
        (Text("Go on"),),
        (ToolUse("call_3", "read", {"p": 3}),),
        (ToolResult("call_3", (Text("fourth"),)),),
    ]


def test_an_id_that_the_client_wrote_is_kept_and_never_made_again() -> None:
    found = talk(
        calls(call("a", id="call_0"), call("b"), call("c", id="x")),
        answer("c", tool_call_id="x", tool_name="a"),
        answer("b", tool_name="b"),
        answer("a", tool_call_id="call_0"),
    )
    uses, results = (message.blocks for message in found.messages)
    assert [use.id for use in uses if isinstance(use, ToolUse)] == ["call_0", "call_1", "x"]
    assert [result.tool_use_id for result in results if isinstance(result, ToolResult)] == [
        "x",
        "call_1",
        "call_0",
    ]


def test_a_result_of_no_call_has_an_id_of_its_own() -> None:
    (message,) = talk(answer("odd", tool_name="t")).messages
    assert message.blocks == (ToolResult("result_0", (Text("odd"),)),)


def test_ids_stay_the_same_while_a_conversation_grows() -> None:
    messages: list[Any] = []
    before: tuple[Message, ...] = ()
    for turn in range(4):
        messages += [calls(call("t"), call("t")), answer(f"{turn}"), answer(f"{turn}")]
        now = talk(*messages).messages
        assert now[: len(before)] == before
        before = now


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ({"a": 1}, {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        ("", {}),
        (None, {}),
        ("{broken", {"__unparsedToolInput": {"raw": "{broken", "len": 7}}),
        ([1], {"__unparsedToolInput": {"raw": "[1]", "len": 3}}),
    ],
)
def test_arguments_are_an_object_or_kept_as_text(arguments: Any, given: dict[str, Any]) -> None:
    found = talk(calls({"function": {"name": "t", "arguments": arguments}}))
    assert found.messages == (assistant(ToolUse("call_0", "t", given)),)


def test_tools_keep_their_whole_schema() -> None:
    schema = {"type": "object", "properties": {"p": {"type": "string"}}, "$defs": {"x": True}}
    function = {"name": "read", "description": "Reads.", "parameters": schema}
    found = talk(tools=[{"type": "function", "function": function}, {"type": "function"}, 7])
    assert found.tools == (Tool("read", "Reads.", schema),)
    assert found.unknown == ("tools[1]", "tools[2]")


def test_options_are_read_and_the_rest_of_them_is_named() -> None:
    found = talk(
        options={
            "num_predict": 100.0,
            "temperature": 0,
            "top_p": 0.9,
            "top_k": 40,
            "stop": ["a", "b"],
            "seed": 7,
            "presence_penalty": 0.5,
            "frequency_penalty": 0.25,
            "num_ctx": 8192,
            "repeat_penalty": 1.1,
            "min_p": None,
        },
        logprobs=True,
        top_logprobs=3,
        keep_alive="5m",
    )
    assert found.sampling == Sampling(100, 0, 0.9, 40, ("a", "b"), 7, 0.5, 0.25, logprobs=3)
    assert found.unknown == ("keep_alive", "options.num_ctx", "options.repeat_penalty")


def test_options_that_make_no_sense_are_named_and_ignored() -> None:
    odd = {"num_predict": -1, "temperature": "hot", "top_k": 1.5, "stop": [7], "seed": True}
    found = talk(options=odd, format="xml", think="much", logprobs=True)
    assert found.sampling == Sampling(logprobs=0)
    assert found.unknown == (*(f"options.{name}" for name in odd), "think", "format")
    assert talk(options={"stop": "end"}).sampling.stop_sequences == ("end",)


@pytest.mark.parametrize(
    ("think", "reasoning"),
    [
        (None, Reasoning()),
        (True, Reasoning(enabled=True)),
        (False, Reasoning(enabled=False)),
        ("low", Reasoning(enabled=True, effort="low")),
        ("max", Reasoning(enabled=True, effort="max")),
    ],
)
def test_think_is_a_wish_or_a_level(think: Any, reasoning: Reasoning) -> None:
    assert talk(think=think).reasoning == reasoning
    assert GENERATE.conversation(generate(think=think)).reasoning == reasoning


@pytest.mark.parametrize(
    ("wanted", "output"),
    [
        (None, None),
        ("", None),
        ("json", OutputFormat()),
        ({"type": "object"}, OutputFormat({"type": "object"})),
    ],
)
def test_format_is_any_json_or_a_schema(wanted: Any, output: OutputFormat | None) -> None:
    assert talk(format=wanted).output == output


def test_generate_is_a_conversation_of_one_message() -> None:
    found = GENERATE.conversation(
        generate(
            prompt="Why?",
            system="Be brief.",
            images=["/9j/4AAQSkZJRgABAQ"],
            options={"num_predict": 5},
            suffix="end",
            raw=True,
            context=[1],
        )
    )
    image = Media("image", "image/jpeg", data="/9j/4AAQSkZJRgABAQ")
    assert found.messages == (user(Text("Why?"), image),)
    assert found.system == (Text("Be brief."),)
    assert (found.sampling.max_tokens, found.unknown) == (5, ("suffix", "raw", "context"))


@pytest.mark.parametrize(
    ("keep_alive", "reason"), [(None, "load"), ("5m", "load"), (0, "unload"), ("0s", "unload")]
)
def test_a_request_without_a_question_asks_to_load(keep_alive: Any, reason: str) -> None:
    for request in (chat(keep_alive=keep_alive), generate(keep_alive=keep_alive)):
        assert asks_to_load(request)
        found = json.loads(load_answer(request))
        assert (found["done"], found["done_reason"], found["model"]) == (True, reason, "m")
    assert not asks_to_load(chat(messages=[{"role": "user", "content": "x"}]))
    assert not asks_to_load(generate(prompt="x"))


def test_an_error_is_one_member() -> None:
    failure = Failure(404, "not_found_error", "model 'x' not found")
    for served in (SERVED, GENERATE):
        assert json.loads(served.error(failure, "req_1")) == {"error": "model 'x' not found"}


def test_messages_of_other_shapes_are_read_as_far_as_they_go() -> None:
    parts: list[Any] = [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {}}]
    found = talk(
        {"role": "user", "content": parts, "weight": 1}, 7, {"role": "user", "content": None}
    )
    assert found.messages == (user(Text("a")),)
    assert found.unknown == ("messages.weight", "messages.content", "messages[1]")


MESSAGES = objects(
    role=st.sampled_from(["system", "user", "assistant", "tool", "?", 7, None]),
    content=VALUES,
    thinking=VALUES,
    images=VALUES | st.lists(st.text(max_size=20)),
    tool_calls=VALUES | st.lists(CALLS, max_size=3),
    tool_name=VALUES,
    tool_call_id=VALUES,
)
BODIES = st.fixed_dictionaries(
    {"model": st.just("m")},
    optional={
        "messages": VALUES | st.lists(MESSAGES, max_size=5),
        "prompt": VALUES,
        "images": VALUES,
        "tools": VALUES | st.lists(objects(function=objects(name=VALUES, parameters=VALUES))),
        "options": VALUES | objects(num_predict=VALUES, stop=VALUES, top_k=VALUES),
        "format": VALUES,
        "think": VALUES,
        "stream": VALUES,
        "logprobs": VALUES,
        "top_logprobs": VALUES,
    },
)


@few_examples
@given(BODIES, st.sampled_from([SERVED, GENERATE]))
def test_an_odd_request_is_read_or_refused(body: dict[str, Any], served: Any) -> None:
    try:
        request = served.parse(json.dumps(body).encode())
        conversation = served.conversation(request)
    except BadRequest:
        return
    ids = [
        use.id
        for message in conversation.messages
        for use in message.blocks
        if isinstance(use, ToolUse)
    ]
    assert all(ids)
    assert conversation.streamed is request.streamed
