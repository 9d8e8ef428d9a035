"""What a conversation wishes besides its messages, in a worker's words.

How much to think is said in three neutral variables, which `thinking_variables` makes into those
that a template knows: templates have never agreed on names for it.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..conversation.request import Conversation, Effort, Reasoning
from ..conversation.request import Sampling as Wished
from .messages import Sampling, ToolShape

THINKS: Final = "enable_thinking"
EFFORT: Final = "reasoning_effort"
BUDGET: Final = "thinking_budget"

_BUDGETS: Final[tuple[tuple[int, Effort], ...]] = ((4_096, "low"), (16_384, "medium"))
"""A budget of up to so many tokens is about this effort; a larger one is high."""


@attrs.frozen
class ToolWish:
    """Whether tools are to be called: the members of an `Ask`."""

    mode: str = "auto"
    name: str = ""
    parallel: bool = True


def wished_thinking(reasoning: Reasoning) -> dict[str, Any]:
    """The neutral variables; none where the client says nothing, and the template decides."""
    if reasoning.enabled is False or reasoning.effort == "none":
        return {THINKS: False}
    wished: dict[str, Any] = {}
    effort = reasoning.effort or _effort(reasoning.budget_tokens)
    if reasoning.enabled or effort:
        wished[THINKS] = True
    if effort:
        wished[EFFORT] = effort
    if reasoning.budget_tokens:
        wished[BUDGET] = reasoning.budget_tokens
    return wished


def _effort(budget_tokens: int | None) -> Effort:
    if not budget_tokens:
        return ""
    for limit, effort in _BUDGETS:
        if budget_tokens <= limit:
            return effort
    return "high"


def wished_tools(
    conversation: Conversation, shown: list[ToolShape], dropped: list[str]
) -> ToolWish:
    """How the tools may be called. A choice of a tool that is not shown is left out."""
    parallel = conversation.parallel_tools is not False
    choice = conversation.tool_choice
    if choice is None:
        return ToolWish(parallel=parallel)
    known = bool(shown) and (choice.mode != "tool" or any(t.name == choice.name for t in shown))
    if choice.mode in ("auto", "none") or known:
        return ToolWish(choice.mode, choice.name if choice.mode == "tool" else "", parallel)
    dropped.append("tool_choice")
    return ToolWish(parallel=parallel)


def wished_sampling(wished: Wished, dropped: list[str]) -> Sampling:
    """How tokens are chosen."""
    if (wished.choices or 1) > 1:
        dropped.append("choices")
    return Sampling(
        temperature=wished.temperature,
        top_p=wished.top_p,
        top_k=wished.top_k,
        seed=wished.seed,
        presence_penalty=wished.presence_penalty or 0.0,
        frequency_penalty=wished.frequency_penalty or 0.0,
        logit_bias=_biases(wished.logit_bias or {}, dropped),
        logprobs=wished.logprobs,
    )


def _biases(wished: dict[str, Any], dropped: list[str]) -> dict[int, float]:
    """The biases by token; what is no token or no number is left out."""
    biases = {
        int(token): float(bias)
        for token, bias in wished.items()
        if token.isascii() and token.isdigit() and isinstance(bias, int | float)
    }
    if len(biases) < len(wished):
        dropped.append("logit_bias")
    return biases
