"""A history read by its common form is what the dialect's own reader finds, or nothing is read."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from typing import Any

import pytest
from understudy.protocols.dialects import SERVED
from understudy.protocols.request import ServedRequest
from understudy.protocols.switching.common_form import common_words
from understudy.protocols.switching.history import chained, history_of, read_words

DIALECTS = ("anthropic", "openai-chat")
HISTORIES = 400
MARK = "Done.\n\n[understudy:z5s4ykbbcdqaasditawtjfemqe]"
ROLES = ("user", "assistant", "system", "developer", "tool", "function", "critic", "", None, 7)
TEXTS = ("hi", "", " a \n", MARK, "\ud83d\ude00", None, 7)
TYPES = ("text", "input_text", "output_text", "refusal", "image", "tool_use", "tool_result", "", 7)
MORE: tuple[dict[str, Any], ...] = (
    {"tool_calls": [{"id": "c", "function": {"name": "n", "arguments": "{}"}}]},
    {"tool_calls": []},
    {"tool_calls": ["c"]},
    {"function_call": {"name": "n", "arguments": "{}"}},
    {"refusal": "no"},
    {"refusal": None},
    {"reasoning_content": "because"},
    {"clear_at": "next_user_message"},
    {"tool_call_id": "c", "name": "n"},
)


def request_of(dialect: str, messages: Any) -> ServedRequest:
    body = {"model": "m", "max_tokens": 9, "messages": messages}
    return SERVED[dialect].parse(json.dumps(body).encode())


def block(source: random.Random) -> Any:
    if source.random() < 0.05:
        return source.choice(["hi", None, 7, []])
    made = {"type": source.choice(TYPES), "text": source.choice(TEXTS), "content": "x", "id": "c"}
    dropped = source.choice([(), (), (), ("type",), ("text",)])
    return {key: value for key, value in made.items() if key not in dropped}


def message(source: random.Random) -> Any:
    if source.random() < 0.02:
        return source.choice(["hi", None, [7]])
    text = source.choice(TEXTS)
    blocks = [block(source) for _ in range(source.randrange(4))]
    made = {
        "role": source.choice((*ROLES[:2] * 4, *ROLES)),
        "content": source.choice([text, blocks]),
    }
    if source.random() < 0.3:
        made |= source.choice(MORE)
    return {key: value for key, value in made.items() if source.random() > 0.02}


def histories() -> Iterable[list[Any]]:
    source = random.Random(8)
    for _ in range(HISTORIES):
        yield [message(source) for _ in range(source.randrange(1, 4))]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_both_ways_find_the_same_words(dialect: str) -> None:
    common = 0
    for messages in histories():
        request = request_of(dialect, messages)
        words = common_words(request)
        common += words is not None
        assert words is None or chained(words) == chained(read_words(request)), messages
    assert HISTORIES // 10 < common < HISTORIES


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_a_usual_client_sends_has_the_common_form(dialect: str) -> None:
    use: dict[str, Any] = {"type": "tool_use", "id": "c", "name": "n", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "c", "content": [{"type": "text", "text": "r"}]}
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    messages: dict[str, list[Any]] = {
        "anthropic": [
            {"role": "user", "content": [{"type": "text", "text": "hi", "cache_control": {}}]},
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "t"}, use]},
            {"role": "user", "content": [result]},
            {"role": "assistant", "content": MARK},
        ],
        "openai-chat": [
            {"role": "system", "content": "You help."},
            {"role": "user", "content": [{"type": "text", "text": "hi"}, image]},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "c"}]},
            {"role": "tool", "tool_call_id": "c", "content": "r"},
            {"role": "assistant", "content": MARK},
        ],
    }
    request = request_of(dialect, messages[dialect])
    assert common_words(request) is not None
    assert history_of(request) == chained(read_words(request))
    assert [(said.role, bool(said.mark)) for said in history_of(request)] == [
        ("user", False),
        ("assistant", False),
        ("assistant", True),
    ]


@pytest.mark.parametrize(
    "body", [b'{"model":"m","messages":[[[[1]]]]}', b'{"model":"m","messages":[]}']
)
def test_what_has_no_messages_says_nothing(body: bytes) -> None:
    assert history_of(SERVED["openai-chat"].parse(body)) == ()
