"""Pains 1, 2, 5, 6 and 10: what a request brings along, and what an endpoint must not see of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.answer import ThinkingDelta, ThinkingSigned
from understudy.protocols.dialects import SERVED, UPSTREAM

from .stage import (
    OTHERS,
    TOOL,
    Json,
    body,
    chunks,
    events_of,
    result,
    said,
    sent,
    text,
    use,
)

CALLED = (said("user", "go"), said("assistant", text("I look."), use("toolu_1")))


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_01_prompt_cache_lost_by_the_billing_line(dialect: str) -> None:
    def asked(suffix: str) -> bytes:
        billing = f"x-anthropic-billing-header: cc_version=2.1.330.{suffix}; cc_entrypoint=cli"
        return body(said("user", "hi"), system=[text(billing), text("Be brief.")])

    assert sent(dialect, asked("413")) == sent(dialect, asked("9bb"))
    assert b"Be brief." in sent(dialect, asked("413"))
    relayed = UPSTREAM["anthropic"].relayed(SERVED["anthropic"].parse(asked("413")), "m").body
    assert b"2.1.330.413" in relayed


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_02_prompt_cache_lost_by_the_count_of_tokens_left(dialect: str) -> None:
    def asked(left: int, *more: Json) -> bytes:
        words = f"<total_tokens>{left} tokens left</total_tokens>"
        countdown = said("system", words)
        return body(*CALLED, said("user", result("toolu_1")), countdown, *more, tools=[TOOL])

    assert sent(dialect, asked(9_000)) == sent(dialect, asked(8_000))
    assert b"tokens left" not in sent(dialect, asked(9_000))
    key = {"gemini": "contents", "openai-responses": "input"}.get(dialect, "messages")
    first = json.loads(sent(dialect, asked(9_000)))[key]
    grown = json.loads(sent(dialect, asked(8_000, said("assistant", "It is so."))))[key]
    assert grown[: len(first)] == first


@pytest.mark.parametrize("dialect", ["anthropic", *OTHERS])
def test_pain_05_thinking_of_another_model_after_a_switch(dialect: str) -> None:
    """It goes to nobody else, with a signature that they would refuse, nor as text."""
    events = events_of("openai-chat", chunks({"reasoning_content": "secret thought"}))
    blocks = [event for event in events if isinstance(event, ThinkingDelta | ThinkingSigned)]
    assert blocks[0] == ThinkingDelta("secret thought")
    told_signature = blocks[1]
    assert isinstance(told_signature, ThinkingSigned)
    foreign = {"type": "thinking", "thinking": "secret thought", "signature": "of nobody"}
    for signature in (told_signature.signature.replace("gpt-5.5", "another"), ""):
        thinking = {**foreign, "signature": signature}
        history = body(
            said("user", "hi"), said("assistant", thinking, text("yes")), said("user", "go")
        )
        assert b"secret thought" not in sent(dialect, history)
        assert b"yes" in sent(dialect, history)


def test_pain_05_signed_thinking_is_relayed_byte_for_byte() -> None:
    block = b'{ "type":"thinking", "thinking":"so \\u0041", "signature":"c2ln+/=="}'
    raw = b'{"model":"x","messages":[{"role":"assistant","content":[%b]}]}' % block
    assert block in UPSTREAM["anthropic"].relayed(SERVED["anthropic"].parse(raw), "m").body


UNKNOWN: Json = {
    "context_management": {"edits": [{"type": "clear_thinking_20251015"}]},
    "cache_scope_2027": {"a": 1},
    "output_config": {"effort": "high", "new": 1},
    "safeguards": {"type": "auto"},
}


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_06_a_400_for_members_that_nobody_knows(dialect: str) -> None:
    tool = {**TOOL, "input_examples": [{"a": 1}], "eager_input_streaming": True}
    odd = said("user", {"type": "from_the_future", "a": 1}, text("hi"))
    request = body(odd, said("ctx", "x"), tools=[tool], betas=["context-1m"], **UNKNOWN)
    found = SERVED["anthropic"].conversation(SERVED["anthropic"].parse(request))
    assert {"context_management", "cache_scope_2027", "safeguards"} <= set(found.unknown)
    for word in (b"context_management", b"cache_scope", b"safeguards", b"input_examples"):
        assert word not in sent(dialect, request)
    relayed = UPSTREAM["anthropic"].relayed(SERVED["anthropic"].parse(request), "work/m").body
    assert relayed == request


def calls_and_results(dialect: str, sent_body: Json) -> tuple[list[Any], list[Any]]:
    """The ids of calls and of results, in order."""
    if dialect == "openai-responses":
        items = sent_body["input"]
        ids = [(item["type"], item["call_id"]) for item in items if "call_id" in item]
        calls = [call for kind, call in ids if kind == "function_call"]
        return calls, [call for kind, call in ids if kind == "function_call_output"]
    if dialect == "gemini":
        parts = [part for content in sent_body["contents"] for part in content["parts"]]
        calls = [part["functionCall"]["id"] for part in parts if "functionCall" in part]
        return calls, [p["functionResponse"]["id"] for p in parts if "functionResponse" in p]
    messages = sent_body["messages"]
    calls = [call["id"] for message in messages for call in message.get("tool_calls", ())]
    return calls, [m["tool_call_id"] for m in messages if m["role"] == "tool"]


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_10_a_call_without_its_result_makes_the_session_unusable(dialect: str) -> None:
    history = (
        said("user", "go"),
        said("assistant", use("a"), use("b"), use("a")),
        said("user", result("orphan"), result("b"), text("[Request interrupted by user]")),
        said("assistant", text(" ")),
        said("user", result("b", "twice")),
    )
    found = json.loads(sent(dialect, body(*history, tools=[TOOL])))
    calls, results = calls_and_results(dialect, found)
    assert len(calls) == len(set(calls)) == 3
    assert sorted(calls) == sorted(results)
    assert b"orphan" not in sent(dialect, body(*history, tools=[TOOL]))


def test_pain_10_a_relay_repairs_the_history_too() -> None:
    history = body(said("user", "go"), said("assistant", use("a")), said("user", "never mind"))
    request = SERVED["anthropic"].parse(history)
    repaired = json.loads(UPSTREAM["anthropic"].relayed(request, "m").body)["messages"]
    answer = repaired[2]["content"][0]
    assert (answer["type"], answer["tool_use_id"], answer["is_error"]) == ("tool_result", "a", True)
