"""A Chat Completions request: the few members that routing reads, and the whole conversation.

A relay to an endpoint of the same dialect changes `model` and nothing else.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..conversation.request import Conversation
from ..dialect import Outgoing
from ..json_decoding import NotJson, decode_json
from ..json_values import object_of
from ..request import BadRequest, ServedRequest, checked_model, optional_member, parse_body
from .messages import read_messages
from .options import (
    is_legacy,
    joined,
    read_output,
    read_reasoning,
    read_sampling,
    read_tool_choice,
    read_tools,
    read_user,
    unknown_members,
)
from .parts import DIALECT

PATH = "/v1/chat/completions"
COMPLETIONS, COMPLETIONS_PATH = "openai-completions", "/v1/completions"
"""The older form, which an endpoint of the dialect has at a path of its own."""
QUESTION_KEYS = ("messages", "tools", "functions")


def parse_request(body: bytes) -> ServedRequest:
    """Reads a request as far as routing needs it. Raises BadRequest."""
    found = parse_body(body)
    model = checked_model(found)
    if found.head("messages", 1) != b"[":
        raise BadRequest("messages: expected a list of messages")
    streamed = optional_member(found, "stream", bool, "true or false")
    newer = optional_member(found, "max_completion_tokens", int, "a whole number")
    max_tokens = newer or optional_member(found, "max_tokens", int, "a whole number")
    return ServedRequest(found, model, streamed, max(0, max_tokens), DIALECT, QUESTION_KEYS)


def whole_body(request: ServedRequest) -> dict[str, Any]:
    """The request's members, decoded. Raises BadRequest where that cannot be done."""
    try:
        return object_of(decode_json(request.body))
    except NotJson as error:
        raise BadRequest(f"the request body is not JSON: {error}") from None


def read_conversation(request: ServedRequest) -> Conversation:
    """All of a request in neutral words. Raises BadRequest only for its messages."""
    body = whole_body(request)
    history = read_messages(body["messages"])
    tools, unknown_tools = read_tools(body)
    parallel = body.get("parallel_tool_calls")
    if not isinstance(parallel, bool):
        parallel = False if is_legacy(body.get("functions"), body.get("tools")) else None
    return Conversation(
        messages=tuple(history.messages),
        system=tuple(history.system),
        tools=tools,
        tool_choice=read_tool_choice(body),
        parallel_tools=parallel,
        sampling=read_sampling(body),
        reasoning=read_reasoning(body),
        output=read_output(body),
        user=read_user(body),
        streamed=request.streamed,
        unknown=joined([*unknown_members(body), *unknown_tools, *history.unknown]),
    )


def relayed(request: ServedRequest, model: str) -> Outgoing:
    """The client's own bytes with the endpoint's name of the model."""
    path = COMPLETIONS_PATH if request.dialect == COMPLETIONS else PATH
    return Outgoing(path, request.json.splice({"model": msgspec.json.encode(model)}))
