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
from typing import Any

import attrs
import msgspec

from ..json_members import JsonObject, NotAnObject, parse_object
from ..json_values import list_of, object_of, text_of
from .frames import decoded

MODEL_CHARACTERS_MAX = 256

_ANY = msgspec.json.Decoder()
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_UNSIGNED = re.compile(rb'"signature"\s*:\s*""')


class BadRequest(ValueError):
    """The request cannot be understood; the message says what, where and what is expected."""


@attrs.frozen
class MessagesRequest:
    """A request's bytes with what routing needs to know of them."""

    json: JsonObject
    model: str
    streamed: bool
    max_tokens: int

    @property
    def body(self) -> bytes:
        """The client's own bytes."""
        return self.json.body

    def value(self, key: str) -> Any:
        """A top-level member, decoded; None if it is not there.

        Raises BadRequest on a number that no one can hold, and on nesting that goes too deep.
        """
        raw = self.json.raw(key)
        try:
            return _ANY.decode(raw) if raw else None
        except msgspec.MsgspecError as error:
            raise BadRequest(f"{key}: {error}") from None
        except RecursionError:
            raise BadRequest(f"{key}: nested too deeply") from None

    def items(self, key: str) -> list[Any]:
        """A top-level list, decoded; [] if there is none. Raises BadRequest like `value`."""
        return list_of(self.value(key))

    def same_question(self, other: MessagesRequest) -> bool:
        """Whether the other asks the same: same messages, system and tools.

        How it is to be answered (`stream`, `max_tokens`, betas) may differ: a client that gave
        up on a stream asks again without one.
        """
        keys = ("messages", "system", "tools")
        return all(self.json.raw(key) == other.json.raw(key) for key in keys)


def parse_request(body: bytes) -> MessagesRequest:
    """Reads a request as far as routing needs it.

    Raises BadRequest when the body is not a JSON object, `model` is not a string, `messages` is
    not a list, or `stream` and `max_tokens` have a type that makes no sense.
    """
    try:
        found = parse_object(body)
    except NotAnObject as error:
        raise BadRequest(f"the request body is not a JSON object: {error}") from None
    model = _member(found, "model", str, "a string, the id of a model")
    if not model or len(model) > MODEL_CHARACTERS_MAX:
        raise BadRequest(f"model: expected 1 to {MODEL_CHARACTERS_MAX} characters")
    if not found.raw("messages").startswith(b"["):
        raise BadRequest("messages: expected a list of messages")
    streamed = _member(found, "stream", bool, "true or false") if found.raw("stream") else False
    limit = found.raw("max_tokens")
    max_tokens = _member(found, "max_tokens", int, "a whole number") if limit else 0
    return MessagesRequest(found, model, streamed, max_tokens)


def _member(found: JsonObject, key: str, kind: type[Any], expected: str) -> Any:
    raw = found.raw(key)
    if raw == b"null" and kind is not str:
        return kind()
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.MsgspecError:
        raise BadRequest(f"{key}: expected {expected}") from None


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
