"""What a chat template knows, by the words in it.

It is searched and not rendered: a template is a program, and this is asked of every model there is.
A model is said to know tools if its template speaks of them at all.
"""

from __future__ import annotations

import re
from typing import Final

_TOOLS: Final = re.compile(r"\btools\b")
_THINKING: Final = (
    "enable_thinking",
    "reasoning_effort",
    "thinking_budget",
    "thinking_mode",
    "<think>",
    "<|think|>",
    "[THINK]",
    "<seed:think>",
)
_OPENS, _CLOSES = "{#", "#}"


def knows_tools(template: str) -> bool:
    """Tells whether it speaks of tools."""
    return _TOOLS.search(without_comments(template)) is not None


def thinks(template: str) -> bool:
    """Tells whether it sets thinking apart from what is answered."""
    words = without_comments(template)
    return any(word in words for word in _THINKING)


def without_comments(template: str) -> str:
    """Linear in the template's length, which is somebody else's choice."""
    kept: list[str] = []
    place = 0
    while (start := template.find(_OPENS, place)) >= 0:
        end = template.find(_CLOSES, start)
        if end < 0:
            break
        kept.append(template[place:start])
        place = end + len(_CLOSES)
    return "".join((*kept, template[place:]))
