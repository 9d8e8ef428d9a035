"""The real client as one process for a whole conversation: its print mode with streamed input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import attrs
import trio

from .client import ClientHome, client_folder
from .scripted_reply import Json

ANSWER_SECONDS_MAX = 120.0
ERROR_BYTES_MAX = 4000


@attrs.define(eq=False)
class ClientSession:
    """A running client; it answers what it is told, one thing after another."""

    _process: trio.Process
    messages: list[Json] = attrs.field(factory=list[Json])
    """All that it has said since it was last told something."""
    _received: bytearray = attrs.field(factory=bytearray, repr=False)
    _orders: int = 0

    async def say(self, text: str) -> Json:
        """Tells it something, as a user types it, and waits for the result of the turn."""
        message = {"role": "user", "content": [{"type": "text", "text": text}]}
        await self._write({"type": "user", "message": message, "parent_tool_use_id": None})
        return await self._read("result")

    async def choose(self, model: str) -> None:
        """Has it ask another model from now on."""
        self._orders += 1
        request = {"subtype": "set_model", "model": model}
        order = {"type": "control_request", "request_id": str(self._orders), "request": request}
        await self._write(order)
        answer = await self._read("control_response")
        assert answer["response"]["subtype"] == "success", answer

    async def _write(self, message: Json) -> None:
        assert self._process.stdin is not None
        self.messages.clear()
        await self._process.stdin.send_all(json.dumps(message).encode() + b"\n")

    async def _read(self, kind: str) -> Json:
        with trio.fail_after(ANSWER_SECONDS_MAX):
            while True:
                message = await self._next_message()
                self.messages.append(message)
                if message.get("type") == kind:
                    return message

    async def _next_message(self) -> Json:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        while b"\n" not in self._received:
            data = await self._process.stdout.receive_some()
            if not data:
                said = await self._process.stderr.receive_some(ERROR_BYTES_MAX)
                raise AssertionError(f"the client ended in mid-turn; it said {said!r}")
            self._received += data
        line, _, rest = bytes(self._received).partition(b"\n")
        self._received[:] = rest
        found: Json = json.loads(line)
        return found


@asynccontextmanager
async def open_session(
    *,
    home: ClientHome,
    base_url: str,
    model: str,
    context_tokens: int = 200_000,
    extra_arguments: Sequence[str] = (),
) -> AsyncGenerator[ClientSession]:
    """Starts the client and yields it; kills it and its children on the way out."""
    command = [str(client_folder() / "claude"), "-p", "--model", model, "--verbose"]
    command += ["--input-format", "stream-json", "--output-format", "stream-json"]
    process = await trio.lowlevel.open_process(
        [*command, *extra_arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=home.project,
        env=home.environment(base_url, context_tokens),
        start_new_session=True,
    )
    try:
        yield ClientSession(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        with trio.CancelScope(shield=True):
            await process.wait()
