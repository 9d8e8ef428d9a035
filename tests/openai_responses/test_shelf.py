"""What a client may go on from by an answer's id: kept as it was, for a while, within limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import AnswerEnded, AnswerStarted, TextDelta
from understudy.protocols.dialect import Failure
from understudy.protocols.openai_responses import final_response
from understudy.protocols.openai_responses.dialect import SERVED
from understudy.protocols.openai_responses.errors import PreviousResponseNotFound
from understudy.protocols.openai_responses.final_response import FinalResponse
from understudy.protocols.openai_responses.shelf import Shelf
from understudy.protocols.request import BadRequest

from .pieces import VALUES, few_examples, pieces, single_bytes, splits
from .playbook import CREATED, Json, completed, text

USER = b'{ "role":"user","content":"\\u0041", "n":1.50}'
SAID = b'{"type":"message","id":"msg_1" ,"content":[]}'


def asked(given: bytes, **members: Any) -> bytes:
    rest = "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in members.items())
    return b'{"model":"m","input":' + given + rest.encode() + b"}"


def answer(identity: str, *items: bytes, status: str = "completed") -> bytes:
    head = {"id": identity, "status": status}
    return json.dumps(head).encode()[:-1] + b',"output":[' + b",".join(items) + b"]}"


def test_a_conversation_goes_on_with_the_very_bytes_of_its_items() -> None:
    shelf = Shelf()
    shelf.keep(asked(b"[" + USER + b"]"), answer("r1", SAID), 0.0)
    follow = asked(b'"go on"', previous_response_id="r1", stream=True)
    more = b'{"type":"message","role":"user","content":"go on"}'
    whole = b'{"model":"m","input":[%s],"stream":true}' % b",".join([USER, SAID, more])
    assert shelf.expand(follow, 1.0) == whole
    for request in (follow, whole):
        shelf.keep(request, answer("r2", b'{"x":2}'), 2.0)
        third = asked(b"[]", previous_response_id="r2")
        items = json.loads(shelf.expand(third, 3.0))["input"]
        wanted = b"[%s]" % b",".join([USER, SAID, more, b'{"x":2}'])
        assert items == json.loads(wanted)


@pytest.mark.parametrize(
    ("request_body", "wanted"),
    [
        (b'{"previous_response_id":"r1"}', b'{"input":[%s,%s]}'),
        (b'{"previous_response_id":"r1","model":"m"}', b'{"input":[%s,%s],"model":"m"}'),
        (b'{"input":null,"previous_response_id":"r1"}', b'{"input":[%s,%s]}'),
    ],
)
def test_a_request_may_add_nothing(request_body: bytes, wanted: bytes) -> None:
    shelf = Shelf()
    shelf.keep(asked(b"[" + USER + b"]"), answer("r1", SAID), 0.0)
    assert shelf.expand(request_body, 0.0) == wanted % (USER, SAID)


@pytest.mark.parametrize("body", [asked(b'"a"'), asked(b'"a"', previous_response_id=None)])
def test_a_request_that_goes_on_from_nothing_stays_as_it_is(body: bytes) -> None:
    assert Shelf().expand(body, 0.0) == body


def test_what_is_not_known_is_told_in_openai_s_words() -> None:
    with pytest.raises(PreviousResponseNotFound) as told:
        Shelf().expand(asked(b'"a"', previous_response_id="r1"), 0.0)
    failure = Failure(400, "invalid_request_error", str(told.value))
    assert json.loads(SERVED.error(failure, "req_1")) == {
        "error": {
            "message": "Previous response with id 'r1' not found.",
            "type": "invalid_request_error",
            "param": "previous_response_id",
            "code": "previous_response_not_found",
        }
    }


@pytest.mark.parametrize("body", [b"{", b"[]", asked(b'"a"', previous_response_id=7)])
def test_what_makes_no_sense_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(BadRequest):
        Shelf().expand(body, 0.0)


@pytest.mark.parametrize(
    ("request_body", "response"),
    [
        (asked(b'"a"', store=False), answer("r1")),
        (asked(b'"a"', previous_response_id="gone"), answer("r1")),
        (asked(b'"a"', previous_response_id=7), answer("r1")),
        (asked(b'"a"'), answer("r1", status="failed")),
        (asked(b'"a"'), answer("")),
        (asked(b'"a"'), answer("r" * 257)),
        (asked(b'"a"'), b'{"id":7,"status":"completed"}'),
        (asked(b'"a"'), b"nonsense"),
        (b"nonsense", answer("r1")),
    ],
)
def test_what_is_not_kept(request_body: bytes, response: bytes) -> None:
    shelf = Shelf()
    shelf.keep(request_body, response, 0.0)
    assert (len(shelf), shelf.size) == (0, 0)


def known(shelf: Shelf, identity: str, now_seconds: float) -> bool:
    try:
        shelf.expand(asked(b"[]", previous_response_id=identity), now_seconds)
    except PreviousResponseNotFound:
        return False
    return True


def test_each_limit_forgets_the_oldest_first() -> None:
    for shelf in (Shelf(answers_max=2), Shelf(bytes_max=2 * (len(SAID) + 2))):
        for identity in ("r1", "r2", "r3"):
            shelf.keep(asked(b"[]"), answer(identity, SAID), 0.0)
        assert [known(shelf, each, 0.0) for each in ("r1", "r2", "r3")] == [False, True, True]
        assert shelf.size == 2 * (len(SAID) + 2)
    small = Shelf(bytes_max=10)
    small.keep(asked(b"[]"), answer("r1", SAID), 0.0)
    assert len(small) == 0


def test_an_answer_is_forgotten_in_time() -> None:
    shelf = Shelf(seconds_max=10.0)
    shelf.keep(asked(b"[]"), answer("r1", SAID), 100.0)
    shelf.keep(asked(b"[]"), answer("r2", SAID), 105.0)
    shelf.keep(asked(b"[]"), answer("r1", SAID), 106.0)
    assert (known(shelf, "r1", 114.9), known(shelf, "r2", 114.9)) == (True, True)
    assert (known(shelf, "r2", 115.0), known(shelf, "r1", 115.9)) == (False, True)
    assert not known(shelf, "r1", 116.0)
    assert (len(shelf), shelf.size) == (0, 0)


JSON = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "input": JSON | st.text(),
        "output": JSON | st.lists(JSON, max_size=3),
        "id": st.sampled_from(["r1", "r2", "", 7]),
        "status": st.sampled_from(["completed", "failed", None]),
        "previous_response_id": st.sampled_from(["r1", "r2", None, 7, ""]),
        "store": st.sampled_from([True, False, None, "x"]),
    },
).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30)


@few_examples
@given(st.lists(st.tuples(BODIES, BODIES, st.floats(0, 5)), max_size=8))
def test_whatever_comes_it_stays_within_its_limits(steps: list[tuple[bytes, bytes, float]]) -> None:
    shelf, now = Shelf(answers_max=2, bytes_max=200, seconds_max=8.0), 0.0
    for request, response, seconds in steps:
        now += seconds
        shelf.keep(request, response, now)
        assert len(shelf) <= 2
        assert shelf.size <= 200
        try:
            expanded = shelf.expand(request, now)
        except BadRequest:
            continue
        assert json.loads(expanded).get("previous_response_id") is None


def final(chunks: list[bytes], *, streamed: bool = True) -> bytes:
    found = FinalResponse(streamed)
    for chunk in chunks:
        found.receive_data(chunk)
    found.receive_end()
    return found.found


STREAM = CREATED + text(0, 'sham: "type": "response.completed"') + completed({"type": "x"})


def test_the_last_event_is_found_under_every_split() -> None:
    wanted = json.loads(STREAM.rpartition(b"data: ")[2])["response"]
    for chunks in [*splits(STREAM), single_bytes(STREAM)]:
        assert json.loads(final(chunks)) == wanted


@few_examples
@given(st.data(), st.booleans())
def test_any_bytes_are_looked_at(data: st.DataObject, streamed: bool) -> None:
    odd = data.draw(st.binary(max_size=60))
    chunks = data.draw(pieces(odd + b'response.completed data: {"type":[]}\n\n' + odd))
    assert isinstance(final(chunks, streamed=streamed), bytes)


def test_what_our_own_writer_ends_with_can_be_kept() -> None:
    for streamed in (True, False):
        request = SERVED.parse(asked(b'"a"', stream=streamed))
        writer = SERVED.writer(request, "1")
        events = (AnswerStarted(), TextDelta("b"), AnswerEnded("max_tokens"))
        data = b"".join([*(writer.send(event) for event in events), writer.end()])
        shelf = Shelf()
        shelf.keep(request.body, final([data], streamed=streamed), 0.0)
        items: list[Json] = json.loads(
            shelf.expand(asked(b'"c"', previous_response_id="resp_1"), 0.0)
        )["input"]
        assert [item["role"] for item in items] == ["user", "assistant", "user"]


def test_beyond_its_limits_it_looks_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(final_response, "EVENT_BYTES_MAX", 100)
    monkeypatch.setattr(final_response, "ANSWER_BYTES_MAX", 100)
    assert final([b"x" * 101, STREAM]) == b""
    assert final([b"x" * 101, b"{}"], streamed=False) == b""
    assert final([b"{}"], streamed=False) == b"{}"
    for broken in (b'data: {"type":"response.completed"\n\n', b"data: response.completed \xff\n\n"):
        assert final([broken]) == b""
