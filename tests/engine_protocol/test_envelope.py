"""What the carrier of messages reads and writes of one."""

from __future__ import annotations

import msgspec
import pytest
from understudy.protocols.engine.envelope import (
    FRAMES_HEADERS,
    LAST,
    REFUSAL_HEADERS,
    numbered,
    opened,
    read_label,
    read_refusal,
    refusal_body,
)
from understudy.protocols.engine.messages import (
    Ask,
    Chat,
    Count,
    Counted,
    Embed,
    Ended,
    FromWorker,
    LoadFailed,
    Loading,
    Piece,
    Ready,
    Refused,
    Render,
    Save,
    Started,
    ToWorker,
    decode_to_worker,
    encode,
)

CHAT = Chat([{"role": "user", "content": "Hello"}])


@pytest.mark.parametrize("number", [1, 127, 128, 255, 256, 65_536, 2**33])
@pytest.mark.parametrize(
    "message", [Ask(0, CHAT), Count(0, CHAT), Render(0, CHAT), Embed(0, ["x"]), Save(0)]
)
def test_a_request_is_numbered_and_nothing_else_changes(message: ToWorker, number: int) -> None:
    wanted = msgspec.structs.replace(message, request=number)
    assert decode_to_worker(numbered(encode(message), number)) == wanted


@pytest.mark.parametrize("payload", [encode(Ask(5, CHAT)), b"\xc1\xc1\xc1", b'{"request":0}'])
def test_what_cannot_be_numbered_is_our_mistake(payload: bytes) -> None:
    with pytest.raises(AssertionError):
        numbered(payload, 1)


@pytest.mark.parametrize(
    ("message", "name", "request_number"),
    [
        (Piece(70_000, "x"), "Piece", 70_000),
        (Counted(3, 9), "Counted", 3),
        (Started(1, "hermes", 1, 0, 0, ""), "Started", 1),
    ],
)
def test_a_label_says_whose_a_message_is(
    message: FromWorker, name: str, request_number: int
) -> None:
    label = read_label(encode(message))
    assert (label.name, label.request) == (name, request_number)


@pytest.mark.parametrize(
    "message", [Loading(0.0), LoadFailed("no"), Ready("f", 1, 1, 1, 1, 0.1, "b")]
)
def test_a_message_about_no_request_has_no_number(message: FromWorker) -> None:
    assert not isinstance(read_label(encode(message)).request, int)


@pytest.mark.parametrize("payload", [b"", b"\x90", b"\x91\xa1x", b"\xc1", b"\x92\x01\x01"])
def test_what_has_no_label_is_no_message(payload: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        read_label(payload)


def test_the_last_messages_are_all_that_end_a_request() -> None:
    assert "Ended" in LAST
    assert not {"Started", "Piece", "Reading", "Loading", "Ready"} & LAST


def test_a_response_begins_with_the_first_message() -> None:
    assert opened("Started", b"").headers == FRAMES_HEADERS
    refused = opened("Refused", encode(Refused(1, 400, "invalid_request_error", "no")))
    assert (refused.status, refused.headers) == (400, REFUSAL_HEADERS)
    assert read_refusal(refused.body) == ("invalid_request_error", "no")
    with pytest.raises(msgspec.MsgspecError):
        opened("Refused", encode(Ended(1, "stop", 0))[:-1])


def test_what_is_no_refusal_is_read_as_it_is() -> None:
    assert read_refusal(b"oh no") == ("", "oh no")
    assert read_refusal(refusal_body("a", "b")) == ("a", "b")
