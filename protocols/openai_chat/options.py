"""What a request says besides its messages, in neutral words: tools, sampling, thinking, format.

Besides OpenAI's own members these are read: `top_k` and `chat_template_kwargs` (vLLM, llama.cpp),
`reasoning` (OpenRouter), `thinking` (DeepSeek), all of which clients send. A value of a kind that
makes no sense counts as not given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from ..conversation.request import (
    Effort,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
    ToolMode,
)
from ..json_values import list_of, object_of, objects_of, text_of


def words(text: str) -> frozenset[str]:
    """The words of a text, for lists of names."""
    return frozenset(text.split())


READ_MEMBERS = words(
    """
    model messages stream tools tool_choice functions function_call parallel_tool_calls
    response_format max_tokens max_completion_tokens stop temperature top_p top_k seed n
    logprobs top_logprobs presence_penalty frequency_penalty logit_bias reasoning_effort
    reasoning thinking chat_template_kwargs user safety_identifier stream_options
    web_search_options
    """
)
"""The members that are read; any other is named in the conversation's `unknown`."""

_MODES: dict[str, ToolMode] = {"auto": "auto", "none": "none", "required": "any", "any": "any"}
_EFFORTS: dict[str, Effort] = {effort: effort for effort in get_args(Effort)}
CHOICES_MAX = 128


def unknown_members(body: dict[str, Any]) -> tuple[str, ...]:
    """Names of members that have no neutral place and are not null."""
    return tuple(key for key in body if key not in READ_MEMBERS and body[key] is not None)


def read_tools(body: dict[str, Any]) -> tuple[tuple[Tool, ...], list[str]]:
    """The tools that may be called, old form and new, and the kinds that were not understood."""
    tools, unknown = _functions(body), list[str]()
    for item in objects_of(body.get("tools")):
        function = object_of(item.get("function"))
        flat = item if not function and isinstance(item.get("name"), str) else function
        kind = item.get("type", "function")
        if kind == "function" and text_of(flat.get("name")):
            cache = item.get("cache_control") or flat.get("cache_control")
            tools.append(_tool(flat, cache))
        else:
            unknown.append(f"tools[{kind}]")
    options = body.get("web_search_options")
    if isinstance(options, dict):
        tools.append(_web_search(object_of(options)))
    allowed = _allowed_names(body.get("tool_choice"))
    return tuple(tool for tool in tools if allowed is None or tool.name in allowed), unknown


def _functions(body: dict[str, Any]) -> list[Tool]:
    found = objects_of(body.get("functions"))
    return [_tool(function, None) for function in found if text_of(function.get("name"))]


def _tool(function: dict[str, Any], cache: Any) -> Tool:
    strict = function.get("strict")
    return Tool(
        name=text_of(function.get("name")),
        description=text_of(function.get("description")),
        schema=object_of(function.get("parameters")),
        strict=strict if isinstance(strict, bool) else None,
        cache=cache,
    )


def _web_search(options: dict[str, Any]) -> Tool:
    """The search that the provider itself runs, in Anthropic's shape."""
    server: dict[str, Any] = {"type": "web_search_20250305", "name": "web_search"}
    place = object_of(object_of(options.get("user_location")).get("approximate"))
    if place:
        server["user_location"] = {"type": "approximate", **place}
    return Tool("web_search", server=server)


def _allowed_names(choice: Any) -> frozenset[str] | None:
    """The tools that `allowed_tools` leaves; None where all are. There are no others to call then,
    which is what the client asks; the neutral form has no narrower choice."""
    holder = object_of(choice)
    if holder.get("type") != "allowed_tools":
        return None
    tools = objects_of((object_of(holder.get("allowed_tools")) or holder).get("tools"))
    return frozenset(_named(tool) for tool in tools)


def _named(choice: dict[str, Any]) -> str:
    inner = object_of(choice.get("function")) or object_of(choice.get("custom"))
    return text_of(inner.get("name")) or text_of(choice.get("name"))


