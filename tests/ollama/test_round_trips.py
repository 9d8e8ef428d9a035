"""Neutral to Ollama's words and back: what both can say is the same again."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import Media, Text, ToolResult, ToolUse
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Sampling,
    Tool,
)
from understudy.protocols.ollama.dialect import SERVED, UPSTREAM
from understudy.protocols.records import Usage

from .inputs import few_examples
from .wire import WHOLE, read, written

SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
PNG = Media("image", "image/png", data="iVBORw0KGgoAAAANSUhEUg==")


def again(conversation: Conversation) -> Conversation:
    """The conversation as a server of Ollama's would read what we sent to it."""
    body = json.loads(UPSTREAM.request(conversation, "m").body)
    del body["truncate"], body["shift"]
    return SERVED.conversation(SERVED.parse(json.dumps(body).encode()))


def test_a_conversation_is_the_same_again() -> None:
    conversation = Conversation(
        (
            Message("user", (Text("Look \u2028"), PNG)),
            Message(
                "assistant",
                (
                    Text("I do."),
                    ToolUse("call_1", "read", {"path": "a", "deep": {"n": [1, 2.5, None]}}),
                    ToolUse("call_2", "list", {}),
                ),
            ),
            Message("user", (ToolResult("call_2", (Text("x"),)), ToolResult("call_1", ()))),
            Message("user", (Text("Go on"),)),
        ),
        (Text("Be brief."),),
        (Tool("read", "Reads.", SCHEMA),),
        sampling=Sampling(50, 0.5, 0.75, 20, ("end",), 3, 0.25, 0.125, logprobs=2),
        output=OutputFormat(SCHEMA),
        streamed=True,
    )
    assert again(conversation) == conversation


TEXTS = st.text(min_size=1, max_size=12)
CALLS = st.lists(st.dictionaries(TEXTS, st.integers() | TEXTS, max_size=2), max_size=3)
TURNS = st.lists(st.tuples(TEXTS, TEXTS, CALLS, st.booleans()), max_size=4)


@few_examples
@given(TURNS, st.lists(TEXTS, max_size=1))
def test_any_conversation_of_text_and_calls_is_the_same_again(
    turns: list[tuple[str, str, list[dict[str, object]], bool]], system: list[str]
) -> None:
    messages: list[Message] = []
    for turn, (asked, told, inputs, in_order) in enumerate(turns):
        uses = [ToolUse(f"c{turn}_{n}", f"t{n}", given) for n, given in enumerate(inputs)]
        results = [ToolResult(use.id, (Text(use.name),)) for use in uses]
        messages.append(Message("user", (Text(asked),)))
        messages.append(Message("assistant", (Text(told), *uses)))
        if results:
            messages.append(Message("user", tuple(results if in_order else results[::-1])))
    conversation = Conversation(tuple(messages), tuple(Text(text) for text in system))
    assert again(conversation) == conversation


@few_examples
@given(st.lists(TEXTS, max_size=4), CALLS, st.booleans())
def test_any_answer_is_the_same_again(
    texts: list[str], inputs: list[dict[str, object]], limited: bool
) -> None:
    events: list[AnswerEvent] = [AnswerStarted(), *map(TextDelta, texts)]
    for number, given_input in enumerate(inputs):
        text = json.dumps(given_input, ensure_ascii=False, separators=(",", ":"))
        events += [ToolUseStarted(f"c{number}", "t"), ToolInputDelta(text), BlockEnded()]
    reason = "max_tokens" if limited else "tool_use" if inputs else "end_turn"
    events.append(AnswerEnded(reason, Usage(5, 7)))
    assert read([written(events)]) == events
    in_one_piece: list[AnswerEvent] = [TextDelta("".join(texts))] if texts else []
    whole = [events[0], *in_one_piece, *events[1 + len(texts) :]]
    assert read([written(events, streamed=False)], WHOLE) == whole
