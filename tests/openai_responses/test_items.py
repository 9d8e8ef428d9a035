"""Each kind of item of an upstream's answer, whichever of its events a server sends."""

from __future__ import annotations

import json

import pytest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerStarted,
    BlockEnded,
    Cited,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.request import Conversation, Tool
from understudy.protocols.openai_responses.upstream_request import tool_names

from .playbook import (
    CREATED,
    WHOLE_USAGE,
    Json,
    added,
    arguments,
    completed,
    done,
    event,
    joined,
    read,
    text,
)

END = AnswerEnded("end_turn", WHOLE_USAGE)
CALLED = AnswerEnded("tool_use", WHOLE_USAGE)
STARTED = AnswerStarted()
SIGNED = ThinkingSigned("understudy:openai-responses gpt-5.5 rs_1 ENC")


def test_an_id_that_comes_twice_is_given_to_one_call() -> None:
    calls = [done(n, "function_call", call_id="a", name="f", arguments="{}") for n in range(2)]
    ids = [each.id for each in read([*calls, completed()]) if isinstance(each, ToolUseStarted)]
    assert ids[0] == "a"
    assert len(set(ids)) == 2


def test_calls_that_grow_side_by_side_come_one_after_the_other() -> None:
    side_by_side = [
        CREATED,
        added(0, "function_call", call_id="a", name="f"),
        added(1, "function_call", call_id="b", name="g"),
        arguments(1, '{"b"'),
        arguments(0, '{"a"'),
        arguments(1, ":2}"),
        added(2, "message", content=[]),
        text(2, "words"),
        arguments(0, ":1}"),
        done(1, "function_call", call_id="b", name="g", arguments='{"b":2}'),
        done(0, "function_call", call_id="a", name="f", arguments='{"a":1}'),
        text(2, " more"),
        done(2, "message", content=[{"type": "output_text", "text": "words more"}]),
        completed(),
    ]
    meaning = [
        STARTED,
        ToolUseStarted("a", "f"),
        ToolInputDelta('{"a":1}'),
        BlockEnded(),
        ToolUseStarted("b", "g"),
        ToolInputDelta('{"b":2}'),
        BlockEnded(),
        TextDelta("words more"),
        BlockEnded(),
        CALLED,
    ]
    assert joined(read(side_by_side)) == meaning
    assert joined(read([b"".join(side_by_side)])) == meaning


def test_calls_that_never_end_by_themselves_end_with_the_answer() -> None:
    loose = [
        added(0, "function_call", call_id="a", name="f"),
        arguments(0, '{"a":1}'),
        added(1, "function_call", call_id="b", name="g"),
        arguments(1, '{"b":2}'),
        completed(),
    ]
    assert [each for each in read(loose) if isinstance(each, ToolInputDelta)] == [
        ToolInputDelta('{"a":1}'),
        ToolInputDelta('{"b":2}'),
    ]
    assert read(loose)[-2:] == [BlockEnded(), CALLED]


@pytest.mark.parametrize("given", ["", "{}", " "])
def test_empty_arguments_are_an_empty_object(given: str) -> None:
    ended = done(0, "function_call", call_id="a", name="f", arguments=given)
    found = joined(read([added(0, "function_call", call_id="a", name="f"), ended, completed()]))
    assert isinstance(found[2], ToolInputDelta)
    assert json.loads(found[2].json_text) == {}


def test_a_call_may_be_named_late_and_lack_an_id() -> None:
    late = [
        added(0, "function_call"),
        arguments(0, '{"a":1}'),
        done(0, "function_call", name="f", arguments='{"a":1}'),
        event("function_call_arguments.done", output_index=1, name="g", arguments='{"b":2}'),
        completed(),
    ]
    assert [type(each) for each in read(late)].count(ToolUseStarted) == 2
    assert ToolUseStarted("call_1_0", "f") in read(late)
    assert ToolUseStarted("call_1_1", "g") in read(late)
    assert read([done(0, "function_call", arguments="{}"), completed()]) == [STARTED, END]


