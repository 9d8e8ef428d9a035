"""What is read of a message on its way, and what HTTP gets to see of it."""

from __future__ import annotations

import json

import pytest
from understudy.protocols.mcp.messages import (
    EventMessages,
    NoMessage,
    error_message,
    negotiated_version,
    one_line,
    read_message,
)

META = {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}}


def raw(**members: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **members}).encode()


def test_a_request_of_the_newer_era_says_itself_in_headers() -> None:
    params = {"name": "endpoint_set", **META}
    message = read_message(raw(id=7, method="tools/call", params=params))
    assert message.is_request
    assert dict(message.headers) == {
        b"mcp-protocol-version": b"2026-07-28",
        b"mcp-method": b"tools/call",
        b"mcp-name": b"endpoint_set",
    }
    read = read_message(raw(id=1, method="resources/read", params={"uri": "a://b", **META}))
    assert (b"mcp-name", b"a://b") in read.headers


def test_a_header_holds_nothing_that_would_end_it() -> None:
    params = {"name": "a\r\nevil: 1\u2028", **META}
    message = read_message(raw(id=7, method="tools/call", params=params))
    assert dict(message.headers)[b"mcp-name"] == b"aevil: 1"


def test_messages_of_a_session_need_none() -> None:
    message = read_message(raw(id="x", method="tools/call", params={"name": "a"}))
    assert (message.is_request, message.headers) == (True, ())


def test_notifications_and_answers_are_owed_nothing() -> None:
    cancelled = read_message(raw(method="notifications/cancelled", params={"requestId": 3}))
    assert (cancelled.is_request, cancelled.cancels) == (False, 3)
    answer = read_message(raw(id=3, result={}))
    assert (answer.is_request, answer.method) == (False, "")
    assert not read_message(raw(id=True, method="x")).is_request


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"1", b'"x"', b"\xff", b"[" * 100_000])
def test_anything_else_is_no_message(text: bytes) -> None:
    with pytest.raises(NoMessage):
        read_message(text)


def test_events_give_their_messages_under_every_split() -> None:
    stream = b': ping\n\nevent: message\r\ndata: {"id":1}\r\n\r\nid: 2\ndata:\n\ndata: {"id":2}\n\n'
    for at in range(len(stream) + 1):
        events = EventMessages()
        found = [*events.receive_data(stream[:at]), *events.receive_data(stream[at:])]
        assert found == [b'{"id":1}', b'{"id":2}']


def test_the_revision_is_read_out_of_the_first_answer() -> None:
    assert negotiated_version(raw(id=1, result={"protocolVersion": "2025-11-25"})) == "2025-11-25"
    for other in (b"{", raw(id=1, error={}), raw(id=1, result={"protocolVersion": 1})):
        assert negotiated_version(other) == ""


def test_a_message_is_one_line() -> None:
    assert one_line(b'{"a": 1}') == b'{"a": 1}\n'
    assert json.loads(one_line(b'{\n "a":\r\n 1\n}')) == {"a": 1}
    assert one_line(b'{\n "a": 1\n}').count(b"\n") == 1
    assert json.loads(error_message(3, 'a "b"'))["error"]["message"] == 'a "b"'
