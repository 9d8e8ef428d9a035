"""What a command said in a conversation costs, beside a request of its size that is only read.

    python bench/commands.py [--rounds 5] [--profile FOLDER]

One server with two places is asked over a socket, one request after the other. `named` requests
are Messages with the id of their session, as Claude Code sends it; `unnamed` ones are Chat
Completions, whose conversation the history alone tells. A switch is on the disk before it is
answered, and each one changes something; a question changes nothing. `relayed` is a message for the
model, which a mock upstream answers with one token. Within a round each line visits every size.

The floor is the same server with the same bytes, the first of them spoilt: admitted, read to the
end, and refused as no JSON. `decoded` is the whole body decoded by msgspec in this process, which
nobody who answers has to do. CPU time is the server's, of all its threads: of the quickest round,
which other programs disturbed least, and of the median one. Memory is that of a server which has
answered small requests until then, before and while it answers a large one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import attrs
import msgspec
from http_client import Connection, Control, Target
from peers import SUBJECT, TOKEN, program
from processes import MEGABYTE, Process, choose_cpus, pinned, script

SIZES = (10_000, 91_000, 396_000, 2_000_000)
"""Bytes of a request's body."""
REQUESTS = 30
"""Of each size, for each line in a round."""
WARMING_REQUESTS = 5
PLACES = ("work/claude-opus-4-5", "home/qwen3-coder-30b")
SPOKEN = ("opus", "qwen")
QUESTION = "which model is this?"
WORK = "please mend the parser and run its tests"
SETTINGS = """\
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "{upstream_url}"
models = ["claude-opus-4-5"]

[[endpoint]]
name = "home"
dialect = "openai-chat"
base_url = "{upstream_url}/v1"
models = ["qwen3-coder-30b"]
"""
MESSAGES_PATH, CHAT_PATH = "/v1/messages", "/v1/chat/completions"
WORDS = ("area", "shape", "draws", "returns", "value", "the", "a", "of", "line", "fails", "with")


@attrs.define(eq=False)
class Line:
    """One line of the report: what is asked, and what was measured for each size."""

    name: str
    path: str
    body: Callable[[int, int], bytes]
    """The body of a size, with the number of its request."""
    status: int = 200
    cpu: dict[int, list[float]] = attrs.field(factory=dict[int, list[float]])
    """Milliseconds of a request, one value a round."""
    wall: dict[int, list[float]] = attrs.field(factory=dict[int, list[float]])
    """Milliseconds of each request, from its first byte sent to its answer's last one."""


def switch(number: int) -> str:
    """A command to go to the other place: each changes something."""
    return f"switch to {SPOKEN[number % 2]}"


def ask(_number: int) -> str:
    """A command that changes nothing."""
    return QUESTION


def work(_number: int) -> str:
    """A message for the model."""
    return WORK


def command(say: Callable[[int], str], path: str, size: int, number: int) -> bytes:
    """A body whose last message says something."""
    said = {"role": "user", "content": say(number)}
    return beginning(path, size) + json.dumps(said).encode() + b"]}"


def spoilt(size: int, _number: int) -> bytes:
    """The same, and no JSON from its first byte on."""
    return b"x" + command(ask, MESSAGES_PATH, size, 0)[1:]


@cache
def beginning(path: str, size: int) -> bytes:
    """A request up to its last message: prompts, answers with calls, and results of tools."""
    source = random.Random(size)
    head: dict[str, Any] = {"model": PLACES[0], "stream": True, "max_tokens": 64, "messages": []}
    written = json.dumps(head).encode().removesuffix(b"]}")
    while len(written) < size:
        call, said, read = f"call_{len(written)}", text(source, 60), text(source, 300)
        for message in (messages_round if path == MESSAGES_PATH else chat_round)(call, said, read):
            written += json.dumps(message).encode() + b", "
    return written


def text(source: random.Random, words: int) -> str:
    """Words that look like work."""
    return "".join(source.choice(WORDS) + source.choice(" ,(.   \n") for _ in range(words))


def messages_round(call: str, said: str, read: str) -> Sequence[dict[str, Any]]:
    """A prompt, a call, its result and an answer in Messages."""
    words = {"type": "text", "text": said}
    use = {"type": "tool_use", "id": call, "name": "Read", "input": {"path": said[:20]}}
    result = {"type": "tool_result", "tool_use_id": call, "content": read}
    roles = ("user", "assistant", "user", "assistant")
    contents = ([words], [words, use], [result], [words])
    return [
        {"role": role, "content": content} for role, content in zip(roles, contents, strict=True)
    ]


def chat_round(call: str, said: str, read: str) -> Sequence[dict[str, Any]]:
    """The same in Chat Completions."""
    function = {"name": "Read", "arguments": json.dumps({"path": said[:20]})}
    calls = [{"id": call, "type": "function", "function": function}]
    return [
        {"role": "user", "content": said},
        {"role": "assistant", "content": said, "tool_calls": calls},
        {"role": "tool", "tool_call_id": call, "content": read},
        {"role": "assistant", "content": said},
    ]


def lines() -> tuple[Line, ...]:
    """The floor first."""
    return (
        Line("floor: read alone", MESSAGES_PATH, spoilt, 400),
        Line("question, named", MESSAGES_PATH, partial(command, ask, MESSAGES_PATH)),
        Line("switch, named", MESSAGES_PATH, partial(command, switch, MESSAGES_PATH)),
        Line("question, unnamed", CHAT_PATH, partial(command, ask, CHAT_PATH)),
        Line("switch, unnamed", CHAT_PATH, partial(command, switch, CHAT_PATH)),
        Line("relayed, named", MESSAGES_PATH, partial(command, work, MESSAGES_PATH)),
    )


