"""What an error of Ollama's says: `{"error": "..."}`, as a response's body or in mid-stream.

A prompt that is too long is refused by the engine below, whose own JSON then stands as text inside
`error`: with the two counts, or, in another place, in words alone.
Source: docs/api/errors.mdx, server/routes.go and llm/llama_server.go of Ollama.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from ..dialect import KINDS_BY_STATUS, Failure, Headers
from ..event_stream import decoded
from ..json_values import object_of, text_of

MESSAGE_CHARACTERS_MAX: Final = 2_000
RETRY_AFTER_SECONDS_MAX: Final = 24 * 60 * 60
_BUSY: Final = "maximum pending requests exceeded"
_TOO_LONG: Final = re.compile(
    r"exceeds? the (?:available )?context|longer than the context length|exceed_context_size"
    r"|exceeds maximum context length"
)
_COUNTS: Final = re.compile(r"\((\d{1,18}) tokens\).{0,80}?\((\d{1,18}) tokens\)")


def read_failure(status: int, headers: Headers, body: bytes) -> Failure:
    """Reads an error response; a body that is not Ollama's still gives a kind and a message."""
    said = decoded(body).get("error")
    failure = failure_of(status, said or f"the endpoint answered with status {status}")
    seconds = _retry_after(headers)
    return Failure(failure.status, failure.kind, failure.message, seconds)


def failure_of(status: int, said: Any) -> Failure:
    """The failure that the value of `error` tells of."""
    message, details = _words(said)
    if _TOO_LONG.search(message) or _TOO_LONG.search(text_of(details.get("type"))):
        return Failure(400, "invalid_request_error", _too_long(message, details))
    if _BUSY in message:
        return Failure(503, "overloaded_error", message)
    return Failure(status, KINDS_BY_STATUS.get(status, "api_error"), message)


def _words(said: Any) -> tuple[str, dict[str, Any]]:
    """The message, and what the engine below has said if that is its JSON."""
    details = object_of(said)
    if isinstance(said, str):
        inner = decoded(said.encode()).get("error") if said.startswith("{") else None
        details = object_of(inner)
        said = inner if isinstance(inner, str) else said
    message = text_of(details.get("message")) or text_of(said)
    if not message:
        message = msgspec.json.encode(said).decode()
    return message[:MESSAGE_CHARACTERS_MAX], details


def _too_long(message: str, details: dict[str, Any]) -> str:
    """In the words which Claude Code reads, with the counts if they are known."""
    tokens, tokens_max = details.get("n_prompt_tokens"), details.get("n_ctx")
    if not (isinstance(tokens, int) and isinstance(tokens_max, int)):
        found = _COUNTS.search(message)
        if found is None:
            return f"prompt is too long: {message}"
        tokens, tokens_max = found.groups()
    return f"prompt is too long: {tokens} tokens > {tokens_max} maximum"


def _retry_after(headers: Headers) -> int | None:
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) < 10:
            return min(int(value), RETRY_AFTER_SECONDS_MAX)
    return None
