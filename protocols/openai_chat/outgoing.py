"""Writes a request for an endpoint that speaks Chat Completions.

Only members that the API documents are sent, and of those only what the client asked for: servers
of this dialect differ in what they refuse. What cannot be said is named in `dropped`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ..conversation.deferral import plain_tools
from ..conversation.names import NameRule, ToolNames
from ..conversation.request import Conversation, OutputFormat, Sampling, Tool, ToolChoice
from ..dialect import Outgoing
from .history import wire_messages
from .options import joined, words
from .quirks import apply_quirks, switched
from .request import PATH
from .traits import effort_for, is_thinking_model, refuses_parallel, wished_effort

NAME_RULE = NameRule(64, re.compile(r"[^a-zA-Z0-9_-]"))
STOPS_MAX = 4
USER_CHARACTERS_MAX = 64
"""OpenAI refuses a longer `user`."""

_MODES = {"auto": "auto", "any": "required", "none": "none"}
_SIMPLE = ("temperature", "top_p", "seed", "presence_penalty", "frequency_penalty", "logit_bias")
_REFUSED_BY_THINKING = words(
    """
    temperature top_p presence_penalty frequency_penalty logit_bias logprobs top_logprobs stop
    """
)
_THEIR_OWN = (("temperature", 1), ("top_p", 1))
"""What thinking models do anyway: it is no loss not to say it."""
_ENCODER = msgspec.json.Encoder()


def tool_names(conversation: Conversation) -> ToolNames:
    """The table of names, ours and the endpoint's: the same for a request and its answer."""
    defined = [tool.name for tool in conversation.tools]
    return ToolNames.of(
        [*defined, *(use.name for use in conversation.tool_uses().values())], NAME_RULE
    )


def outgoing(conversation: Conversation, model: str, quirks: tuple[str, ...] = ()) -> Outgoing:
    """The request, as an endpoint with these quirks takes it."""
    names = tool_names(conversation)
    messages, dropped = wire_messages(conversation, names, model)
    body: dict[str, Any] = {"model": model, "messages": messages}
    body.update(_tools(conversation, names, model, dropped))
    body.update(_sampling(conversation.sampling, model, dropped))
    if conversation.output is not None:
        body["response_format"] = _format(conversation.output)
    body.update(_reasoning(conversation, model, dropped if not switched(quirks) else []))
    if conversation.user and len(conversation.user) <= USER_CHARACTERS_MAX:
        body["user"] = conversation.user
    elif conversation.user:
        dropped.append("user")
    if conversation.streamed:
        body["stream"] = True
        body["stream_options"] = {"include_usage": True}
    dropped += apply_quirks(body, conversation, quirks)
    return Outgoing(PATH, _ENCODER.encode(body), dropped=joined(dropped))


def _tools(
    conversation: Conversation, names: ToolNames, model: str, dropped: list[str]
) -> dict[str, Any]:
    dropped += (f"server tool {tool.name}" for tool in conversation.tools if tool.server)
    shown = plain_tools(conversation)
    if not shown:
        return {}
    if any(tool.cache for tool in shown):
        dropped.append("cache_control")
    members: dict[str, Any] = {"tools": [_tool(tool, names) for tool in shown]}
    choice = conversation.tool_choice
    if choice is not None and (choice.mode != "tool" or _is_shown(choice, shown)):
        members["tool_choice"] = _choice(choice, names)
    elif choice is not None:
        dropped.append("tool_choice")
    parallel = conversation.parallel_tools
    if parallel is not None and refuses_parallel(model):
        dropped += [] if parallel else ["parallel_tool_calls"]
    elif parallel is not None:
        members["parallel_tool_calls"] = parallel
    return members


def _is_shown(choice: ToolChoice, shown: list[Tool]) -> bool:
    return any(tool.name == choice.name for tool in shown)


def _tool(tool: Tool, names: ToolNames) -> dict[str, Any]:
    function: dict[str, Any] = {"name": names.sent(tool.name)}
    if tool.description:
        function["description"] = tool.description
    function["parameters"] = {"type": "object", "properties": {}, **tool.schema}
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function}


def _choice(choice: ToolChoice, names: ToolNames) -> Any:
    if choice.mode == "tool":
        return {"type": "function", "function": {"name": names.sent(choice.name)}}
    return _MODES[choice.mode]


def _sampling(sampling: Sampling, model: str, dropped: list[str]) -> dict[str, Any]:
    thinking = is_thinking_model(model)
    members: dict[str, Any] = {}
    if sampling.max_tokens:
        limit = "max_completion_tokens" if thinking else "max_tokens"
        members[limit] = sampling.max_tokens
    for key in _SIMPLE:
        value = getattr(sampling, key)
        if value is not None:
            members[key] = value
    if sampling.stop_sequences:
        members["stop"] = list(sampling.stop_sequences[:STOPS_MAX])
        dropped += ["stop"] if len(sampling.stop_sequences) > STOPS_MAX else []
    if sampling.logprobs is not None:
        members["logprobs"] = True
        if sampling.logprobs:
            members["top_logprobs"] = sampling.logprobs
    dropped += ["top_k"] if sampling.top_k is not None else []
    dropped += ["choices"] if (sampling.choices or 1) > 1 else []
    if thinking:
        refused = [key for key in members if key in _REFUSED_BY_THINKING]
        dropped += (key for key in refused if (key, members[key]) not in _THEIR_OWN)
        members = {key: value for key, value in members.items() if key not in refused}
    return members


def _reasoning(conversation: Conversation, model: str, dropped: list[str]) -> dict[str, Any]:
    wished = wished_effort(conversation.reasoning)
    effort = effort_for(model, wished)
    if wished and not effort:
        dropped.append("effort")
    return {"reasoning_effort": effort} if effort else {}


def _format(output: OutputFormat) -> dict[str, Any]:
    if output.schema is None:
        return {"type": "json_object"}
    schema: dict[str, Any] = {"name": output.name or "answer", "schema": output.schema}
    if output.strict is not None:
        schema["strict"] = output.strict
    return {"type": "json_schema", "json_schema": schema}