def read_tool_choice(body: dict[str, Any]) -> ToolChoice | None:
    """How freely the model may choose; the old `function_call` counts where it stands alone."""
    choice = body.get("tool_choice")
    if choice is None:
        choice = body.get("function_call")
    if isinstance(choice, str):
        mode = _MODES.get(choice)
        return ToolChoice(mode) if mode else None
    holder = object_of(choice)
    if holder.get("type") == "allowed_tools":
        inner = object_of(holder.get("allowed_tools")) or holder
        return ToolChoice(_MODES.get(text_of(inner.get("mode")), "auto"))
    name = _named(holder)
    return ToolChoice("tool", name) if name else None


def read_sampling(body: dict[str, Any]) -> Sampling:
    """How tokens are chosen and where they end."""
    limit = whole(body.get("max_completion_tokens")) or whole(body.get("max_tokens")) or 0
    stop = body.get("stop")
    stops = [stop] if isinstance(stop, str) else list_of(stop)
    top = max(0, whole(body.get("top_logprobs")) or 0)
    choices = whole(body.get("n"))
    return Sampling(
        max_tokens=limit if limit > 0 else None,  # some clients say -1 for no limit
        temperature=number(body.get("temperature")),
        top_p=number(body.get("top_p")),
        top_k=whole(body.get("top_k")),
        stop_sequences=tuple(text for item in stops if (text := text_of(item))),
        seed=whole(body.get("seed")),
        presence_penalty=number(body.get("presence_penalty")),
        frequency_penalty=number(body.get("frequency_penalty")),
        logit_bias=object_of(body.get("logit_bias")) or None,
        logprobs=top if body.get("logprobs") is True else None,
        choices=min(choices, CHOICES_MAX) if choices and choices > 0 else None,
    )


def read_reasoning(body: dict[str, Any]) -> Reasoning:
    """How much to think, from the first of four members that says so."""
    openrouter = object_of(body.get("reasoning"))
    effort = _effort(body.get("reasoning_effort")) or _effort(openrouter.get("effort"))
    template = object_of(body.get("chat_template_kwargs"))
    thinking = object_of(body.get("thinking"))
    kind = text_of(thinking.get("type"))
    said = [
        {"enabled": True, "adaptive": True, "disabled": False}.get(kind),
        openrouter.get("enabled"),
        template.get("enable_thinking"),
        False if effort == "none" else None,
    ]
    hidden = openrouter.get("exclude")
    budget = whole(openrouter.get("max_tokens")) or whole(thinking.get("budget_tokens"))
    return Reasoning(
        enabled=next((value for value in said if isinstance(value, bool)), None),
        budget_tokens=budget,
        effort=effort,
        shown=not hidden if isinstance(hidden, bool) else None,
    )


def _effort(value: Any) -> Effort:
    return _EFFORTS.get(text_of(value), "")


def read_output(body: dict[str, Any]) -> OutputFormat | None:
    """The structure that the answer must have; None for plain text."""
    wanted = object_of(body.get("response_format"))
    if wanted.get("type") == "json_object":
        schema = wanted.get("schema")  # llama.cpp's way
        return OutputFormat(object_of(schema) if isinstance(schema, dict) else None)
    if wanted.get("type") != "json_schema":
        return None
    inner = object_of(wanted.get("json_schema"))
    strict = inner.get("strict")
    return OutputFormat(
        schema=object_of(inner.get("schema")),
        name=text_of(inner.get("name")),
        strict=strict if isinstance(strict, bool) else None,
    )


def read_user(body: dict[str, Any]) -> str:
    """Who the client says its user is; the newer member counts."""
    return text_of(body.get("safety_identifier")) or text_of(body.get("user"))


def wants_usage(stream_options: Any) -> bool:
    """Whether a stream is to end with a chunk that tells its usage."""
    return object_of(stream_options).get("include_usage") is True


def is_legacy(functions: Any, tools: Any) -> bool:
    """Whether the client knows only the old `function_call`."""
    return bool(list_of(functions)) and not list_of(tools)


def whole(value: Any) -> int | None:
    """A whole number, also one that is written as 1.0; None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if type(value) is int else None


def number(value: Any) -> float | None:
    """A number; None for anything else."""
    return float(value) if type(value) in (int, float) and abs(value) < 2**53 else None


def joined(names: Iterable[str]) -> tuple[str, ...]:
    """Names without repetition, in order."""
    return tuple(dict.fromkeys(names))
