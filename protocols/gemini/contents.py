"""Reads a client's `contents`: Gemini's parts as neutral blocks.

Calls and responses name each other by an id that a client may leave out. Then the n-th call of a
conversation is `call_n`, the same in each turn, and a response belongs to the oldest call of its
name that has none yet. A signature on a call or text is the thinking in front of it; a thought that
came without a signature takes the one on the part behind it.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import Any

import attrs
import msgspec

from ..conversation.blocks import (
    Block,
    Media,
    MediaKind,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from ..conversation.request import Message, Role
from ..json_values import list_of, object_of, text_of
from .members import member, members_of
from .signatures import DIALECT, given_back

ROLES: dict[str, Role] = {
    "": "user",
    "user": "user",
    "function": "user",
    "model": "assistant",
    "system": "system",
}
OTHER_PARTS = ("executableCode", "codeExecutionResult", "toolCall", "toolResponse")
ANSWERS = ("output", "result")
"""Members of a response that hold all of it: the API's, and that of google-genai's own calls."""
_PART_MEMBERS = frozenset(
    {"text", "thought", "thoughtSignature", "inlineData", "fileData", "functionCall"}
    | {"functionResponse", "thought_signature", "inline_data", "file_data", "function_call"}
    | {"function_response"}
)
_FILES = re.compile(r"gs://|https://generativelanguage\.googleapis\.com/")
"""Files that only Google can read."""
_STANDARD = str.maketrans("-_", "+/")
_KINDS: dict[str, MediaKind] = {"image": "image", "audio": "audio", "video": "video"}

Content = Text | Media | ToolReference | Other


@attrs.define
class ContentsReader:
    """Reads the contents of one conversation, in order; `unknown` names what has no place."""

    _model: str
    unknown: set[str] = attrs.field(factory=set[str])
    _ids: set[str] = attrs.field(factory=set[str])
    _waiting: Counter[str] = attrs.field(factory=Counter[str])
    """The ids of calls without a response yet; a model may have given one id to two calls."""
    _by_name: dict[str, deque[str]] = attrs.field(factory=dict[str, deque[str]])
    """The ids of a name's calls, oldest first; one that is not waiting is passed over."""
    _calls: int = 0

    def messages(self, contents: Any) -> tuple[Message, ...]:
        """Every content that says anything."""
        found = [_content(item) for item in list_of(contents) or [contents]]
        self._ids = {
            text_of(object_of(member(part, "functionCall")).get("id"))
            for content in found
            for part in members_of(content.get("parts"))
        }
        return tuple(message for content in found if (message := self._message(content)).blocks)

    def text(self, content: Any) -> tuple[Text, ...]:
        """The texts of a system instruction."""
        parts = members_of(_content(content).get("parts"))
        texts = [text_of(part.get("text")) for part in parts]
        return tuple(Text(text) for text in texts if text)

    def _message(self, content: dict[str, Any]) -> Message:
        name = text_of(content.get("role"))
        if name not in ROLES:
            self.unknown.add(f"role {name[:32]}")
        blocks: list[Block] = []
        for part in members_of(content.get("parts")):
            self._read(part, blocks)
        return Message(ROLES.get(name, "user"), tuple(blocks))

    def _read(self, part: dict[str, Any], blocks: list[Block]) -> None:
        """Reads one part into the blocks of its message."""
        wire = text_of(member(part, "thoughtSignature"))
        is_thought = part.get("thought") is True
        if is_thought and not isinstance(member(part, "functionCall"), dict):
            self._think(text_of(part.get("text")), wire, blocks)
            return
        if wire:
            self._sign(wire, blocks)
        block = self._block(part)
        if block is not None:
            blocks.append(block)

    def _think(self, text: str, wire: str, blocks: list[Block]) -> None:
        signed = given_back(wire, self._model, on_thought=True) if wire else Thinking("")
        if isinstance(signed, RedactedThinking):
            blocks.append(signed)
        elif text or signed.signature:
            blocks.append(Thinking(text, signed.signature))

    def _sign(self, wire: str, blocks: list[Block]) -> None:
        """The thinking in front of a part: the thought that is still unsigned, or one unseen."""
        signed = given_back(wire, self._model, on_thought=False)
        last = blocks[-1] if blocks else None
        if isinstance(signed, Thinking) and isinstance(last, Thinking) and not last.signature:
            blocks[-1] = Thinking(last.text, signed.signature)
        else:
            blocks.append(signed)

    def _block(self, part: dict[str, Any]) -> Block | None:
        call, response = member(part, "functionCall"), member(part, "functionResponse")
        if isinstance(call, dict):
            return self._call(object_of(call))
        if isinstance(response, dict):
            return self._result(object_of(response))
        if media := _media(part):
            return media
        for kind in OTHER_PARTS:
            if member(part, kind) is not None:
                return Other(DIALECT, kind, part)
        self.unknown.update(f"part {name[:32]}" for name in part if name not in _PART_MEMBERS)
        text = text_of(part.get("text"))
        return Text(text) if text else None

    def _call(self, call: dict[str, Any]) -> ToolUse:
        name = text_of(call.get("name"))
        given = text_of(call.get("id")) or self._next_id()
        self._waiting[given] += 1
        self._by_name.setdefault(name, deque()).append(given)
        return ToolUse(given, name, object_of(call.get("args")))

    def _next_id(self) -> str:
        while True:
            self._calls += 1
            if (made := f"call_{self._calls}") not in self._ids:
                return made

    def _result(self, response: dict[str, Any]) -> ToolResult:
        """A response; `scheduling` and `willContinue` are for live sessions and mean nothing."""
        given, name = text_of(response.get("id")), text_of(response.get("name"))
        if not given or given not in self._ids:
            given = self._oldest(name) or given or f"orphan_{name}"
        self._waiting[given] = max(0, self._waiting[given] - 1)
        content, is_error = _answer(object_of(response.get("response")))
        media = [_media(part) for part in members_of(response.get("parts"))]
        return ToolResult(given, (*content, *(each for each in media if each)), is_error)

    def _oldest(self, name: str) -> str:
        """The oldest call of this name that waits; "" for none."""
        calls = self._by_name.get(name, deque())
        while calls and not self._waiting[calls[0]]:
            calls.popleft()
        return calls[0] if calls else ""


