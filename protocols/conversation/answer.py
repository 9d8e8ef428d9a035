"""An answer as events: what any upstream's reader yields, and what any writer takes.

The order is `AnswerStarted`, the content, and one `AnswerEnded` or `AnswerFailed`, the last of all.
A block lasts while events of its kind come; `BlockEnded` says that the next event of the same kind
begins another block. A tool use lasts from `ToolUseStarted` to `BlockEnded`, and no other block
comes between: a reader of a dialect that interleaves calls holds back the later ones. Usage is in
Anthropic's convention: `input_tokens` counts what came from no cache.
"""

from __future__ import annotations

from typing import Any

import attrs

from ..records import Usage

NO_USAGE = Usage()

END_TURN = "end_turn"
MAX_TOKENS = "max_tokens"
STOP_SEQUENCE = "stop_sequence"
TOOL_USE = "tool_use"
REFUSAL = "refusal"
PAUSE_TURN = "pause_turn"
CONTEXT_WINDOW = "model_context_window_exceeded"
"""Stop reasons, in Anthropic's words; one that we do not know is kept as its dialect wrote it."""


@attrs.frozen
class AnswerStarted:
    """The answer has begun. `usage` is what is known of the input already."""

    usage: Usage = NO_USAGE


@attrs.frozen
class TextDelta:
    """More text. `logprobs` are in the shape of Chat Completions' `logprobs.content`."""

    text: str
    logprobs: tuple[Any, ...] = ()


@attrs.frozen
class Cited:
    """A citation for the text block that is open, in Anthropic's shape."""

    citation: dict[str, Any]


@attrs.frozen
class ThinkingDelta:
    """More thinking."""

    text: str


@attrs.frozen
class ThinkingSigned:
    """The thinking block's signature (see `origin`); opens a block of its own if none is open."""

    signature: str


@attrs.frozen
class ThinkingRedacted:
    """A whole block of thinking that only its own API can read."""

    data: str


@attrs.frozen
class ToolUseStarted:
    """The model calls a tool; its input follows."""

    id: str
    name: str


@attrs.frozen
class ToolInputDelta:
    """More of the input's JSON text."""

    json_text: str


@attrs.frozen
class OtherBlock:
    """A whole block of a kind that has no neutral form, verbatim, in its dialect's shape."""

    dialect: str
    value: dict[str, Any]


@attrs.frozen
class BlockEnded:
    """The block that was open has ended."""


@attrs.frozen
class AnswerEnded:
    """The answer is complete. `stop_sequence` is the one that was met, "" for none.

    `details` is what a refusal says of itself, in its own words.
    """

    stop_reason: str
    usage: Usage = NO_USAGE
    stop_sequence: str = ""
    details: str = ""


@attrs.frozen
class AnswerFailed:
    """The upstream said in mid-answer that it failed. `kind` is one of Anthropic's error types."""

    kind: str
    message: str
    status: int = 500


AnswerEvent = (
    AnswerStarted
    | TextDelta
    | Cited
    | ThinkingDelta
    | ThinkingSigned
    | ThinkingRedacted
    | ToolUseStarted
    | ToolInputDelta
    | OtherBlock
    | BlockEnded
    | AnswerEnded
    | AnswerFailed
)
