"""The response object: what an answer is as a whole, at its start, in between and at its end.

It repeats what the request asked for: those members are the client's own bytes, made into parts of
the object once for each answer. Protocols know no clock, so `created_at` is 0, a time that no
client takes for a real one. Source: the type `Response` of the official SDK, whose strict mode
demands more members than its documentation.
"""

from __future__ import annotations

from typing import Any, Final

import attrs
import msgspec

from ..records import Usage
from ..request import ServedRequest
from .usage import written_usage

CREATED_AT: Final = 0

_NULL: Final = b"null"
_ECHOED: Final[dict[str, bytes]] = {
    "background": b"false",
    "instructions": _NULL,
    "max_output_tokens": _NULL,
    "max_tool_calls": _NULL,
    "metadata": b"{}",
    "parallel_tool_calls": b"true",
    "previous_response_id": _NULL,
    "prompt_cache_key": _NULL,
    "reasoning": b'{"effort":null,"summary":null}',
    "safety_identifier": _NULL,
    "service_tier": b'"default"',
    "store": b"true",
    "temperature": b"1.0",
    "text": b'{"format":{"type":"text"}}',
    "tool_choice": b'"auto"',
    "tools": b"[]",
    "top_logprobs": b"0",
    "top_p": b"1.0",
    "truncation": b'"disabled"',
    "user": _NULL,
}
"""The members that repeat the request's, with what stands there if the request says nothing."""


@attrs.frozen
class ResponseObject:
    """One answer's object but for what changes while it is written."""

    id: str
    model: str
    _echoed: dict[str, msgspec.Raw]

    @classmethod
    def of(cls, request: ServedRequest, answer: str) -> ResponseObject:
        """The object for the answer to a request."""
        echoed = {
            key: msgspec.Raw(_one_line(request.json.raw(key)) or silent)
            for key, silent in _ECHOED.items()
        }
        return cls(f"resp_{answer}", request.model, echoed)

    def value(
        self,
        status: str,
        output: list[dict[str, Any]],
        usage: Usage | None = None,
        *,
        incomplete: str = "",
        error: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The object as it is now, ready to be encoded."""
        return {
            "id": self.id,
            "object": "response",
            "created_at": CREATED_AT,
            "status": status,
            "error": error,
            "incomplete_details": {"reason": incomplete} if incomplete else None,
            "model": self.model,
            "output": output,
            "usage": None if usage is None else written_usage(usage),
            **self._echoed,
        }


def _one_line(raw: bytes) -> bytes:
    """JSON without line ends, which may stand between its tokens only; b"" for null."""
    return b"" if raw == _NULL else raw.replace(b"\n", b" ").replace(b"\r", b" ")
