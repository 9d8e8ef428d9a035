"""Reading a request, and the closed list of what a relay changes in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic.request import parse_request, relayed_body
from understudy.protocols.request import MODEL_CHARACTERS_MAX, BadRequest, ServedRequest

from .requests import ODD_BODIES, VALUES, assistant, few_examples, request, text, user

UNSIGNED = {"type": "thinking", "thinking": "hm", "signature": ""}
SIGNED = {"type": "thinking", "thinking": "hm", "signature": "c2ln"}
VALID = (
    b'{"model": "claude-x", "max_tokens": 5, "stream": true, "messages": '
    b'[{"role": "user", "content": [{"type": "text", "text": "h\\u00e9 \xc3\xa9"}]}]}'
)


def test_a_request_is_read_as_far_as_routing_needs_it() -> None:
    found = parse_request(VALID)
    assert (found.model, found.streamed, found.max_tokens) == ("claude-x", True, 5)
    assert found.body == VALID
    absent = parse_request(b'{"model":"m","messages":[],"stream":null,"max_tokens":null}')
    assert (absent.streamed, absent.max_tokens) == (False, 0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b'{"model":"m","messages":[]', "not a JSON object"),
        (b'{"model":"m","model":"n","messages":[]}', "twice"),
        (b'{"model":"m","messages":[],"messages":[]}', "twice"),
        (b'{"model":"m","messages":[],"x":"\xff"}', "not UTF-8"),
        (b'{"model":"m","messages":[],"x":NaN}', "invalid character"),
        (b'{"model":"m","messages":[],"x":-Infinity}', "invalid character"),
        (b'{"model":"m","messages":[],"x":01}', "invalid number"),
        (b'{"model":"m","messages":[],"x":"\\ud800"}', "not a JSON object"),
        (b'{"messages":[]}', "model: expected a string"),
        (b'{"model":null,"messages":[]}', "model: expected a string"),
        (b'{"model":7,"messages":[]}', "model: expected a string"),
        (b'{"model":"","messages":[]}', "model: expected 1 to"),
        (b'{"model":"m","messages":{}}', "messages: expected a list"),
        (b'{"model":"m"}', "messages: expected a list"),
        (b'{"model":"m","messages":[],"stream":"yes"}', "stream: expected true or false"),
        (b'{"model":"m","messages":[],"max_tokens":"5"}', "max_tokens: expected a whole number"),
        (b'{"model":"m","messages":[],"max_tokens":1e999}', "max_tokens: expected a whole"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(body: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        parse_request(body)


def test_a_model_name_has_a_limit() -> None:
    longest = "m" * MODEL_CHARACTERS_MAX
    assert request(model=longest).model == longest
    with pytest.raises(BadRequest, match="model: expected 1 to 256 characters"):
        request(model=longest + "m")


@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
@pytest.mark.parametrize("depth", [10_000, 1_000_000])
def test_deep_nesting_is_refused(brackets: tuple[bytes, bytes], depth: int) -> None:
    deep = brackets[0] * depth + b"1" + brackets[1] * depth
    for body in (b'{"model":"m","messages":[' + deep + b"]}", deep):
        with pytest.raises(BadRequest, match=r"nested too deeply|not a JSON object"):
            parse_request(body)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 5_000])
def test_a_number_that_none_can_hold_is_relayed_but_not_read(number: str) -> None:
    body = b'{"model":"m","messages":[],"x":%s}' % number.encode()
    found = parse_request(body)
    assert relayed_body(found, "m") == body
    with pytest.raises(BadRequest, match=r"x: .*out of range"):
        found.value("x")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found = parse_request(body)
    except BadRequest:
        return
    assert relayed_body(found, found.model)


@given(st.data())
def test_a_mutated_request_is_read_or_refused(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(VALID)))
    length = data.draw(st.integers(0, 3))
    body = VALID[:place] + data.draw(st.binary(max_size=3)) + VALID[place + length :]
    try:
        found = parse_request(body)
    except BadRequest:
        return
    assert isinstance(found.value("messages"), list)


def members(body: bytes) -> dict[str, bytes]:
    found = parse_request(body)
    return {key: found.json.raw(key) for key in found.json.members}


CLIENT_S_NAME = "a-name-too-long-to-be-drawn"


@few_examples
@given(
    st.dictionaries(st.text(max_size=8).filter(lambda key: key != "stream"), VALUES, max_size=5),
    st.lists(VALUES, max_size=3),
    st.sampled_from([None, 0, 2]),
    st.booleans(),
    st.text(min_size=1, max_size=20).filter(str.isprintable),
)
def test_a_relay_changes_the_model_and_nothing_else(
    others: dict[str, Any], messages: list[Any], indent: int | None, escaped: bool, model: str
) -> None:
    value = {**others, "messages": messages, "model": CLIENT_S_NAME, "zz_unknown": [1.50, "beta"]}
    body = json.dumps(value, indent=indent, ensure_ascii=escaped).encode()
    relayed = relayed_body(parse_request(body), model)
    assert json.loads(relayed)["model"] == model
    assert {**members(relayed), "model": b""} == {**members(body), "model": b""}
    before, _, after = body.rpartition(json.dumps(CLIENT_S_NAME).encode())
    assert relayed.startswith(before)
    assert relayed.endswith(after)


def test_what_we_do_not_know_is_kept_byte_for_byte() -> None:
    body = (
        b' {"safeguards" : [{"type":"dangerous_tool_use", "v":1.0e2}],"betas":["x-2099"],\n'
        b'  "model":"a", "context_management":{"edits":[ ]}, "messages":[{"role":"system",'
        b'"content":[],"output_config":{"effort":"high"}}, {"role":"user","content":"\\u0041"}]}\n'
    )
    assert relayed_body(parse_request(body), "b") == body.replace(b'"a"', b'"b"')


def relayed_messages(*messages: Any, **format_options: Any) -> bytes:
    body = json.dumps({"model": "m", "messages": messages, "n": 1.0}, **format_options).encode()
    return parse_request(relayed_body(parse_request(body), "m")).json.raw("messages")


def test_unsigned_thinking_is_taken_out_and_the_rest_keeps_its_bytes() -> None:
    body = (
        b'{"model":"m","messages":[ {"role":"user", "content":"\\u0041" },{"role":"assistant",'
        b'"content": [{"type":"thinking","thinking":"","signature" : ""} , {"type":"tool_use",'
        b'"id":"t","input":{"n":1.50, "big":123456789012345678901234567890}}] , "x":1},'
        b'{"role":"user","content":[ {"type":"tool_result","tool_use_id":"t"}]} ]}'
    )
    assert relayed_body(parse_request(body), "m") == (
        b'{"model":"m","messages":[{"role":"user", "content":"\\u0041" },{"role":"assistant",'
        b'"content": [{"type":"tool_use",'
        b'"id":"t","input":{"n":1.50, "big":123456789012345678901234567890}}] , "x":1},'
        b'{"role":"user","content":[ {"type":"tool_result","tool_use_id":"t"}]}]}'
    )


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" , ", " : ")])
def test_however_it_is_spaced(separators: tuple[str, str]) -> None:
    found = relayed_messages(assistant(SIGNED, UNSIGNED, text("a")), separators=separators)
    assert json.loads(found) == [assistant(SIGNED, text("a"))]


def test_a_message_of_nothing_but_unsigned_thinking_goes() -> None:
    found = relayed_messages(user("a"), assistant(UNSIGNED, UNSIGNED), user("b"))
    assert json.loads(found) == [user("a"), user("b")]
    assert relayed_messages(assistant(UNSIGNED)) == b"[]"


@pytest.mark.parametrize(
    "message",
    [
        assistant(SIGNED, text("a")),
        assistant({"type": "redacted_thinking", "data": "", "signature": ""}),
        assistant(text('"signature":""')),
        user({"type": "new_kind", "content": [UNSIGNED]}),
        {"role": "assistant", "content": UNSIGNED},
        {"role": "assistant", "signature": ""},
        [UNSIGNED],
        UNSIGNED,
    ],
)
def test_nothing_else_is_taken_for_unsigned_thinking(message: Any) -> None:
    assert relayed_messages(message, user("b")) == json.dumps([message, user("b")]).encode()


@few_examples
@given(ODD_BODIES)
def test_an_odd_request_changes_in_its_messages_at_most(value: dict[str, Any]) -> None:
    relayed = json.loads(relayed_body(parse_request(json.dumps(value).encode()), "m"))
    assert {**relayed, "messages": 0} == {**value, "messages": 0}


def test_the_same_question_is_known_again() -> None:
    first = request(messages=[user("a")], system="s", stream=True, max_tokens=5)
    assert first.same_question(request(messages=[user("a")], system="s", stream=False))
    others: list[ServedRequest] = [
        request(messages=[user("b")], system="s"),
        request(messages=[user("a")], system="t"),
        request(messages=[user("a")]),
        request(messages=[user("a")], system="s", tools=[]),
    ]
    assert not any(first.same_question(other) for other in others)


@pytest.mark.parametrize(
    ("first", "goes"),
    [(text("so"), True), (SIGNED, False), ({"type": "redacted_thinking", "data": "c2ln"}, False)],
)
def test_thinking_by_a_budget_waits_for_a_loop_of_its_own(first: Any, goes: bool) -> None:
    call: dict[str, Any] = {"type": "tool_use", "id": "t1", "name": "ls", "input": {}}
    answer = {"type": "tool_result", "tool_use_id": "t1", "content": "a.py"}
    thinking = {"type": "enabled", "budget_tokens": 2048}
    loop = [user("a"), assistant(first, call), {"role": "user", "content": [answer]}]
    relayed = json.loads(relayed_body(request(messages=loop, thinking=thinking), "m"))
    assert ("thinking" not in relayed) == goes
    relayed = json.loads(relayed_body(request(messages=loop[:1], thinking=thinking), "m"))
    assert relayed["thinking"] == thinking
