"""The real clients with nothing but what `understudy install` wrote: they answer, and forget us.

The home is empty, and no variable leads to the server. One variable remains for Claude Code, which
keeps it from its maker's services; it says nothing of Understudy.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import trio

from .client import client_folder
from .dialect_upstream import open_dialect_upstream
from .other_clients import CLIENTS, Codex
from .script import as_scenario, tool_loop
from .scripted_dialects import DIALECTS
from .scripted_upstream import open_scripted_upstream
from .understudy_process import UnderstudyProcess, endpoint_settings, open_understudy

RUN_SECONDS_MAX = 60.0
PRINT = ("-p", "SCN=text hello", "--output-format", "json")
MINE = "# mine\ncheck_for_update_on_startup = false\nanalytics.enabled = false"
"""What a user of Codex has in its settings; the last line has no end."""


@attrs.frozen
class House:
    """A server, a home for its clients, and commands in it."""

    folder: Path
    understudy: UnderstudyProcess

    @property
    def home(self) -> Path:
        """Where the clients keep their settings."""
        return self.folder / "home"

    async def understudy_command(self, *arguments: str) -> str:
        """Runs a command of ours to its end and returns all that it said."""
        state = {"UNDERSTUDY_HOME": str(self.folder / "server" / "state")}
        return await self.run([sys.executable, "-m", "understudy", *arguments], state)

    async def install(self, client: str) -> str:
        """Installs a client for this server."""
        return await self.understudy_command(
            *("install", client, "--yes", "--address", self.understudy.base_url),
            *("--config", str(self.folder / "server" / "understudy.toml")),
        )

    async def run(self, words: Sequence[str], variables: Mapping[str, str]) -> str:
        """Runs a program in an empty project with hardly an environment."""
        project = self.folder / "project"
        project.mkdir(exist_ok=True)
        with trio.fail_after(RUN_SECONDS_MAX):
            done = await trio.run_process(
                words,
                stdin=subprocess.DEVNULL,
                capture_stdout=True,
                stderr=subprocess.STDOUT,
                check=False,
                cwd=project,
                env={
                    "PATH": f"{client_folder()}:/usr/local/bin:/usr/bin:/bin",
                    "HOME": str(self.home),
                    "LANG": "C.UTF-8",
                    **variables,
                },
            )
        said = done.stdout.decode(errors="replace")
        assert done.returncode == 0, said
        return said

    async def claude(self, *arguments: str) -> str:
        """Runs Claude Code."""
        quiet = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
        return await self.run([str(client_folder() / "claude"), *arguments], quiet)


@asynccontextmanager
async def open_house(folder: Path, settings: str) -> AsyncGenerator[House]:
    """A server whose token is in its file, where the clients' helper finds it."""
    (folder / "home").mkdir()
    async with open_understudy(folder / "server", settings, {"UNDERSTUDY_TOKEN": ""}) as understudy:
        yield House(folder, understudy)


async def test_claude_code_answers_by_its_settings_alone_and_loses_them_again(
    tmp_path: Path,
) -> None:
    async with (
        open_scripted_upstream() as upstream,
        open_house(tmp_path, endpoint_settings(upstream.base_url)) as house,
    ):
        said = await house.install("claude-code")
        assert "200,000 tokens" in said
        answer = json.loads((await house.claude(*PRINT)).splitlines()[-1])
        assert answer["result"] == "The scripted answer: done", answer
        assert [each.json["model"] for each in upstream.message_requests] == ["claude-x"]
        listed = await house.claude("mcp", "list")
        [line] = [each for each in listed.splitlines() if each.startswith("understudy:")]
        assert " mcp - " in line
        assert "Connected" in line, "the client has spoken with it"
        own = json.loads((house.home / ".claude.json").read_text())
        assert own["machineID"], "the client has rewritten its file since"
        await house.understudy_command("uninstall", "claude-code", "--yes")
        left = json.loads((house.home / ".claude.json").read_text())
        assert left == {key: value for key, value in own.items() if key != "mcpServers"}
        assert not (house.home / ".claude" / "settings.json").exists()


async def test_a_project_s_settings_rule_over_ours_as_install_says(tmp_path: Path) -> None:
    async with (
        open_scripted_upstream() as upstream,
        open_scripted_upstream() as elsewhere,
        open_house(tmp_path, endpoint_settings(upstream.base_url)) as house,
    ):
        file = house.folder / "project" / ".claude" / "settings.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": elsewhere.base_url}}))
        said = await house.install("claude-code")
        assert f"{file}: env.ANTHROPIC_BASE_URL: the client asks the address that is" in said
        await house.claude(*PRINT)
        assert (len(elsewhere.message_requests), upstream.message_requests) == (1, [])
        await house.understudy_command("claude", *PRINT)
        assert (len(elsewhere.message_requests), len(upstream.message_requests)) == (1, 1)


async def test_codex_does_a_tool_call_by_its_settings_alone(tmp_path: Path) -> None:
    codex = CLIENTS["codex"]
    assert isinstance(codex, Codex)
    async with open_dialect_upstream(DIALECTS["openai-responses"], tool_loop(codex.call)) as peer:
        settings = endpoint_settings(peer.base_url).replace('"anthropic"', '"openai-responses"')
        async with open_house(tmp_path, settings) as house:
            config = house.home / ".codex" / "config.toml"
            config.parent.mkdir()
            config.write_text(MINE)
            await house.install("codex")
            said = await house.run(codex.command(as_scenario(codex.call), ""), {})
            assert codex.output in codex.answer(said), said
            assert "understudy" in await house.run([codex.command("", "")[0], "mcp", "list"], {})
            await house.understudy_command("uninstall", "codex", "--yes")
            assert config.read_text() == MINE
