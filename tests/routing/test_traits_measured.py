"""The traits of turns as Claude Code was measured to write them: keys and structure alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.routing.traits import matches
from understudy.protocols.settings_data import RuleSettings, Trait
from understudy.protocols.turn import Operation, Turn

BILLING = {"type": "text", "text": "x-anthropic-billing-header: cc_version=0; cc_entrypoint=cli;"}
PROMPT = {"type": "text", "text": "You are a client."}
TOOLS = [{"name": "Read", "input_schema": {"type": "object"}}]
FORMAT = {"type": "json_schema", "schema": {"type": "object"}}
PLAN = {"role": "system", "content": "Plan mode is active."}
LEFT = {"role": "system", "content": "You have exited plan mode."}
USER = {"role": "user", "content": [{"type": "text", "text": "Hello"}]}
PICTURE = {"type": "image", "source": {"type": "base64", "data": "", "media_type": "image/png"}}
MAIN: dict[str, Any] = {
    "model": "work/claude-x",
    "max_tokens": 32_000,
    "stream": True,
    "system": [BILLING, PROMPT],
    "tools": TOOLS,
    "thinking": {"type": "adaptive", "display": "omitted"},
    "output_config": {"effort": "high"},
    "messages": [USER],
}
"""A main turn, as it is without any choice of its user."""
SMALL = {key: value for key, value in MAIN.items() if key not in ("thinking", "tools")}
TITLE: dict[str, Any] = {
    **SMALL,
    "tools": [],
    "output_config": {"effort": "high", "format": FORMAT},
}
ALL: tuple[Trait, ...] = ("background", "vision", "sub-agent", "thinking", "plan")


def mode(name: str) -> dict[str, Any]:
    """A main turn in this permission mode."""
    context = {"v": 1, "permission_mode": name}
    asked = [{"type": "dangerous_tool_use", "classifier_context": context}]
    return {**MAIN, "safeguards": asked}


def traits(body: dict[str, Any], agent: str = "") -> list[Trait]:
    """The traits of a turn."""
    request = parse_request(json.dumps(body).encode())
    turn = Turn("t", "c", True, agent, Operation.MESSAGES, request)
    return [trait for trait in ALL if matches(RuleSettings(("a/b",), when=(trait,)), turn)]


@pytest.mark.parametrize(
    ("name", "body", "agent", "expected"),
    [
        ("a main turn", MAIN, "", []),
        ("a sub-agent's", MAIN, "a1", ["sub-agent"]),
        (
            "a sub-agent's at a small model",
            {**MAIN, "model": "claude-haiku-5-5"},
            "a1",
            [*ALL[:1], *ALL[2:3]],
        ),
        ("a title", TITLE, "", ["background"]),
        ("a page's summary", {**SMALL, "tools": []}, "", ["background"]),
        ("a title at a small model", {**TITLE, "model": "claude-haiku-5-5"}, "", ["background"]),
        ("another client without tools", {**SMALL, "system": "You are."}, "", []),
        ("a main turn without tools", {**MAIN, "tools": []}, "", []),
        ("more effort", {**MAIN, "output_config": {"effort": "xhigh"}}, "", ["thinking"]),
        ("most effort", {**MAIN, "output_config": {"effort": "max"}}, "", ["thinking"]),
        ("less effort", {**MAIN, "output_config": {"effort": "low"}}, "", []),
        (
            "a budget",
            {**MAIN, "thinking": {"type": "enabled", "budget_tokens": 9}},
            "",
            ["thinking"],
        ),
        ("plan mode", {**mode("plan"), "messages": [USER, PLAN]}, "", ["plan"]),
        ("auto mode after it", {**mode("auto"), "messages": [USER, PLAN, USER, LEFT]}, "", []),
        ("plan mode, not said by a member", {**MAIN, "messages": [USER, PLAN]}, "", ["plan"]),
        ("left", {**MAIN, "messages": [USER, PLAN, USER, LEFT]}, "", []),
        ("entered again", {**MAIN, "messages": [USER, PLAN, USER, LEFT, PLAN]}, "", ["plan"]),
        (
            "a picture that a tool has read",
            {
                **MAIN,
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {"type": "tool_result", "tool_use_id": "t", "content": [PICTURE]}
                        ],
                    }
                ],
            },
            "",
            ["vision"],
        ),
    ],
)
def test_traits(name: str, body: dict[str, Any], agent: str, expected: list[Trait]) -> None:
    assert traits(body, agent) == expected, name
