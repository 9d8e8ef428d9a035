"""What is called whole at one look is what the plan of a repair would leave as it is."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from understudy.protocols.anthropic.history import repaired_by_plan, repaired_history
from understudy.protocols.anthropic.server_blocks import OWN_ID_PREFIX
from understudy.protocols.anthropic.whole_history import is_plainly_whole
from understudy.protocols.conversation.origin import MARK

HISTORIES = 3_000
TEXT: dict[str, Any] = {"type": "text", "text": "hi"}
USE: dict[str, Any] = {"type": "tool_use", "id": "a", "name": "n", "input": {"text": 7}}
RESULT: dict[str, Any] = {"type": "tool_result", "tool_use_id": "a", "content": [TEXT]}
OWN: dict[str, Any] = {"type": "thinking", "thinking": "hm", "signature": "c2ln"}
BLOCKS: tuple[Any, ...] = (
    TEXT,
    {"type": "text", "text": " \n"},
    {"type": "text"},
    USE,
    {**USE, "id": "b"},
    {**USE, "id": "t.1"},
    {**USE, "id": 7},
    RESULT,
    {**RESULT, "tool_use_id": "b"},
    OWN,
    {**OWN, "signature": ""},
    {**OWN, "signature": MARK},
    {"type": "thinking", "thinking": "hm"},
    {"type": "redacted_thinking", "data": "c2ln"},
    {"type": "redacted_thinking", "data": MARK},
    {"type": "redacted_thinking"},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "n", "input": {}},
    {"type": "server_tool_use", "id": f"{OWN_ID_PREFIX}1", "name": "n", "input": {}},
    {"type": "web_search_tool_result", "tool_use_id": f"{OWN_ID_PREFIX}1", "content": []},
    {"type": "image", "source": {}},
    {"type": 7},
    "hi",
)
ODD_ROLES: tuple[Any, ...] = ("user", "assistant", "system", 7)
ODD_CONTENTS: tuple[Any, ...] = ("", " ", [], None, 7)
USUAL = (0, 0, 3, 3, 4, 7, 7, 8, 9)
"""Places of blocks that histories are mostly made of, so that some are whole."""


def histories() -> Iterator[list[Any]]:
    source = random.Random(5)
    for _ in range(HISTORIES):
        odd = source.random() < 0.5
        places = range(len(BLOCKS)) if odd else USUAL
        made: list[Any] = []
        for number in range(source.randrange(1, 6)):
            role: Any = ("user", "assistant")[number % 2]
            if odd and source.random() < 0.2:
                role = source.choice(ODD_ROLES)
            blocks = [BLOCKS[source.choice(places)] for _ in range(source.randrange(1, 4))]
            content: Any = source.choice(["hi", blocks, blocks, blocks])
            if odd and source.random() < 0.1:
                content = source.choice(ODD_CONTENTS)
            made.append({"role": role, "content": content})
        yield made


def test_what_is_called_whole_needs_no_repair() -> None:
    whole = 0
    for history in histories():
        raw = json.dumps(history).encode()
        if is_plainly_whole(raw):
            whole += 1
            assert repaired_by_plan(raw) is raw, history
    assert HISTORIES // 20 < whole < HISTORIES


@pytest.mark.parametrize(
    "more",
    [
        [],
        [
            {"role": "assistant", "content": [OWN, TEXT, USE, {**USE, "id": "b"}]},
            {"role": "user", "content": [{**RESULT, "tool_use_id": "b"}, RESULT, TEXT]},
        ],
        [
            {"role": "system", "content": "It is late."},
            {"role": "assistant", "content": [USE]},
            {"role": "user", "content": [RESULT]},
            {"role": "system", "content": [TEXT]},
            {"role": "user", "content": "and then?"},
        ],
    ],
)
def test_what_a_client_usually_sends_is_whole_at_one_look(more: list[Any]) -> None:
    raw = json.dumps([{"role": "user", "content": "hi"}, *more]).encode()
    assert is_plainly_whole(raw)
    assert repaired_history(raw) is raw


@pytest.mark.parametrize("raw", [b"", b"7", b"[7]", b"[" * 100_000, b'[{"role":7}]'])
def test_what_is_no_list_of_messages_is_for_the_plan(raw: bytes) -> None:
    assert not is_plainly_whole(raw)
    assert repaired_history(raw) == repaired_by_plan(raw)
