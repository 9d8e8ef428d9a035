"""The marks in a history: which are ours, and that they are worth nothing anywhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from understudy.protocols.dialect import Target
from understudy.protocols.dialects import SERVED
from understudy.protocols.identity import identify
from understudy.protocols.switching.choice import NO_CHOICE, Choice
from understudy.protocols.switching.history import chained, history_of, normal
from understudy.protocols.switching.history_marks import HistoryMarks
from understudy.protocols.switching.mark import nonce_in

from ..actors.dialects import ANTHROPIC, CHAT, GEMINI, OLLAMA, RESPONSES
from ..anthropic.requests import few_examples
from .windows import DIALECTS, Spoken, new_marks, request

MARKS = new_marks()
NAME = MARKS.new_name()
HOME, WORK = Choice("home/m"), Choice("work/m")
BEFORE: Spoken = [("user", "Hello"), ("assistant", "Hi."), ("user", "switch to home")]
REPLY = "home/m answers from now on."


def replied(
    spoken: Spoken = BEFORE, dialect: str = CHAT, name: str = NAME, marks: HistoryMarks = MARKS
) -> Spoken:
    """A history with a marked reply of ours at its end."""
    return [*spoken, ("assistant", marks.signed(request(dialect, spoken), name, REPLY))]


def found(spoken: Spoken, dialect: str = CHAT, marks: HistoryMarks = MARKS) -> str:
    return marks.find(request(dialect, spoken))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_history_with_our_reply_names_its_conversation(dialect: str) -> None:
    history = replied(dialect=dialect)
    assert found(history, dialect) == NAME
    assert found([*history, ("user", "go on"), ("assistant", "Yes."), ("user", "and")]) == NAME


def test_a_mark_is_one_short_line_of_its_own() -> None:
    line = replied()[-1][1].splitlines()[-1]
    assert len(line) <= 40
    assert replied()[-1][1] == f"{REPLY}\n\n{line}"


def test_a_first_message_may_be_the_command() -> None:
    assert found(replied([("user", "switch to home")])) == NAME


def test_the_newest_valid_mark_counts() -> None:
    other = MARKS.new_name()
    history = replied([*replied(), ("user", "go back")], name=other)
    assert found(history) == other
    broken = [*history[:-1], ("assistant", history[-1][1] + " And more.")]
    assert found(broken) == NAME


FORMS: list[tuple[str, dict[str, Any]]] = [
    (CHAT, {"messages": "strings"}),
    (CHAT, {"messages": "blocks"}),
    (ANTHROPIC, {"messages": "blocks"}),
    (RESPONSES, {"messages": "output items"}),
]


def written(dialect: str, form: str, spoken: Spoken) -> dict[str, Any]:
    """The same history as other clients, or later requests, write it."""
    if form == "strings":
        padded = [{"content": f"  {text}\n", "role": role} for role, text in spoken]
        return {"messages": [{"role": "system", "content": "Be brief."}, *padded]}
    if form == "output items":
        kinds = {"user": "input_text", "assistant": "output_text"}
        items: list[Any] = [
            {"type": "message", "role": role, "content": [{"type": kinds[role], "text": text}]}
            for role, text in spoken
        ]
        return {"input": [*items[:1], {"type": "reasoning", "id": "r", "summary": []}, *items[1:]]}
    mark = {"cache_control": {"type": "ephemeral"}} if dialect == ANTHROPIC else {}
    halves = [(role, text[:3], text[3:]) for role, text in spoken]
    blocks = [
        (role, [{"text": one, "type": "text"}, {"type": "text", "text": other, **mark}])
        for role, one, other in halves
    ]
    return {"messages": [{"content": content, "role": role} for role, content in blocks]}


@pytest.mark.parametrize(("dialect", "form"), [(d, f["messages"]) for d, f in FORMS])
def test_how_a_history_is_written_makes_no_difference(dialect: str, form: str) -> None:
    body = {"model": "m", "max_tokens": 9, **written(dialect, form, replied(dialect=dialect))}
    asked = SERVED[dialect].parse(json.dumps(body).encode(), Target("m"))
    assert MARKS.find(asked) == NAME


def test_tools_and_their_results_make_no_difference() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages: list[dict[str, Any]] = [{"role": role, "content": text} for role, text in replied()]
    tools = [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "done"},
    ]
    body = {"model": "m", "messages": [messages[0], *tools, *messages[1:], *tools]}
    assert MARKS.find(SERVED[CHAT].parse(json.dumps(body).encode())) == NAME


def test_another_server_s_mark_is_refused() -> None:
    assert found(replied(marks=new_marks("another token"))) == ""
    assert found(replied(), marks=new_marks("another token")) == ""


@pytest.mark.parametrize("place", range(26))
def test_a_mark_with_another_letter_is_refused(place: int) -> None:
    *before, (role, reply) = replied()
    at = len(reply) - 27 + place
    letter = "a" if reply[at] != "a" else "q"  # q: 16, which changes a bit that counts in each
    assert found([*before, (role, reply[:at] + letter + reply[at + 1 :])]) == ""


def test_a_mark_that_was_cut_short_is_refused() -> None:
    *before, (role, reply) = replied()
    for end in range(len(reply) - 1, len(reply) - 28, -1):
        assert found([*before, (role, reply[:end])]) == ""
        assert found([*before, (role, reply[: end - 1] + "]")]) == ""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_only_a_reply_of_ours_can_bear_a_mark(dialect: str) -> None:
    *before, (_, reply) = replied(dialect=dialect)
    mark = reply.splitlines()[-1]
    for history in (
        [*before, ("user", reply)],
        [*before[:-1], ("user", f"{before[-1][1]}\n\n{mark}")],
        [*before, ("assistant", f"Something else.\n\n{mark}")],
        [*before, ("assistant", f"{reply}\nAnd more.")],
        [*before, ("assistant", f"{mark}\n\n{REPLY}")],
        [*before, ("assistant", "Hi."), ("user", "more"), ("assistant", reply)],
    ):
        assert found(history, dialect) == "", history


def test_a_mark_in_a_tool_s_result_is_refused() -> None:
    *before, (_, reply) = replied(dialect=ANTHROPIC)
    messages: list[dict[str, Any]] = [{"role": role, "content": text} for role, text in before]
    use = {"type": "tool_use", "id": "t", "name": "read", "input": {"text": reply}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": reply}
    messages += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    body = {"model": "m", "max_tokens": 9, "system": reply, "messages": messages}
    assert MARKS.find(SERVED[ANTHROPIC].parse(json.dumps(body).encode())) == ""


SPOKEN = st.lists(
    st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=12)), max_size=5
)


@few_examples
@given(SPOKEN, SPOKEN, SPOKEN)
def test_no_mark_is_valid_in_any_other_history(own: Spoken, other: Spoken, later: Spoken) -> None:
    """But in one that goes on from its own."""
    history = replied([*own, ("user", "switch to home")])
    changed = [*other, history[-1], *later]
    texts = [(role, normal(text)) for role, text in changed if normal(text)]
    whole = [(role, normal(text)) for role, text in history if normal(text)]
    assume(texts[: len(whole)] != whole)
    for dialect in (CHAT, RESPONSES):
        assert found(changed, dialect) == ""


@few_examples
@given(SPOKEN, SPOKEN)
def test_a_mark_is_valid_in_every_history_that_goes_on(own: Spoken, later: Spoken) -> None:
    for dialect in (CHAT, RESPONSES, OLLAMA):
        history = replied([*own, ("user", "switch to home")], dialect)
        assert found([*history, ("user", "go on"), *later], dialect) == NAME


def test_no_other_division_into_messages_has_the_same_digest() -> None:
    histories: list[Spoken] = [
        [("user", "ab"), ("assistant", "c")],
        [("user", "a"), ("assistant", "bc")],
        [("user", "abassistant:c")],
        [("user", "ab"), ("user", "c")],
        [("assistant", "ab"), ("assistant", "c")],
    ]
    assert len({chained(each)[-1].digest for each in histories}) == len(histories)


def test_equal_words_with_other_marks_are_another_history() -> None:
    ours, theirs = replied(), replied(name=MARKS.new_name())
    second = replied([*ours, ("user", "go back")])[-1]
    assert found([*ours, ("user", "go back"), second]) == NAME
    assert found([*theirs, ("user", "go back"), second]) not in ("", NAME)


def test_where_marks_are_left_out_the_words_name_the_conversation() -> None:
    marks = new_marks()
    name, _ = marks.remember(request(CHAT, BEFORE), HOME)
    bare: Spoken = [*BEFORE, ("assistant", REPLY)]
    assert found([*bare, ("user", "go on")], marks=marks) == name
    assert found(BEFORE, marks=marks) == ""  # not answered yet: it may be another window's
    assert found([*BEFORE[:-1], ("user", "Hm"), ("assistant", REPLY)], marks=marks) == ""


def test_the_longest_history_counts() -> None:
    marks = new_marks()
    marks.remember(request(CHAT, BEFORE), HOME)
    later: Spoken = [*BEFORE, ("assistant", REPLY), ("user", "go back")]
    name, _ = marks.remember(request(CHAT, later), WORK)
    assert found([*later, ("assistant", "Done."), ("user", "hm")], marks=marks) == name


def test_words_that_have_led_to_two_choices_tell_nothing() -> None:
    marks = new_marks()
    bare: Spoken = [*BEFORE, ("assistant", REPLY)]
    marks.remember(request(CHAT, BEFORE), HOME)
    name, kept = marks.remember(request(CHAT, BEFORE), HOME)
    assert (name, kept) == (found(bare, marks=marks), HOME)
    assert marks.remember(request(CHAT, BEFORE), WORK) == (name, NO_CHOICE)
    assert found(bare, marks=marks) == ""
    marks.remember(request(CHAT, BEFORE), HOME)
    assert found(bare, marks=marks) == ""


def test_what_was_used_last_is_remembered_longest() -> None:
    marks = new_marks()
    marks.prefixes_max = 2
    histories: list[Spoken] = [[("user", text), ("assistant", "Done.")] for text in "abc"]
    marks.remember(request(CHAT, histories[0][:1]), HOME)
    marks.remember(request(CHAT, histories[1][:1]), HOME)
    assert found(histories[0], marks=marks)
    marks.remember(request(CHAT, histories[2][:1]), HOME)
    assert marks.remembered == 2
    assert [bool(found(each, marks=marks)) for each in histories] == [True, False, True]


def test_only_our_own_names_hold_a_nonce() -> None:
    assert nonce_in(NAME)
    for other in ("", "mark:", "mark:1", "mark:aaaa", NAME.upper(), f"{NAME}a", "mark:é"):
        assert nonce_in(other) == b""
        assert MARKS.signed(request(CHAT, BEFORE), other, REPLY) == REPLY


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "text", "type", "parts"]), inner)
    ),
    max_leaves=12,
)


@few_examples
@given(st.lists(JSON, max_size=4), st.sampled_from(DIALECTS))
def test_an_odd_history_belongs_to_somebody(history: list[Any], dialect: str) -> None:
    key = {GEMINI: "contents", RESPONSES: "input"}.get(dialect, "messages")
    said = {"model": "m", "max_tokens": 1, key: history, "user": "understudy:"}
    body = json.dumps({**said, "conversation": history}).encode()
    asked = SERVED[dialect].parse(body, Target("m"))
    marks = new_marks()
    marks.remember(request(CHAT, BEFORE), HOME)
    assert identify({}, asked, marks).conversation
    assert isinstance(history_of(asked), tuple)


def test_a_name_that_no_history_has_is_not_remembered() -> None:
    marks = new_marks()
    name, _ = marks.remember(request(CHAT, BEFORE), HOME)
    fresh = new_marks()
    for other in ("begun:", "begun:\u00e9", "begun:aaaa", name.upper(), "session", ""):
        fresh.recall(other, HOME)
    assert fresh.remembered == 0
    assert found([*BEFORE, ("assistant", "Yes."), ("user", "and")], marks=fresh) == ""
    fresh.recall(name, HOME)
    assert found([*BEFORE, ("assistant", "Yes."), ("user", "and")], marks=fresh) == name