def request(line: Line, size: int, number: int, host: str) -> bytes:
    """The bytes of a request."""
    body = line.body(size, number)
    head = [
        f"POST {line.path} HTTP/1.1",
        f"host: {host}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        f"authorization: Bearer {TOKEN}",
    ]
    if line.path == MESSAGES_PATH:
        session = line.name.partition(",")[0]
        head.append(f"x-claude-code-session-id: {session}-{size}")
    return "\r\n".join([*head, "", ""]).encode() + body


async def measure(line: Line, size: int, count: int, server: Process) -> None:
    """Asks so often, and keeps what it has cost."""
    host = server.base_url.removeprefix("http://")
    requests = [request(line, size, number, host) for number in range(count)]
    walls: list[float] = []
    async with Target(server.base_url).connected() as connection:
        begun_seconds = server.own_cpu_seconds()
        for each in requests:
            walls.append(await answered(connection, each, line))
        spent_seconds = server.own_cpu_seconds() - begun_seconds
    line.cpu.setdefault(size, []).append(spent_seconds / count * 1e3)
    line.wall.setdefault(size, []).extend(walls)


async def answered(connection: Connection, sent: bytes, line: Line) -> float:
    """The milliseconds until the whole answer is there."""
    received = bytearray()
    begun = time.perf_counter()
    status = await connection.start(sent, received.extend)
    wall = (time.perf_counter() - begun) * 1e3
    assert status == line.status, f"{line.name}: {status} {bytes(received[:300])!r}"
    return wall


async def warm(sizes: Sequence[int], server: Process) -> None:
    """Asks some of everything first."""
    for line in lines():
        for size in sizes:
            await measure(line, size, WARMING_REQUESTS, server)


async def measure_all(rounds: int, server: Process) -> tuple[Line, ...]:
    """Visits all lines and sizes in each round."""
    await warm(SIZES, server)
    measured = lines()
    for _ in range(rounds):
        for line in measured:
            for size in SIZES:
                await measure(line, size, REQUESTS, server)
    return measured


def decoded_milliseconds(size: int) -> float:
    """What it costs to decode a whole body; the quickest of several, disturbed least."""
    body = command(ask, MESSAGES_PATH, size, 0)
    spent: list[float] = []
    for _ in range(WARMING_REQUESTS):
        begun = time.process_time()
        msgspec.json.decode(body)
        spent.append(time.process_time() - begun)
    return min(spent) * 1e3


def report(measured: Sequence[Line]) -> None:
    """Prints a table for each size."""
    for size in SIZES:
        floor = min(measured[0].cpu[size])
        decoded = decoded_milliseconds(size)
        print(f"\n{size:,} bytes; decoded whole {decoded:.2f} ms")
        for line in measured:
            cpu, walls = line.cpu[size], sorted(line.wall[size])
            median, worst = walls[len(walls) // 2], walls[len(walls) * 99 // 100]
            print(
                f"  {line.name:18} CPU {min(cpu):6.2f} ms ({min(cpu) / floor:4.1f} x the floor),"
                f" median round {statistics.median(cpu):6.2f};"
                f" wall p50 {median:6.2f}, p99 {worst:6.2f} ms"
            )


def report_peak(server: Process, line: Line, size: int) -> None:
    """Prints how much memory is resident while a warm server answers one large request."""
    process = Path(f"/proc/{server.process_id}")
    asyncio.run(warm(SIZES[:1], server))
    before = server.memory().resident_megabytes
    try:
        (process / "clear_refs").write_text("5")  # Linux: forgets the peak so far
    except OSError:
        print(f"  {line.name:18} peak memory is not to be had here")
        return
    asyncio.run(measure(line, size, 1, server))
    fields = dict(each.split(":") for each in (process / "status").read_text().splitlines())
    peak = int(fields["VmHWM"].split()[0]) * 1024 / MEGABYTE
    print(f"  {line.name:18} resident {before:.1f} MB before, {peak - before:.1f} more at its peak")


@contextmanager
def started(home: Path, upstream_url: str, profile: Path | None = None) -> Generator[Process]:
    """A server of its own."""
    settings = home / "bench.toml"
    settings.write_text(SETTINGS.format(upstream_url=upstream_url), encoding="utf-8")
    serve = ("understudy", "serve", "--config", str(settings), "--port", "0")
    own = {"UNDERSTUDY_HOME": str(home), "UNDERSTUDY_TOKEN": TOKEN}
    command_line = program(SUBJECT, profile, *serve)
    server = Process(command_line, {**os.environ, **own}, choose_cpus()[1])
    try:
        yield server
    finally:
        server.end(signal.SIGTERM if profile is None else signal.SIGINT)


def run(rounds: int, home: Path, upstream_url: str, profile: Path | None) -> None:
    """Measures time with one server, and memory with one for each line."""
    with started(home, upstream_url, profile) as server:
        report(asyncio.run(measure_all(rounds, server)))
    print(f"\nload average {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    print(f"\nmemory, for one request of {SIZES[-1]:,} bytes")
    for line in lines():
        with started(home, upstream_url) as server:
            report_peak(server, line, SIZES[-1])


def main() -> None:
    """Prints all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    load_cpus, _ = choose_cpus()
    with tempfile.TemporaryDirectory() as folder, pinned(load_cpus):
        mock_command = [sys.executable, script("mock_upstream.py"), "--port", "0"]
        mock = Process(mock_command, os.environ, load_cpus)
        try:
            asyncio.run(Control(mock.base_url).behave(tokens=1))
            profile = arguments.profile and arguments.profile.resolve()
            run(arguments.rounds, Path(folder), mock.base_url, profile)
        finally:
            mock.end()


if __name__ == "__main__":
    main()