def test_a_tool_s_own_name_comes_back() -> None:
    long = "mcp__a server with a very long name__" + "x" * 60
    asked = Conversation((), tools=(Tool(long),))
    sent = tool_names(asked).sent(long)
    assert len(sent) <= 64
    found = read([done(0, "function_call", call_id="a", name=sent), completed()], asked)
    assert found[1] == ToolUseStarted("a", long)


def test_a_custom_tool_s_call_is_a_function_s() -> None:
    calls = [
        added(0, "custom_tool_call", call_id="a", name="patch", input=""),
        event("custom_tool_call_input.delta", output_index=0, delta="*** Beg"),
        done(0, "custom_tool_call", call_id="a", name="patch", input='*** Begin "x"\n'),
        completed(),
    ]
    assert joined(read(calls)) == [
        STARTED,
        ToolUseStarted("a", "patch"),
        ToolInputDelta('{"input":"*** Begin \\"x\\"\\n"}'),
        BlockEnded(),
        CALLED,
    ]


def test_what_an_end_says_beyond_its_deltas_is_told_once() -> None:
    content = [{"type": "output_text", "text": "one two"}]
    message: Json = {"type": "message", "content": content}
    ended = done(0, "message", content=content)
    wanted = [STARTED, TextDelta("one two"), BlockEnded(), END]
    assert joined(read([text(0, "one"), ended, completed()])) == wanted
    assert joined(read([ended, completed(message)])) == wanted
    assert joined(read([completed(message)])) == wanted
    short = event("output_text.done", output_index=0, content_index=0, text="one two")
    assert joined(read([text(0, "one"), short, ended, completed(message)])) == wanted


def test_each_part_of_a_message_is_a_block() -> None:
    frames = [text(0, "a"), text(0, "b", 1), text(0, "c", 1), done(0, "message"), completed()]
    assert joined(read(frames)) == [
        STARTED,
        TextDelta("a"),
        BlockEnded(),
        TextDelta("bc"),
        BlockEnded(),
        END,
    ]


def test_open_weights_show_their_reasoning_and_have_it_signed_as_text() -> None:
    """llama.cpp numbers no items, and ends all of them at the very end."""
    frames = [
        event("output_item.added", item={"type": "reasoning", "id": "rs_9"}),
        event("reasoning_text.delta", item_id="rs_9", delta="hm"),
        event("output_item.added", item={"type": "message", "id": "msg_9"}),
        event("output_text.delta", item_id="msg_9", delta="a"),
        event("output_item.added", item={"type": "function_call", "id": "fc_9", "name": "f"}),
        event("function_call_arguments.delta", item_id="fc_9", delta="{}"),
        event("output_text.delta", delta="?"),
        event("output_item.done", item={"type": "reasoning", "id": "rs_9", "content": []}),
        event("output_item.done", item={"type": "message", "id": "msg_9"}),
        event("output_item.done", item={"type": "function_call", "id": "fc_9", "name": "f"}),
        completed(),
    ]
    assert joined(read(frames, model="gpt-oss")) == [
        STARTED,
        ThinkingDelta("hm"),
        ThinkingSigned("understudy:openai-responses gpt-oss rs_9 "),
        BlockEnded(),
        TextDelta("a"),
        BlockEnded(),
        ToolUseStarted("fc_9", "f"),
        ToolInputDelta("{}"),
        BlockEnded(),
        CALLED,
    ]


