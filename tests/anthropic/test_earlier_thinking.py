"""What was thought for earlier prompts is left out where nobody can tell whose it is."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from understudy.protocols.anthropic.earlier_thinking import without_earlier_thinking
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.conversation.origin import signed

THOUGHT: Final = {"type": "thinking", "thinking": "Hm.", "signature": "EqQBCgIYAhIM"}
HIDDEN: Final = {"type": "redacted_thinking", "data": "EqQBCgIYAhIM"}
MARKED: Final = {**THOUGHT, "signature": signed("gemini", "flash", "abc")}
SAID: Final = {"type": "text", "text": "A fish."}
CALL: Final[dict[str, Any]] = {"type": "tool_use", "id": "t1", "name": "ls", "input": {}}
RESULT: Final = {"type": "tool_result", "tool_use_id": "t1", "content": "a b"}
REMINDER: Final = {"type": "text", "text": "<system-reminder>Be brief.</system-reminder>"}


def user(*blocks: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks) or "What is it?"}


def model(*blocks: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks)}


def left(*messages: Any) -> list[Any]:
    """The messages that go to the endpoint."""
    body = {"model": "m", "max_tokens": 9, "messages": list(messages), "unknown": 1.0}
    request = without_earlier_thinking(parse_request(json.dumps(body).encode()))
    assert json.loads(request.body)["unknown"] == 1.0
    found: list[Any] = json.loads(request.body)["messages"]
    return found


@pytest.mark.parametrize("thought", [THOUGHT, HIDDEN])
def test_the_thinking_of_an_earlier_prompt_goes(thought: dict[str, Any]) -> None:
    history = user(), model(thought, CALL), user(RESULT), model(thought, SAID), user()
    assert left(*history) == [user(), model(CALL), user(RESULT), model(SAID), user()]


def test_the_loop_that_goes_on_keeps_its_own() -> None:
    loop = user(), model(THOUGHT, CALL), user(RESULT, REMINDER)
    assert left(user(), model(THOUGHT, SAID), *loop) == [user(), model(SAID), *loop]


def test_a_mark_tells_whose_it_is() -> None:
    assert left(user(), model(MARKED, SAID), user()) == [user(), model(MARKED, SAID), user()]


def test_a_message_of_thinking_alone_goes() -> None:
    assert left(user(), model(THOUGHT), user()) == [user(), user()]


@pytest.mark.parametrize(
    "messages",
    [
        b'[ {"role":"user","content":"\\"thinking\\""} ]',
        b'[ {"role":"assistant","content":"x"}, {"role":"user","content":[{"type":"thinking"}]} ]',
        b'[ 1, {"type":"thinking"} ]',
    ],
)
def test_any_other_request_keeps_its_bytes(messages: bytes) -> None:
    request = parse_request(b'{"model":"m","max_tokens":1,"messages":%s}' % messages)
    assert without_earlier_thinking(request) is request
