"""A request as a local engine's server can read it, and so that its prompt cache survives.

Unlike a relay to Anthropic, this one is ours to reshape. Only what llama.cpp's server documents is
sent; the client's billing line goes (it changes with every request, and it comes first: each turn
would be read from the beginning); a `system` message in mid-conversation becomes a reminder inside
the user's turn; thinking of other models goes; what cannot be shown to a text model is named in a
word, so that nothing is silently empty.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..json_values import objects_of, text_of
from .request import MessagesRequest

KEPT_KEYS = (
    "max_tokens",
    "stop_sequences",
    "stream",
    "temperature",
    "tool_choice",
    "top_k",
    "top_p",
)
BILLING_PREFIX = "x-anthropic-billing-header:"
REMINDER = "<system-reminder>\n{}\n</system-reminder>"


def local_body(request: MessagesRequest, model: str, answer_tokens_max: int = 0) -> bytes:
    """The bytes for the engine's own `/v1/messages` and `/v1/messages/count_tokens`.

    `answer_tokens_max` lowers what the client allows for the answer; 0 leaves it as it is.
    """
    body: dict[str, Any] = {"model": model}
    for key in KEPT_KEYS:
        value = request.value(key)
        if value is not None:
            body[key] = value
    if answer_tokens_max:
        body["max_tokens"] = min(request.max_tokens or answer_tokens_max, answer_tokens_max)
    system = system_text(request.value("system"))
    if system:
        body["system"] = system
    tools = [shown for tool in objects_of(request.value("tools")) if (shown := _tool(tool))]
    if tools:
        body["tools"] = tools
    else:
        body.pop("tool_choice", None)
    body["messages"] = messages(request.items("messages"))
    return msgspec.json.encode(body)


def system_text(system: Any) -> str:
    """The system prompt as one text, without the billing line."""
    if isinstance(system, str):
        return system
    texts = [text_of(block.get("text")) for block in objects_of(system)]
    return "\n\n".join(text for text in texts if text and not _is_billing(text))


def messages(found: list[Any]) -> list[dict[str, Any]]:
    """The conversation in the two roles that every template knows; neighbours are joined."""
    shaped: list[dict[str, Any]] = []
    for message in objects_of(found):
        role = "assistant" if message.get("role") == "assistant" else "user"
        blocks = _blocks(message.get("content"), reminder=message.get("role") == "system")
        if not blocks:
            continue
        if shaped and shaped[-1]["role"] == role:
            shaped[-1]["content"] += blocks
        else:
            shaped.append({"role": role, "content": blocks})
    return shaped


def _blocks(content: Any, *, reminder: bool) -> list[dict[str, Any]]:
    found = [{"type": "text", "text": content}] if isinstance(content, str) else content
    shaped = [_block(block) for block in objects_of(found)]
    kept = [block for block in shaped if block is not None]
    if not reminder:
        return kept
    text = "\n\n".join(block["text"] for block in kept if block["type"] == "text")
    return [{"type": "text", "text": REMINDER.format(text)}] if text else []


def _block(block: dict[str, Any]) -> dict[str, Any] | None:
    """One content block in a shape that the engine reads; None for what is left out."""
    match block.get("type"):
        case "text":
            text = text_of(block.get("text"))
            return {"type": "text", "text": text} if text else None
        case "tool_use":
            call = {key: block.get(key) for key in ("id", "name")}
            given = block.get("input")
            return {"type": "tool_use", **call, "input": given if isinstance(given, dict) else {}}
        case "tool_result":
            result = {"type": "tool_result", "tool_use_id": block.get("tool_use_id")}
            return {**result, "content": _result_text(block.get("content"))}
        case "thinking" | "redacted_thinking" | None:
            return None
        case kind:
            return {"type": "text", "text": f"[{kind}: this model reads text only]"}


def _result_text(content: Any) -> str:
    """A tool's result as text; a reference to a tool is its name."""
    if isinstance(content, str):
        return content
    texts: list[str] = []
    for block in objects_of(content):
        kind = block.get("type")
        if kind == "text":
            texts.append(str(block.get("text")))
        elif kind == "tool_reference":
            texts.append(f"The tool {block.get('tool_name')} can be called now.")
        elif kind is not None:
            texts.append(f"[{kind}: this model reads text only]")
    return "\n".join(texts)


def _tool(tool: dict[str, Any]) -> dict[str, Any] | None:
    """A client's own tool; a server tool and the placeholder of deferred ones are not shown."""
    if not isinstance(tool.get("input_schema"), dict):
        return None
    if tool.get("name") == "DeferredToolPlaceholder":
        return None
    return {
        "name": tool.get("name"),
        "description": str(tool.get("description") or ""),
        "input_schema": tool["input_schema"],
    }


def _is_billing(text: str) -> bool:
    return text.startswith(BILLING_PREFIX)
