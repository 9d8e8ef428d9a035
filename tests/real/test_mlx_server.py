"""Requests in Claude Code's shape through the whole server to an MLX model, and all of its ends."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import trio
from understudy.io.engines.mlx_direct import mlx_problem
from understudy.protocols.grammar.validation import problems

from .measured import bound_milliseconds, describe
from .mlx_model import write_folder
from .plain_client import open_plain_client
from .scripted_reply import Json
from .test_mlx_worker import MEDIUM
from .test_worker_canaries import post
from .understudy_process import UnderstudyProcess, open_understudy

pytestmark = pytest.mark.skipif(bool(mlx_problem()), reason=mlx_problem() or "it runs")

SETTINGS = """
default = "local/medium"

[[endpoint]]
name = "local"
engine = "mlx"
file = "{folder}"
context_tokens = 8192
"""
WORKER = "understudy.io.engines.mlx_worker"
RULES = "You are a careful assistant who answers briefly and reads files before editing them. "
BILLING = "x-anthropic-billing-header: cc_version=2.1.{}; cc_entrypoint=cli; cch={};"
READ: Json = {
    "name": "Read",
    "description": "Reads a file",
    "input_schema": {
        "type": "object",
        "properties": {
            "file_path": {"type": "string", "maxLength": 20},
            "limit": {"type": "integer", "minimum": 1, "maximum": 99},
        },
        "required": ["file_path", "limit"],
        "additionalProperties": False,
    },
}
ABORTS = 5
QUIET_SECONDS = 0.3
"""A worker that has used no processor time for so long is idle."""
POLL_SECONDS = 0.01


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[UnderstudyProcess]:
    """A server with one MLX model."""
    folder = await trio.to_thread.run_sync(write_folder, tmp_path / "medium", MEDIUM)
    async with open_understudy(tmp_path / "server", SETTINGS.format(folder=folder)) as running:
        yield running


def body(*said: str, turn: int = 1) -> Json:
    """A request as the client writes it; its first block of the system changes on every turn."""
    roles = ("user", "assistant")
    messages = [{"role": roles[at % 2], "content": text} for at, text in enumerate(said)]
    system = [BILLING.format(turn, f"{turn:05x}"), RULES * 60]
    return {
        "model": "local/medium",
        "max_tokens": 24,
        "temperature": 0,
        "system": [{"type": "text", "text": text} for text in system],
        "messages": messages,
        "tools": [READ],
        "stream": True,
    }


async def ask(port: int, content: Json) -> list[Json]:
    """The events of a whole answer."""
    async with open_plain_client(port) as client:
        await client.send(post("/v1/messages", content))
        status, received = await client.read_response()
    assert status == 200, received
    lines = received.decode().split("\n\n")
    return [json.loads(line.partition("data: ")[2]) for line in lines if "data: " in line]


def usage(events: list[Json]) -> Json:
    """What was counted, as it was told last."""
    started = events[0]["message"]["usage"]
    (ended,) = [each for each in events if each["type"] == "message_delta"]
    found: Json = {**started, **ended["usage"]}
    return found


def text(events: list[Json]) -> str:
    """All text of an answer."""
    deltas = [each["delta"] for each in events if each["type"] == "content_block_delta"]
    return "".join(each.get("text", "") for each in deltas)


def worker(server: UnderstudyProcess) -> psutil.Process:
    """The process of the model."""
    (found,) = [one for one in server.children() if WORKER in one.cmdline()]
    return found


async def test_turns_are_streamed_and_remembered_through_a_kill(server: UnderstudyProcess) -> None:
    first = await ask(server.port, body("Hello"))
    assert sum(each["type"] == "content_block_delta" for each in first) > 1
    cold = usage(first)
    answer = text(first)
    second = usage(await ask(server.port, body("Hello", answer or "-", "And now?", turn=2)))
    assert cold.get("cache_read_input_tokens", 0) == 0
    assert second["cache_read_input_tokens"] > 500, second
    await trio.sleep(3.0)  # an idle worker writes what it remembers
    old = worker(server)
    old.kill()
    while old.is_running() and old.status() != psutil.STATUS_ZOMBIE:
        await trio.sleep(POLL_SECONDS)
    await trio.sleep(QUIET_SECONDS)
    back = await ask(server.port, body("Hello", turn=3))
    assert worker(server).pid != old.pid
    assert usage(back)["cache_read_input_tokens"] > 500
    assert text(back) == answer


async def test_a_demanded_call_is_a_valid_one(server: UnderstudyProcess) -> None:
    wanted = {
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
        "max_tokens": 400,
        "temperature": 1,
    }
    events = await ask(server.port, {**body("Read setup.cfg"), **wanted})
    (started,) = [each for each in events if each["type"] == "content_block_start"]
    assert started["content_block"]["name"] == "Read"
    deltas = [each["delta"] for each in events if each["type"] == "content_block_delta"]
    written = "".join(each.get("partial_json", "") for each in deltas)
    assert not problems(READ["input_schema"], json.loads(written))


async def test_four_conversations_have_their_own_answers(server: UnderstudyProcess) -> None:
    asked = [body(f"Conversation {number}: " + "word " * 9 * number) for number in range(4)]
    alone = [text(await ask(server.port, each)) for each in asked]
    assert len(set(alone)) == 4
    found: dict[int, str] = {}

    async def converse(number: int) -> None:
        found[number] = text(await ask(server.port, asked[number]))

    async with trio.open_nursery() as nursery:
        for number in range(4):
            nursery.start_soon(converse, number)
    for number, whole in found.items():
        # In single precision, batches differ in the last bits and not in the first words.
        assert whole[:12] == alone[number][:12]


async def test_a_client_that_leaves_in_mid_prompt_leaves_it_idle(server: UnderstudyProcess) -> None:
    await ask(server.port, body("Hello"))
    waits: list[float] = []
    for number in range(ABORTS):
        async with open_plain_client(server.port) as client:
            long = f"{number} " + "a long prompt about very little " * 700
            await client.send(post("/v1/messages", body(long)))
            await trio.sleep(0.4)
            left = client.leave("rst")
        waits.append(await idle_after(worker(server)) - left)
    print(f"\nMLX, client gone to worker idle: {describe(waits)}")
    assert sorted(waits)[ABORTS // 2] * 1000 < bound_milliseconds("MLX_LEAVE", 1000)
    assert text(await ask(server.port, body("Hello"))) is not None


async def idle_after(process: psutil.Process) -> float:
    """The moment after which the process used no processor time any more."""
    used, since = process.cpu_times(), time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        await trio.sleep(POLL_SECONDS)
        if (now := process.cpu_times()) != used:
            used, since = now, time.monotonic()
    return since
