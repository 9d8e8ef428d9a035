"""Thinking: the tags that families put around it.

Thinking begins where an answer, or what follows a call or other thinking, begins, and never in the
middle of text: an answer about tags may name them. Many templates open it themselves, so that the
end of the prompt says whether an answer begins with it. White space beside a tag belongs to the tag
(`<think>\\n...\\n</think>\\n\\n`), and thinking of white space alone is none.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class Tags:
    """What opens thinking and what closes it."""

    open: str
    close: str


THINK = Tags("<think>", "</think>")
"""DeepSeek's tags, which most families have taken over."""


def opened_by(prompt_tail: str, tags: tuple[Tags, ...]) -> Tags | None:
    """The tags whose thinking a prompt with this end has opened."""
    end = prompt_tail.rstrip()
    return next((each for each in tags if end.endswith(each.open)), None)
