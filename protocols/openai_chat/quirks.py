"""What an endpoint of this dialect does otherwise, done to the request before it is sent.

The words are protocols/providers/quirks.py's. Each is a function of the body that is about to be
sent; what gets lost by it is named in `dropped`, like all that a dialect cannot say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from ..conversation.request import Conversation, Reasoning
from ..providers.quirks import (
    AUTO_TOOLS,
    ENABLE_THINKING,
    NO_JSON_SCHEMA,
    NO_LOGPROBS,
    NO_PARALLEL,
    NO_PENALTIES,
    NO_REQUIRED_TOOLS,
    NO_STREAM_OPTIONS,
    NO_USER,
    RANDOM_SEED,
    THINKING_SWITCH,
)

Body = dict[str, Any]
Change = Callable[[Body, Conversation], list[str]]

_LEFT_OUT: Final = {
    NO_PENALTIES: ("frequency_penalty", "presence_penalty", "logit_bias"),
    NO_LOGPROBS: ("logprobs", "top_logprobs", "logit_bias"),
    NO_PARALLEL: ("parallel_tool_calls",),
    NO_USER: ("user",),
}


def apply_quirks(body: Body, conversation: Conversation, quirks: Iterable[str]) -> list[str]:
    """Changes the body in place; returns what of the client's wishes is lost."""
    dropped: list[str] = []
    for quirk in quirks:
        dropped += [name for name in _LEFT_OUT.get(quirk, ()) if body.pop(name, None) is not None]
        if quirk in _CHANGES:
            dropped += _CHANGES[quirk](body, conversation)
    return dropped


def switched(quirks: Iterable[str]) -> bool:
    """Whether thinking has a switch there: then a wish for it is not lost without an effort."""
    return THINKING_SWITCH in quirks or ENABLE_THINKING in quirks


def _random_seed(body: Body, _conversation: Conversation) -> list[str]:
    if "seed" in body:
        body["random_seed"] = body.pop("seed")
    return []


def _no_stream_options(body: Body, _conversation: Conversation) -> list[str]:
    body.pop("stream_options", None)  # no wish of the client's: it asks for the usage
    return []


def _no_required_tools(body: Body, _conversation: Conversation) -> list[str]:
    """One tool that must be called can be named; several leave the choice to the model."""
    if body.get("tool_choice") != "required":
        return []
    if len(body["tools"]) == 1:
        name = body["tools"][0]["function"]["name"]
        body["tool_choice"] = {"type": "function", "function": {"name": name}}
        return []
    body["tool_choice"] = "auto"
    return ["tool_choice"]


def _auto_tools(body: Body, _conversation: Conversation) -> list[str]:
    """Who may call nothing is shown no tools; who must call one, that one alone."""
    choice = body.pop("tool_choice", "auto")
    if choice == "none":
        del body["tools"]
        return []
    if choice == "auto":
        return []
    if isinstance(choice, dict):
        body["tools"] = [each for each in body["tools"] if _named(each) == _named(choice)]
    return ["tool_choice"]


def _named(holder: Any) -> Any:
    return holder["function"]["name"]


def _no_json_schema(body: Body, _conversation: Conversation) -> list[str]:
    if body.get("response_format", {}).get("type") != "json_schema":
        return []
    body["response_format"] = {"type": "json_object"}
    return ["output schema"]


def _thinking_switch(body: Body, conversation: Conversation) -> list[str]:
    wanted = _wants_thinking(conversation.reasoning)
    if wanted is not None:
        body["thinking"] = {"type": "enabled" if wanted else "disabled"}
    return []


def _enable_thinking(body: Body, conversation: Conversation) -> list[str]:
    wanted = _wants_thinking(conversation.reasoning)
    if wanted is not None:
        body["enable_thinking"] = wanted
    return []


def _wants_thinking(reasoning: Reasoning) -> bool | None:
    """Whether the client wants thinking; None if it has said nothing."""
    if reasoning.enabled is not None:
        return reasoning.enabled
    if reasoning.budget_tokens or reasoning.effort:
        return reasoning.effort != "none"
    return None


_CHANGES: Final[dict[str, Change]] = {
    RANDOM_SEED: _random_seed,
    NO_STREAM_OPTIONS: _no_stream_options,
    NO_REQUIRED_TOOLS: _no_required_tools,
    AUTO_TOOLS: _auto_tools,
    NO_JSON_SCHEMA: _no_json_schema,
    THINKING_SWITCH: _thinking_switch,
    ENABLE_THINKING: _enable_thinking,
}
