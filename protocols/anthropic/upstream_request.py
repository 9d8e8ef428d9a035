"""A request to a Messages API, written from a conversation of any dialect.

The API demands more than others do: `max_tokens` always (MAX_TOKENS_DEFAULT where the client sets
none), roles that alternate from the user's on, results first in the user's message, no text without
a letter. What the system says in mid-conversation goes into the user's message as a reminder, the
client's own form: only the newest models take a `system` role there.

How thinking is asked for is `thinking`'s. What the client asked for and cannot be said is in
`dropped`.
"""

from __future__ import annotations

import re

import msgspec

from ..conversation.blocks import Block, Text
from ..conversation.names import ToolNames
from ..conversation.repair import repaired_messages
from ..conversation.request import Conversation, Message, Tool
from ..dialect import Headers, Outgoing
from .content_writer import ContentWriter, Json
from .history import fit_id
from .limits import MAX_TOKENS_CLAUDE_3, MAX_TOKENS_DEFAULT, TEMPERATURE_MAX, TOOL_NAME
from .reminders import REMINDER
from .thinking import thinking_members

MESSAGES_PATH = "/v1/messages"
COUNT_PATH = "/v1/messages/count_tokens"
VERSION_HEADERS: Headers = ((b"anthropic-version", b"2023-06-01"),)
OPENING = "(The conversation begins with the assistant.)"
"""The user's first message where the client has none: the API demands one."""
COUNTED_KEYS = (
    "model",
    "messages",
    "system",
    "tools",
    "tool_choice",
    "thinking",
    "output_config",
)
"""What the input's tokens depend on; `count_tokens` refuses any other member."""

_CLAUDE_3 = re.compile(r"claude-(?:3(?!-7)|2|instant)")


def outgoing(conversation: Conversation, model: str) -> Outgoing:
    """The request for an answer."""
    body, dropped = _body(conversation, model)
    return Outgoing(MESSAGES_PATH, msgspec.json.encode(body), VERSION_HEADERS, dropped)


def count_outgoing(conversation: Conversation, model: str) -> Outgoing:
    """The request for the count of its tokens."""
    body, dropped = _body(conversation, model)
    counted = {key: body[key] for key in COUNTED_KEYS if key in body}
    return Outgoing(COUNT_PATH, msgspec.json.encode(counted), VERSION_HEADERS, dropped)


def tool_names(conversation: Conversation) -> ToolNames:
    """How this conversation's tools are called there."""
    used = [use.name for use in conversation.tool_uses().values()]
    return ToolNames.of([*(tool.name for tool in conversation.tools), *used], TOOL_NAME)


def _body(conversation: Conversation, model: str) -> tuple[Json, tuple[str, ...]]:
    writer = ContentWriter(tool_names(conversation))
    sampling = conversation.sampling
    max_tokens = sampling.max_tokens or default_max_tokens(model)
    messages = _messages(conversation.messages, writer)
    body: Json = {"model": model, "max_tokens": max_tokens, "messages": messages}
    system = [value for block in conversation.system for value in writer.text(block)]
    if system:
        body["system"] = system
    tools = [_tool(tool, writer.names) for tool in conversation.tools]
    if tools:
        body["tools"] = tools
        body.update(_choice(conversation, writer.names))
    body.update(thinking_members(conversation, model, max_tokens, writer.dropped))
    body.update(_format(conversation, body, writer.dropped))
    body.update(_sampled(conversation, body, writer.dropped))
    if conversation.user:
        body["metadata"] = {"user_id": conversation.user}
    if conversation.streamed:
        body["stream"] = True
    return body, (*sorted(writer.dropped), *conversation.unknown)


def default_max_tokens(model: str) -> int:
    """The ceiling for a client that sets none."""
    return MAX_TOKENS_CLAUDE_3 if _CLAUDE_3.search(model) else MAX_TOKENS_DEFAULT