def test_the_parts_of_a_summary_are_one_block() -> None:
    frames = [
        event("reasoning_summary_text.delta", output_index=0, summary_index=0, delta="a"),
        event("reasoning_summary_text.delta", output_index=0, summary_index=1, delta="b"),
        event("reasoning_text.delta", output_index=0, content_index=0, delta="not told twice"),
        event("reasoning_text.done", output_index=0, content_index=0, text="not told twice"),
        done(0, "reasoning", id="rs_1", encrypted_content="ENC"),
        completed(),
    ]
    assert joined(read(frames)) == [STARTED, ThinkingDelta("a\n\nb"), SIGNED, BlockEnded(), END]
    hidden = done(0, "reasoning", id="rs_1", encrypted_content="ENC", summary=[])
    assert read([hidden, completed()]) == [STARTED, SIGNED, BlockEnded(), END]
    plain = {"id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "b"}]}
    text_done = event("reasoning_text.done", output_index=0, content_index=0, text="b")
    for frame in (done(0, "reasoning", **plain), text_done):
        own = ThinkingSigned(
            f"understudy:openai-responses m {'rs_1' if frame != text_done else ''} "
        )
        found = read([frame, completed()], model="m")
        assert found == [STARTED, ThinkingDelta("b"), own, BlockEnded(), END]
    assert read([done(0, "reasoning", id="rs_1", summary=[]), completed()]) == [STARTED, END]


def test_a_refusal_is_what_the_end_says() -> None:
    refusal = {"type": "refusal", "refusal": "I can't"}
    wanted = [STARTED, AnswerEnded("refusal", WHOLE_USAGE, details="I can't")]
    frames = [
        event("refusal.delta", output_index=0, content_index=0, delta="I "),
        event("refusal.delta", output_index=0, content_index=0, delta="can't"),
        event("refusal.done", output_index=0, content_index=0, refusal="I can't"),
        event("content_part.done", output_index=0, content_index=0, part=refusal),
        done(0, "message", content=[refusal]),
    ]
    assert read([*frames, completed()]) == wanted
    assert read([done(0, "message", content=[refusal]), completed()]) == wanted


def test_web_citations_are_told_once_and_in_anthropic_s_shape() -> None:
    note = {"type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 1}
    cited = Cited(
        {
            "type": "web_search_result_location",
            "url": "u",
            "title": "t",
            "cited_text": "",
            "encrypted_index": "",
        }
    )
    part = {"type": "output_text", "text": "a", "annotations": [note, {"type": "file_path"}]}
    first = event("output_text.annotation.added", output_index=0, content_index=0, annotation=note)
    for frames in ([text(0, "a"), first], [text(0, "a")]):
        ended = done(0, "message", content=[part])
        assert read([*frames, ended, completed()]) == [
            STARTED,
            TextDelta("a"),
            cited,
            BlockEnded(),
            END,
        ]


def test_logprobs_come_with_their_text() -> None:
    given = {"token": "a", "logprob": -0.5, "top_logprobs": [{"token": "b", "logprob": -1}]}
    shown = {
        "token": "a",
        "bytes": [97],
        "logprob": -0.5,
        "top_logprobs": [{"token": "b", "bytes": [98], "logprob": -1}],
    }
    delta = event("output_text.delta", output_index=0, delta="a", logprobs=[given])
    part = {"type": "output_text", "text": "a", "logprobs": [given]}
    for frames in ([delta], [done(0, "message", content=[part])]):
        assert read([*frames, completed()])[1] == TextDelta("a", (shown,))


def test_an_item_without_a_neutral_form_is_passed_on_whole() -> None:
    item = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    frames = [
        added(0, "web_search_call"),
        event("web_search_call.searching", output_index=0),
        event("output_item.done", output_index=0, item=item),
        completed(item),
    ]
    assert read(frames) == [STARTED, OtherBlock("openai-responses", item), END]


def test_an_item_that_comes_under_a_number_already_done_is_another() -> None:
    first = done(0, "message", content=[{"type": "output_text", "text": "a"}])
    frames = [
        first,
        added(0, "message", id="second"),
        text(0, "b"),
        done(0, "message"),
        completed(),
    ]
    assert [each.text for each in read(frames) if isinstance(each, TextDelta)] == ["a", "b"]
