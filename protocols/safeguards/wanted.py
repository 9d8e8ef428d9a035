"""What a client in auto mode asks to have checked, as its request says.

Claude Code sends `safeguards: [{"type": "dangerous_tool_use", "classifier_context": {...}}]` with
each request in auto mode (measured with version 2.1.330), and nothing of the kind in other modes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..json_values import object_of, objects_of, text_of
from ..request import BadRequest, ServedRequest

DANGEROUS_TOOL_USE: Final = "dangerous_tool_use"
CONTEXT_MEMBERS: Final = (
    "permission_mode",
    "platform",
    "live_cwd",
    "home_dir",
    "rule_roots",
    "trusted_directories",
    "rules",
    "auto_mode",
    "git_state",
)
"""Of the client's `classifier_context`: where it works, and what its user allows and forbids."""
REMINDER_MARK: Final = "<system-reminder>"
"""How a text begins that the client, not its user, has put into a message of the user's."""
USER_CHARACTERS_MAX: Final = 8_000


def is_wanted(request: ServedRequest) -> bool:
    """Whether the client wants a verdict on each tool use. Costs a search where it does not."""
    if request.dialect != "anthropic" or not request.json.raw("safeguards"):
        return False
    return _entry(request) is not None


def context_of(request: ServedRequest) -> Mapping[str, Any]:
    """The client's words for its surroundings and rules, as far as a classifier needs them."""
    context = object_of((_entry(request) or {}).get("classifier_context"))
    return {key: context[key] for key in CONTEXT_MEMBERS if key in context}


def last_user_text(request: ServedRequest) -> str:
    """What the user wrote last, less what the client has added; its beginning if it is long."""
    for message in reversed(objects_of(request.value("messages"))):
        if message.get("role") == "user" and (text := _words(message.get("content"))):
            return text[:USER_CHARACTERS_MAX]
    return ""


def _entry(request: ServedRequest) -> Mapping[str, Any] | None:
    try:
        asked = objects_of(request.value("safeguards"))
    except BadRequest:
        return None
    return next((each for each in asked if each.get("type") == DANGEROUS_TOOL_USE), None)


def _words(content: Any) -> str:
    if isinstance(content, str):
        texts = [content]
    else:
        texts = [text_of(block.get("text")) for block in objects_of(content)]
    own = [text for text in texts if not text.lstrip().startswith(REMINDER_MARK)]
    return "\n".join(text for text in own if text.strip())