def _messages(messages: tuple[Message, ...], writer: ContentWriter) -> list[Json]:
    """The messages in alternating roles, the user's first."""
    turns = repaired_messages(_in_two_roles(messages), fit_id)
    written: list[Json] = []
    for turn in turns:
        write = writer.assistant if turn.role == "assistant" else writer.user
        content = write(turn.blocks)
        if written and written[-1]["role"] == turn.role:
            written[-1]["content"] += content  # all that stood between was another's thinking
        elif content:
            written.append({"role": turn.role, "content": content})
    if not written or written[0]["role"] == "assistant":
        written.insert(0, {"role": "user", "content": [{"type": "text", "text": OPENING}]})
    if written[-1]["role"] == "assistant":
        written[-1]["content"] = _trimmed(written[-1]["content"])
    return written


def _in_two_roles(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    return tuple(
        Message("user", _reminder(message.blocks)) if message.role == "system" else message
        for message in messages
    )


def _reminder(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """What the system says, as the user's message can hold it."""
    said = "\n\n".join(block.text for block in blocks if isinstance(block, Text) and block.text)
    cache = next((block.cache for block in reversed(blocks) if isinstance(block, Text)), None)
    others = tuple(block for block in blocks if not isinstance(block, Text))
    return (Text(REMINDER.format(said), cache), *others) if said else others


def _trimmed(content: list[Json]) -> list[Json]:
    """A prefill, which the API refuses with white space at its end."""
    if content[-1]["type"] != "text":
        return content
    return [*content[:-1], {**content[-1], "text": content[-1]["text"].rstrip()}]


def _tool(tool: Tool, names: ToolNames) -> Json:
    if tool.server is not None:
        return tool.server
    value: Json = {"name": names.sent(tool.name)}
    if tool.description:
        value["description"] = tool.description
    value["input_schema"] = {"type": "object", **tool.schema}
    if tool.strict is not None:
        value["strict"] = tool.strict
    if tool.deferred:
        value["defer_loading"] = True
    if tool.cache is not None:
        value["cache_control"] = tool.cache
    return value


def _choice(conversation: Conversation, names: ToolNames) -> Json:
    """Whether a tool must be called; `auto` alone carries a wish for one call at a time."""
    choice, parallel = conversation.tool_choice, conversation.parallel_tools
    if choice is None and parallel is not False:
        return {}
    value: Json = {"type": "auto" if choice is None else choice.mode}
    if choice is not None and choice.mode == "tool":
        value["name"] = names.sent(choice.name)
    if parallel is not None and value["type"] != "none":
        value["disable_parallel_tool_use"] = not parallel
    return {"tool_choice": value}


def _format(conversation: Conversation, body: Json, dropped: set[str]) -> Json:
    """Structured output: beside the effort, if there is one."""
    output = conversation.output
    if output is None:
        return {}
    if output.schema is None:
        dropped.add("output")
        return {}
    wanted = {"type": "json_schema", "schema": output.schema}
    return {"output_config": {**body.get("output_config", {}), "format": wanted}}


def _sampled(conversation: Conversation, body: Json, dropped: set[str]) -> Json:
    """How tokens are chosen. Beside thinking the API wants its own way, and of temperature and
    `top_p` only one."""
    sampling = conversation.sampling
    found: Json = {}
    if "thinking" in body and body["thinking"]["type"] != "disabled":
        dropped.update(
            name
            for name in ("temperature", "top_p", "top_k")
            if getattr(sampling, name) is not None
        )
    else:
        if sampling.temperature is not None:
            found["temperature"] = min(max(sampling.temperature, 0.0), TEMPERATURE_MAX)
        elif sampling.top_p is not None:
            found["top_p"] = sampling.top_p
        if sampling.top_k is not None:
            found["top_k"] = sampling.top_k
        if sampling.temperature is not None and sampling.top_p is not None:
            dropped.add("top_p")
    stops = [stop for stop in sampling.stop_sequences if stop and not stop.isspace()]
    if stops:
        found["stop_sequences"] = stops
    if len(stops) < len(sampling.stop_sequences):
        dropped.add("stop_sequences")
    dropped.update(name for name in _UNSAYABLE if getattr(sampling, name) is not None)
    if (sampling.choices or 1) > 1:
        dropped.add("choices")
    return found


_CHOOSING = ("temperature", "top_p", "top_k")
_UNSAYABLE = (
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
)
