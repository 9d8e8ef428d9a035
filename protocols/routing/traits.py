"""What a turn is like, as far as a rule may ask: read from its bytes, only where a rule does.

Each trait is decided by what the request itself says, never by what its text is about. Tokens are
a guess from the number of bytes: a rule's limit is a rough one, and counting costs a question to
the endpoint that is only being chosen.

What marks Claude Code's turns was measured with its version 2.1.330 (docs/claude-code.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ..anthropic.reminders import BILLING_PREFIX
from ..json_values import object_of, objects_of, text_of
from ..request import BadRequest
from ..settings_data import RuleSettings, Trait
from ..turn import Turn

TOKEN_BYTES: Final = 4
BACKGROUND: Final = re.compile(r"haiku", re.IGNORECASE)
"""In the id of the model that a client asks for its small work."""
HIGH_EFFORTS: Final = ("xhigh", "max")
"""Of `output_config`. Claude Code asks for "high" where nobody has chosen: it says nothing."""
HIGH_REASONING: Final = ("high", *HIGH_EFFORTS)
"""Of the dialects whose clients ask for "medium" by themselves."""
PLAN_MODE: Final = b"Plan mode is active"
PLAN_MODE_LEFT: Final = b"You have exited plan mode"
"""Claude Code's words to the model when it enters plan mode, and when it leaves it. Both stay in
the history: where no member of the request says the mode, the later of them does."""

IMAGE_TOKENS: Final = 1_600
"""What an image costs, about: Anthropic's figure for one of the largest size that is not shrunk."""

_IMAGE: Final = re.compile(
    rb'"type"\s*:\s*"(?:image|image_url|input_image)"'
    rb'|"(?:inline_?data|inlineData)"\s*:\s*\{[^{}]{0,200}"image/'
)
"""An image in any dialect. A quote inside a text is escaped, so a text cannot look like one."""
_SIGN: Final = re.compile(rb'"i(?:mage|nput_image)')
"""It is in whatever the patterns find, and to look for a fixed beginning is much faster."""
_OLLAMA_IMAGE: Final = re.compile(rb'"images"\s*:\s*\[\s*"')
FILE_BYTES_MIN: Final = 4_096
"""Of a file in base64 that matters."""
_STRIDE: Final = FILE_BYTES_MIN // 2
_RUN: Final = re.compile(rb"[A-Za-z0-9+/=_\\-]{%d,}" % _STRIDE)
"""In each file that matters one begins at a multiple of the stride."""
_FILE_BEGUN: Final = re.compile(
    rb'(?:;base64,|"data"\s*:\s*"|"images"\s*:\s*\[\s*")([A-Za-z0-9+/=_\\-]*)\Z'
)


def guessed_tokens(turn: Turn) -> int:
    """How long a request is, roughly; a file in it counts as an image."""
    body = turn.request.body
    files = [*_file_lengths(body)]
    return (len(body) - sum(files)) // TOKEN_BYTES + IMAGE_TOKENS * len(files)


def _file_lengths(body: bytes) -> Iterator[int]:
    """How long each file is. Where there is none, a few bytes of each stride are looked at."""
    place = 0
    while place < len(body):
        run = _RUN.match(body, place)
        if run is not None:
            begun = _FILE_BEGUN.search(body, max(0, place - 2 * _STRIDE), place)
            if begun is not None and run.end() - begun.start(1) >= FILE_BYTES_MIN:
                yield run.end() - begun.start(1)
            place = run.end() // _STRIDE * _STRIDE
        place += _STRIDE


def is_longer(turn: Turn, tokens: int) -> bool:
    """Whether a request is longer, roughly. One that is short with all its files is not read."""
    return len(turn.request.body) // TOKEN_BYTES > tokens and guessed_tokens(turn) > tokens


def sees_images(turn: Turn) -> bool:
    """Whether there is an image anywhere in the conversation."""
    body = turn.request.body
    if _SIGN.search(body) is None:
        return False
    if _IMAGE.search(body) is not None:
        return True
    return turn.request.dialect.startswith("ollama") and _OLLAMA_IMAGE.search(body) is not None


def has_small_form(turn: Turn) -> bool:
    """Whether a turn is Claude Code's own small work, as far as its form tells."""
    if turn.agent or turn.request.dialect != "anthropic":
        return False
    found = turn.request.json
    if found.raw("thinking") or found.head("tools", 2) == b"[{" or _value(turn, "tools"):
        return False
    first = objects_of(_value(turn, "system"))[:1]
    return any(text_of(block.get("text")).startswith(BILLING_PREFIX) for block in first)


def is_aside(turn: Turn) -> bool:
    """Whether a turn is no part of what the user talks about: a small model is asked, with no
    tools, or the form tells. With its tools a small model is one that the user has picked."""
    small = BACKGROUND.search(turn.model) is not None and not turn.request.json.length("tools")
    return small or has_small_form(turn)


def matches(rule: RuleSettings, turn: Turn) -> bool:
    """Whether a turn has all the traits that a rule asks for."""
    return all(has(trait, turn, rule) for trait in rule.when)


def has(trait: Trait, turn: Turn, rule: RuleSettings) -> bool:
    """Whether a turn has a trait, as this rule means it."""
    return _HAS[trait](turn, rule)


def _is_background(turn: Turn, _rule: RuleSettings) -> bool:
    """The client's own small work: named after a small model, or told by its form.

    Claude Code asks its main model for a session's title and the summary of a page, unless told
    otherwise: its own first line of the system prompt, no tools, no thinking.
    """
    return BACKGROUND.search(turn.model) is not None or has_small_form(turn)


def _is_long(turn: Turn, rule: RuleSettings) -> bool:
    return is_longer(turn, rule.above_tokens)


def _thinks(turn: Turn, _rule: RuleSettings) -> bool:
    """Whether a budget for thinking is set, or a high effort asked for."""
    thinking, effort = _member(turn, "thinking"), _member(turn, "output_config")
    reasoning = _member(turn, "reasoning")
    reasons = (reasoning.get("effort"), _text(turn, "reasoning_effort"))
    return (
        thinking.get("type") == "enabled"
        or effort.get("effort") in HIGH_EFFORTS
        or any(word in HIGH_REASONING for word in reasons)
    )


def _is_planning(turn: Turn, _rule: RuleSettings) -> bool:
    """Whether Claude Code is in plan mode now, not whether it ever was."""
    modes = [
        object_of(asked.get("classifier_context")).get("permission_mode")
        for asked in objects_of(_value(turn, "safeguards"))
    ]
    if any(modes):
        return "plan" in modes
    body = turn.request.body
    return body.rfind(PLAN_MODE) > body.rfind(PLAN_MODE_LEFT)


_HAS: Final[Mapping[Trait, Callable[[Turn, RuleSettings], bool]]] = {
    "background": _is_background,
    "long-context": _is_long,
    "vision": lambda turn, _: sees_images(turn),
    "sub-agent": lambda turn, _: bool(turn.agent),
    "thinking": _thinks,
    "plan": _is_planning,
}


def _member(turn: Turn, key: str) -> Mapping[str, Any]:
    return object_of(_value(turn, key))


def _text(turn: Turn, key: str) -> str:
    found = _value(turn, key)
    return found if isinstance(found, str) else ""


def _value(turn: Turn, key: str) -> Any:
    try:
        return turn.request.value(key)
    except BadRequest:
        return None
