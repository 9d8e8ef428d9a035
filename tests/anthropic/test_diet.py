"""The diet: what is left is a conversation, and its beginning stays the same for several turns."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic.diet import (
    STEP_SHARE,
    Diet,
    bare_tool,
    begins_turn,
    bytes_per_token,
    first_kept,
    head_of_system,
    put_on_diet,
)
from understudy.protocols.json_values import objects_of
from understudy.protocols.request import ServedRequest

from .requests import ODD_BODIES, assistant, few_examples, request, result, text, use, user

WINDOW_TOKENS = 4_096
BYTES_PER_TOKEN = 3.6


Shape = list[tuple[int, int]]


def tokens_of(body: bytes) -> int:
    return int(len(body) / BYTES_PER_TOKEN)


def turn(number: int, words: int = 20) -> list[dict[str, Any]]:
    """One turn of four messages: a question, a call, its result, an answer."""
    name = f"Bash{number}"
    return [
        user(text(f"question {number} " + "word " * words)),
        assistant(text("let me see"), use(name, command="ls")),
        user(result(name, "line " * words), text("<system-reminder>x</system-reminder>")),
        assistant(text(f"answer {number}")),
    ]


def conversation(turns: int) -> list[dict[str, Any]]:
    return [message for number in range(turns) for message in turn(number)] + [user("go on")]


def dieted(asked: ServedRequest, tokens: int, window_tokens: int) -> Diet:
    """A conversation's first diet."""
    return put_on_diet(asked, tokens, window_tokens, bytes_per_token(asked, tokens))


def test_the_newest_turns_and_the_frame_are_kept() -> None:
    tools = [{"name": "Read", "description": "d" * 900, "input_schema": {"type": "object"}}]
    asked = request(
        system="You are a tester. " + "s" * 9_000,
        tools=tools,
        messages=conversation(20),
        max_tokens=100,
        metadata={"x": 1},
        zz_unknown=[1.50],
    )
    diet = dieted(asked, tokens_of(asked.body), WINDOW_TOKENS)
    kept = json.loads(diet.request.body)
    assert kept["messages"] == conversation(20)[diet.dropped_messages :]
    assert diet.dropped_messages > 0
    assert kept["system"].startswith("You are a tester. ")
    assert kept["tools"] == [{"name": "Read", "input_schema": {"type": "object"}}]
    assert {key: kept[key] for key in ("metadata", "zz_unknown", "max_tokens")} == {
        "metadata": {"x": 1},
        "zz_unknown": [1.5],
        "max_tokens": 100,
    }
    assert tokens_of(diet.request.body) < WINDOW_TOKENS
    for word in (str(tokens_of(asked.body)), "m reads 4096", f"oldest {diet.dropped_messages} of"):
        assert word in diet.notice


def test_a_growing_conversation_keeps_its_beginning_for_several_turns() -> None:
    cuts: list[int] = []
    for turns in range(10, 60):
        asked = request(system="s" * 100, messages=conversation(turns), max_tokens=100)
        diet = dieted(asked, tokens_of(asked.body), WINDOW_TOKENS)
        assert tokens_of(diet.request.body) < WINDOW_TOKENS
        cuts.append(diet.dropped_messages)
    assert cuts == sorted(cuts)
    step_bytes = WINDOW_TOKENS * STEP_SHARE * BYTES_PER_TOKEN
    turns_per_step = step_bytes / len(json.dumps(turn(30), separators=(",", ":")))
    assert turns_per_step > 3
    runs = [cuts.count(cut) for cut in sorted(set(cuts))][1:-1]
    assert min(runs) >= int(turns_per_step)


