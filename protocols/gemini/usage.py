"""Usage, both ways. Gemini's prompt count includes what came from the cache, ours does not.

Source: the reference of `UsageMetadata`. Thoughts are counted beside the candidates and are output;
what server-side tools put into the prompt is counted beside the prompt and is input.
"""

from __future__ import annotations

from typing import Any

from ..records import Usage
from .members import member, snake, tokens

_COUNTS = (
    "promptTokenCount",
    "cachedContentTokenCount",
    "toolUsePromptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
)
_KNOWN = frozenset((*_COUNTS, *map(snake, _COUNTS)))


def counts_of(metadata: dict[str, Any]) -> dict[str, Any]:
    """The members that count: what may be kept of many chunks without growing."""
    return {name: value for name, value in metadata.items() if name in _KNOWN}


def read_usage(metadata: dict[str, Any]) -> Usage:
    """The usage in Anthropic's convention."""
    prompt = tokens(member(metadata, "promptTokenCount"))
    cached = min(prompt, tokens(member(metadata, "cachedContentTokenCount")))
    output = tokens(member(metadata, "candidatesTokenCount"))
    return Usage(
        input_tokens=prompt - cached + tokens(member(metadata, "toolUsePromptTokenCount")),
        output_tokens=output + tokens(member(metadata, "thoughtsTokenCount")),
        cache_read_tokens=cached,
    )


def usage_metadata(usage: Usage) -> dict[str, int]:
    """The usage as Gemini tells it; what was written to a cache is part of the prompt."""
    prompt = usage.input_tokens + usage.cache_read_tokens + usage.cache_creation_tokens
    found = {
        "promptTokenCount": prompt,
        "candidatesTokenCount": usage.output_tokens,
        "totalTokenCount": prompt + usage.output_tokens,
    }
    if usage.cache_read_tokens:
        found["cachedContentTokenCount"] = usage.cache_read_tokens
    return found
