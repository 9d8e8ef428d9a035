"""The dialects' own words for why an answer stopped, and what each means."""

from __future__ import annotations

from .answer import (
    CONTEXT_WINDOW,
    END_TURN,
    MAX_TOKENS,
    PAUSE_TURN,
    REFUSAL,
    STOP_SEQUENCE,
    TOOL_USE,
)

STOPS: dict[str, dict[str, str]] = {
    "anthropic": {
        "end_turn": END_TURN,
        "max_tokens": MAX_TOKENS,
        "stop_sequence": STOP_SEQUENCE,
        "tool_use": TOOL_USE,
        "pause_turn": PAUSE_TURN,
        "refusal": REFUSAL,
        "model_context_window_exceeded": CONTEXT_WINDOW,
    },
    "openai-chat": {
        "stop": END_TURN,
        "length": MAX_TOKENS,
        "tool_calls": TOOL_USE,
        "function_call": TOOL_USE,
        "content_filter": REFUSAL,
    },
    "openai-responses": {
        "completed": END_TURN,
        "max_output_tokens": MAX_TOKENS,
        "content_filter": REFUSAL,
    },
    "gemini": {
        "STOP": END_TURN,
        "MAX_TOKENS": MAX_TOKENS,
        "SAFETY": REFUSAL,
        "RECITATION": REFUSAL,
        "BLOCKLIST": REFUSAL,
        "PROHIBITED_CONTENT": REFUSAL,
        "SPII": REFUSAL,
    },
    "ollama": {"stop": END_TURN, "length": MAX_TOKENS},
}
NO_WORD_FOR_TOOL_USE = frozenset({"openai-responses", "gemini", "ollama"})
"""Here an answer with calls just ends."""


def neutral_stop(dialect: str, word: str, *, called: bool = False, refused: bool = False) -> str:
    """What the word means for an answer that calls tools, or that has a refusal in it."""
    meant = STOPS[dialect].get(word, f"unknown: {word}")
    if meant == END_TURN and refused:
        return REFUSAL
    if meant == END_TURN and called and dialect in NO_WORD_FOR_TOOL_USE:
        return TOOL_USE
    return meant
