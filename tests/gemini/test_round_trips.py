"""There and back: neutral to the wire to neutral, for requests and for answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    Cited,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Text,
    Thinking,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.names import fitting
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialect import Target
from understudy.protocols.gemini.dialect import SERVED, UPSTREAM
from understudy.protocols.gemini.names import RULE
from understudy.protocols.gemini.signatures import given_back, neutral, own, shown
from understudy.protocols.records import Usage

from .wire import MODEL, events_of, few_examples, pieces, read, reader, request, written

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS
INPUTS = st.dictionaries(WORDS, SCALARS | st.lists(SCALARS, max_size=2), max_size=3)
MEDIA = st.sampled_from(
    [
        Media("image", "image/png", data="aGk="),
        Media("document", "application/pdf", data="aGk=", title="t"),
    ]
)
FILES = st.just(Media("image", "image/png", url="https://example.org/a.png"))
SIGNATURES = st.sampled_from(
    [neutral(payload, MODEL, on_thought=False) for payload in ("c2ln", "Mg==")]
)
ERRORS = st.booleans()
NAMES = st.sampled_from(["Read", fitting("mcp__a.b", RULE)])
READ = Tool("Read", "reads", {"type": "object", "properties": {"a": {"type": "string"}}})


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[Message, ...]:
    """A question, an answer with signed calls, and their results in order."""
    question: list[Block] = [Text(draw(WORDS)), *draw(st.lists(MEDIA | FILES, max_size=2))]
    uses = [
        ToolUse(f"toolu_{number}", draw(NAMES), draw(INPUTS))
        for number in range(draw(st.integers(1, 3)))
    ]
    answer: list[Block] = [Text(draw(WORDS)), Thinking("", draw(SIGNATURES)), *uses]
    results = [
        ToolResult(use.id, (Text(draw(WORDS)), *draw(st.lists(MEDIA, max_size=1))), draw(ERRORS))
        for use in uses
    ]
    last = Message("assistant", (Thinking("", draw(SIGNATURES)), Text(draw(WORDS))))
    return (
        Message("user", tuple(question)),
        Message("assistant", tuple(answer)),
        Message("user", (*results, Text(draw(WORDS)))),
        last,
    )


def there_and_back(asked: Conversation) -> Conversation:
    outgoing = UPSTREAM.request(asked, MODEL)
    return SERVED.conversation(SERVED.parse(outgoing.body, Target(MODEL, asked.streamed)))


@few_examples
@given(exchanges())
def test_messages(messages: tuple[Message, ...]) -> None:
    asked = Conversation(messages, tools=(READ,))
    assert there_and_back(asked) == asked


def test_options() -> None:
    asked = Conversation(
        (Message("user", (Text("a"),)),),
        system=(Text("s"), Text("t")),
        tools=(READ,),
        tool_choice=ToolChoice("tool", "Read"),
        sampling=Sampling(5, 0.5, 0.9, 40, ("x",), 3, logprobs=2),
        reasoning=Reasoning(enabled=True, effort="low", shown=True),
        output=OutputFormat({"type": "string"}),
        streamed=True,
    )
    assert there_and_back(asked) == asked


EVENTS: list[AnswerEvent] = [
    AnswerStarted(),
    ThinkingDelta("hm"),
    TextDelta("Hé"),
    TextDelta("llo\u2028"),
    BlockEnded(),
    ToolUseStarted("toolu_1", "Read"),
    ToolInputDelta('{"path":"é"}'),
    BlockEnded(),
    ToolUseStarted("toolu_2", "Bash"),
    ToolInputDelta("{}"),
    BlockEnded(),
    OtherBlock("gemini", {"executableCode": {"code": "1"}}),
    AnswerEnded("tool_use", Usage(3, 5, 7)),
]


def shape(streamed: bool, array: bool = False) -> Any:
    config = {"thinkingConfig": {"includeThoughts": True}}
    return SERVED.writer(request(streamed, array, generationConfig=config), "a")


@few_examples
@given(st.sampled_from([(True, False), (True, True), (False, False)]), st.data())
def test_an_answer(form: tuple[bool, bool], data: st.DataObject) -> None:
    body = written(shape(*form), EVENTS)
    found = events_of(reader(), data.draw(pieces(body)))
    assert plain(found) == plain(EVENTS)


def plain(events: Sequence[AnswerEvent]) -> list[AnswerEvent]:
    """The events less the start, with neighbouring text joined."""
    found: list[AnswerEvent] = []
    for each in events:
        last = found[-1] if found else None
        if isinstance(each, TextDelta) and isinstance(last, TextDelta):
            found[-1] = TextDelta(last.text + each.text)
        elif not isinstance(each, AnswerStarted):
            found.append(each)
    return found


def test_citations_and_refusals_come_back() -> None:
    cited = Cited(
        {
            "type": "web_search_result_location",
            "url": "https://a",
            "title": "A",
            "cited_text": "x",
            "encrypted_index": "",
        }
    )
    events: list[AnswerEvent] = [
        AnswerStarted(),
        TextDelta("x"),
        cited,
        AnswerEnded("end_turn", Usage(1, 1)),
    ]
    assert plain(read(written(shape(True), events))) == events[1:]
    for details in ("prompt JAILBREAK: no", "SPII", "RECITATION: a song"):
        refused: list[AnswerEvent] = [
            AnswerStarted(),
            AnswerEnded("refusal", Usage(1), details=details),
        ]
        assert plain(read(written(shape(True), refused))) == refused[1:]


@given(st.text(), st.booleans())
def test_signatures(signature: str, on_thought: bool) -> None:
    assert given_back(shown(signature), "m", on_thought=False) == Thinking("", signature)
    assert own(neutral("c2ln", "m x", on_thought=on_thought), "m x") == ("c2ln", on_thought)
    assert own(neutral("c2ln", "m", on_thought=on_thought), "n") == ("", False)
