"""How a model of Anthropic's is asked to think: by a budget up to Claude 4.5, by an effort since.

Source: the pages "Thinking" and "Effort" of the Messages API. The API refuses what a generation
does not know, so the model's name decides; a name that tells nothing counts as new. A generation
that thinks by budget refuses thinking beside a tool that must be called, and in the middle of a
tool loop that another model began: there it is left out, for this one answer.
"""

from __future__ import annotations

import re
from typing import Any

from ..conversation.blocks import RedactedThinking, Thinking, ToolResult, ToolUse
from ..conversation.origin import own_payload
from ..conversation.request import Conversation, Message, Reasoning
from .limits import BUDGET_TOKENS_MIN

Json = dict[str, Any]

_THOUGHTLESS = re.compile(r"claude-(?:2|instant|3-(?:5|opus|sonnet|haiku))")
_BY_BUDGET = re.compile(
    r"claude-3-7|claude-(?:opus|sonnet|haiku)-4(?:[.-][0-5](?!\d)|-\d{8}|-v\d|@|$)"
)

BUDGETS_TOKENS = {
    "minimal": 1_024,
    "low": 4_096,
    "medium": 10_240,
    "high": 24_576,
    "xhigh": 31_999,
    "max": 31_999,
}
"""The budget for an effort, where there are only budgets; 31,999 is what Claude Code asks for."""
MEDIUM_BUDGET_TOKENS = 8_192
HIGH_BUDGET_TOKENS = 16_384
"""From these budgets on the effort is called medium, and high, where there are only efforts."""


def thinking_members(
    conversation: Conversation, model: str, max_tokens: int, dropped: set[str]
) -> Json:
    """The members `thinking` and `output_config`, as far as the client's wish needs them."""
    reasoning = conversation.reasoning
    if reasoning.enabled is False or reasoning.effort == "none":
        return {} if _THOUGHTLESS.search(model) else {"thinking": {"type": "disabled"}}
    if not (reasoning.enabled or reasoning.effort or reasoning.shown is not None):
        return {}
    if _THOUGHTLESS.search(model):
        dropped.add("thinking")
        return {}
    if _BY_BUDGET.search(model):
        return _by_budget(conversation, max_tokens, dropped)
    return _by_effort(reasoning)


def _by_effort(reasoning: Reasoning) -> Json:
    thinking: Json = {"type": "adaptive"}
    if reasoning.shown is not None:
        thinking["display"] = "summarized" if reasoning.shown else "omitted"
    said = "low" if reasoning.effort == "minimal" else reasoning.effort
    effort = said or _effort_of(reasoning.budget_tokens)
    found: Json = {"thinking": thinking}
    return {**found, "output_config": {"effort": effort}} if effort else found


def _effort_of(budget_tokens: int | None) -> str:
    if budget_tokens is None:
        return ""
    if budget_tokens < MEDIUM_BUDGET_TOKENS:
        return "low"
    return "medium" if budget_tokens < HIGH_BUDGET_TOKENS else "high"


def _by_budget(conversation: Conversation, max_tokens: int, dropped: set[str]) -> Json:
    reasoning = conversation.reasoning
    if not (reasoning.enabled or reasoning.effort):
        return {}
    wanted = reasoning.budget_tokens or BUDGETS_TOKENS[reasoning.effort or "medium"]
    budget = min(max(wanted, BUDGET_TOKENS_MIN), max_tokens - 1)
    choice = conversation.tool_choice
    forced = choice is not None and choice.mode in ("any", "tool")
    if budget < BUDGET_TOKENS_MIN or forced or _in_foreign_loop(conversation.messages):
        dropped.add("thinking")
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def _in_foreign_loop(messages: tuple[Message, ...]) -> bool:
    """Whether a tool's result is to be answered and its call came without Anthropic's thinking."""
    spoken = [message for message in messages if message.role != "system"]
    if len(spoken) < 2 or not any(isinstance(block, ToolResult) for block in spoken[-1].blocks):
        return False
    before = spoken[-2].blocks
    called = any(isinstance(block, ToolUse) for block in before)
    return called and not (before and _is_own(before[0]))


def _is_own(block: object) -> bool:
    if isinstance(block, Thinking):
        return own_payload(block.signature, "anthropic", "") is not None
    return isinstance(block, RedactedThinking) and (
        own_payload(block.data, "anthropic", "") is not None
    )
