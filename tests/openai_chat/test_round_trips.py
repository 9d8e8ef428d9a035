"""There and back: what one half writes, the other reads as the same."""

from __future__ import annotations

import json
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import Block, Media, Text, ToolResult, ToolUse
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Sampling,
    ToolChoice,
)
from understudy.protocols.openai_chat.dialect import SERVED, UPSTREAM
from understudy.protocols.records import Usage

from .wire import (
    ANSWER,
    DONE,
    MODEL,
    STARTED,
    assistant,
    call,
    calls,
    chunk,
    data,
    decoded,
    read,
    request,
    streamed,
    tool,
    user,
    written,
)

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
NAMES = st.from_regex(r"[a-zA-Z0-9_-]{1,12}", fullmatch=True)
MEDIA = st.sampled_from(
    [
        Media("image", "image/png", "AA=="),
        Media("image", url="http://x", detail="low"),
        Media("document", "application/pdf", "JVBE", title="a.pdf"),
        Media("audio", "audio/wav", "AA=="),
    ]
)
JSON = st.dictionaries(WORDS, WORDS | st.integers(-9, 9) | st.booleans(), max_size=2)
TURNS = st.lists(
    st.tuples(WORDS, MEDIA, st.lists(st.tuples(NAMES, JSON, WORDS), max_size=3)), max_size=3
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Conversations that the dialect can say whole, in the form in which it says them."""
    messages: list[Message] = []
    for turn, (words, media, made) in enumerate(draw(TURNS)):
        messages.append(user(words, media))
        uses = [ToolUse(f"c{turn}-{n}", name, given) for n, (name, given, _) in enumerate(made)]
        results = [ToolResult(f"c{turn}-{n}", (Text(out),)) for n, (*_, out) in enumerate(made)]
        blocks: list[Block] = [Text(words), *uses]
        messages += [assistant(*blocks), *([user(*results), assistant("so")] if results else [])]
        messages.append(Message("system", (Text("later"),)))
    tools = draw(st.lists(NAMES, max_size=3, unique=True))
    return Conversation(
        tuple(messages),
        system=tuple(draw(st.lists(WORDS.map(Text), max_size=1))),
        tools=tuple(tool(name, strict=draw(st.none() | st.booleans())) for name in tools),
        tool_choice=draw(st.sampled_from([None, ToolChoice("any")])) if tools else None,
        parallel_tools=draw(st.none() | st.booleans()) if tools else None,
        sampling=draw(
            st.builds(
                Sampling,
                max_tokens=st.none() | st.integers(1, 99),
                temperature=st.none() | st.just(0.5),
                stop_sequences=st.lists(WORDS, max_size=4).map(tuple),
                seed=st.none() | st.integers(0, 9),
                logprobs=st.none() | st.integers(0, 5),
            )
        ),
        output=draw(st.sampled_from([None, OutputFormat(), OutputFormat({"type": "object"}, "n")])),
        user=draw(st.sampled_from(["", "somebody"])),
        streamed=draw(st.booleans()),
    )


@settings(max_examples=150, deadline=None)
@given(conversations())
def test_a_conversation_survives_the_way_to_an_endpoint(conversation: Conversation) -> None:
    out = UPSTREAM.request(conversation, MODEL)
    assert out.dropped == ()
    assert SERVED.conversation(SERVED.parse(out.body)) == conversation


def test_a_client_s_request_survives_both_halves() -> None:
    body: dict[str, Any] = {
        "model": MODEL,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "hi"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{**call(None, '{"a":1}', id="c", name="f"), "type": "function"}],
            },
            {"role": "tool", "tool_call_id": "c", "content": "ok"},
        ],
        "tools": [
            {
                "type": "function",
                "function": {"name": "f", "parameters": {"type": "object", "properties": {}}},
            }
        ],
        "tool_choice": "auto",
        "max_tokens": 5,
    }
    conversation = SERVED.conversation(SERVED.parse(json.dumps(body).encode()))
    assert json.loads(UPSTREAM.request(conversation, MODEL).body) == body


ANSWER_EVENTS = st.lists(
    WORDS.map(lambda text: [TextDelta(text)])
    | WORDS.map(lambda text: [ThinkingDelta(text)])
    | st.tuples(NAMES, st.sampled_from([["{}"], ['{"a"', ":1}"], []])).map(
        lambda made: [ToolUseStarted("?", made[0]), *map(ToolInputDelta, made[1]), BlockEnded()]
    ),
    max_size=5,
)


def told(events: list[AnswerEvent]) -> tuple[str, str, list[tuple[str, str, str]], AnswerEvent]:
    """What an answer says, however it is cut: its text, thinking, calls, and end."""
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    thinking = "".join(event.text for event in events if isinstance(event, ThinkingDelta))
    found: list[tuple[str, str, str]] = []
    for event in events:
        if isinstance(event, ToolUseStarted):
            found.append((event.id, event.name, ""))
        elif isinstance(event, ToolInputDelta):
            call_id, name, known = found[-1]
            found[-1] = (call_id, name, known + event.json_text)
    return (
        text,
        thinking,
        [(call_id, name, given or "{}") for call_id, name, given in found],
        events[-1],
    )


@settings(max_examples=150, deadline=None)
@given(ANSWER_EVENTS)
def test_an_answer_survives_the_way_to_a_client_streamed_or_not(
    blocks: list[list[AnswerEvent]],
) -> None:
    events: list[AnswerEvent] = [STARTED]
    for number, block in enumerate(blocks):
        for event in block:
            if isinstance(event, ToolUseStarted):
                event = attrs.evolve(event, id=f"c{number}")
            events.append(event)
    called = any(isinstance(event, ToolUseStarted) for event in events)
    events.append(AnswerEnded("tool_use" if called else "end_turn", Usage(3, 2, 1)))
    stream = streamed(events, stream_options={"include_usage": True})
    body = written(SERVED.writer(request(), ANSWER), events)
    text, *rest = told(events)
    for wire in (stream, body):
        text_again, *rest_again = told(read(wire))
        assert rest_again == rest
        assert text_again.replace("\n", "") == text.replace("\n", "")


def test_an_upstream_s_answer_reaches_the_client_as_it_was() -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
    frames = [
        chunk(role="assistant", content="", refusal=None),
        chunk(content="Hello"),
        calls({**call(0, "", id="c", name="f"), "type": "function"}),
        calls(call(0, '{"a":1}')),
        chunk("tool_calls"),
        data({"choices": [], "usage": usage}),
        DONE,
    ]
    found = streamed(read(*frames), stream_options={"include_usage": True})
    ours, theirs = decoded(found), decoded(b"".join(frames))
    assert [each["choices"] for each in ours] == [each["choices"] for each in theirs]
