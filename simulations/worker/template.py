"""The chat template of the simulated models: a conversation as tokens, calls in the model's voice.

What was said before is shown as the model said it, token for token, as good templates do. So a
conversation that goes on begins with the tokens of its last prompt and of the answer to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...protocols.engine.messages import Chat
from ...protocols.json_values import object_of, objects_of, text_of
from .vocabulary import ASSISTANT, END, SYSTEM, TOOL, TOOLS, USER, tokens_of
from .voices import Call, Voice

ROLES: Final[Mapping[str, int]] = {
    "system": SYSTEM,
    "developer": SYSTEM,
    "user": USER,
    "assistant": ASSISTANT,
    "tool": TOOL,
}


def prompt_tokens(chat: Chat, voice: Voice) -> list[int]:
    """The prompt of a conversation; what follows it is the answer."""
    if chat.prompt:
        return [USER, *tokens_of(chat.prompt), END, ASSISTANT]
    tokens: list[int] = []
    if chat.tools:
        shown = "".join(f"{tool.name}: {tool.description}\n" for tool in chat.tools)
        tokens += [TOOLS, *tokens_of(shown), END]
    for message in chat.messages:
        tokens += [ROLES[text_of(message.get("role"))], *tokens_of(_said(message, voice)), END]
    return [*tokens, ASSISTANT]


def _said(message: Mapping[str, Any], voice: Voice) -> str:
    calls = [_call(call) for call in objects_of(message.get("tool_calls"))]
    return content_text(message.get("content")) + (voice.calls(calls) if calls else "")


def _call(call: Mapping[str, Any]) -> Call:
    function = object_of(call.get("function")) or call
    return Call(text_of(function.get("name")), object_of(function.get("arguments")))


def content_text(content: Any) -> str:
    """The text of a message's content, which may come in parts."""
    if isinstance(content, str):
        return content
    return "".join(text_of(part.get("text")) for part in objects_of(content))
