"""Whether a relayed history is plainly whole: then there is nothing to plan and nothing to repair.

Nearly all are, with each request, and to plan the repair of one costs 6 us a message. Here the
decoder itself passes over what the answer does not hang on, and one walk looks for the first thing
that may be broken (`history` and `conversation.pairing` say what is). What this calls whole is left
as it is there; what it does not may still be whole, and is looked at there
(tests/anthropic/test_whole_history.py holds the two together).
"""

from __future__ import annotations

from typing import Final

import attrs
import msgspec

from ..conversation.names import fitting
from ..conversation.origin import own_payload
from .limits import TOOL_USE_ID
from .server_blocks import OWN_ID_PREFIX


class _Block(msgspec.Struct, gc=False):
    """What is looked at of a block; what has another type is not plain."""

    type: str = ""
    text: str = ""
    id: str = ""
    tool_use_id: str = ""
    signature: str | msgspec.UnsetType = msgspec.UNSET
    data: str = ""


class _Message(msgspec.Struct, gc=False):
    """A message whose content is text or blocks."""

    role: str = ""
    content: str | list[_Block] | None = None


_ROLES: Final = ("user", "assistant")
_MESSAGES: Final = msgspec.json.Decoder(list[_Message])


def is_plainly_whole(messages: bytes | memoryview) -> bool:
    """Whether no message of a JSON list needs repair, as far as one look tells."""
    try:
        found = _MESSAGES.decode(messages)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    walk = _Walk()
    return all(map(walk.takes, found)) and not walk.waiting


@attrs.define
class _Walk:
    """One walk through a history: the ids that were given, and the calls without a result."""

    waiting: set[str] = attrs.field(factory=set[str])
    _given: set[str] = attrs.field(factory=set[str])
    _is_late: bool = False
    """Whether the user has said anything that no result may come behind."""

    def takes(self, message: _Message) -> bool:
        """Whether the history is whole with one more message."""
        content = message.content
        if message.role not in _ROLES or content is None:
            self._is_late = True
            return True  # it is left alone, whatever it is
        takes = self._takes_said
        if message.role == "assistant":
            if self.waiting:
                return False
            self._is_late = False
            takes = self._takes_words
        if not isinstance(content, str):
            return bool(content) and all(map(takes, content))
        self._is_late = True
        return bool(content) and not content.isspace()

    def _takes_words(self, block: _Block) -> bool:
        """A block of the assistant's."""
        if block.type != "tool_use":
            return block.type != "tool_result" and _stays(block)
        if block.id in self._given or fitting(block.id, TOOL_USE_ID) != block.id:
            return False
        self._given.add(block.id)
        self.waiting.add(block.id)
        return True

    def _takes_said(self, block: _Block) -> bool:
        """A block of the user's."""
        if block.type != "tool_result":
            self._is_late = True
            return block.type != "tool_use" and _stays(block)
        if self._is_late or block.tool_use_id not in self.waiting:
            return False
        self.waiting.remove(block.tool_use_id)
        return True


def _stays(block: _Block) -> bool:
    """Whether a block that is neither a call nor a result is one that the API takes."""
    match block.type:
        case "text":
            fits = bool(block.text) and not block.text.isspace()
        case "thinking":
            fits = block.signature is msgspec.UNSET or _is_own(block.signature)
        case "redacted_thinking":
            fits = not block.data or _is_own(block.data)
        case _:
            fits = True
    return fits and not (block.id or block.tool_use_id).startswith(OWN_ID_PREFIX)


def _is_own(signature: str) -> bool:
    return own_payload(signature, "anthropic", "") is not None
