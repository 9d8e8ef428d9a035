"""Why an answer ended, in Chat Completions' words and in neutral ones.

Strict clients know five words, so any other becomes `stop`. Coming from a server the word is not
believed where the content says otherwise: many end a tool call with `stop`.
"""

from __future__ import annotations

from ..conversation.answer import (
    CONTEXT_WINDOW,
    END_TURN,
    MAX_TOKENS,
    REFUSAL,
    STOP_SEQUENCE,
    TOOL_USE,
)

FINISH_REASONS = {
    MAX_TOKENS: "length",
    CONTEXT_WINDOW: "length",
    TOOL_USE: "tool_calls",
    REFUSAL: "content_filter",
}
"""What a client is told for a stop reason; `stop` for all that are not here."""

STOP_REASONS = {
    "stop": END_TURN,
    "eos": END_TURN,
    "eos_token": END_TURN,
    "end_turn": END_TURN,
    "length": MAX_TOKENS,
    "max_tokens": MAX_TOKENS,
    "model_length": MAX_TOKENS,
    "tool_calls": TOOL_USE,
    "tool_use": TOOL_USE,
    "function_call": TOOL_USE,
    "content_filter": REFUSAL,
    "refusal": REFUSAL,
    "stop_sequence": STOP_SEQUENCE,
}
"""What the words of the API and of servers that speak it mean; others are kept as they are."""


def finish_reason(stop_reason: str) -> str:
    """The word for a client."""
    return FINISH_REASONS.get(stop_reason, "stop")


def stop_reason(finish: str, *, called: bool, refused: bool, stop_sequence: str) -> str:
    """The neutral reason; "" for `finish` where the server gave none.

    `called` says that there are tool calls, `refused` that the model wrote a refusal, and
    `stop_sequence` is the one that the server says was met.
    """
    reason = STOP_REASONS.get(finish or "stop", finish)
    if reason not in (END_TURN, TOOL_USE):
        return reason
    if called:
        return TOOL_USE
    if refused:
        return REFUSAL
    return STOP_SEQUENCE if stop_sequence else END_TURN
