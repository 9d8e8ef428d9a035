"""A request to an endpoint of this dialect, stateless: everything is in it and nothing is kept.

Models differ in what they refuse, and a refused request helps nobody: sampling is left out for
models that reason, and their encrypted reasoning is not asked of models that do not. What is left
out is named in `dropped`.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

import msgspec

from ..conversation.deferral import plain_tools
from ..conversation.names import NameRule, ToolNames, fitting
from ..conversation.request import Conversation, Effort, OutputFormat, Reasoning, Tool, ToolChoice
from ..dialect import Outgoing
from .upstream_items import ItemList

PATH: Final = "/v1/responses"
COUNT_PATH: Final = "/v1/responses/input_tokens"
NAMES: Final = NameRule(64, re.compile(r"[^a-zA-Z0-9_-]"))
OUTPUT_TOKENS_MIN: Final = 16
"""The API refuses a lower limit of an answer."""
USER_CHARACTERS_MAX: Final = 64
ENCRYPTED: Final = "reasoning.encrypted_content"
LOGPROBS: Final = "message.output_text.logprobs"
FORMAT_NAME: Final = "answer"
LOW_BUDGET_TOKENS: Final = 4_096
MEDIUM_BUDGET_TOKENS: Final = 16_384
"""Up to which budget of thinking the effort is low, or medium; above that it is high."""

_REASONS = re.compile(r"(?:.*/)?(?:o\d|gpt-(?:[5-9]|\d\d)(?!-chat|\.\d-chat)|codex)")
_REASONS_NOT = re.compile(r"(?:.*/)?(?:gpt-[34]|chatgpt|gpt-[5-9][.\d]*-chat)")
_UNSAID: Final = ("top_k", "stop_sequences", "seed", "presence_penalty", "frequency_penalty")
_UNSAID_TOO: Final = ("logit_bias", "choices")
_MODES: Final = {"auto": "auto", "any": "required", "none": "none"}
_COUNTED: Final = (
    "model",
    "input",
    "instructions",
    "parallel_tool_calls",
    "reasoning",
    "text",
    "tool_choice",
    "tools",
)
"""The members that the endpoint which counts knows."""


def write_request(conversation: Conversation, model: str) -> Outgoing:
    """The request for an answer."""
    body, dropped = _body(conversation, model)
    return Outgoing(PATH, msgspec.json.encode(body), dropped=tuple(dict.fromkeys(dropped)))


def write_count_request(conversation: Conversation, model: str) -> Outgoing:
    """The request for the count of its input tokens."""
    body, _ = _body(conversation, model)
    counted = {key: body[key] for key in _COUNTED if key in body}
    return Outgoing(COUNT_PATH, msgspec.json.encode(counted))


def tool_names(conversation: Conversation) -> ToolNames:
    """The names as they are sent: of all tools, and of those that were called earlier."""
    called = (use.name for use in conversation.tool_uses().values())
    return ToolNames.of((*(tool.name for tool in conversation.tools), *called), NAMES)


def _body(conversation: Conversation, model: str) -> tuple[dict[str, Any], list[str]]:
    names = tool_names(conversation)
    items = ItemList(model, names)
    for message in conversation.messages:
        items.add(message)
    body: dict[str, Any] = {"model": model, "input": items.items, "store": False}
    instructions = "\n\n".join(text.text for text in conversation.system if text.text)
    if instructions:
        body["instructions"] = instructions
    if conversation.streamed:
        body["stream"] = True
    dropped = [*items.dropped]
    dropped += _add_tools(body, conversation, names)
    dropped += _add_sampling(body, conversation, model)
    dropped += _add_reasoning(body, conversation.reasoning, model)
    if conversation.output is not None:
        body["text"] = {"format": _format(conversation.output)}
    if conversation.user:
        body["user"] = body["prompt_cache_key"] = _user(conversation.user)
    return body, dropped


def _add_tools(body: dict[str, Any], conversation: Conversation, names: ToolNames) -> list[str]:
    """Adds the tools that the model may see; returns what is left out."""
    shown = plain_tools(conversation)
    server = [f"tools.{tool.name}" for tool in conversation.tools if tool.server is not None]
    if not shown:
        return server
    body["tools"] = [_function(tool, names) for tool in shown]
    if conversation.parallel_tools is not None:
        body["parallel_tool_calls"] = conversation.parallel_tools
    choice = conversation.tool_choice
    if choice is None:
        return server
    if choice.mode == "tool" and all(tool.name != choice.name for tool in shown):
        return [*server, "tool_choice"]
    body["tool_choice"] = _choice(choice, names)
    return server


def _function(tool: Tool, names: ToolNames) -> dict[str, Any]:
    """A function. Strictness is always said: the API's own choice would rewrite the schema."""
    schema = {**tool.schema}
    if schema.get("type") != "object":
        schema["type"] = "object"
    schema.setdefault("properties", {})
    return {
        "type": "function",
        "name": names.sent(tool.name),
        "description": tool.description,
        "parameters": schema,
        "strict": tool.strict is True,
    }


