"""The real Claude Code client: where it is, its home of its own, and its print mode.

Each run has an environment that is written out in full, its own HOME and its own project folder,
so nothing of this machine's user reaches it. The client is installed by `install_client.sh`; a
test that misses it fails and says so.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import trio

from .scripted_reply import Json

VERSION = "2.1.330"
TOKEN = "tok-test"
PRINT_SECONDS_MAX = 60.0

_repository = Path(__file__).resolve().parents[2]


def client_folder() -> Path:
    """Finds the installed client's folder of programs; fails with what to do about it."""
    cache = os.environ.get("UNDERSTUDY_TEST_CACHE") or str(_repository / ".cache" / "client")
    programs = Path(cache) / "node_modules" / ".bin"
    if not (programs / "claude").exists():
        raise AssertionError(
            f"no Claude Code client in {cache}: run tests/real/install_client.sh"
            " (needs node and npm), or set UNDERSTUDY_TEST_CACHE to where it is"
        )
    return programs


@attrs.frozen
class ClientHome:
    """A home and a project folder that the client finds already set up and trusted."""

    home: Path
    project: Path

    @classmethod
    def create(cls, folder: Path, permission_mode: str = "default") -> ClientHome:
        """Writes the two files that skip the client's first-run questions."""
        self = cls(folder / "home", folder / "project")
        settings = self.home / ".claude"
        settings.mkdir(parents=True)
        self.project.mkdir()
        state = {
            "hasCompletedOnboarding": True,
            "hasSeenAutoDefaultNudge": True,
            "projects": {str(self.project): {"hasTrustDialogAccepted": True}},
        }
        (self.home / ".claude.json").write_text(json.dumps(state))
        allowed = [] if permission_mode == "auto" else ["Bash", "Read"]
        permissions = {"defaultMode": permission_mode, "allow": allowed}
        chosen = {"theme": "dark", "permissions": permissions}
        (settings / "settings.json").write_text(json.dumps(chosen))
        return self

    def environment(self, base_url: str, context_tokens: int, token: str = TOKEN) -> dict[str, str]:
        """Everything that the client's process gets to see."""
        return {
            "PATH": f"{client_folder()}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_CONTEXT_TOKENS": str(context_tokens),
            "ANTHROPIC_BASE_URL": base_url,
            "ANTHROPIC_AUTH_TOKEN": token,
        }


@attrs.frozen
class PrintResult:
    """What a run in print mode said; `messages` are the parsed lines of its output."""

    exit_code: int
    messages: Sequence[Json]
    errors: str
    seconds: float

    @property
    def last(self) -> Json:
        """The closing message, which holds the result."""
        assert self.messages, f"the client printed nothing; exit {self.exit_code}: {self.errors}"
        assert self.messages[-1].get("type") == "result", self.messages[-1]
        return self.messages[-1]

    @property
    def text(self) -> str:
        """The final answer."""
        return str(self.last.get("result"))

    @property
    def is_error(self) -> bool:
        """Whether the client calls the run a failure."""
        return bool(self.last.get("is_error"))

    @property
    def partial_texts(self) -> Sequence[str]:
        """The text deltas, with `--include-partial-messages`."""
        events = [one["event"] for one in self.messages if one.get("type") == "stream_event"]
        deltas = [one["delta"] for one in events if one["type"] == "content_block_delta"]
        return [one["text"] for one in deltas if one["type"] == "text_delta"]


async def run_print(
    prompt: str,
    *,
    home: ClientHome,
    base_url: str,
    model: str,
    allowed_tools: Sequence[str] = ("Bash", "Read"),
    output_format: str = "json",
    context_tokens: int = 200_000,
    token: str = TOKEN,
    timeout_seconds: float = PRINT_SECONDS_MAX,
    extra_arguments: Sequence[str] = (),
) -> PrintResult:
    """Runs `claude -p PROMPT` to its end; raises trio.TooSlowError when that takes too long.

    `output_format` is json or stream-json. The process group is killed on the way out.
    """
    arguments = [str(client_folder() / "claude"), "-p", prompt, "--model", model]
    arguments += ["--output-format", output_format]
    if output_format == "stream-json":
        arguments += ["--verbose", "--include-partial-messages"]
    if allowed_tools:
        arguments += ["--allowedTools", ",".join(allowed_tools)]
    arguments += extra_arguments
    started = time.monotonic()
    with trio.fail_after(timeout_seconds):
        completed = await trio.run_process(
            arguments,
            stdin=subprocess.DEVNULL,
            capture_stdout=True,
            capture_stderr=True,
            check=False,
            deliver_cancel=_kill_group,
            cwd=home.project,
            env=home.environment(base_url, context_tokens, token),
            start_new_session=True,
        )
    return PrintResult(
        exit_code=completed.returncode,
        messages=_parse(completed.stdout),
        errors=completed.stderr.decode(errors="replace")[-2000:],
        seconds=time.monotonic() - started,
    )


async def _kill_group(process: trio.Process) -> None:
    os.killpg(process.pid, signal.SIGKILL)


def _parse(output: bytes) -> list[Json]:
    lines = [line for line in output.decode().splitlines() if line.startswith("{")]
    parsed: list[Any] = [json.loads(line) for line in lines]
    return parsed
