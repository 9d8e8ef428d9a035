"""Token counts in this dialect's convention: `input_tokens` counts what came from a cache, too."""

from __future__ import annotations

from typing import Any

import msgspec

from ..json_values import object_of
from ..records import Usage

TOKENS_MAX = 2**48
"""A larger count is no count; a ledger must be able to add them up."""


def read_usage(reported: Any) -> Usage:
    """The counts that an upstream reports, each token once."""
    usage = object_of(reported)
    details = object_of(usage.get("input_tokens_details"))
    cached = _count(details.get("cached_tokens"))
    written = _count(details.get("cache_write_tokens"))
    return Usage(
        input_tokens=max(0, _count(usage.get("input_tokens")) - cached - written),
        output_tokens=_count(usage.get("output_tokens")),
        cache_read_tokens=cached,
        cache_creation_tokens=written,
        reasoning_tokens=_count(
            object_of(usage.get("output_tokens_details")).get("reasoning_tokens")
        ),
    )


def written_usage(usage: Usage) -> dict[str, Any]:
    """The counts as a client reads them."""
    read = usage.input_tokens + usage.cache_read_tokens + usage.cache_creation_tokens
    return {
        "input_tokens": read,
        "input_tokens_details": {
            "cached_tokens": usage.cache_read_tokens,
            "cache_write_tokens": usage.cache_creation_tokens,
        },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": read + usage.output_tokens,
    }


def written_count(tokens: int) -> bytes:
    """The answer to a client that asked how many tokens its input has."""
    return msgspec.json.encode({"object": "response.input_tokens", "input_tokens": tokens})


def _count(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value <= TOKENS_MAX else 0
