"""`understudy endpoints find`, in front of stand-ins: what is shown, what is written, and when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs
import pytest
import trio
from click.testing import CliRunner, Result
from understudy.io.cli import checks_found, endpoints_find
from understudy.io.cli.doctor import circumstances_of
from understudy.io.discovery import finding, probe
from understudy.io.discovery.port_owner import Owner
from understudy.io.settings_file import SettingsFile

from .standins.host import Standin, opened
from .standins.llama_server import LlamaServer
from .standins.ollama import Ollama

OLLAMA_ENTRY = """\
[[endpoint]]
name = "ollama"
provider = "ollama"
base_url = "{base_url}"
"""


@attrs.frozen
class Shell:
    """A home of its own, in which commands run in a thread."""

    home: Path

    async def find(self, *arguments: str, piped: str = "") -> Result:
        """Runs the command."""
        invoke = partial(
            CliRunner().invoke,
            endpoints_find.command,
            arguments,
            input=piped,
            env={"UNDERSTUDY_HOME": str(self.home)},
        )
        result: Result = await trio.to_thread.run_sync(invoke)
        return result

    @property
    def file(self) -> Path:
        """What commands write."""
        return self.home / "endpoints.toml"

    def settings(self) -> Any:
        """What the server would read."""
        return SettingsFile(self.home / "settings.toml").load()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Nothing is in the home yet."""
    return Shell(tmp_path / "home")


def at(standins: Iterable[Standin]) -> list[str]:
    """The options that name their ports."""
    return [f"--port={urlsplit(each.base_url).port}" for each in standins]


async def test_what_is_found_is_shown_and_not_used(shell: Shell) -> None:
    async with opened(ollama := Ollama(loaded_tokens=4_096)):
        result = await shell.find(*at([ollama]))
    assert result.exit_code == 0, result.output
    for words in (
        f"Ollama 0.33.0 at {ollama.base_url}, ",
        "not in use",
        "qwen3:8b       4,096    40,960    tools, thinking  yes",
        "glm-5.3:cloud  202,752  202,752   tools, thinking  remote",
        "OLLAMA_CONTEXT_LENGTH",
        OLLAMA_ENTRY.format(base_url=ollama.base_url),
        "nothing was added: name one with --add",
    ):
        assert words in result.output
    assert not shell.file.exists()


async def test_one_is_added_by_its_name(shell: Shell) -> None:
    async with opened(ollama := Ollama()), opened(server := LlamaServer()):
        ports = at([ollama, server])
        result = await shell.find(*ports, "--add", "ollama", "--context", "32768")
        assert result.exit_code == 0, result.output
        assert f"added ollama to {shell.file}" in result.output
        [endpoint] = shell.settings().endpoints
        assert (endpoint.name, endpoint.provider, endpoint.models) == ("ollama", "ollama", ())
        assert (endpoint.base_url, endpoint.context_tokens) == (ollama.base_url, 32_768)
        again = await shell.find(*ports)
        assert "in use as ollama" in again.output
        assert again.output.count("would be written") == 1


async def test_all_of_one_s_own_are_added_with_yes(shell: Shell) -> None:
    async with opened(first := Ollama()), opened(second := Ollama()):
        result = await shell.find(*at([first, second]), "--yes", "--json")
    assert json.loads(result.output)["added"] == ["ollama", "ollama-2"]
    assert [each.name for each in shell.settings().endpoints] == ["ollama", "ollama-2"]


async def test_a_terminal_is_asked(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints_find, "is_terminal", bool)
    async with opened(ollama := Ollama()), opened(server := LlamaServer()):
        ports = at([ollama, server])
        result = await shell.find(*ports, piped="n\ny\n")
    assert f"Use ollama ({ollama.base_url})? [y/N]" in result.output
    assert [each.name for each in shell.settings().endpoints] == ["llama-server"]


async def test_another_user_s_is_added_only_if_one_says_so(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody(ports: Iterable[int]) -> dict[int, Owner]:
        return dict.fromkeys(ports, Owner("another's", "mallory, 1001"))

    monkeypatch.setattr(probe, "owners_of", somebody)
    async with opened(ollama := Ollama()):
        ports = at([ollama])
        shown = await shell.find(*ports, "--yes")
        assert "another user's (mallory, 1001), not in use" in shown.output
        assert "who reads all that is sent there" in shown.output
        refused = await shell.find(*ports, "--add", "ollama")
        assert refused.exit_code == 2
        assert "add --other-user if you trust them" in refused.output
        monkeypatch.setattr(endpoints_find, "is_terminal", bool)
        asked = await shell.find(*ports)
        assert "to add it, give --other-user" in asked.output
        assert not shell.file.exists()
        monkeypatch.undo()
        added = await shell.find(*ports, "--add", "ollama", "--other-user")
        assert added.exit_code == 0, added.output
    assert shell.file.exists()


async def test_what_is_not_found_cannot_be_added(shell: Shell) -> None:
    async with opened(server := LlamaServer()):
        result = await shell.find(*at([server]), "--add", "ollama")
    assert result.exit_code == 2
    assert "found: llama-server" in result.output


async def test_a_server_that_nobody_knows_is_written_out(shell: Shell) -> None:
    class Stranger(LlamaServer):
        def page(self, path: str) -> Any:
            entry = {"id": "m", "object": "model", "owned_by": "somebody"}
            listed = {"object": "list", "data": [entry]}
            return listed if path == "/v1/models" else None

    async with opened(stranger := Stranger()):
        result = await shell.find(*at([stranger]), "--yes")
    assert result.exit_code == 0, result.output
    [endpoint] = shell.settings().endpoints
    assert (endpoint.name, endpoint.models, endpoint.dialects) == (
        "local",
        ("m",),
        ("openai-chat",),
    )


async def test_json_has_all_of_it(shell: Shell) -> None:
    async with opened(ollama := Ollama()):
        result = await shell.find(*at([ollama]), "--json")
    told = json.loads(result.output)
    [server] = told["servers"]
    assert (server["kind"], server["version"], server["name"]) == ("ollama", "0.33.0", "ollama")
    assert [each["id"] for each in server["models"]] == ["qwen3:8b", "glm-5.3:cloud"]
    assert server["entry"] == OLLAMA_ENTRY.format(base_url=ollama.base_url)
    assert told["added"] == []


async def test_where_nothing_is_found_the_next_step_is_said(shell: Shell) -> None:
    async with opened(server := LlamaServer()):
        [port] = at([server])
    result = await shell.find(port)
    assert result.exit_code == 0
    assert "no model server was found" in result.output


async def test_doctor_says_in_one_line_what_is_not_used(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERSTUDY_HOME", str(shell.home))
    async with opened(ollama := Ollama()):
        port = urlsplit(ollama.base_url).port
        monkeypatch.setattr(finding, "USUAL_PORTS", (port,))

        def check() -> list[Any]:
            return list(checks_found.check_found_servers(circumstances_of(None)))

        [found] = await trio.to_thread.run_sync(check)
        assert found.state == "ok"
        assert found.found == f"Ollama at {ollama.base_url} runs here and is not used"
        assert "understudy endpoints find" in found.advice
        assert (await shell.find(*at([ollama]), "--yes")).exit_code == 0
        assert await trio.to_thread.run_sync(check) == []