def _choice(choice: ToolChoice, names: ToolNames) -> Any:
    if choice.mode == "tool":
        return {"type": "function", "name": names.sent(choice.name)}
    return _MODES[choice.mode]


def _add_sampling(body: dict[str, Any], conversation: Conversation, model: str) -> list[str]:
    sampling, reasons = conversation.sampling, bool(_REASONS.match(model))
    unsaid = [key for key in (*_UNSAID, *_UNSAID_TOO) if getattr(sampling, key) not in (None, ())]
    if sampling.max_tokens is not None:
        body["max_output_tokens"] = max(sampling.max_tokens, OUTPUT_TOKENS_MIN)
    for key, value in (("temperature", sampling.temperature), ("top_p", sampling.top_p)):
        if value is None or value == 1:
            continue
        if reasons:
            unsaid.append(key)
        else:
            body[key] = value
    if sampling.logprobs is not None and reasons:
        unsaid.append("logprobs")
    elif sampling.logprobs is not None:
        body["top_logprobs"] = sampling.logprobs
        body["include"] = [LOGPROBS]
    return unsaid


def _add_reasoning(body: dict[str, Any], wanted: Reasoning, model: str) -> list[str]:
    """Adds the effort; what is thought is asked for in a form that can be given back."""
    if _REASONS_NOT.match(model):
        return ["reasoning"] if wanted.enabled else []
    body["include"] = [ENCRYPTED, *body.get("include", [])]
    reasoning: dict[str, Any] = {}
    effort = wanted.effort or _effort(wanted)
    if effort:
        reasoning["effort"] = effort
    if wanted.shown or (wanted.enabled and wanted.shown is None):
        reasoning["summary"] = "auto"
    if reasoning:
        body["reasoning"] = reasoning
    return ["reasoning.disabled"] if wanted.enabled is False and not effort else []


def _effort(wanted: Reasoning) -> Effort:
    """The effort for a budget; none where none was given."""
    budget = wanted.budget_tokens
    if not wanted.enabled or budget is None:
        return ""
    if budget <= LOW_BUDGET_TOKENS:
        return "low"
    return "medium" if budget <= MEDIUM_BUDGET_TOKENS else "high"


def _format(output: OutputFormat) -> dict[str, Any]:
    if output.schema is None:
        return {"type": "json_object"}
    name = fitting(output.name or FORMAT_NAME, NAMES)
    strict = output.strict is True
    return {"type": "json_schema", "name": name, "schema": output.schema, "strict": strict}


def _user(user: str) -> str:
    """A user within the API's limit; the same key keeps the prompt cache together."""
    if len(user) <= USER_CHARACTERS_MAX:
        return user
    return hashlib.blake2b(user.encode(), digest_size=16).hexdigest()