def _content(value: Any) -> dict[str, Any]:
    """A content; a bare string is the user's text, as in the SDKs."""
    return {"parts": [{"text": value}]} if isinstance(value, str) else object_of(value)


def _answer(response: dict[str, Any]) -> tuple[tuple[Content, ...], bool]:
    """What a tool said, and whether it failed."""
    if len(response) == 1:
        ((key, value),) = response.items()
        if key == "error" or key in ANSWERS:
            text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            return ((Text(text),) if text else ()), key == "error"
    if not response:
        return (), False
    return (Text(msgspec.json.encode(response).decode()),), "error" in response


def _media(part: dict[str, Any]) -> Media | None:
    inline, file = object_of(member(part, "inlineData")), object_of(member(part, "fileData"))
    found = inline or file
    media_type = text_of(member(found, "mimeType"))
    kind = _KINDS.get(media_type.partition("/")[0], "document")
    title = text_of(member(found, "displayName"))
    if data := standard_base64(text_of(inline.get("data"))):
        return Media(kind, media_type, data=data, title=title)
    uri = text_of(member(file, "fileUri"))
    if not uri:
        return None
    if _FILES.match(uri):
        return Media(kind, media_type, file_id=uri, title=title)
    return Media(kind, media_type, url=uri, title=title)


def standard_base64(data: str) -> str:
    """Bytes in the alphabet that every API reads; Google's own libraries write the URL's."""
    plain = data.translate(_STANDARD) if "-" in data or "_" in data else data
    return plain + "=" * (-len(plain) % 4)
