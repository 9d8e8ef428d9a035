"""A relayed history that is broken: each block that stays keeps its bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic.history import repaired_history
from understudy.protocols.anthropic.request import parse_request, relayed_body
from understudy.protocols.anthropic.server_blocks import own_id
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.pairing import INTERRUPTED
from understudy.protocols.json_values import list_of, object_of

from .requests import ODD_BODIES, assistant, few_examples, result, text, use, user

MARKER = text("[a mark that the client leaves]")
MARKED = signed("openai-responses", "gpt", "c2ln")


def repaired(*messages: Any) -> list[Any]:
    found: list[Any] = json.loads(repaired_history(json.dumps(messages).encode()))
    return found


def made_up(name: str) -> dict[str, Any]:
    return {**result(name, INTERRUPTED), "is_error": True}


@pytest.mark.parametrize(
    "messages",
    [
        [user("a"), assistant(use("x"), use("y")), user(result("y", "1"), result("x", "2"))],
        [user("a"), assistant(use("x")), user(result("x", "1"), MARKER, text("next"))],
        [user("a"), assistant(use("x"), use("y")), user(result("y", "1")), user(result("x", "2"))],
        [user("a"), {"role": "system", "content": []}, assistant(text("b")), {"role": "ctx"}],
        [user("a"), assistant(text("partial")), user(MARKER, text("next"))],
        [user("a"), {"role": "system", "content": [use("z"), text("")]}],
        [user({"type": "new_kind", "text": ""}), assistant({"type": "server_tool_use", "id": "s"})],
        [user("a"), assistant({"type": "thinking", "thinking": "", "signature": "c2ln"})],
        [user({"type": "image", "source": {}}, 7, None, ["x"]), 7, None, "x", {"role": 7}],
        [],
    ],
)
@pytest.mark.parametrize("separators", [(",", ":"), (" , ", " : ")])
def test_a_whole_history_keeps_all_its_bytes(
    messages: list[Any], separators: tuple[str, str]
) -> None:
    raw = json.dumps(messages, separators=separators).encode()
    assert repaired_history(raw) is raw


@pytest.mark.parametrize("raw", [b"{}", b"7", b"[1e999]", b'["\\ud800"]', b"[" * 100_000, b"["])
def test_what_cannot_be_read_is_left_alone(raw: bytes) -> None:
    assert repaired_history(raw) is raw


def test_untouched_blocks_keep_their_bytes() -> None:
    raw = (
        b'[ {"role":"user", "content":"\\u0041" } ,{"content" : [ {"type":"text","text":" "},'
        b'{"input":{"n":1.50,"big":1234567890123456789012345},"id" :"t.1","type":"tool_use"}]'
        b',"role":"assistant", "x":1.0}, {"role": "user","content":"\\u00e9"}]'
    )
    assert repaired_history(raw) == (
        b'[{"role":"user", "content":"\\u0041" },{"content" : ['
        b'{"input":{"n":1.50,"big":1234567890123456789012345},"id" :"t_1_%s","type":"tool_use"}]'
        b',"role":"assistant", "x":1.0},{"role": "user","content":[{"type":"tool_result",'
        b'"tool_use_id":"t_1_%s","content":"%s","is_error":true},'
        b'{"type":"text","text":"\\u00e9"}]}]' % (DIGEST, DIGEST, INTERRUPTED.encode())
    )


DIGEST = (
    json.loads(
        repaired_history(b'[{"role":"assistant","content":[{"type":"tool_use","id":"t.1"}]}]')
    )[0]["content"][0]["id"]
    .removeprefix("t_1_")
    .encode()
)


def test_pain_5_thinking_of_another_model_goes_and_is_never_told_as_text() -> None:
    foreign = [
        {"type": "thinking", "thinking": "hm", "signature": ""},
        {"type": "thinking", "thinking": "hm", "signature": MARKED},
        {"type": "redacted_thinking", "data": MARKED},
    ]
    own = [
        {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "c2ln"},
    ]
    before = (user("a"), assistant(*foreign, *own, text("b")), user("c"), assistant(*foreign))
    assert repaired(*before) == [user("a"), assistant(*own, text("b")), user("c")]


def test_thinking_of_a_server_that_signs_nothing_goes_back_to_it() -> None:
    before = [user("a"), assistant({"type": "thinking", "thinking": "hm"}, text("b")), user("c")]
    assert repaired(*before) == before


def test_pain_10_a_call_that_was_interrupted_gets_a_result() -> None:
    before = (user("a"), assistant(use("x"), use("y")), user(result("y", "1"), MARKER, text("b")))
    after = [*before[:2], user(result("y", "1"), made_up("x"), MARKER, text("b"))]
    assert repaired(*before) == after


@pytest.mark.parametrize("last", ["next", [MARKER, text("next")]])
def test_an_esc_whose_result_never_came(last: Any) -> None:
    said = [text(last)] if isinstance(last, str) else last
    before = (user("a"), assistant(use("x")), {"role": "user", "content": last})
    assert repaired(*before) == [*before[:2], user(made_up("x"), *said)]


def test_a_call_at_the_very_end_is_answered() -> None:
    assert repaired(user("a"), assistant(use("x")))[2:] == [user(made_up("x"))]


def test_pain_10_a_result_without_its_call_goes() -> None:
    before = (user("a"), assistant(text("b")), user(result("x", "late"), text("c")))
    assert repaired(*before) == [*before[:2], user(text("c"))]
    assert repaired(user(result("x", "1"))) == []


def test_results_come_in_front_of_text() -> None:
    before = (user("a"), assistant(use("x")), user(text("b"), result("x", "1")))
    assert repaired(*before) == [*before[:2], user(result("x", "1"), text("b"))]


def test_an_id_that_is_used_twice_becomes_two() -> None:
    turn = (assistant(use("x")), user(result("x", "1")))
    second = assistant({**use("x"), "id": "toolu_x_2"})
    answered = user({**result("x", "1"), "tool_use_id": "toolu_x_2"})
    assert repaired(user("a"), *turn, *turn) == [user("a"), *turn, second, answered]


def test_an_id_of_another_api_s_fits() -> None:
    odd = "call_abc-123.x/é"
    call = assistant({**use("x"), "id": odd})
    after = repaired(user("a"), call, user({**result("x", "1"), "tool_use_id": odd}))
    used, answered = after[1]["content"][0]["id"], after[2]["content"][0]["tool_use_id"]
    assert used == answered
    assert set(used) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")


@pytest.mark.parametrize("blank", ["", " ", "\n\n"])
def test_blank_text_and_empty_messages_go(blank: str) -> None:
    before = (user(blank), user("a", text(blank)), assistant(text(blank)), assistant(), user("b"))
    assert repaired(user("x"), *before[:1], *before[2:]) == [user("x"), user("b")]
    assert repaired(assistant(text(blank), use("x")), user(result("x", ""))) == [
        assistant(use("x")),
        user(result("x", "")),
    ]


def test_what_a_stand_in_has_found_is_not_given_to_anthropic() -> None:
    ours: list[Any] = [
        {"type": "server_tool_use", "id": own_id("call_1"), "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "tool_use_id": own_id("call_1"), "content": []},
    ]
    theirs: list[Any] = [
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
    ]
    after = repaired(user("a"), assistant(*ours, *theirs, text("b")))
    assert after == [user("a"), assistant(*theirs, text("b"))]


def test_a_call_without_an_id_gets_one() -> None:
    call, answer = {"type": "tool_use", "name": "x"}, {"type": "tool_result"}
    after = repaired(user("a"), assistant(call), user(answer))
    given = after[1]["content"][0]
    assert given == {**call, "id": given["id"]}
    assert after[2] == user({**answer, "tool_use_id": given["id"]})


def test_a_key_that_stands_twice_does_not_stop_the_repair() -> None:
    raw = (
        b'[{"role":"assistant","content":[{"type":"tool_use","id":"a.b","id":"a.b"}],'
        b'"role":"assistant"}]'
    )
    after = json.loads(repaired_history(raw))
    assert after[1]["content"][0]["tool_use_id"] == after[0]["content"][0]["id"] != "a.b"


def test_a_request_is_spliced_in_its_messages_alone() -> None:
    raw = b'{"x":1.0,"model":"m", "messages":[{"role":"user","content":""}] ,"y":[ ]}'
    after = b'{"x":1.0,"model":"n", "messages":[] ,"y":[ ]}'
    assert relayed_body(parse_request(raw), "n") == after


def ids(messages: list[Any], kind: str, key: str) -> list[Any]:
    return [
        block.get(key)
        for message in messages
        if object_of(message).get("role") in ("user", "assistant")
        for block in map(object_of, list_of(message.get("content")))
        if block.get("type") == kind
    ]


@few_examples
@given(ODD_BODIES)
def test_odd_histories_are_repaired_once_and_for_all(value: dict[str, Any]) -> None:
    once = repaired_history(json.dumps(value["messages"]).encode())
    assert repaired_history(once) == once
    after = json.loads(once)
    used = ids(after, "tool_use", "id")
    assert len(set(used)) == len(used)
    assert sorted(used) == sorted(ids(after, "tool_result", "tool_use_id"))


PARTS = st.one_of(
    st.sampled_from(["x", "y"]).map(use),
    st.sampled_from(["x", "y"]).map(lambda name: result(name, "1")),
    st.sampled_from(["", "hello"]).map(text),
)
MESSAGES = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["user", "assistant", "system"]),
        "content": st.lists(PARTS, max_size=3),
    }
)


@given(st.lists(MESSAGES, max_size=6))
def test_any_history_is_made_whole(messages: list[Any]) -> None:
    after = repaired(*messages)
    used = ids(after, "tool_use", "id")
    assert len(set(used)) == len(used)
    assert sorted(used) == sorted(ids(after, "tool_result", "tool_use_id"))
    assert repaired(*after) == after
    others = [message for message in after if message["role"] != "system"]
    assert all(message["content"] for message in others)
