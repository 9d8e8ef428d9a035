"""A key reaches nobody but its provider: a real server with planted keys, driven with all it has.

Each key is a canary that occurs nowhere else. Providers quote theirs in errors, in every form; the
server logs all it can, has a handler that tries to print a key, is given settings with a key in
them, and is aborted at the end. Then every byte that left the process is searched for every canary:
what each provider heard, what clients and commands were told, what was logged, every file, and the
environment and command line of every child.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import attrs
import psutil
import pytest
import trio

from .canary_house import ENDPOINTS, FALLING_BACK, KEYS, PROVIDERS, Canaries, House
from .conftest import DIRECT
from .leaky_provider import MODELS, open_leaky_providers
from .scripted_reply import Json

pytestmark = pytest.mark.skipif(DIRECT, reason="the keys are Understudy's own")

READY_SECONDS_MAX = 60.0
ANSWER_SECONDS_MAX = 60.0
COMMANDS_SECONDS_MAX = 120.0
CLIENTS = 4

COMMANDS = (
    ("endpoints", "--json"),
    ("doctor",),
    ("models", "list"),
    ("models", "search", "tiny"),
    ("memory",),
    ("usage",),
    ("why", "last"),
    ("keys", "list"),
    ("keys", "test", "chained"),
    ("endpoints", "test", "chat", "--model", "echo-base64"),
    ("endpoints", "test", "claude", "--model", "echo-part"),
    ("endpoints", "providers"),
    ("endpoints", "find"),
    ("ask", "hello", "--model", "chat/echo-plain"),
    ("claude", "--show-environment"),
    ("claude", "-p", "hello"),
)
LEAKING_SERVER = """
import logging, os, sys, threading
from understudy.__main__ import main
from understudy.io.serving.gateway import Gateway

key = os.environ["KEY_CHAT"]

def crash():
    raise OSError(key)

async def leak(self, told, exchange, route):
    log = logging.getLogger("somebody")
    log.debug("%s %r", key, [key.encode().hex()])
    log.info("does not fit %d", key)
    try:
        raise ValueError(key)
    except ValueError:
        log.exception("caught", stack_info=True)
    threading.Thread(target=crash).start()
    raise RuntimeError(key)

