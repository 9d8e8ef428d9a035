"""A relayed request's history, repaired where it is broken, each untouched block byte for byte.

The API refuses a whole conversation for one bad block, and the client sends it again with every
turn: a history that was broken once, or written by another model, would end the session. What is
bad, and what is done, is `conversation.pairing`; here it is done to raw JSON. A message of a shape
or role that we do not know is left alone.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..conversation.names import fitting
from ..conversation.origin import own_payload
from ..conversation.pairing import (
    INTERRUPTED,
    Answer,
    Kind,
    Part,
    Planned,
    Step,
    Turn,
    changes_nothing,
    is_unchanged,
    plan,
)
from ..json_members import NotAnObject, parse_object
from ..json_values import list_of, object_of, text_of
from .limits import TOOL_USE_ID
from .server_blocks import is_own
from .whole_history import is_plainly_whole

_ANY = msgspec.json.Decoder()
_RAW_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


def repaired_history(messages: bytes) -> bytes:
    """A JSON list of messages that the API takes; the same bytes if it was one already."""
    return messages if is_plainly_whole(messages) else repaired_by_plan(messages)


def repaired_by_plan(messages: bytes) -> bytes:
    """The same, for any list of messages."""
    try:
        found = list_of(_ANY.decode(messages))
    except (msgspec.MsgspecError, RecursionError):
        return messages
    turns = [_turn(message) for message in found]
    planned = plan(turns, fit_id)
    if changes_nothing(turns, planned):
        return messages
    return _Rewriter(messages, found, turns).written(planned)


def fit_id(said: str) -> str:
    """The id of a tool use as the API takes it: another model's may hold any character."""
    return fitting(said, TOOL_USE_ID)


def is_foreign_thinking(block: dict[str, Any]) -> bool:
    """Whether a block is thinking that no Anthropic model has signed."""
    match block.get("type"):
        case "thinking":
            if "signature" not in block:  # from a server that signs nothing, and back to it
                return False
            return own_payload(text_of(block.get("signature")), "anthropic", "") is None
        case "redacted_thinking":
            data = text_of(block.get("data"))
            return bool(data) and own_payload(data, "anthropic", "") is None
        case _:
            return False


def is_blank_text(block: dict[str, Any]) -> bool:
    """Whether a block is text without a letter in it, which the API refuses."""
    return block.get("type") == "text" and _is_blank(block.get("text"))


def _turn(value: Any) -> Turn:
    message = object_of(value)
    role, content = message.get("role"), message.get("content")
    if (role != "user" and role != "assistant") or not isinstance(content, (str, list)):
        return Turn("other")
    if isinstance(content, str):
        return Turn(role, [Part(Kind.VOID if _is_blank(content) else Kind.OTHER)])
    return Turn(role, [_part(object_of(block)) for block in list_of(content)])


def _part(block: dict[str, Any]) -> Part:
    match block.get("type"):
        case "tool_use":
            return Part(Kind.USE, text_of(block.get("id")))
        case "tool_result":
            return Part(Kind.RESULT, text_of(block.get("tool_use_id")))
        case _ if is_blank_text(block) or is_foreign_thinking(block) or is_own(block):
            return Part(Kind.VOID)
        case _:
            return Part(Kind.OTHER)


def _is_blank(text: Any) -> bool:
    return isinstance(text, str) and (not text or text.isspace())


class _Rewriter:
    """Writes a plan with the raw bytes of the history that it was made for."""

    def __init__(self, messages: bytes, found: list[Any], turns: list[Turn]) -> None:
        self._raw = [bytes(message) for message in _RAW_ITEMS.decode(messages)]
        self._found = found
        self._turns = turns
        self._blocks: dict[int, list[bytes]] = {}

    def written(self, planned: list[Planned]) -> bytes:
        """The repaired list."""
        return b"[" + b",".join(self._message(message) for message in planned) + b"]"

    def _message(self, planned: Planned) -> bytes:
        index = planned.message
        if index >= 0 and is_unchanged(planned, self._turns[index]):
            return self._raw[index]
        content = b"[" + b",".join(self._step(step) for step in planned.steps) + b"]"
        if index < 0:
            return b'{"role":"user","content":%s}' % content
        return _spliced(self._raw[index], self._found[index], "content", content)

    def _step(self, step: Step) -> bytes:
        if isinstance(step, Answer):
            return _interrupted(step.id)
        raw = self._blocks_of(step.message)[step.block]
        said = self._turns[step.message].parts[step.block]
        if said.id == step.id:
            return raw
        block = list_of(self._found[step.message]["content"])[step.block]
        key = "id" if said.kind is Kind.USE else "tool_use_id"
        return _spliced(raw, block, key, msgspec.json.encode(step.id))

    def _blocks_of(self, message: int) -> list[bytes]:
        """A message's blocks, each as it is; a plain string is one block of text."""
        if message not in self._blocks:
            content = _member(self._raw[message], self._found[message], "content")
            self._blocks[message] = (
                [b'{"type":"text","text":%s}' % content]
                if content.startswith(b'"')
                else [bytes(block) for block in _RAW_ITEMS.decode(content)]
            )
        return self._blocks[message]


def _interrupted(tool_use: str) -> bytes:
    return msgspec.json.encode(
        {
            "type": "tool_result",
            "tool_use_id": tool_use,
            "content": INTERRUPTED,
            "is_error": True,
        }
    )


def _member(raw: bytes, found: dict[str, Any], key: str) -> bytes:
    """A member's own bytes; written anew where a key stands twice and they cannot be found."""
    try:
        return parse_object(raw).raw(key)
    except NotAnObject:
        return msgspec.json.encode(found[key])


def _spliced(raw: bytes, found: dict[str, Any], key: str, value: bytes) -> bytes:
    """An object with one member replaced, or added; all else keeps its bytes."""
    try:
        place = parse_object(raw)
    except NotAnObject:
        return msgspec.json.encode({**found, key: msgspec.Raw(value)})
    if key in place.members:
        return place.splice({key: value})
    return msgspec.json.encode({**found, key: msgspec.Raw(value)})
