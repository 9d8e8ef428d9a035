"""The real client, set up by one command, whose user switches in the chat.

Two scripted upstreams stand for an account and for a model on this machine. The client has its
address, its key and its models from the settings alone that `understudy install` wrote.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import attrs

from .client import ClientHome, client_folder
from .scripted_upstream import ScriptedUpstream, open_scripted_upstream
from .terminal import PROMPT_SIGN, Terminal, open_terminal
from .terminal_picture import COLUMNS, take_picture
from .understudy_process import UnderstudyProcess, open_understudy

LOCAL = "local/qwen3-coder"
CLOUD = "cloud/big-model"
KEYS_MAX = 12
SURE = "Switch model?"
SET = "Set model to"
"""What the client asks before it changes, and what it says afterwards."""
READY_WITH_STATUS_LINE = "manual mode on"


@attrs.frozen
class House:
    """A home with the client set up in it, and what stands behind the server."""

    folder: Path
    home: ClientHome
    cloud: ScriptedUpstream
    local: ScriptedUpstream
    token: str

    @property
    def settings(self) -> str:
        """The server's settings."""
        return f"""
default = "{CLOUD}"

[[endpoint]]
name = "cloud"
dialect = "anthropic"
base_url = "{self.cloud.base_url}"
models = ["big-model"]
context_tokens = 200000

[[endpoint]]
name = "local"
dialect = "anthropic"
base_url = "{self.local.base_url}"
models = ["qwen3-coder"]
context_tokens = 64000
"""

    @property
    def environment(self) -> dict[str, str]:
        """All that the client's process gets to see: nothing of Understudy."""
        return {
            "PATH": f"{client_folder()}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home.home),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        }

    def understudy(self, *arguments: str) -> str:
        """Runs a command of ours in this home."""
        environment = {
            **self.environment,
            "UNDERSTUDY_HOME": str(self.folder / "state"),
        }
        command = [sys.executable, "-m", "understudy", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def install(self, server: UnderstudyProcess) -> None:
        """Sets the client up, as a user does."""
        (self.folder / "state" / "settings.toml").write_text(self.settings)
        where = ("--address", server.base_url)
        self.understudy("install", "claude-code", "--yes", "--statusline", *where)

    @asynccontextmanager
    async def served(self, port: int = 0) -> AsyncGenerator[UnderstudyProcess]:
        """The server, at a port of its own or one that it had before."""
        variables = {"UNDERSTUDY_TOKEN": self.token}
        async with open_understudy(self.folder, self.settings, variables, port=port) as server:
            yield server

    @asynccontextmanager
    async def window(self, name: str) -> AsyncGenerator[Terminal]:
        """A window with the client in it."""
        folder = self.folder / name
        folder.mkdir()
        async with open_terminal(
            folder,
            home=self.home,
            environment=self.environment,
            ready=READY_WITH_STATUS_LINE,
            columns=COLUMNS,
        ) as terminal:
            yield terminal

    def asked(self) -> tuple[int, int]:
        """How many questions the account and the model on this machine have got."""
        return len(self.cloud.message_requests), len(self.local.message_requests)


@asynccontextmanager
async def open_house(folder: Path) -> AsyncGenerator[House]:
    """Everything but the server, which a test starts and stops."""
    async with open_scripted_upstream() as cloud, open_scripted_upstream() as local:
        home = ClientHome.create(folder)
        (folder / "state").mkdir()
        house = House(folder, home, cloud, local, "")
        yield attrs.evolve(house, token=house.understudy("token").strip())


async def ask(terminal: Terminal, number: int) -> None:
    """Asks something that a model has to answer."""
    await terminal.submit(f"SCN=text:answer_{number}")
    await terminal.wait_for(f"The scripted answer: answer {number}")


async def pick(terminal: Terminal, model: str) -> None:
    """Picks a model in the client's own picker."""
    await terminal.submit("/model")
    await terminal.wait_for(model)
    await take_picture(terminal, "switching-model", "/model", since="Select model")
    for _ in range(KEYS_MAX):
        at = _pointed_at(await terminal.screen())
        if model in at:
            break
        await terminal.press("Down")
        await terminal.wait_for(partial(_has_moved, at))
    await terminal.press("Enter")
    screen = await terminal.wait_for(lambda screen: SURE in screen or SET in screen)
    if SURE in screen:
        await terminal.press("Enter")
    await terminal.wait_for(SET)


def _has_moved(at: str, screen: str) -> bool:
    """Whether the picker points at another row now."""
    return _pointed_at(screen) != at


def _pointed_at(screen: str) -> str:
    """The row of the picker that Enter would take."""
    rows = [line for line in screen.splitlines() if PROMPT_SIGN in line]
    return rows[-1] if rows else ""


async def test_the_user_switches_in_the_chat(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, AsyncExitStack() as windows:
        settings = house.home.home / ".claude" / "settings.json"
        before = json.loads(settings.read_bytes())
        async with house.served() as server:
            house.install(server)
            first = await windows.enter_async_context(house.window("first"))
            second = await windows.enter_async_context(house.window("second"))
            await ask(first, 1)
            await first.submit("switch to my local one")
            await first.wait_for(f"{LOCAL} answers from now on")
            await first.submit("which model is this?")
            await first.wait_for(f"{LOCAL} answers this conversation")
            assert house.asked() == (1, 0), "no model was asked"
            await ask(first, 2)
            await take_picture(first, "switching-chat", "Claude Code", since="switch to my local")
            assert house.asked() == (1, 1)
            await ask(second, 3)
            assert house.asked() == (2, 1), "the other window stays where it was"
        async with house.served(server.port):
            await ask(first, 4)
            assert house.asked() == (2, 2), "the choice outlives the server"
            await first.submit("go back")
            await first.wait_for(f"{CLOUD} answers")
            await ask(first, 5)
            assert house.asked() == (3, 2)
            await pick(second, "qwen3-coder")
            await ask(second, 6)
            assert house.asked() == (3, 3)
        house.understudy("uninstall", "claude-code", "--yes")
        assert json.loads(settings.read_bytes()) == before
