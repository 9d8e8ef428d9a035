"""A client's request passed on to an endpoint of its own dialect: its own bytes but for

1. `model`, which becomes the endpoint's own id of the model;
2. reasoning items whose `encrypted_content` bears our mark. Another model wrote them, before a
   switch, and the API refuses what it cannot decrypt: they are taken out of the input. If this very
   model wrote them, and a translated answer had brought them, they become what the API gave.

tests/openai_responses/test_relay.py holds it to that list.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ..conversation.blocks import Thinking
from ..conversation.origin import MARK
from ..dialect import Outgoing
from ..event_stream import decoded
from ..json_values import text_of
from ..request import ServedRequest
from .reasoning import own_reasoning, thinking_of
from .upstream_request import PATH

_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])
_MARK: Final = b'"' + MARK.encode()


def relayed_request(request: ServedRequest, model: str) -> Outgoing:
    """The request for an endpoint: the client's bytes but for the splices listed above."""
    splices: dict[str, bytes | None] = {"model": msgspec.json.encode(model)}
    items = request.json.raw("input")
    if items.startswith(b"[") and _MARK in items:
        splices["input"] = _without_foreign(items, model)
    return Outgoing(PATH, request.json.splice(splices))


def _without_foreign(items: bytes, model: str) -> bytes:
    """A list of items less other models' reasoning; what stays keeps its bytes."""
    found = [bytes(item) for item in _ITEMS.decode(items)]
    kept = [_readable(item, model) for item in found]
    return items if kept == found else b"[" + b",".join(filter(None, kept)) + b"]"


def _readable(raw: bytes, model: str) -> bytes:
    """An item as the model's API can read it; b"" if it cannot."""
    item: dict[str, Any] = decoded(raw) if _MARK in raw else {}
    encrypted = text_of(item.get("encrypted_content"))
    if item.get("type") != "reasoning" or not encrypted.startswith(MARK):
        return raw
    thinking = thinking_of(item)
    own = own_reasoning(thinking, model) if isinstance(thinking, Thinking) else None
    return b"" if own is None else msgspec.json.encode(own)
