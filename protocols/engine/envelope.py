"""What the carrier of messages has to know of one: whose it is, and whether it is the last.

A request is written before anybody knows its number, with 0 in its place; the carrier puts one of
its own there (`numbered`), so that a prompt of megabytes is encoded once. Of what a worker says it
reads the name and the number alone (`read_label`) and hands the rest on as it is. Both rest on the
shape that msgspec gives an array-like struct: a short array, the name, then the fields.

Towards its asker a request looks like one to any peer: `opened` says with what status and headers
the response begins, once the first message about it has come.
"""

from __future__ import annotations

from typing import Any, Final

import attrs
import msgspec

from .messages import Refused, decode_from_worker

UNNUMBERED: Final = 0
"""The number of a request that has none yet; a carrier gives numbers from 1 on."""
FRAMES_HEADERS: Final = ((b"content-type", b"application/vnd.understudy.frames"),)
REFUSAL_HEADERS: Final = ((b"content-type", b"application/json"),)
LAST: Final = frozenset({"Ended", "Counted", "Rendered", "Embedded", "Saved", "Refused"})
"""The messages after which nothing comes about a request any more."""

_SHORT_ARRAY: Final = 0x90
_SHORT_TEXT: Final = 0xA0
_SHORT_TEXT_MAX: Final = 31


class Label(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The beginning of a message: its name, and the number of the request that it is about.

    Those about none begin with something else than a whole number.
    """

    name: str
    request: int | float | str


@attrs.frozen
class Opening:
    """How the response to a request begins; `body` is all of one that is refused."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""


read_label = msgspec.msgpack.Decoder(Label).decode
"""The label of a message. Raises msgspec.MsgspecError for what is none."""


def numbered(payload: bytes, request: int) -> bytes:
    """An unnumbered request with its number."""
    assert payload[0] & 0xF0 == _SHORT_ARRAY, "a message is a short array"
    assert _SHORT_TEXT <= payload[1] <= _SHORT_TEXT + _SHORT_TEXT_MAX, "with its name first"
    place = 2 + payload[1] - _SHORT_TEXT
    assert payload[place] == UNNUMBERED, "the request has no number yet"
    return payload[:place] + _encode_number(request) + payload[place + 1 :]


def opened(name: str, payload: bytes) -> Opening:
    """The response whose first message this is. Raises msgspec.MsgspecError."""
    if name != Refused.__name__:
        return Opening(200, FRAMES_HEADERS)
    refused = decode_from_worker(payload)
    assert isinstance(refused, Refused), "its label says so"
    return Opening(refused.status, REFUSAL_HEADERS, refusal_body(refused.kind, refused.message))


def refusal_body(kind: str, message: str) -> bytes:
    """The body of a response that refuses."""
    return msgspec.json.encode({"kind": kind, "message": message})


def read_refusal(body: bytes) -> tuple[str, str]:
    """Kind and words of such a body; "" and what it says for any other."""
    try:
        found: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return "", body.decode("utf-8", "replace")
    return str(found.get("kind", "")), str(found.get("message", ""))


_encode_number = msgspec.msgpack.Encoder().encode
