"""A client's request: what routing needs of it, and all of it in neutral words.

Instructions and the system messages at the head of the input are the system prompt; a later one
stays at its place. Members that have no neutral form are named in `unknown` when they are set.
"""

from __future__ import annotations

from typing import Any

from ..conversation.blocks import Other, Text
from ..conversation.request import (
    Conversation,
    Effort,
    Message,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
    ToolMode,
)
from ..json_values import list_of, object_of, objects_of, text_of
from ..request import BadRequest, ServedRequest, checked_model, optional_member, parse_body
from .client_tools import ToolList, joined_name, tool_list
from .errors import PREVIOUS, PreviousResponseNotFound
from .reasoning import NAME
from .served_items import read_items

QUESTION_KEYS = ("input", "instructions", "tools", "previous_response_id")
LOGPROBS_INCLUDED = "message.output_text.logprobs"
UNKNOWN_MEMBERS = (
    "background",
    "context_management",
    "conversation",
    "max_tool_calls",
    "moderation",
    "prompt",
    "service_tier",
)
"""Members without a neutral form: named when they are set to something that changes the answer."""
NUMBER_MAX = 1e300
ORDINARY = (None, False, "", "auto", "default", "disabled")
EFFORTS: dict[str, Effort] = {
    "none": "none",
    "minimal": "minimal",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "xhigh": "xhigh",
    "max": "max",
}
MODES: dict[str, ToolMode] = {"auto": "auto", "none": "none", "required": "any"}


def parse_request(body: bytes) -> ServedRequest:
    """Reads a request as far as routing needs it.

    Raises BadRequest when the body is not a JSON object, `model` is not a string, there is no
    input, or `stream` and `max_output_tokens` have a type that makes no sense.
    """
    found = parse_body(body)
    model = checked_model(found)
    if found.head("input", 1) not in (b'"', b"["):
        given, continues = (
            found.raw("input"),
            found.raw("previous_response_id") or found.raw("prompt"),
        )
        if given not in (b"", b"null") or not continues:
            raise BadRequest("input: expected a string or a list of items")
    streamed = optional_member(found, "stream", bool, "true or false")
    max_tokens = optional_member(found, "max_output_tokens", int, "a whole number")
    return ServedRequest(found, model, streamed, max_tokens, NAME, QUESTION_KEYS)


def read_conversation(request: ServedRequest) -> Conversation:
    """Reads all of a request. Raises BadRequest like `ServedRequest.value`.

    One that goes on from an answer which is kept nowhere here would be answered without all that
    came before: better not at all.
    """
    previous = text_of(request.value(PREVIOUS))
    if previous:
        raise PreviousResponseNotFound(previous)
    messages = read_items(request.value("input"))
    head = next((at for at, each in enumerate(messages) if each.role != "system"), len(messages))
    instructions = text_of(request.value("instructions"))
    tools = tool_list(request)
    text = object_of(request.value("text"))
    chosen = request.value("tool_choice")
    choice = _tool_choice(chosen, tools)
    parallel = request.value("parallel_tool_calls")
    return Conversation(
        messages=messages[head:],
        system=(*((Text(instructions),) if instructions else ()), *_texts(messages[:head])),
        tools=_allowed(tools, chosen),
        tool_choice=choice,
        parallel_tools=parallel if isinstance(parallel, bool) else None,
        sampling=_sampling(request),
        reasoning=_reasoning(object_of(request.value("reasoning"))),
        output=_output_format(object_of(text.get("format"))),
        user=text_of(request.value("safety_identifier")) or text_of(request.value("user")),
        streamed=request.streamed,
        unknown=(
            *tools.unknown,
            *_unknown_members(request, text),
            *_unknown_blocks(messages),
            *(("tool_choice",) if chosen is not None and choice is None else ()),
        ),
    )


def _texts(messages: tuple[Message, ...]) -> tuple[Text, ...]:
    blocks = (block for message in messages for block in message.blocks)
    return tuple(block for block in blocks if isinstance(block, Text))


def _tool_choice(chosen: Any, tools: ToolList) -> ToolChoice | None:
    """The choice; None if it names a tool that nobody but OpenAI has."""
    if isinstance(chosen, str):
        mode = MODES.get(chosen)
        return None if mode is None else ToolChoice(mode)
    choice = object_of(chosen)
    kind = text_of(choice.get("type"))
    if kind == "allowed_tools":
        return ToolChoice(MODES.get(text_of(choice.get("mode")), "auto"))
    name = _chosen_name(choice)
    known = any(tool.name == name for tool in tools.tools)
    return ToolChoice("tool", name) if known or kind in ("function", "custom") else None


def _chosen_name(choice: dict[str, Any]) -> str:
    """The neutral name of a tool that a choice speaks of; a built-in one is named by its type."""
    name = joined_name(text_of(choice.get("namespace")), text_of(choice.get("name")))
    kind = text_of(choice.get("type"))
    return name or ("web_search" if kind.startswith("web_search") else kind)


def _allowed(tools: ToolList, chosen: Any) -> tuple[Tool, ...]:
    """The tools, or those of them that the choice leaves."""
    choice = object_of(chosen)
    if choice.get("type") != "allowed_tools":
        return tools.tools
    names = {_chosen_name(each) for each in objects_of(choice.get("tools"))}
    return tuple(tool for tool in tools.tools if tool.name in names)


def _sampling(request: ServedRequest) -> Sampling:
    """Sampling, with the members that servers of open weights have added to this dialect."""
    stop = request.value("stop")
    wanted = LOGPROBS_INCLUDED in list_of(request.value("include"))
    return Sampling(
        max_tokens=request.max_tokens if request.max_tokens > 0 else None,
        temperature=_number(request.value("temperature")),
        top_p=_number(request.value("top_p")),
        top_k=_whole(request.value("top_k")),
        stop_sequences=tuple(
            each for each in ([stop] if isinstance(stop, str) else list_of(stop)) if text_of(each)
        ),
        seed=_whole(request.value("seed")),
        presence_penalty=_number(request.value("presence_penalty")),
        frequency_penalty=_number(request.value("frequency_penalty")),
        logprobs=_whole(request.value("top_logprobs")) or (0 if wanted else None),
    )


def _reasoning(given: dict[str, Any]) -> Reasoning:
    effort = EFFORTS.get(text_of(given.get("effort")), "")
    shown = True if given.get("summary") or given.get("generate_summary") else None
    return Reasoning(enabled=effort != "none" if effort else None, effort=effort, shown=shown)


def _output_format(given: dict[str, Any]) -> OutputFormat | None:
    match given.get("type"):
        case "json_object":
            return OutputFormat()
        case "json_schema":
            strict, name = given.get("strict"), text_of(given.get("name"))
            flag = strict if isinstance(strict, bool) else None
            return OutputFormat(object_of(given.get("schema")), name, flag)
        case _:
            return None


def _unknown_members(request: ServedRequest, text: dict[str, Any]) -> tuple[str, ...]:
    present = [key for key in UNKNOWN_MEMBERS if request.json.raw(key)]
    unknown = [key for key in present if request.value(key) not in ORDINARY]
    if request.value("truncation") == "auto":
        unknown.append("truncation")
    if text.get("verbosity") not in (None, "medium"):
        unknown.append("text.verbosity")
    return tuple(unknown)


def _unknown_blocks(messages: tuple[Message, ...]) -> tuple[str, ...]:
    blocks = (block for message in messages for block in message.blocks)
    return tuple(dict.fromkeys(f"input.{each.kind}" for each in blocks if isinstance(each, Other)))


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return value if known and -NUMBER_MAX < value < NUMBER_MAX else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
