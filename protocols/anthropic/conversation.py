"""A Messages request, all of it, as the neutral conversation.

What is not read here is named in `unknown`: `safeguards`, `context_management`, `container` and
whatever the API learns next. Nothing is refused for it: the client answers a 400 by asking again,
up to six times.
"""

from __future__ import annotations

from typing import Any, TypeGuard

from ..conversation.blocks import Text
from ..conversation.request import (
    Conversation,
    Effort,
    Message,
    OutputFormat,
    Reasoning,
    Role,
    Sampling,
    Tool,
    ToolChoice,
)
from ..json_values import list_of, object_of, objects_of, text_of
from ..request import ServedRequest
from .content import blocks_of
from .reminders import without_billing

READ_KEYS = frozenset(
    {
        "max_tokens",
        "messages",
        "metadata",
        "model",
        "output_config",
        "output_format",
        "stop_sequences",
        "stream",
        "system",
        "temperature",
        "thinking",
        "tool_choice",
        "tools",
        "top_k",
        "top_p",
    }
)
"""The members that have a neutral form."""
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_OUTPUT_KEYS = frozenset({"effort", "format"})


def conversation_of(request: ServedRequest) -> Conversation:
    """Reads the whole request. Raises BadRequest on JSON that no one can hold, and for no more."""
    value = request.value
    messages = objects_of(value("messages"))
    output = object_of(value("output_config"))
    choice = object_of(value("tool_choice"))
    return Conversation(
        messages=_messages(messages),
        system=without_billing(_system(value("system"))),
        tools=tuple(_tool(tool) for tool in objects_of(value("tools"))),
        tool_choice=_tool_choice(choice),
        parallel_tools=_parallel(choice),
        sampling=_sampling(request),
        reasoning=_reasoning(object_of(value("thinking")), _effort(messages, output)),
        output=_format(output.get("format") or value("output_format")),
        user=text_of(object_of(value("metadata")).get("user_id")),
        streamed=request.streamed,
        unknown=_unknown(request, output),
    )


def _messages(found: list[dict[str, Any]]) -> tuple[Message, ...]:
    read = [Message(_role(each), blocks_of(each.get("content"))) for each in _still_shown(found)]
    return tuple(message for message in read if message.blocks)


def _still_shown(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages less those that were for one turn of the user's, which is over."""
    last_user = max((n for n, each in enumerate(found) if each.get("role") == "user"), default=-1)
    return [
        message
        for place, message in enumerate(found)
        if place > last_user or message.get("clear_at") != "next_user_message"
    ]


def _role(message: dict[str, Any]) -> Role:
    """The role; one that we do not know is the user's, who alone may say anything."""
    role = message.get("role")
    return role if role == "assistant" or role == "system" else "user"


def _system(value: Any) -> tuple[Text, ...]:
    return tuple(block for block in blocks_of(value) if isinstance(block, Text) and block.text)


def _tool(value: dict[str, Any]) -> Tool:
    kind = text_of(value.get("type"))
    strict = value.get("strict")
    return Tool(
        name=text_of(value.get("name")),
        description=text_of(value.get("description")),
        schema=object_of(value.get("input_schema")),
        strict=strict if isinstance(strict, bool) else None,
        deferred=value.get("defer_loading") is True,
        server=value if kind not in ("", "custom") else None,
        cache=value.get("cache_control"),
    )


def _tool_choice(choice: dict[str, Any]) -> ToolChoice | None:
    mode = choice.get("type")
    name = text_of(choice.get("name"))
    match mode:
        case "auto" | "any" | "none":
            return ToolChoice(mode)
        case "tool" if name:
            return ToolChoice(mode, name)
        case _:
            return None


def _parallel(choice: dict[str, Any]) -> bool | None:
    disabled = choice.get("disable_parallel_tool_use")
    return not disabled if isinstance(disabled, bool) else None


def _sampling(request: ServedRequest) -> Sampling:
    stops = list_of(request.value("stop_sequences"))
    return Sampling(
        max_tokens=request.max_tokens if request.max_tokens > 0 else None,
        temperature=_number(request.value("temperature")),
        top_p=_number(request.value("top_p")),
        top_k=_whole(request.value("top_k")),
        stop_sequences=tuple(stop for stop in stops if isinstance(stop, str) and stop),
    )


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _effort(messages: list[dict[str, Any]], output: dict[str, Any]) -> Effort:
    """The effort for the coming answer: the newest message that sets one has the last word."""
    configs = [output, *(object_of(message.get("output_config")) for message in messages)]
    for config in reversed(configs):
        effort = config.get("effort")
        if _is_effort(effort):
            return effort
    return ""


def _is_effort(value: Any) -> TypeGuard[Effort]:
    return value in _EFFORTS


def _reasoning(thinking: dict[str, Any], effort: Effort) -> Reasoning:
    """`adaptive` leaves it to the model, which None says."""
    kind = thinking.get("type")
    enabled = {"enabled": True, "disabled": False}.get(text_of(kind))
    budget = _whole(thinking.get("budget_tokens")) if enabled else None
    display = text_of(thinking.get("display"))
    return Reasoning(enabled, budget, effort, display != "omitted" if display else None)


def _format(value: Any) -> OutputFormat | None:
    found = object_of(value)
    schema = found.get("schema")
    if found.get("type") != "json_schema" or not isinstance(schema, dict):
        return None
    return OutputFormat(object_of(schema), strict=True)


def _unknown(request: ServedRequest, output: dict[str, Any]) -> tuple[str, ...]:
    """What has no neutral form, by name."""
    members = [key for key in request.json.members if key not in READ_KEYS]
    return (*members, *(f"output_config.{key}" for key in output if key not in _OUTPUT_KEYS))