@few_examples
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 120)), min_size=1, max_size=30),
    st.integers(0, 20_000),
    st.integers(1, 5_000),
)
def test_no_result_is_kept_without_its_call(shape: Shape, room_bytes: int, step_bytes: int) -> None:
    messages: list[dict[str, Any]] = []
    for number, (calls, words) in enumerate(shape):
        messages.append(user(f"question {number} " + "w " * words))
        for call in range(calls):
            name = f"{number}.{call}"
            messages += [assistant(use(name)), user(result(name, "r " * words))]
        messages.append(assistant(text("done")))
    first = first_kept(messages, room_bytes, step_bytes)
    kept = messages[first:]
    assert begins_turn(kept[0])
    found = [block for message in kept for block in objects_of(message["content"])]
    called = {block["id"] for block in found if block["type"] == "tool_use"}
    answered = {block["tool_use_id"] for block in found if block["type"] == "tool_result"}
    assert answered <= called


def test_a_cut_drops_whole_steps() -> None:
    messages = [user("x" * 72) for _ in range(20)]
    size = len(json.dumps(messages[0], separators=(",", ":")))
    total = size * len(messages)
    assert size == 100
    assert first_kept(messages, total, 500) == 0
    assert first_kept(messages, total - 1, 500) == 5
    assert first_kept(messages, total - 500, 500) == 5
    assert first_kept(messages, total - 501, 500) == 10
    assert first_kept(messages, -9_999, 500) == 19
    assert first_kept([], -1, 500) == 0
    assert first_kept([assistant(text("a")), assistant(text("b"))], 0, 10) == 0


def test_arguments_keep_their_names_and_lose_their_prose() -> None:
    tool = {
        "name": "Task",
        "description": "long",
        "input_schema": {
            "$schema": "x",
            "title": "Task",
            "type": "object",
            "additionalProperties": False,
            "required": ["description", "title"],
            "properties": {
                "description": {"type": "string", "description": "long"},
                "title": {"anyOf": [{"type": "string", "title": "t"}, {"const": "description"}]},
                "properties": {"type": "object", "properties": {"examples": {"examples": [1]}}},
            },
        },
        "cache_control": {"type": "ephemeral"},
    }
    assert bare_tool(tool) == {
        "name": "Task",
        "input_schema": {
            "type": "object",
            "additionalProperties": False,
            "required": ["description", "title"],
            "properties": {
                "description": {"type": "string"},
                "title": {"anyOf": [{"type": "string"}, {"const": "description"}]},
                "properties": {"type": "object", "properties": {"examples": {}}},
            },
        },
        "cache_control": {"type": "ephemeral"},
    }


SYSTEMS: list[tuple[Any, Any]] = [
    ("abcdef", "abcd"),
    ([text("ab"), text("cdef"), text("g")], [text("ab"), text("cd")]),
    ([{**text("abcdef"), "cache_control": {}}], [{**text("abcd"), "cache_control": {}}]),
    ([7, {"type": "image"}, {"text": 7}, text("a")], [text("a")]),
    (None, []),
    (7, []),
    ({"text": "a"}, []),
]


@pytest.mark.parametrize(("system", "kept"), SYSTEMS)
def test_the_head_of_the_system_prompt_is_kept(system: Any, kept: Any) -> None:
    assert head_of_system(system, 4) == kept


@pytest.mark.parametrize(
    ("message", "begins"),
    [
        (user("a"), True),
        (user(text("a")), True),
        (user(result("x", "a")), False),
        (user(text("a"), result("x", "b")), False),
        (assistant(text("a")), False),
        ({"role": "system", "content": "a"}, False),
        ({"role": "user"}, True),
        ({"role": "user", "content": [7, None]}, True),
        ("user", False),
        (None, False),
    ],
)
def test_a_turn_begins_with_the_user_s_own_word(message: Any, begins: bool) -> None:
    assert begins_turn(message) == begins


@few_examples
@given(ODD_BODIES, st.integers(0, 100_000), st.integers(512, 5_000))
def test_an_odd_request_is_shortened_without_a_crash(
    value: dict[str, Any], tokens: int, window_tokens: int
) -> None:
    diet = dieted(request(**value), tokens, window_tokens)
    kept = json.loads(diet.request.body)
    assert set(kept) == set(value)
    assert kept["messages"] == value["messages"][diet.dropped_messages :]
    assert not value["messages"] or kept["messages"]
