"""What is known of models by their names, so that a request does not fail for a member too many.

OpenAI's thinking models (o1 and on, gpt-5 and on) refuse `max_tokens`, sampling and stop sequences;
most other servers know only `max_tokens`. `reasoning_effort` is an error for many models that do
not think, and clients send one always, so it goes to names that are known to take it, as the
nearest effort that they know.
"""

from __future__ import annotations

import re

from ..conversation.request import Effort, Reasoning

THINKING_MODEL = re.compile(r"(?:o\d|gpt-(?:[5-9]|\d\d))(?!.*chat)")
"""OpenAI's own thinking models, but for the `-chat` ones among them."""
MISTRAL = re.compile(r"(?:open-)?(?:mi[sx]tral|ministral|magistral|codestral|devstral|pixtral)")
_ONE_BY_ONE = re.compile(r"o\d")

_THREE: tuple[Effort, ...] = ("low", "medium", "high")
_EFFORTS: tuple[tuple[re.Pattern[str], tuple[Effort, ...]], ...] = (
    (re.compile(r"o\d"), _THREE),
    (re.compile(r"gpt-5(?:-(?!chat)|$)"), ("minimal", *_THREE)),
    (re.compile(r"gpt-5\.\d(?!.*chat)"), ("none", *_THREE, "xhigh")),
    (re.compile(r"gpt-(?:[6-9]|\d\d)(?!.*chat)"), ("none", *_THREE, "xhigh", "max")),
    (re.compile(r"gpt-oss"), _THREE),
    (re.compile(r"gemini-(?:2\.5|[3-9])"), _THREE),
    (re.compile(r"grok-(?:3-mini|[4-9])"), ("low", "high")),
    (re.compile(r"magistral"), ("none", "high")),
)
"""Efforts that a model takes, by how its name begins."""
_ORDER: tuple[Effort, ...] = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_BUDGETS: tuple[tuple[int, Effort], ...] = ((4_096, "low"), (16_384, "medium"))
"""A budget of up to so many tokens is about this effort; a larger one is high."""


def bare_name(model: str) -> str:
    """A model's name without a provider before it and a variant behind: `openai/o3:free` is o3."""
    return model.rpartition("/")[2].partition(":")[0].lower()


def is_thinking_model(model: str) -> bool:
    """Whether it is one of OpenAI's own, with their narrower request."""
    return THINKING_MODEL.match(bare_name(model)) is not None


def refuses_parallel(model: str) -> bool:
    """Whether the model refuses to be told if it may call several tools at once."""
    return _ONE_BY_ONE.match(bare_name(model)) is not None


def is_mistral(model: str) -> bool:
    """Whether it is one of Mistral's, whose API takes ids of nine letters and digits alone."""
    return MISTRAL.match(bare_name(model)) is not None


def wished_effort(reasoning: Reasoning) -> Effort:
    """The effort that a client asks for in any of its ways; "" if it says nothing of it."""
    if reasoning.enabled is False:
        return "none"
    if reasoning.effort or not reasoning.budget_tokens:
        return reasoning.effort
    for limit, effort in _BUDGETS:
        if reasoning.budget_tokens <= limit:
            return effort
    return "high"


def effort_for(model: str, effort: Effort) -> Effort:
    """The nearest effort that the model takes; "" if none is to be sent."""
    name = bare_name(model)
    known = next((efforts for names, efforts in _EFFORTS if names.match(name)), ())
    if not effort or not known:
        return ""
    wanted = _ORDER.index(effort)
    return min(known, key=lambda each: abs(_ORDER.index(each) - wanted))
