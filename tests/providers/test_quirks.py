"""Each quirk, and what it makes of a request; where a wish is lost, that is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.blocks import Text
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialects import UPSTREAM, upstream_dialect
from understudy.protocols.providers.quirks import BEARER_KEY, QUIRKS

LOOK, LISTEN = Tool("look"), Tool("listen")
SCHEMA = OutputFormat({"type": "object"})
NAMED = {"type": "function", "function": {"name": "look"}}


def asked(**members: Any) -> Conversation:
    """A conversation of one message, with these wishes."""
    return Conversation((Message("user", (Text("Hello"),)),), **members)


def written(quirk: str, conversation: Conversation) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body that an endpoint with this quirk is sent, and what is lost."""
    peer = upstream_dialect("openai-chat", quirks=(quirk,))
    outgoing = peer.request(conversation, "m")
    return json.loads(outgoing.body), outgoing.dropped


CASES: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, ...]]] = [
    (
        "no-penalties",
        {"sampling": Sampling(frequency_penalty=0.5, presence_penalty=0.5, seed=1)},
        {"seed": 1, "frequency_penalty": None, "presence_penalty": None},
        ("frequency_penalty", "presence_penalty"),
    ),
    (
        "no-logprobs",
        {"sampling": Sampling(logprobs=2, logit_bias={"1": 1})},
        {"logprobs": None, "top_logprobs": None, "logit_bias": None},
        ("logprobs", "top_logprobs", "logit_bias"),
    ),
    (
        "no-parallel-tool-calls",
        {"tools": (LOOK,), "parallel_tools": False},
        {"parallel_tool_calls": None},
        ("parallel_tool_calls",),
    ),
    ("no-user", {"user": "ann"}, {"user": None}, ("user",)),
    ("random-seed", {"sampling": Sampling(seed=7)}, {"random_seed": 7, "seed": None}, ()),
    ("no-stream-options", {"streamed": True}, {"stream": True, "stream_options": None}, ()),
    (
        "no-required-tools",
        {"tools": (LOOK,), "tool_choice": ToolChoice("any")},
        {"tool_choice": NAMED},
        (),
    ),
    (
        "no-required-tools",
        {"tools": (LOOK, LISTEN), "tool_choice": ToolChoice("any")},
        {"tool_choice": "auto"},
        ("tool_choice",),
    ),
    (
        "no-required-tools",
        {"tools": (LOOK, LISTEN), "tool_choice": ToolChoice("tool", "look")},
        {"tool_choice": NAMED},
        (),
    ),
    (
        "auto-tools",
        {"tools": (LOOK,), "tool_choice": ToolChoice("any")},
        {"tool_choice": None},
        ("tool_choice",),
    ),
    (
        "auto-tools",
        {"tools": (LOOK,), "tool_choice": ToolChoice("none")},
        {"tool_choice": None, "tools": None},
        (),
    ),
    ("auto-tools", {"tools": (LOOK,)}, {"tool_choice": None}, ()),
    (
        "no-json-schema",
        {"output": SCHEMA},
        {"response_format": {"type": "json_object"}},
        ("output schema",),
    ),
    (
        "no-json-schema",
        {"output": OutputFormat(None)},
        {"response_format": {"type": "json_object"}},
        (),
    ),
    (
        "thinking-switch",
        {"reasoning": Reasoning(enabled=True)},
        {"thinking": {"type": "enabled"}},
        (),
    ),
    (
        "thinking-switch",
        {"reasoning": Reasoning(enabled=False)},
        {"thinking": {"type": "disabled"}},
        (),
    ),
    ("thinking-switch", {}, {"thinking": None}, ()),
    (
        "enable-thinking",
        {"reasoning": Reasoning(budget_tokens=1024)},
        {"enable_thinking": True},
        (),
    ),
]
"""A quirk, wishes, members of the request that is sent (None: not there), and what is lost."""


@pytest.mark.parametrize(("quirk", "wishes", "members", "lost"), CASES)
def test_a_quirk(
    quirk: str, wishes: dict[str, Any], members: dict[str, Any], lost: tuple[str, ...]
) -> None:
    body, dropped = written(quirk, asked(**wishes))
    assert {name: body.get(name) for name in members} == members
    assert dropped == lost
    usual = UPSTREAM["openai-chat"].request(asked(**wishes), "m")
    assert (json.loads(usual.body) == body) == ((quirk, wishes) in UNTOUCHED)


UNTOUCHED: list[tuple[str, dict[str, Any]]] = [
    (
        "no-required-tools",
        {"tools": (LOOK, LISTEN), "tool_choice": ToolChoice("tool", "look")},
    ),
    ("auto-tools", {"tools": (LOOK,)}),
    ("no-json-schema", {"output": OutputFormat(None)}),
    ("thinking-switch", {}),
]
"""Where there is nothing to do."""


def test_of_several_tools_the_wanted_one_is_shown_alone() -> None:
    wishes = {"tools": (LOOK, LISTEN), "tool_choice": ToolChoice("tool", "listen")}
    body, dropped = written("auto-tools", asked(**wishes))
    assert [tool["function"]["name"] for tool in body["tools"]] == ["listen"]
    assert dropped == ("tool_choice",)


def test_each_quirk_is_tried_here() -> None:
    assert {case[0] for case in CASES} == set(QUIRKS) - {BEARER_KEY}
