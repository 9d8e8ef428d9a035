"""What of an answer a dialect can say at all, and why not the rest.

Through Understudy an answer passes two dialects; what a user sees is what both can say. This is the
whole list: whatever is not named here must arrive exactly as it was said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import attrs

from .answer import (
    CONTEXT_WINDOW,
    END_TURN,
    MAX_TOKENS,
    PAUSE_TURN,
    REFUSAL,
    STOP_SEQUENCE,
    Seen,
    Usage,
)

COMMON_STOPS = {STOP_SEQUENCE: END_TURN, PAUSE_TURN: END_TURN, CONTEXT_WINDOW: MAX_TOKENS}
"""No other dialect than Anthropic's tells which sequence was met, or that it only pauses; all call
a full window a limit of length."""


@attrs.frozen
class Voice:
    """What a dialect can say. `stops` are the reasons that it has no word for, each with the word
    that comes nearest. `refusal` is where a user finds a refusal's own words."""

    stops: Mapping[str, str] = COMMON_STOPS
    refusal: Literal["apart", "in the text", "nowhere"] = "apart"
    between_texts: str = ""
    cache_reads: bool = True
    cache_writes: bool = True


VOICES = {
    "anthropic": Voice(stops={}),
    # A message has one text: blocks that stood apart are paragraphs of it.
    "openai-chat": Voice(between_texts="\n\n"),
    "openai-responses": Voice(),
    # The usage has no count of what went into a cache: it is implicit, and costs nothing more. The
    # SDK does not show `finishMessage`, where the words of a refusal stand.
    "gemini": Voice(refusal="nowhere", cache_writes=False),
    # `prompt_eval_count` is all there is of the input; a refusal is text like any other.
    "ollama": Voice(
        stops={**COMMON_STOPS, REFUSAL: END_TURN},
        refusal="in the text",
        cache_reads=False,
        cache_writes=False,
    ),
}

NOT_ASKED: dict[tuple[str, str], str] = {
    ("anthropic", "temperature"): "the SDK, and the version of the API it asks for, have none",
    ("ollama", "pdf"): "a message has images only",
    ("openai-responses", "stop-sequence"): "a request has no stop sequences",
    ("ollama", "choice-any"): "a request cannot say which tool to call",
    ("ollama", "choice-tool"): "a request cannot say which tool to call",
    ("ollama", "choice-none"): "a request cannot say which tool to call",
    ("openai-chat", "tool-name-long"): "a tool's name has 64 characters at most",
}
"""Rows that a client of this dialect cannot ask."""

TELLS_ERRORS_OF_TOOLS = frozenset({"anthropic", "gemini"})
"""Where a result says that its tool failed; elsewhere only the words do."""
KEEPS_SIGNATURES = frozenset({"anthropic", "openai-responses", "gemini"})
"""Where thinking has a signature, without which its API does not take it back."""
TELLS_STOP_SEQUENCES = frozenset({"anthropic", "openai-chat", "gemini", "ollama"})
"""Where a request can have stop sequences."""
TAKES_DOCUMENTS = frozenset({"anthropic", "openai-chat", "openai-responses", "gemini"})
"""Where a request can have a PDF; elsewhere the model must be told that there was one."""
TELLS_RETRY_AFTER = frozenset({"anthropic", "openai-chat", "openai-responses", "gemini"})
"""Where the SDK shows when to try again; `ollama` shows neither headers nor details."""


def told(dialect: str, seen: Seen) -> Seen:
    """What is left of an answer after this dialect has said it."""
    voice = VOICES[dialect]
    stop = voice.stops.get(seen.stop, seen.stop)
    usage = seen.usage
    if not voice.cache_writes:
        usage = Usage(usage.input + usage.cache_write, usage.output, usage.cache_read)
    if not voice.cache_reads:
        usage = Usage(usage.all_input, usage.output)
    return attrs.evolve(
        seen,
        stop=stop,
        stop_sequence=seen.stop_sequence if stop == STOP_SEQUENCE else "",
        usage=usage,
    )


def told_status(status: int) -> int:
    """The status of an error that was translated.

    A key that an endpoint refuses is not the client's own: told 401, it would ask for another.
    """
    return 403 if status == 401 else status
