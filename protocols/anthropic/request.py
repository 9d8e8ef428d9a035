"""A Messages request: the few members that we read, and the splices that a relay may make.

Everything we do not know stays in the bytes. A relay to an Anthropic endpoint changes exactly what
`relayed_body` lists; tests/anthropic/test_request.py holds it to that list:

1. `model` becomes the endpoint's own id of the model;
2. thinking blocks whose signature is empty are taken out of assistant messages: no Anthropic model
   wrote them (another one did, before a switch), and the API refuses them. A message that held
   nothing else goes with them: the API refuses an empty one too.
"""

from __future__ import annotations

import re

import msgspec

from ..event_stream import decoded
from ..json_members import NotAnObject, parse_object
from ..json_values import object_of, text_of
from ..request import BadRequest, ServedRequest, checked_model, optional_member, parse_body

_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_UNSIGNED = re.compile(rb'"signature"\s*:\s*""')


class MessagesRequest(ServedRequest):
    """A Messages request: its bytes with what routing needs to know of them."""


def parse_request(body: bytes) -> MessagesRequest:
    """Reads a request as far as routing needs it.

    Raises BadRequest when the body is not a JSON object, `model` is not a string, `messages` is
    not a list, or `stream` and `max_tokens` have a type that makes no sense.
    """
    found = parse_body(body)
    model = checked_model(found)
    if not found.raw("messages").startswith(b"["):
        raise BadRequest("messages: expected a list of messages")
    streamed = optional_member(found, "stream", bool, "true or false")
    max_tokens = optional_member(found, "max_tokens", int, "a whole number")
    return MessagesRequest(found, model, streamed, max_tokens)


def relayed_body(request: MessagesRequest, model: str) -> bytes:
    """The bytes for an Anthropic endpoint: the client's own but for the splices listed above."""
    splices: dict[str, bytes | None] = {"model": msgspec.json.encode(model)}
    messages = request.json.raw("messages")
    if _UNSIGNED.search(messages):
        splices["messages"] = without_unsigned_thinking(messages)
    return request.json.splice(splices)


def without_unsigned_thinking(messages: bytes) -> bytes:
    """A JSON list of messages less thinking blocks with an empty signature.

    What stays keeps its bytes; without such a block all of them, white space too.
    """
    found = [bytes(message) for message in _ITEMS.decode(messages)]
    kept = [_without_unsigned(message) for message in found]
    return messages if kept == found else b"[" + b",".join(filter(None, kept)) + b"]"


def _without_unsigned(message: bytes) -> bytes:
    """One message; b"" if nothing of it is left."""
    if not _UNSIGNED.search(message):
        return message
    try:
        found = parse_object(message)
        blocks = [bytes(block) for block in _ITEMS.decode(found.raw("content"))]
    except (NotAnObject, msgspec.MsgspecError):
        return message
    kept = [block for block in blocks if not _is_unsigned(block)]
    if len(kept) == len(blocks):
        return message
    return found.splice({"content": b"[" + b",".join(kept) + b"]"}) if kept else b""


def _is_unsigned(raw: bytes) -> bool:
    block = decoded(raw) if _UNSIGNED.search(raw) else {}
    return block.get("type") == "thinking" and not block.get("signature")


def user_id_session(request: MessagesRequest) -> str:
    """The session id inside `metadata.user_id`, which the client sends as JSON in a string."""
    if not request.json.raw("metadata"):
        return ""
    user = text_of(object_of(request.value("metadata")).get("user_id"))
    return text_of(decoded(user.encode()).get("session_id"))
