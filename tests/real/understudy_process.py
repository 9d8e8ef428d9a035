"""`python -m understudy serve` as a process of its own, as a user's shell would start it.

It gets a folder, an environment written out in full and a settings file. Leaving the block sends
SIGTERM and checks the promise of an ordered end: exit code 0 and no child left.
"""

from __future__ import annotations

import collections
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import psutil
import trio

from .client import TOKEN

UPSTREAM_KEY = "key-of-the-scripted-upstream"
READY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 15.0
LOG_LINES_MAX = 200


@attrs.define(eq=False)
class UnderstudyProcess:
    """A running server; `log` holds its newest lines of standard error."""

    process: trio.Process
    port: int = 0
    log: collections.deque[str] = attrs.field(
        factory=lambda: collections.deque[str](maxlen=LOG_LINES_MAX), repr=False
    )

    @property
    def base_url(self) -> str:
        """The address it said it is ready at."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def process_id(self) -> int:
        """The operating system's id of the process."""
        return self.process.pid

    def children(self) -> list[psutil.Process]:
        """Its child processes, with their children."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def explain(self) -> str:
        """The newest lines of its log, for a failure's message."""
        return "\n".join(self.log) or "(its log is empty)"


def endpoint_settings(upstream_url: str, *, context_tokens: int = 200_000) -> str:
    """Settings with the endpoint "work" at this address."""
    return f"""
default = "work/claude-x"

[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "{upstream_url}"
models = ["claude-x"]
key = "env:WORK_KEY"
context_tokens = {context_tokens}
"""


@asynccontextmanager
async def open_understudy(
    folder: Path,
    settings: str,
    extra_environment: Mapping[str, str] | None = None,
    *,
    port: int = 0,
) -> AsyncGenerator[UnderstudyProcess]:
    """Starts the server with these settings and yields it once it says that it is ready."""
    state = folder / "state"
    state.mkdir(parents=True, exist_ok=True)
    file = folder / "understudy.toml"
    file.write_text(settings)
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "UNDERSTUDY_HOME": str(state),
        "UNDERSTUDY_TOKEN": TOKEN,
        "WORK_KEY": UPSTREAM_KEY,
        **(extra_environment or {}),
    }
    command = [sys.executable, "-m", "understudy", "serve", "--config", str(file)]
    command += ["--port", str(port)]
    process = await trio.lowlevel.open_process(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, env=environment
    )
    understudy = UnderstudyProcess(process)
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_keep_log, understudy)
            await nursery.start(_read_output, understudy)
            yield understudy
            await _stop(understudy)
    finally:
        if process.returncode is None:
            process.kill()
            with trio.CancelScope(shield=True, deadline=trio.current_time() + STOP_SECONDS_MAX):
                await process.wait()


async def _keep_log(understudy: UnderstudyProcess) -> None:
    assert understudy.process.stderr is not None
    rest = b""
    async for data in understudy.process.stderr:
        *lines, rest = (rest + data).split(b"\n")
        understudy.log.extend(line.decode(errors="replace") for line in lines)
    understudy.log.append(rest.decode(errors="replace"))


async def _read_output(
    understudy: UnderstudyProcess,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Waits for the ready line, then reads on so that the pipe never fills."""
    assert understudy.process.stdout is not None
    seen = b""
    with trio.move_on_after(READY_SECONDS_MAX) as limit:
        async for data in understudy.process.stdout:
            if understudy.port:
                continue
            seen += data
            for line in seen.decode(errors="replace").splitlines(keepends=True):
                if line.startswith("ready http://127.0.0.1:") and line.endswith("\n"):
                    understudy.port = int(line.rsplit(":", 1)[1])
                    limit.deadline = float("inf")
                    task_status.started()
    if not understudy.port:
        await trio.sleep(0.2)
        raise AssertionError(
            f"understudy never said that it is ready; it said {seen!r}; its log:\n"
            + understudy.explain()
        )


async def _stop(understudy: UnderstudyProcess) -> None:
    process = understudy.process
    if process.returncode is not None:
        raise AssertionError(f"understudy had ended by itself; its log:\n{understudy.explain()}")
    children = understudy.children()
    process.send_signal(signal.SIGTERM)
    exit_code: int | None = None
    with trio.move_on_after(STOP_SECONDS_MAX):
        exit_code = await process.wait()
    assert exit_code == 0, f"exit code {exit_code} after SIGTERM; log:\n{understudy.explain()}"
    left = [child for child in children if child.is_running()]
    assert not left, f"understudy left child processes: {left}"
