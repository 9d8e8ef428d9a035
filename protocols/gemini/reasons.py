"""Why an answer ended: Gemini's finish and block reasons, and the neutral stop reasons.

Source: the reference of `FinishReason` and `BlockReason`. A call of a tool does not show in the
reason: `STOP` with a function call is a tool use. A refusal keeps Gemini's own word in front of its
details, so that a client of this dialect gets the same word back.
"""

from __future__ import annotations

from ..conversation.answer import (
    CONTEXT_WINDOW,
    END_TURN,
    MAX_TOKENS,
    PAUSE_TURN,
    REFUSAL,
    STOP_SEQUENCE,
    TOOL_USE,
)

REFUSALS = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "MODEL_ARMOR",
    }
)
FAILURES = frozenset(
    {
        "MALFORMED_FUNCTION_CALL",
        "MALFORMED_RESPONSE",
        "MISSING_THOUGHT_SIGNATURE",
        "TOO_MANY_TOOL_CALLS",
        "UNEXPECTED_TOOL_CALL",
        "OTHER",
        "IMAGE_OTHER",
        "NO_IMAGE",
    }
)
"""The model or the API went wrong: told as an error, since another try may well succeed."""
NO_REASON = ("", "FINISH_REASON_UNSPECIFIED")

_PROMPT = "prompt "
_STOPS = {"STOP": END_TURN, "MAX_TOKENS": MAX_TOKENS}
_FINISHES = {
    END_TURN: "STOP",
    MAX_TOKENS: "MAX_TOKENS",
    STOP_SEQUENCE: "STOP",
    TOOL_USE: "STOP",
    PAUSE_TURN: "STOP",
    CONTEXT_WINDOW: "MAX_TOKENS",
}


def stop_reason(finish: str, *, has_calls: bool) -> str:
    """The neutral stop reason; a word that is unknown stays as it is."""
    if has_calls and (finish == "STOP" or finish in FAILURES):
        return TOOL_USE
    return REFUSAL if finish in REFUSALS else _STOPS.get(finish, finish)


def finish_reason(stop: str, details: str) -> str:
    """Gemini's word for a neutral stop reason."""
    if stop == REFUSAL:
        word = refusal_word(details)
        return word if word in REFUSALS else "SAFETY"
    return _FINISHES.get(stop) or (stop if stop.isupper() else "OTHER")


def refusal_details(word: str, message: str) -> str:
    """What a refusal says of itself."""
    return f"{word}: {message}" if message else word


def block_details(word: str, message: str) -> str:
    """The same for a prompt that is not answered at all."""
    return refusal_details(_PROMPT + word, message)


def refusal_word(details: str) -> str:
    """The word in front of the details, if they came from Gemini."""
    return details.partition(":")[0]


def block_reason(details: str) -> str:
    """The reason for which Gemini blocked the prompt; "" if the details do not say that."""
    word = refusal_word(details)
    return word.removeprefix(_PROMPT) if word.startswith(_PROMPT) else ""


def message_of(details: str) -> str:
    """The details less the word in front, if that is one of Gemini's."""
    word, colon, rest = details.partition(":")
    known = word in REFUSALS or word.startswith(_PROMPT)
    return rest.strip() if colon and known else "" if known else details
