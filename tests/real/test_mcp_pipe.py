"""`understudy mcp` as a client starts it: pipes, a real server, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trio

from .client import TOKEN
from .understudy_process import endpoint_settings, open_understudy

SECONDS_MAX = 30.0
COMMAND = (sys.executable, "-m", "understudy", "mcp")
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "pipe", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}
HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "pipe", "version": "1"},
}


def environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "UNDERSTUDY_HOME": str(folder / "state"),
        "UNDERSTUDY_TOKEN": TOKEN,
    }


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[trio.Process]:
    """The program with its pipes; killed on the way out."""
    process = await trio.lowlevel.open_process(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment(folder),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            with trio.CancelScope(shield=True):
                await process.wait()


async def asked(process: trio.Process, number: int, method: str, params: Any) -> Any:
    """One request through the pipes."""
    assert process.stdin is not None
    assert process.stdout is not None
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    await process.stdin.send_all(json.dumps(message).encode() + b"\n")
    held = b""
    while not held.endswith(b"\n"):
        held += await process.stdout.receive_some()
    answer = json.loads(held)
    assert answer["id"] == number
    return answer["result"]


async def test_both_eras_pass_and_the_end_of_the_input_or_ctrl_c_ends_it(tmp_path: Path) -> None:
    settings = endpoint_settings("http://127.0.0.1:1")
    with trio.fail_after(SECONDS_MAX):
        async with (
            open_understudy(tmp_path, settings),
            opened(tmp_path) as process,
            opened(tmp_path) as other,
        ):
            found = await asked(process, 1, "tools/list", {"_meta": META})
            names = [tool["name"] for tool in found["tools"]]
            assert "endpoint_set" in names
            found = await asked(process, 2, "initialize", HELLO)
            assert found["serverInfo"]["name"] == "understudy"
            found = await asked(process, 3, "tools/list", {})
            assert [tool["name"] for tool in found["tools"]] == names
            assert process.stdin is not None
            await process.stdin.aclose()
            assert await process.wait() == 0
            await asked(other, 1, "tools/list", {"_meta": META})
            other.send_signal(signal.SIGINT)
            assert await other.wait() == 130
            assert other.stderr is not None
            assert await other.stderr.receive_some() == b"", "no traceback"


async def test_without_a_server_it_says_what_to_do_and_goes_on(tmp_path: Path) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}
    with trio.fail_after(SECONDS_MAX):
        ended = await trio.run_process(
            COMMAND,
            stdin=json.dumps(request).encode() + b"\n",
            capture_stdout=True,
            capture_stderr=True,
            check=False,
            env=environment(tmp_path),
            cwd=tmp_path,
        )
    assert ended.returncode == 0
    assert b"`understudy serve`" in ended.stderr


async def test_a_server_that_comes_later_is_found(tmp_path: Path) -> None:
    with trio.fail_after(SECONDS_MAX):
        async with opened(tmp_path) as process:
            assert process.stderr is not None
            assert b"no server runs" in await process.stderr.receive_some()
            with pytest.raises(KeyError):
                await asked(process, 1, "initialize", HELLO)
            async with open_understudy(tmp_path, endpoint_settings("http://127.0.0.1:1")):
                assert (await asked(process, 2, "tools/list", {}))["tools"]
