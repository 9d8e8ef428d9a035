"""Writes `generationConfig` and `toolConfig` for one model, less what that model refuses."""

from __future__ import annotations

from typing import Any

from ..conversation.names import ToolNames
from ..conversation.request import Conversation, OutputFormat, Sampling
from .abilities import formats_beside_tools, output_tokens_max, takes_penalties, thinks
from .schema import to_gemini
from .thinking import thinking_config

STOP_SEQUENCES_MAX = 5
LOGPROBS_MAX = 20
SEED_MAX = 2**31 - 1

_MODES = {"auto": "AUTO", "any": "ANY", "tool": "ANY", "none": "NONE"}


def tool_config(
    conversation: Conversation, names: ToolNames, dropped: set[str]
) -> dict[str, Any] | None:
    """Whether a tool must be called; None where the client has not said."""
    if conversation.parallel_tools is False:
        dropped.add("parallel_tools")
    choice = conversation.tool_choice
    if choice is None:
        return None
    calling: dict[str, Any] = {"mode": _MODES[choice.mode]}
    if choice.mode == "tool":
        calling["allowedFunctionNames"] = [names.sent(choice.name)]
    return {"functionCallingConfig": calling}


def generation_config(
    conversation: Conversation, model: str, dropped: set[str], *, has_tools: bool
) -> dict[str, Any]:
    """How tokens are chosen, how much is thought, and the output's format."""
    found = _sampling(conversation.sampling, model, dropped)
    reasoning = conversation.reasoning
    if config := thinking_config(reasoning, model):
        found["thinkingConfig"] = config
    elif (reasoning.enabled or reasoning.effort not in ("", "none")) and not thinks(model):
        dropped.add("thinking")
    output = conversation.output
    if output is not None and has_tools and not formats_beside_tools(model):
        dropped.add("output format beside tools")
    elif output is not None:
        found |= _format(output)
    return found


def _format(output: OutputFormat) -> dict[str, Any]:
    found: dict[str, Any] = {"responseMimeType": "application/json"}
    if output.schema is not None:
        found["responseJsonSchema"] = to_gemini(output.schema)
    return found


def _sampling(sampling: Sampling, model: str, dropped: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "temperature": sampling.temperature,
        "topP": sampling.top_p,
        "topK": sampling.top_k,
        "maxOutputTokens": _max_tokens(sampling.max_tokens, model),
    }
    if stops := [stop for stop in sampling.stop_sequences if stop]:
        found["stopSequences"] = stops[:STOP_SEQUENCES_MAX]
        if len(stops) > STOP_SEQUENCES_MAX:
            dropped.add("stop_sequences")
    if sampling.seed is not None:
        if -SEED_MAX - 1 <= sampling.seed <= SEED_MAX:
            found["seed"] = sampling.seed
        else:
            dropped.add("seed")
    if sampling.logprobs is not None:
        found["responseLogprobs"] = True
        found["logprobs"] = min(sampling.logprobs, LOGPROBS_MAX) or None
    penalties = {
        "presencePenalty": sampling.presence_penalty,
        "frequencyPenalty": sampling.frequency_penalty,
    }
    if any(penalties.values()) and not takes_penalties(model):
        dropped.add("penalties")
    else:
        found |= {name: penalty for name, penalty in penalties.items() if penalty}
    if sampling.logit_bias:
        dropped.add("logit_bias")
    if (sampling.choices or 1) > 1:
        dropped.add("choices")
    return {name: value for name, value in found.items() if value is not None}


def _max_tokens(asked: int | None, model: str) -> int | None:
    """What the client allows, as far as the model takes it."""
    most = output_tokens_max(model)
    return asked if asked is None or most is None else min(asked, most)
