"""Usage in Chat Completions' shape, both ways.

`prompt_tokens` includes what came from a cache; the neutral count does not. Servers tell the cached
part in different places, and some count thinking apart from the output, which the total shows.
"""

from __future__ import annotations

from typing import Any

from ..json_values import object_of
from ..records import Usage

TOKENS_MAX = 2**48
"""A larger count is no count; a ledger must be able to add them up."""


def read_usage(reported: dict[str, Any]) -> Usage:
    """The neutral usage. Cached tokens are counted once, thinking is part of the output."""
    prompt = _count(reported.get("prompt_tokens"))
    output = _count(reported.get("completion_tokens"))
    details = object_of(reported.get("prompt_tokens_details"))
    cached = (
        _count(details.get("cached_tokens"))
        or _count(reported.get("prompt_cache_hit_tokens"))  # DeepSeek
        or _count(reported.get("cached_tokens"))  # Moonshot
        or _count(reported.get("cache_read_input_tokens"))  # Anthropic's models behind proxies
    )
    written = _count(details.get("cache_write_tokens")) or _count(
        reported.get("cache_creation_input_tokens")
    )
    thought = _count(
        object_of(reported.get("completion_tokens_details")).get("reasoning_tokens")
    ) or _count(reported.get("reasoning_tokens"))
    if thought and _count(reported.get("total_tokens")) == prompt + output + thought:
        output += thought  # xAI counts them apart
    cached = min(cached, prompt)
    written = min(written, prompt - cached)
    return Usage(
        input_tokens=prompt - cached - written,
        output_tokens=output,
        cache_read_tokens=cached,
        cache_creation_tokens=written,
        reasoning_tokens=min(thought, output),
    )


def usage_object(usage: Usage) -> dict[str, Any]:
    """The `usage` member of an answer."""
    prompt = usage.input_tokens + usage.cache_read_tokens + usage.cache_creation_tokens
    details: dict[str, Any] = {"cached_tokens": usage.cache_read_tokens}
    if usage.cache_creation_tokens:
        details["cache_write_tokens"] = usage.cache_creation_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": usage.output_tokens,
        "total_tokens": prompt + usage.output_tokens,
        "prompt_tokens_details": details,
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
    }


def _count(value: Any) -> int:
    return value if type(value) is int and 0 < value <= TOKENS_MAX else 0
