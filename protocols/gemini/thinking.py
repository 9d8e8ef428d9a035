"""How much to think, both ways: `thinkingConfig` and the neutral `Reasoning`.

Gemini 2.5 takes a budget of tokens, Gemini 3 a level; each refuses what it does not know, so the
model's name decides. The budgets for an effort are those of Google's own OpenAI-compatible API.
"""

from __future__ import annotations

from typing import Any, cast

from ..conversation.request import Effort, Reasoning
from ..json_values import text_of
from .abilities import thinks, thinks_in_levels
from .members import flag, member, whole

_BUDGETS: dict[str, int] = {
    "minimal": 1_024,
    "low": 1_024,
    "medium": 8_192,
    "high": 24_576,
    "xhigh": 32_768,
    "max": 32_768,
}
_LEVELS: dict[str, str] = {
    "minimal": "MINIMAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
    "max": "HIGH",
}
_LEVEL_BUDGETS = ((1_024, "low"), (8_192, "medium"))
"""The greatest budgets that a level below the highest stands for."""
_EFFORTS = ("minimal", "low", "medium", "high", "xhigh")
BUDGETS_PRO = (128, 32_768)
BUDGETS_FLASH = (512, 24_576)
"""Least and greatest budgets; Pro cannot be told not to think."""


def read_thinking(config: dict[str, Any]) -> Reasoning:
    """What a client asks. A budget of 0 means none, of -1 as much as the model likes."""
    budget = whole(member(config, "thinkingBudget"))
    level = text_of(member(config, "thinkingLevel")).lower()
    effort = cast("Effort", level if level in _EFFORTS else "")
    return Reasoning(
        enabled=budget != 0 if budget is not None else (True if effort else None),
        budget_tokens=budget if budget is not None and budget > 0 else None,
        effort=effort,
        shown=flag(member(config, "includeThoughts")),
    )


def thinking_config(reasoning: Reasoning, model: str) -> dict[str, Any] | None:
    """The `thinkingConfig` for a model; None where nothing is to be said, or it takes none."""
    if not thinks(model) or reasoning == Reasoning():
        return None
    off = reasoning.enabled is False or reasoning.effort == "none"
    found: dict[str, Any] = {}
    if reasoning.shown or (reasoning.shown is None and reasoning.enabled and not off):
        found["includeThoughts"] = True
    if thinks_in_levels(model):
        level = _level(reasoning, model, off=off)
        return found | ({"thinkingLevel": level} if level else {})
    budget = _budget(reasoning, model, off=off)
    return found | ({} if budget is None else {"thinkingBudget": budget})


def _level(reasoning: Reasoning, model: str, *, off: bool) -> str:
    effort: str = "minimal" if off else reasoning.effort
    if not effort and reasoning.budget_tokens is not None:
        fitting = (name for most, name in _LEVEL_BUDGETS if reasoning.budget_tokens <= most)
        effort = next(fitting, "high")
    if effort == "minimal" and "pro" in model:
        effort = "low"  # Pro knows no level below it
    return _LEVELS.get(effort, "")


def _budget(reasoning: Reasoning, model: str, *, off: bool) -> int | None:
    least, most = BUDGETS_PRO if "pro" in model else BUDGETS_FLASH
    if off:
        return least if "pro" in model else 0
    budget = reasoning.budget_tokens
    if budget is None:
        budget = _BUDGETS.get(reasoning.effort)
    return None if budget is None else max(least, min(budget, most))
