"""Leaves out the thinking of earlier prompts, in a conversation that has been at several places.

A model's thinking is signed by whoever runs it, and an API that reads another's signature refuses
the request (the page "Thinking" of the Messages API: invalid signatures). Endpoints that speak this
dialect hand out signatures that look alike, so where the user has gone from one to another nobody
can tell whose is whose. What was thought for earlier prompts may be left out, by the same page; the
loop of tools that is going on keeps its own, which all came from one place. Signatures with a mark
of ours (`conversation/origin.py`) tell whose they are, and stay.
"""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

from ..conversation.origin import MARK
from ..json_decoding import NotJson, decode_json
from ..json_values import list_of, object_of, objects_of, text_of
from ..request import ServedRequest
from .request import THINKING, parse_request


def without_earlier_thinking(request: ServedRequest) -> ServedRequest:
    """The request without it; itself where there is none, or it is of another dialect."""
    raw = request.json.raw("messages")
    if request.dialect != "anthropic" or not any(f'"{kind}"'.encode() in raw for kind in THINKING):
        return request
    try:
        items = msgspec.json.decode(raw, type=list[msgspec.Raw])
        messages = [object_of(decode_json(bytes(item))) for item in items]
    except (msgspec.MsgspecError, NotJson, RecursionError):
        return request
    typed = [place for place, message in enumerate(messages) if _is_typed(message)][-1:] or [0]
    earlier = [_Kept.of(*pair) for pair in zip(messages[: typed[0]], items, strict=False)]
    if not any(each.is_changed for each in earlier):
        return request
    kept = [*(each.message for each in earlier if each.message), *items[typed[0] :]]
    return parse_request(request.json.splice({"messages": msgspec.json.encode(kept)}))


@attrs.frozen
class _Kept:
    """What is left of a message: its own bytes, a changed one, or None."""

    message: msgspec.Raw | dict[str, Any] | None
    is_changed: bool = False

    @classmethod
    def of(cls, message: dict[str, Any], raw: msgspec.Raw) -> _Kept:
        """Without thinking; what held nothing else goes, as no message may be empty."""
        blocks = list_of(message.get("content"))
        if message.get("role") != "assistant":
            return cls(raw)
        left = [block for block in blocks if not _is_foreign(object_of(block))]
        if len(left) == len(blocks):
            return cls(raw)
        return cls({**message, "content": left} if left else None, is_changed=True)


def _is_typed(message: dict[str, Any]) -> bool:
    """Whether it is of the user, and no result of a tool."""
    blocks = objects_of(message.get("content"))
    return message.get("role") == "user" and not any(
        block.get("type") == "tool_result" for block in blocks
    )


def _is_foreign(block: dict[str, Any]) -> bool:
    """Whether it is thinking that nothing tells whose it is."""
    marked = text_of(block.get("signature") or block.get("data")).startswith(MARK)
    return block.get("type") in THINKING and not marked
