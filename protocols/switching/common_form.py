"""The words of a history in the form that nearly all have, read without what no word stands in.

Whoever names no conversation is known by the words of the whole history, with every request. To
translate all of it costs 10 us a message, since tools, results and media are read too; here the
decoder itself passes over them. What is read is what the dialect's own reader finds, to the letter:
any other form of message is nothing for this, and the whole history is read there instead
(tests/switching/test_common_form.py holds the two together). Two dialects, whose clients are most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from ..request import ServedRequest

Words = list[tuple[str, str]]
"""A role and what it says, for each message that says something or is the model's."""

_CHAT_TEXTS: Final = ("text", "input_text", "output_text")
_CHAT_UNCOMMON: Final = ("", "refusal")
"""Types of parts that may hold words elsewhere."""
_CHAT_WORDLESS: Final = ("system", "developer", "tool", "function")


class _Uncommon(Exception):
    """A message of another form."""


class _Part(msgspec.Struct, gc=False):
    """A part of a content, or a block."""

    type: str = ""
    text: str = ""


class _Call(msgspec.Struct, gc=False):
    """Any object."""


class _Message(msgspec.Struct, gc=False):
    """A message of either dialect; what is of another type makes it uncommon."""

    role: str = ""
    content: str | list[_Part] | None = None
    tool_calls: list[_Call] | None = None
    refusal: str | None = None
    clear_at: str | None = None


_MESSAGES: Final = msgspec.json.Decoder(list[_Message])


def common_words(request: ServedRequest) -> Words | None:
    """The words of a history of the common form; None where it is of another."""
    read = _READERS.get(request.dialect)
    if read is None:
        return None
    try:
        return read(_MESSAGES.decode(request.json.view(request.question_keys[0])))
    except (msgspec.MsgspecError, UnicodeError, RecursionError, _Uncommon):
        return None


def _anthropic(messages: Sequence[_Message]) -> Words:
    found: Words = []
    for message in messages:
        if message.clear_at is not None:
            raise _Uncommon
        content = message.content
        if not content or message.role == "system":
            continue
        if not isinstance(content, str):
            content = "".join([part.text for part in content if part.type == "text"])
        found.append(("assistant" if message.role == "assistant" else "user", content))
    return found


def _chat(messages: Sequence[_Message]) -> Words:
    found: Words = []
    for message in messages:
        if not message.role or message.refusal:
            raise _Uncommon
        if message.role in _CHAT_WORDLESS:
            continue
        words = _chat_words(message.content)
        if message.role != "assistant":
            found.append(("user", words))
        elif words or message.tool_calls:
            found.append(("assistant", words))
        else:
            raise _Uncommon
    return found


def _chat_words(content: str | list[_Part] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if any(part.type in _CHAT_UNCOMMON for part in content):
        raise _Uncommon
    return "".join([part.text for part in content if part.type in _CHAT_TEXTS])


_READERS: Final[Mapping[str, Callable[[Sequence[_Message]], Words]]] = {
    "anthropic": _anthropic,
    "openai-chat": _chat,
}
