"""There and back again: what both forms can say comes back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    RedactedThinking,
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
    ToolChoice,
)
from understudy.protocols.openai_responses.dialect import SERVED, UPSTREAM
from understudy.protocols.records import Usage

from .pieces import few_examples
from .playbook import conversation, joined, read, request

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
USES = st.builds(
    ToolUse,
    st.text("abc123", min_size=1, max_size=8),
    st.text("abc_-", min_size=1, max_size=8),
    st.dictionaries(WORDS, WORDS | st.integers() | st.none(), max_size=3),
)
MEDIA = st.sampled_from(
    [
        Media("image", "image/png", data="QUJD", detail="auto"),
        Media("image", url="http://x/y.png", detail="high"),
        Media("document", "application/pdf", data="QUJD", title="a.pdf"),
        Media("document", url="http://x/y.pdf"),
    ]
)
TEXTS = st.builds(Text, WORDS)
USER = st.lists(TEXTS | MEDIA, min_size=1, max_size=3)
RESULTS = st.lists(
    st.builds(
        ToolResult,
        st.text("abc123", min_size=1, max_size=8),
        st.lists(TEXTS | MEDIA, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=2,
)


@st.composite
def message(draw: st.DrawFn) -> Message:
    role = draw(st.sampled_from(["user", "results", "assistant", "system"]))
    if role == "assistant":
        blocks: list[Any] = draw(st.lists(TEXTS | USES, min_size=1, max_size=3))
        return Message("assistant", tuple(blocks))
    if role == "results":
        return Message("user", tuple(draw(RESULTS)))
    return Message("user" if role == "user" else "system", tuple(draw(USER)))


def merged(messages: list[Message]) -> tuple[Message, ...]:
    """The same with a turn that is told in two messages as one, as items have it."""
    found = list[Message]()
    for each in messages:
        results = all(isinstance(block, ToolResult) for block in each.blocks)
        last = found[-1] if found else None
        follows = last is not None and last.role == each.role
        if (
            last is not None
            and follows
            and (each.role == "assistant" or (results and isinstance(last.blocks[0], ToolResult)))
        ):
            found[-1] = Message(last.role, last.blocks + each.blocks)
        else:
            found.append(each)
    return tuple(found)


@few_examples
@given(st.lists(message(), max_size=5))
def test_a_conversation_comes_back(messages: list[Message]) -> None:
    first = Message("user", (Text("first"),))
    asked = Conversation((first, *messages))
    sent = UPSTREAM.request(asked, "gpt-5.5")
    assert SERVED.conversation(SERVED.parse(sent.body)).messages == merged([first, *messages])
    assert sent.dropped == ()


def test_everything_that_is_asked_comes_back() -> None:
    asked = Conversation(
        (Message("user", (Text("a"),)),),
        system=(Text("s"),),
        tools=(Tool("f", "d", {"type": "object", "properties": {}}, True),),
        tool_choice=ToolChoice("tool", "f"),
        parallel_tools=False,
        sampling=Sampling(max_tokens=100, temperature=0.5, top_p=0.5, logprobs=2),
        output=OutputFormat({"type": "object"}, "n", True),
        user="u",
        streamed=True,
    )
    sent = UPSTREAM.request(asked, "gpt-4o")
    assert SERVED.conversation(SERVED.parse(sent.body)) == asked
    thinking = Conversation((), reasoning=Reasoning(True, effort="high", shown=True))
    back = SERVED.conversation(SERVED.parse(UPSTREAM.request(thinking, "gpt-5.5").body))
    assert back == thinking


ANSWERS: list[list[AnswerEvent]] = [
    [TextDelta("a"), BlockEnded(), TextDelta("b\U0001f600"), BlockEnded(), AnswerEnded("end_turn")],
    [
        TextDelta("a"),
        BlockEnded(),
        ToolUseStarted("c1", "f"),
        ToolInputDelta('{"a":1}'),
        BlockEnded(),
        ToolUseStarted("c2", "g"),
        ToolInputDelta("{}"),
        BlockEnded(),
        AnswerEnded("tool_use"),
    ],
    [TextDelta("a"), BlockEnded(), AnswerEnded("max_tokens")],
    [TextDelta("a"), BlockEnded(), AnswerEnded("refusal")],
    [TextDelta("a"), BlockEnded(), AnswerEnded("refusal", details="I can't")],
    [AnswerEnded("end_turn")],
]


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_comes_back(answer: list[AnswerEvent], streamed: bool) -> None:
    usage = Usage(5, 7, 3, 2, reasoning_tokens=4)
    last = answer[-1]
    assert isinstance(last, AnswerEnded)
    ended = AnswerEnded(last.stop_reason, usage, details=last.details)
    writer = SERVED.writer(request(stream=streamed), "1")
    events = [AnswerStarted(), *answer[:-1], ended]
    data = b"".join([*(writer.send(event) for event in events), writer.end()])
    started = AnswerStarted() if streamed else AnswerStarted(usage)
    assert joined(read([data])) == [started, *answer[:-1], ended]


THOUGHTS: list[tuple[list[AnswerEvent], Block]] = [
    ([ThinkingDelta("h"), ThinkingDelta("m"), ThinkingSigned("c2ln")], Thinking("hm", "c2ln")),
    (
        [ThinkingDelta("hm"), ThinkingSigned("understudy:gemini g x y")],
        Thinking("hm", "understudy:gemini g x y"),
    ),
    (
        [ThinkingDelta("hm"), ThinkingSigned("understudy:openai-responses m rs_1 ENC")],
        Thinking("hm", "understudy:openai-responses m rs_1 ENC"),
    ),
    ([ThinkingSigned("c2ln")], Thinking("", "c2ln")),
    ([ThinkingDelta("hm")], Thinking("hm", "")),
    ([ThinkingRedacted("ZGF0")], RedactedThinking("ZGF0")),
    (
        [ThinkingRedacted("understudy:openai-responses m rs_1 ENC")],
        RedactedThinking("understudy:openai-responses m rs_1 ENC"),
    ),
]


@pytest.mark.parametrize(("events", "wanted"), THOUGHTS)
def test_thinking_of_any_model_comes_back_from_a_client_as_it_was(
    events: list[AnswerEvent], wanted: Block
) -> None:
    writer = SERVED.writer(request(), "1")
    for event in [AnswerStarted(), *events, BlockEnded(), AnswerEnded("end_turn")]:
        writer.send(event)
    output = json.loads(writer.end())["output"]
    assert conversation(input=output).messages == (Message("assistant", (wanted,)),)
