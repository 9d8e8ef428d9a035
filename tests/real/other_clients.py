"""Two clients that are not Claude Code, in their modes without a terminal: Codex and Gemini CLI.

Each run has a home of its own and an environment that is written out in full. The tools that a
scripted peer calls run without a question: what they may do is what the script says.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import attrs
import trio

from .client import TOKEN
from .installed import installed
from .script import Call
from .scripted_reply import Json

RUN_SECONDS_MAX = 60.0
INSTALL_SCRIPT = "install_other_clients.sh"


@attrs.frozen
class OtherClientRun:
    """What a run said at its end, and all that it printed."""

    exit_code: int
    answer: str
    printed: str


class OtherClient(ABC):
    """A client: its dialect, a tool call that it can do, and how it is run."""

    name: ClassVar[str]
    dialect: ClassVar[str]
    call: ClassVar[Call]
    """Runs a command whose output is not in its own text."""
    output: ClassVar[str]

    async def run(self, prompt: str, *, base_url: str, model: str, folder: Path) -> OtherClientRun:
        """Runs the client to its end in a fresh home; raises trio.TooSlowError."""
        home, project = folder / "home", folder / "project"
        project.mkdir(parents=True)
        home.mkdir()
        self.write_settings(home, base_url, model)
        with trio.fail_after(RUN_SECONDS_MAX):
            done = await trio.run_process(
                self.command(prompt, model),
                stdin=subprocess.DEVNULL,
                capture_stdout=True,
                capture_stderr=True,
                check=False,
                deliver_cancel=_kill_group,
                cwd=project,
                env={**_plain_environment(home), **self.environment(base_url)},
                start_new_session=True,
            )
        said = done.stdout.decode(errors="replace")
        printed = f"{said}\n{done.stderr.decode(errors='replace')}"
        assert done.returncode == 0, printed
        return OtherClientRun(done.returncode, self.answer(said), printed)

    @abstractmethod
    def write_settings(self, home: Path, base_url: str, model: str) -> None:
        """Writes what the client reads from its home."""

    @abstractmethod
    def environment(self, base_url: str) -> Mapping[str, str]:
        """What the client reads from its environment."""

    @abstractmethod
    def command(self, prompt: str, model: str) -> list[str]:
        """The command line."""

    @abstractmethod
    def answer(self, printed: str) -> str:
        """The final answer in what the client printed."""


class Codex(OtherClient):
    """OpenAI's Codex; a provider of its own in its settings leads it to an address."""

    name = "codex"
    dialect = "openai-responses"
    call = Call("exec_command", {"cmd": "echo codex-says-$((40+2))"})
    output = "codex-says-42"

    def write_settings(self, home: Path, base_url: str, model: str) -> None:
        folder = home / ".codex"
        folder.mkdir()
        (folder / "config.toml").write_text(
            f"""
model = "{model}"
model_provider = "tested"
check_for_update_on_startup = false
analytics.enabled = false

[model_providers.tested]
name = "Tested"
base_url = "{base_url}/v1"
env_key = "TESTED_KEY"
wire_api = "responses"
"""
        )

    def environment(self, base_url: str) -> Mapping[str, str]:
        return {"TESTED_KEY": TOKEN}

    def command(self, prompt: str, model: str) -> list[str]:
        program = installed("codex/node_modules/.bin/codex", INSTALL_SCRIPT)
        options = ["--skip-git-repo-check", "--sandbox", "danger-full-access", "--json"]
        return [str(program), "exec", *options, "-c", "approval_policy=never", prompt]

    def answer(self, printed: str) -> str:
        lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
        items: list[Json] = [one["item"] for one in lines if one["type"] == "item.completed"]
        said = [item["text"] for item in items if item["type"] == "agent_message"]
        assert said, printed
        return str(said[-1])


class GeminiCli(OtherClient):
    """Google's Gemini CLI; it refuses commands with a substitution in them."""

    name = "gemini-cli"
    dialect = "gemini"
    call = Call("run_shell_command", {"command": "printf gemini-says-%d 0x2a"})
    output = "gemini-says-42"

    def write_settings(self, home: Path, base_url: str, model: str) -> None:
        folder = home / ".gemini"
        folder.mkdir()
        settings = {
            "security": {"auth": {"selectedType": "gemini-api-key"}},
            "privacy": {"usageStatisticsEnabled": False},
            "general": {"enableAutoUpdate": False},
        }
        (folder / "settings.json").write_text(json.dumps(settings))

    def environment(self, base_url: str) -> Mapping[str, str]:
        return {"GEMINI_API_KEY": TOKEN, "GOOGLE_GEMINI_BASE_URL": base_url}

    def command(self, prompt: str, model: str) -> list[str]:
        program = installed("gemini-cli/node_modules/.bin/gemini", INSTALL_SCRIPT)
        options = ["--model", model, "--approval-mode", "yolo", "--skip-trust"]
        return [str(program), "--prompt", prompt, *options, "--output-format", "json"]

    def answer(self, printed: str) -> str:
        return str(json.loads(printed[printed.index("{") :])["response"])


CLIENTS: dict[str, OtherClient] = {client.name: client for client in (Codex(), GeminiCli())}


def _plain_environment(home: Path) -> dict[str, str]:
    node = shutil.which("node")
    assert node is not None, "these clients need node"
    return {
        "PATH": f"{Path(node).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }


async def _kill_group(process: trio.Process) -> None:
    os.killpg(process.pid, signal.SIGKILL)
