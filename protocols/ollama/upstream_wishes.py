"""Neutral wishes as Ollama's members: `tools`, `options`, `format`, `think`, `logprobs`.

`think` is said only where it is sure to be understood: true is what a model that can think does by
default, and one that cannot refuses the whole request for it; false is safe for all. Levels are for
gpt-oss, which takes nothing else and cannot be kept from thinking.
Source: docs/capabilities/thinking.mdx and ChatHandler in Ollama's server/routes.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..conversation.deferral import plain_tools
from ..conversation.request import Conversation, Effort, Reasoning, Sampling
from .tools import written_tool

_OPTIONS: Final[Mapping[str, str]] = {
    "max_tokens": "num_predict",
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "seed": "seed",
    "presence_penalty": "presence_penalty",
    "frequency_penalty": "frequency_penalty",
}
_LEVELLED: Final = "gpt-oss"
"""Part of the names of those models that take levels of thinking."""
_LEVELS: Final[Mapping[Effort, str]] = {
    "none": "low",
    "minimal": "low",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "high",
    "max": "high",
}


def written_wishes(
    conversation: Conversation, model: str, context_tokens: int
) -> tuple[dict[str, Any], list[str]]:
    """The request's members beside the messages, and the names of what cannot be said."""
    members: dict[str, Any] = {}
    dropped: list[str] = []
    tools = _tools(conversation, dropped)
    if tools:
        members["tools"] = tools
    options = _options(conversation.sampling, dropped)
    if context_tokens:
        options["num_ctx"] = context_tokens
    if options:
        members["options"] = options
    if conversation.output is not None:
        schema = conversation.output.schema
        members["format"] = "json" if schema is None else schema
    think = _think(conversation.reasoning, model, dropped)
    if think is not None:
        members["think"] = think
    if conversation.sampling.logprobs is not None:
        members["logprobs"] = True
        members["top_logprobs"] = conversation.sampling.logprobs
    return members, dropped


def _tools(conversation: Conversation, dropped: list[str]) -> list[dict[str, Any]]:
    """The tools to be shown: none if the client wants no call, which cannot be said otherwise."""
    choice = conversation.tool_choice
    if choice is not None and choice.mode == "none":
        return []
    if choice is not None and choice.mode != "auto":
        dropped.append("tool_choice")
    shown = plain_tools(conversation)
    dropped += [f"tools.{tool.name}" for tool in conversation.tools if tool.server is not None]
    if conversation.parallel_tools is False and shown:
        dropped.append("parallel_tools")
    return [written_tool(tool) for tool in shown]


def _options(sampling: Sampling, dropped: list[str]) -> dict[str, Any]:
    options = {
        option: value
        for name, option in _OPTIONS.items()
        if (value := getattr(sampling, name)) is not None
    }
    if sampling.stop_sequences:
        options["stop"] = sampling.stop_sequences
    if sampling.logit_bias is not None:
        dropped.append("logit_bias")
    if sampling.choices not in (None, 1):
        dropped.append("choices")
    return options


def _think(reasoning: Reasoning, model: str, dropped: list[str]) -> bool | str | None:
    off = reasoning.enabled is False or reasoning.effort == "none"
    if reasoning.budget_tokens is not None:
        dropped.append("reasoning.budget_tokens")
    if _LEVELLED in model:
        return _LEVELS["none"] if off else _LEVELS.get(reasoning.effort)
    if reasoning.effort not in ("", "none"):
        dropped.append("reasoning.effort")
    return False if off else None
