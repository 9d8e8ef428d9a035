"""The embedded model under a coding client's request: what it answers and how fast it lets go.

The request has the shape and size of Claude Code's print mode: a system of three blocks, 12 tools,
a message of role `system` at the end, thinking, tool results. Its text is the standard library's.
"""

from __future__ import annotations

import json
import os
import pydoc_data.topics
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psutil
import pytest
import trio
from understudy.actors.backend.engine import PROBE_SECONDS
from understudy.actors.backend.server_form import HEALTH
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.engines.rehearsal import MODEL_CONTEXT_TOKENS, MODEL_FILE, MODEL_NAME
from understudy.io.ports import EngineProcess, EngineSpec

from .measured import describe

SPEC = EngineSpec(name=MODEL_NAME, file=MODEL_FILE, context_tokens=MODEL_CONTEXT_TOKENS)
PROSE = "\n".join(pydoc_data.topics.topics.values())
EPHEMERAL = {"type": "ephemeral"}
ABANDONED_TRIES = 10
IDLE_SECONDS_MAX = 2.0
"""llama.cpp looks once a second whether its client has gone, and then finishes a batch."""


def prose(characters: int, start: int) -> str:
    return PROSE[start : start + characters]


def tool(name: str, start: int) -> dict[str, Any]:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "file_path": {"type": "string", "description": "The absolute path"},
            "limit": {"type": "integer", "exclusiveMinimum": 0, "maximum": 9007199254740991},
            "mode": {"type": "string", "enum": ["content", "count"]},
        },
        "required": ["file_path"],
        "additionalProperties": False,
    }
    return {"name": name, "description": prose(2200, start), "input_schema": schema}


def coding_request(question: str, start: int = 0) -> dict[str, Any]:
    """A request of some 48 kB; `start` chooses its text, so that no prefix is shared."""
    reminder = f"<system-reminder>\n{prose(900, start + 60_000)}\n</system-reminder>"
    return {
        "model": MODEL_NAME,
        "max_tokens": 200,
        "stream": True,
        "system": [
            {"type": "text", "text": f"x-anthropic-billing-header: cc_version=2.1.330.{start};"},
            {"type": "text", "text": "You are a coding agent.", "cache_control": EPHEMERAL},
            {"type": "text", "text": prose(7000, start), "cache_control": EPHEMERAL},
        ],
        "tools": [tool(f"Tool{number}", start + number * 2300) for number in range(12)],
        "metadata": {"user_id": json.dumps({"session_id": "s"})},
        "thinking": {"type": "adaptive", "display": "omitted"},
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
        "output_config": {"effort": "medium"},
        "messages": [
            {"role": "user", "content": "list the files"},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "ls will do", "signature": ""},
                    {"type": "text", "text": "I list them."},
                    {"type": "tool_use", "id": "a", "name": "Tool1", "input": {"file_path": "/"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "a", "content": "a.txt"},
                    {"type": "text", "text": reminder},
                    {"type": "text", "text": question},
                ],
            },
            {"role": "system", "content": [{"type": "text", "text": prose(9000, start + 70_000)}]},
        ],
    }


@pytest.fixture
async def process() -> AsyncIterator[EngineProcess]:
    async with LlamaServer().open(SPEC) as running:
        yield running


@pytest.fixture
async def client(process: EngineProcess) -> AsyncIterator[httpx.AsyncClient]:
    """A connection for each request: the server promises keep-alive and then closes after a stream.

    A client that believes the promise races the FIN. Ours (io/upstream) replaces what went stale.
    """
    async with httpx.AsyncClient(
        base_url=process.base_url,
        headers=list(process.headers),
        timeout=120,
        trust_env=False,
        limits=httpx.Limits(max_keepalive_connections=0),
    ) as made:
        yield made


