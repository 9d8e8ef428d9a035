"""Content blocks: what a message is made of, whoever wrote it.

A block of a kind that we do not know is an `Other` and keeps its value verbatim. No block refers to
another but by the id of a tool use, so a conversation can be cut between any two messages.
"""

from __future__ import annotations

from typing import Any, Literal

import attrs

MediaKind = Literal["image", "document", "audio", "video"]


@attrs.frozen
class Text:
    """Text. `cache` is the client's cache marker, verbatim; `citations` in Anthropic's shape."""

    text: str
    cache: Any = None
    citations: tuple[Any, ...] = ()


@attrs.frozen
class Media:
    """An image, document, audio or video: by `data` (base64), `url`, `file_id`, or plain `text`.

    Exactly one of these four is set. `detail` is OpenAI's wish for an image's resolution.
    """

    kind: MediaKind
    media_type: str = ""
    data: str = attrs.field(default="", repr=False)
    url: str = ""
    file_id: str = ""
    text: str = ""
    title: str = ""
    detail: str = ""
    cache: Any = None


@attrs.frozen
class ToolUse:
    """A model's call of a tool. `input` is an object, whatever the model wrote.

    Arguments that were no JSON object are `{"__unparsedToolInput": {"raw": ..., "len": ...}}`,
    the form in which Claude Code gives them back.
    """

    id: str
    name: str
    input: dict[str, Any]
    cache: Any = None


@attrs.frozen
class ToolReference:
    """Inside a tool result: this deferred tool can be called from now on."""

    name: str


@attrs.frozen
class Other:
    """A block of a kind that has no neutral form, verbatim, in the dialect that it came in."""

    dialect: str
    kind: str
    value: dict[str, Any]


@attrs.frozen
class ToolResult:
    """What a tool answered; `content` holds Text, Media, ToolReference and Other."""

    tool_use_id: str
    content: tuple[Text | Media | ToolReference | Other, ...]
    is_error: bool = False
    cache: Any = None


@attrs.frozen
class Thinking:
    """A model's thinking. `signature` as its own API gave it; see `origin` for whose it is."""

    text: str
    signature: str = ""


@attrs.frozen
class RedactedThinking:
    """Thinking that only its own API can read; `data` like a signature."""

    data: str


Block = Text | Media | ToolUse | ToolResult | ToolReference | Thinking | RedactedThinking | Other
