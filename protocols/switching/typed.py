"""The last text that the user has typed, read from the end of a request, in any dialect.

Only what stands in the client's last message is read, and only if nothing else could have put it
there: no tool result, no reminder, no slash command (whose text is a file's), nothing pasted beside
it. The history before it is decoded no further back than the message which this turn works on.

That Claude Code puts reminders and an interruption marker beside a prompt, and messages of role
"system" after it, was measured with its version 2.1.330 (docs/claude-code.md).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs
import msgspec

from ..json_decoding import NotJson, decode_json
from ..json_values import list_of, object_of, text_of
from ..request import ServedRequest
from .client_words import is_own_work, is_summary, without_client_words

TYPED_CHARACTERS_MAX: Final = 4_096
"""Of a message that may be a command, or begin with one."""

_REMINDER: Final = "<system-reminder>"
_REMINDER_END: Final = "</system-reminder>"
_BESIDE: Final = re.compile(r"<ide_\w+>.*</ide_\w+>\s*", re.DOTALL)
"""What an editor says of itself beside a prompt."""
_INTERRUPTED: Final = "[Request interrupted by user"
_SYSTEM: Final = ("system", "developer")
_TOOLS: Final = ("tool_result", "functionResponse", "function_response")
_TEXTS: Final = ("text", "input_text")
_WORK_MARKS: Final = re.compile(r"[:\uff1a\n]|\s[-\u2013\u2014]+\s")
"""One of them is in a message that goes on with work."""


@attrs.frozen
class Typed:
    """What was typed last. `text` is "" where the last message holds nothing that may be a command;
    `prompt` marks the message that this turn works on, also while tools run for it. `goes_on` where
    the client does work of its own, or goes on from its own summary: whatever it worked on before,
    it still does, and nothing was typed.

    `message` is a digest of the last message; `added` is its last text where others stand before
    it, and `added_to` the digest of the message without it (see `added`).
    """

    text: str
    prompt: str
    goes_on: bool = False
    message: str = ""
    added: str = ""
    added_to: str = ""


@attrs.frozen
class _Message:
    """A message of the user: its typed texts, and what stands beside them.

    What is typed after tools were interrupted stands in one message with their results.
    """

    texts: Sequence[str]
    has_tools: bool
    has_media: bool
    results: Sequence[str] = ()
    is_interrupted: bool = False
    is_own_work: bool = False
    is_summary: bool = False

    @property
    def command(self) -> str:
        """The text that may be a command; "" if there is none, or something beside it."""
        beside_tools = self.has_tools and not self.is_interrupted
        if len(self.texts) != 1 or beside_tools or len(self.texts[0]) > TYPED_CHARACTERS_MAX:
            return ""
        is_heard = not self.has_media or _WORK_MARKS.search(self.texts[0].strip())
        return self.texts[0] if is_heard else ""

    @property
    def added(self) -> str:
        """The last text beside others, or beside the results of tools; "" if it is too long."""
        is_beside = self.has_tools or len(self.texts) > 1
        last = self.texts[-1] if self.texts and is_beside and not self.has_media else ""
        return last if len(last) <= TYPED_CHARACTERS_MAX else ""

    def digest(self, index: int, texts: Sequence[str]) -> str:
        """Tells the message with these texts from all others."""
        return _mark(index, [*self.results, "", *texts])


def typed(request: ServedRequest) -> Typed:
    """Reads it. A request that cannot be read holds nothing."""
    try:
        return _last_typed(request)
    except NotJson:
        return Typed("", "")


def _last_typed(request: ServedRequest) -> Typed:
    key = request.question_keys[0]
    if request.json.head(key, 1) == b'"':
        text = decode_json(request.json.raw(key))
        return Typed(text if len(text) <= TYPED_CHARACTERS_MAX else "", _mark(0, [text]))
    messages = request.history or ()
    is_last, is_summary, last = True, False, Typed("", "")
    for index in range(len(messages) - 1, -1, -1):
        value = object_of(decode_json(bytes(messages[index])))
        if value.get("role") in _SYSTEM:
            continue
        message = _message_of_user(value)
        if message is not None:
            if is_last and message.is_own_work:
                return Typed("", "", goes_on=True)
            if is_last:
                last = _last(message, index)
            if message.texts:
                return attrs.evolve(last, prompt=_mark(index, message.texts))
            is_summary = is_summary or message.is_summary
        is_last = False
    return attrs.evolve(last, goes_on=is_summary)


def _last(message: _Message, index: int) -> Typed:
    texts, added = message.texts, message.added
    before = message.digest(index, texts[:-1]) if added else ""
    return Typed(message.command, "", False, message.digest(index, texts), added, before)


def _mark(index: int, texts: Sequence[str]) -> str:
    """The mark of a message, which stays the same while it is resent."""
    said = f"{index}:{msgspec.json.encode(texts).decode()}"
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def _message_of_user(value: dict[str, Any]) -> _Message | None:
    """A message of the user in any dialect; None if it is somebody else's, or a tool's."""
    is_item = value.get("type") in (None, "message")
    role = value.get("role", "user" if "parts" in value else "")
    if role != "user" or not is_item:
        return None
    content = value.get("content", value.get("parts"))
    if isinstance(content, str):
        return _message([content], has_tools=False, has_media=bool(value.get("images")))
    blocks = [object_of(block) for block in list_of(content)]
    texts = [_text(block) for block in blocks]
    has_tools = any(map(_is_tool, blocks))
    has_media = any(not (_is_text(block) or _is_tool(block)) for block in blocks)
    found = _message(texts, has_tools=has_tools, has_media=has_media)
    results = tuple(text_of(block.get("tool_use_id")) for block in filter(_is_tool, blocks))
    return attrs.evolve(found, results=results)


def _message(texts: Sequence[str], *, has_tools: bool, has_media: bool) -> _Message:
    return _Message(
        list(without_client_words(list(_without_reminders(texts)))),
        has_tools,
        has_media,
        is_interrupted=any(text.strip().startswith(_INTERRUPTED) for text in texts),
        is_own_work=any(map(is_own_work, texts)),
        is_summary=any(map(is_summary, texts)),
    )


def _is_tool(block: dict[str, Any]) -> bool:
    kind = text_of(block.get("type"))
    return kind.endswith("tool_result") or any(each in block for each in _TOOLS)


def _is_text(block: dict[str, Any]) -> bool:
    return block.get("type", "text") in _TEXTS and isinstance(block.get("text"), str)


def _text(block: dict[str, Any]) -> str:
    return text_of(block.get("text")) if _is_text(block) else ""


def _without_reminders(texts: Sequence[str]) -> Iterator[str]:
    """The texts without what a client puts beside a prompt by itself."""
    for text in texts:
        said = _without_reminder(text).strip()
        if said and not said.startswith(_INTERRUPTED) and not _BESIDE.fullmatch(said):
            yield said


def _without_reminder(text: str) -> str:
    """A text without the reminders at its beginning or at its end: what is in one stays in it."""
    said = text.strip()
    if said.startswith(_REMINDER):
        return said.rpartition(_REMINDER_END)[2] if _REMINDER_END in said else ""
    if said.endswith(_REMINDER_END):
        return said.partition(_REMINDER)[0]
    return text