Gateway._same = leak
main(sys.argv[1:])
"""


@attrs.define(eq=False)
class Client:
    """Asks the server, and keeps every byte that comes back."""

    port: int
    token: str
    told: bytearray = attrs.field(factory=bytearray, repr=False)
    statuses: dict[str, int] = attrs.field(factory=dict[str, int])

    async def ask(self, method: str, path: str, body: Json | None = None) -> bytes:
        """Sends one request and reads until the server closes."""
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\nconnection: close\r\n"
            f"authorization: Bearer {self.token}\r\ncontent-type: application/json\r\n"
            f"anthropic-version: 2023-06-01\r\ncontent-length: {len(data)}\r\n\r\n"
        )
        received = b""
        with trio.fail_after(ANSWER_SECONDS_MAX):
            async with await trio.open_tcp_stream("127.0.0.1", self.port) as stream:
                await stream.send_all(head.encode() + data)
                try:
                    while piece := await stream.receive_some(65536):
                        received += piece
                except trio.BrokenResourceError:
                    pass  # an answer that was cut
        self.told += received
        status = received.split(b" ", 2)[1:2]
        self.statuses[f"{path} {body and body.get('model')}"] = int(status[0]) if status else 0
        return received


def requests(model: str) -> list[tuple[str, Json]]:
    """A model asked in every dialect, streamed and not, for messages, counts and vectors."""
    said = [{"role": "user", "content": "hello"}]
    contents = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
    found: list[tuple[str, Json]] = []
    for stream in (True, False):
        plain: Json = {"model": model, "stream": stream, "messages": said}
        found += [
            ("/v1/messages", {**plain, "max_tokens": 50}),
            ("/v1/chat/completions", plain),
            ("/v1/responses", {"model": model, "stream": stream, "input": "hello"}),
            ("/api/chat", plain),
        ]
    for verb in ("generateContent", "streamGenerateContent?alt=sse", "countTokens"):
        found.append((f"/v1beta/models/{model}:{verb}", contents))
    found.append(("/v1/messages/count_tokens", {"model": model, "messages": said}))
    found.append(("/v1/embeddings", {"model": model, "input": "hello"}))
    return found


async def drive(client: Client) -> None:
    """Asks everything there is, a few at a time."""
    asked: list[tuple[str, str, Json | None]] = []
    for name, _ in ENDPOINTS:
        for model in MODELS if name not in FALLING_BACK else ("says", "echo-overloaded"):
            every = requests(f"{name}/{model}")
            mine = every if model in ("says", "tells-error", "echo-plain") else every[::5]
            asked += [("POST", path, body) for path, body in mine]
    tool = {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}
    said = [{"role": "user", "content": "search for owls"}]
    search: Json = {"model": "chat/searches", "max_tokens": 50, "messages": said, "tools": [tool]}
    asked += [("POST", "/v1/messages", search), ("POST", "/link", None)]
    pages = ("/", "/status.json", "/docs", "/openapi.json", "/v1/models", "/api/tags", "/api/ps")
    asked += [("GET", path, None) for path in (*pages, "/api/version", "/nothing", "/healthz")]
    asked.append(("POST", "/v1/messages", requests("local/rehearsal")[0][1]))
    waiting = iter(asked)

    async def take() -> None:
        for method, path, body in waiting:
            await client.ask(method, path, body)

    async with trio.open_nursery() as nursery:
        for _ in range(CLIENTS):
            nursery.start_soon(take)


async def start(house: House) -> trio.Process:
    """Starts the server; what it prints goes to a file."""
    command = [sys.executable, "-P", "-c", LEAKING_SERVER, "serve", "--port", "0"]
    with house.output.open("wb") as output:
        process = await trio.lowlevel.open_process(
            [*command, "--log-level", "debug", "--config", str(house.settings_file)],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=house.folder / "tmp",
            env=house.environment(),
        )
    with trio.fail_after(READY_SECONDS_MAX):
        while b"ready http" not in house.output.read_bytes():
            assert process.poll() is None, house.output.read_text()
            await trio.sleep(0.05)
    return process


def port_of(house: House) -> int:
    """The port that the server has said it listens on."""
    line = house.output.read_text().partition("ready http://127.0.0.1:")[2]
    return int(line.split()[0])


async def run_command(house: House, arguments: tuple[str, ...]) -> bytes:
    """Runs a command and returns all that it has printed."""
    done = await trio.run_process(
        [sys.executable, "-P", "-m", "understudy", *arguments],
        capture_stdout=True,
        stderr=subprocess.STDOUT,
        check=False,
        env=house.environment(),
        cwd=house.folder / "tmp",
    )
    return done.stdout


async def reload_with_a_pasted_key(house: House, client: Client) -> None:
    """The settings get a key in place of a name; all that is told of them is kept."""
    pasted = house.canaries.values["pasted"]
    house.settings_file.write_text(house.settings().replace('"env:KEY_GEMINI"', f'"{pasted}"'))
    with trio.fail_after(READY_SECONDS_MAX):
        while b"settings stay" not in house.output.read_bytes():
            await trio.sleep(0.05)
    await client.ask("GET", "/status.json")
    house.settings_file.write_text(house.settings())


def children_of(process: trio.Process) -> dict[str, bytes]:
    """What every child shows of itself."""
    found: dict[str, bytes] = {}
    for child in psutil.Process(process.pid).children(recursive=True):
        for part in ("environ", "cmdline"):
            found[f"{part} of {child.name()}"] = Path(f"/proc/{child.pid}/{part}").read_bytes()
    return found


async def all_commands(house: House) -> dict[str, bytes]:
    """Runs every command, two at a time."""
    printed: dict[str, bytes] = {}
    waiting = iter(COMMANDS)

    async def take() -> None:
        for arguments in waiting:
            printed[" ".join(arguments)] = await run_command(house, arguments)

    with trio.fail_after(COMMANDS_SECONDS_MAX):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(take)
            nursery.start_soon(take)
    return printed


def core_limits_of(process: trio.Process) -> list[str]:
    """How large a core dump of the server may be: what it is held to, and what it may ask for."""
    lines = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
    (found,) = [line for line in lines if line.startswith("Max core file size")]
    return found.split()[4:6]


async def abort(process: trio.Process) -> None:
    """Aborts the server."""
    process.send_signal(signal.SIGABRT)
    await process.wait()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads Linux' /proc")
async def test_a_key_reaches_its_provider_alone(tmp_path: Path) -> None:
    canaries = Canaries.new()
    async with open_leaky_providers(*PROVIDERS) as providers:
        house = House(tmp_path, canaries, {one.name: one for one in providers})
        await house.write()
        process = await start(house)
        try:
            client = Client(port_of(house), canaries.values["token"])
            await drive(client)
            printed = await all_commands(house)
            await reload_with_a_pasted_key(house, client)
            children = children_of(process)
            alive = house.files()
            limits = core_limits_of(process)
            await abort(process)
        finally:
            if process.poll() is None:
                process.kill()
    everything: dict[str, tuple[bytes, tuple[str, ...]]] = {
        "what clients were told": (bytes(client.told), ()),
        **{f"`{name}`": (text, ()) for name, text in printed.items()},
        **{name: (text, ()) for name, text in children.items()},
        **{f"{name}, alive": (text, ()) for name, text in alive.items()},
        **{name: (text, ()) for name, text in house.files().items()},
        **{f"heard by {one.name}": (bytes(one.heard), KEYS[one.name]) for one in providers},
    }
    client_s_own = ("token", "hub")  # the client is given the one; the other is its user's
    everything["`claude -p hello`"] = printed["claude -p hello"], client_s_own
    leaks = [
        f"{place}: {leak}"
        for place, (data, allowed) in everything.items()
        for leak in canaries.found_in(data, allowed=allowed)
    ]
    assert leaks == []
    check_that_all_was_driven(house, client, printed)
    assert limits == ["0", "0"]
    assert children or find_spec("llama_cpp") is None, "a model was to run here"


def check_that_all_was_driven(house: House, client: Client, printed: Mapping[str, bytes]) -> None:
    """The search is worth something only if each key was used and each failure happened."""
    for name, provider in house.providers.items():
        heard = bytes(provider.heard)
        for key in KEYS[name]:
            value = house.canaries.values[key].encode()
            assert value in heard, f"{key} was never used"
    for name, _ in ENDPOINTS:
        if name not in FALLING_BACK:
            assert set(MODELS) <= set(house.providers[name].asked), name
    log = house.output.read_text()
    assert "does not fit its own words" in log
    assert "a thread crashed: OSError (****" in log
    assert "ValueError: ****" in log
    assert "Fatal Python error: Aborted" in log
    assert "says" in house.providers["spare"].asked
    assert b"UNDERSTUDY_CLAUDE" in printed["claude -p hello"]
    assert 200 in client.statuses.values()