async def answer(client: httpx.AsyncClient, request: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a streamed answer."""
    response = await client.post("/v1/messages?beta=true", json=request)
    assert response.status_code == 200, response.text
    lines = [line for line in response.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line[6:]) for line in lines]


def text_of(events: list[dict[str, Any]]) -> str:
    return "".join(event.get("delta", {}).get("text", "") for event in events)


async def test_a_coding_clients_request_streams_an_honest_answer(
    client: httpx.AsyncClient,
) -> None:
    events = await answer(client, coding_request("who are you?"))
    assert [events[0]["type"], events[-1]["type"]] == ["message_start", "message_stop"]
    assert sum(event["type"] == "content_block_delta" for event in events) > 10
    assert events[0]["message"]["usage"]["input_tokens"] > 8_000
    assert events[-2]["delta"]["stop_reason"] == "end_turn"
    assert "very small model" in text_of(events)


@pytest.mark.parametrize("buried", ["system message", "reminder", "tool result"])
async def test_words_buried_under_others_are_answered(
    client: httpx.AsyncClient, buried: str
) -> None:
    """Clients put text of their own behind what the user typed; the template knows."""
    request = coding_request("tell me a story")
    asked, system = request["messages"][-2:]
    if buried == "reminder":
        text = f"<system-reminder>\n{system['content'][0]['text']}\n</system-reminder>"
        asked["content"].append({"type": "text", "text": text})
    if buried == "tool result":
        asked["content"][0]["content"] = prose(9000, 1)
    if buried != "system message":
        request["messages"].remove(system)
    assert text_of(await answer(client, request)).startswith("The theatre was dark")


async def test_the_next_turn_reuses_the_prefix(client: httpx.AsyncClient) -> None:
    first = (await answer(client, coding_request("who are you?")))[0]["message"]["usage"]
    again = (await answer(client, coding_request("who are you?")))[0]["message"]["usage"]
    assert first["cache_read_input_tokens"] < first["input_tokens"] / 10
    assert again["cache_read_input_tokens"] > first["input_tokens"] * 0.9


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("hello", "ello"),
        ("what are you?", "very small model"),
        ("fix the bug", "cannot"),
        ("count to 5", "1, 2, 3, 4, 5"),
        ("reply with OK", "OK"),
    ],
)
async def test_small_talk(client: httpx.AsyncClient, question: str, said: str) -> None:
    request = {
        "model": MODEL_NAME,
        "max_tokens": 200,
        "stream": True,
        "temperature": 0,
        "messages": [{"role": "user", "content": question}],
    }
    assert said in text_of(await answer(client, request))


async def test_an_abandoned_prefill_ends_soon(
    client: httpx.AsyncClient, process: EngineProcess
) -> None:
    waits: list[float] = []
    for number in range(ABANDONED_TRIES):
        with trio.move_on_after(0.5 + 0.1 * number) as scope:
            await answer(client, coding_request("hello", start=number * 5_000 + 1))
        assert scope.cancelled_caught
        waits.append(await seconds_until_idle(process.process_id))
    print(f"idle after an abandoned prefill: {describe(waits)}")
    assert max(waits) < IDLE_SECONDS_MAX
    assert "ello" in text_of(
        await answer(client, {**coding_request("hello"), "system": [], "tools": []})
    )


async def test_it_answers_its_health_check_while_it_reads_a_prompt(
    client: httpx.AsyncClient,
) -> None:
    """A process that does not is taken for hung, and killed (actors/backend/engine.py)."""
    waits: list[float] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(answer, client, coding_request("who are you?", start=7))
        with trio.move_on_after(1.5):
            while True:
                began_seconds = trio.current_time()
                assert (await client.get(HEALTH)).status_code == 200
                waits.append(trio.current_time() - began_seconds)
                await trio.sleep(0.05)
    print(f"health check while a prompt is read: {describe(waits)}")
    assert len(waits) > 3
    assert max(waits) < PROBE_SECONDS / 2


async def seconds_until_idle(process_id: int, quiet_seconds: float = 0.4) -> float:
    """Watches the process's CPU time: how long from now until it last moved."""
    engine = psutil.Process(process_id)
    started = moved = trio.current_time()
    seen = sum(engine.cpu_times()[:2])
    while trio.current_time() - moved < quiet_seconds:
        await trio.sleep(1 / os.sysconf("SC_CLK_TCK"))
        spent = sum(engine.cpu_times()[:2])
        if spent > seen:
            seen, moved = spent, trio.current_time()
    return moved - started
