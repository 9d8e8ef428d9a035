"""What a model of Gemini's can do, read from its name: the API gives no other way in a request.

Sources: the API's pages on thinking, thought signatures and function calling. A name that is not
Gemini's (Gemma's, a tuned model's) is taken to be able to do least.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_VERSION = re.compile(r"(?:^|/)gemini-(\d{1,3})(?:\.(\d{1,3}))?(?![\d.])")
_LATEST = re.compile(r"(?:^|/)gemini-[a-z-]*latest$")
NEWEST = (3, 0)
"""What an alias that ends in `latest` stands for, at the least."""
PREFIXES = ("models/", "tunedModels/")

Version = tuple[int, int]


def version(model: str) -> Version:
    """A model's version; (0, 0) where the name says none."""
    found = _VERSION.search(model)
    if found:
        return int(found.group(1)), int(found.group(2) or 0)
    return NEWEST if _LATEST.search(model) else (0, 0)


def thinks(model: str) -> bool:
    """Whether it takes a `thinkingConfig`; others refuse one."""
    return version(model) >= (2, 5)


def thinks_in_levels(model: str) -> bool:
    """Whether thinking is set by a level, not by a budget of tokens."""
    return version(model) >= (3, 0)


def needs_signature(model: str) -> bool:
    """Whether a function call in the history is refused without a thought signature."""
    return version(model) >= (3, 0)


def reads_media_in_results(model: str) -> bool:
    """Whether a function response may hold media in `parts`."""
    return version(model) >= (3, 0)


def formats_beside_tools(model: str) -> bool:
    """Whether structured output may be asked for together with tools."""
    return version(model) >= (3, 0)


def takes_penalties(model: str) -> bool:
    """Whether it takes presence and frequency penalties; the thinking models refuse them."""
    return not thinks(model)


def output_tokens_max(model: str) -> int | None:
    """The most that `maxOutputTokens` may say; None where nobody knows."""
    found = version(model)
    if found >= (2, 5):
        return 65_536
    return 8_192 if found > (0, 0) else None


def resource(model: str) -> str:
    """The model's resource name, as it stands in a path."""
    named = model if model.startswith(PREFIXES) else f"models/{model}"
    return quote(named, safe="/:@")
