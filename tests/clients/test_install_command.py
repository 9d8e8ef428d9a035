"""`understudy install` and `uninstall` as they are typed."""

from __future__ import annotations

import json
import os
import shlex
import stat
import tomllib
from typing import Any

import pytest
from click.testing import CliRunner
from understudy.io.cli import client_setup, install, install_view
from understudy.io.cli.server import ListedModel, ModelList, Refused
from understudy.io.clients.circumstances import Circumstances
from understudy.io.server_file import RunningServer, ServerFile

from .home import SETTINGS, Home


def test_a_dry_run_prints_the_diff_and_writes_nothing(home: Home) -> None:
    before = home.files()
    for client in ("claude-code", "codex"):
        result = home.run("install", client, "--dry-run")
        assert result.exit_code == 0
        assert "understudy: nothing was written" in result.stderr
        assert "+++ " in result.stdout
    assert home.files() == before
    assert not (home.path / ".claude").exists()


def test_what_was_installed_is_told_and_taken_out_again(home: Home) -> None:
    before = home.files()
    result = home.run("install", "claude-code", "--yes", "--statusline")
    assert f"made {home.settings}" in result.stdout
    assert "apiKeyHelper" in result.stdout
    assert "the client is told 32,768 tokens" in result.stderr
    assert "no server runs yet" in result.stderr
    settings = json.loads(home.settings.read_text())
    assert settings["env"]["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:7337"
    assert settings["statusLine"]["command"].endswith(" statusline")
    assert f"UNDERSTUDY_HOME={home.path}/understudy" in settings["apiKeyHelper"]
    again = home.run("install", "claude-code", "--yes")
    assert "nothing to change: it is installed" in again.stderr
    assert "statusLine" in home.settings.read_text()
    plan = home.run("uninstall", "claude-code", "--dry-run")
    assert "+++ /dev/null" in plan.stdout
    result = home.run("uninstall", "claude-code", "--yes")
    assert f"removed {home.settings} (before: " in result.stdout
    left = {name: each for name, each in home.files().items() if "/state/" not in name}
    assert left == before
    assert "is not installed in" in home.run("uninstall", "claude-code", "--yes").stderr


def test_no_token_is_made_or_written(home: Home) -> None:
    home.run("install", "claude-code", "--yes")
    home.run("install", "codex", "--yes")
    assert not (home.path / "understudy" / "state" / "token").exists()
    for path in (home.path / "understudy" / "state" / "clients").rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_a_value_of_the_user_s_is_kept_told_and_covered(home: Home) -> None:
    home.settings.parent.mkdir()
    mine = {"apiKeyHelper": "planted-secret", "permissions": {"defaultMode": "auto"}}
    home.settings.write_text(json.dumps(mine))
    result = home.run("install", "claude-code", "--yes")
    assert 'permissions.defaultMode stays "auto", as you have set it' in result.stderr
    assert 'apiKeyHelper stays "(not shown)"' in result.stderr
    assert "planted" not in result.output
    assert json.loads(home.settings.read_text())["permissions"] == mine["permissions"]
    result = home.run("install", "claude-code", "--yes", "--force")
    assert 'permissions.defaultMode was "auto"; it is "default" now' in result.stderr
    home.run("uninstall", "claude-code", "--yes")
    assert json.loads(home.settings.read_text()) == mine


def test_codex_keeps_its_comments_and_its_own_folder_may_be_named(home: Home) -> None:
    config = home.path / "other" / "config.toml"
    config.parent.mkdir()
    config.write_text('# mine\nmodel = "gpt"\n')
    result = home.run("install", "codex", "--yes", "--config-dir", str(config.parent))
    assert f"start the client with CODEX_HOME={config.parent}" in result.stderr
    read = tomllib.loads(config.read_text())
    assert (read["model"], read["model_provider"]) == ("gpt", "understudy")
    home.run("uninstall", "codex", "--yes", "--config-dir", str(config.parent))
    assert config.read_text() == '# mine\nmodel = "gpt"\n'


def test_json_says_all_of_it(home: Home) -> None:
    result = home.run("install", "claude-code", "--dry-run", "--json")
    told: dict[str, Any] = json.loads(result.stdout)
    assert (told["client"], told["dry_run"]) == ("claude-code", True)
    assert [each["changed"] for each in told["files"]] == [True, True]
    assert "ANTHROPIC_BASE_URL" in told["files"][0]["diff"]
    assert told["notes"][0].startswith("the client is told")
    home.run("install", "claude-code", "--yes", "--json")
    told = json.loads(home.run("uninstall", "claude-code", "--yes", "--json").stdout)
    assert [each["changed"] for each in told["files"]] == [True, True]


def test_nobody_is_taken_to_have_agreed(home: Home) -> None:
    assert "say --yes" in str(home.refused("claude-code"))
    assert not home.settings.exists()


def is_watched(stream: object) -> bool:
    return stream is not None


@pytest.mark.parametrize("typed", ["n\n", "\n", "y\n"])
def test_somebody_who_is_asked_sees_the_diff_first(
    home: Home, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install_view, "is_terminal", is_watched)
    result = CliRunner().invoke(install.command, ["codex"], input=typed)
    config = home.path / ".codex" / "config.toml"
    assert "+[model_providers.understudy]" in result.stdout
    assert f"Write {config}? [y/N]" in result.stderr
    assert config.exists() == (typed == "y\n")
    assert result.exit_code == (0 if typed == "y\n" else 1)


def test_modes_and_models_that_will_do_are_no_conflict(home: Home) -> None:
    home.settings.parent.mkdir()
    mine = {"model": "local/qwen", "permissions": {"defaultMode": "plan"}}
    home.settings.write_text(json.dumps(mine))
    result = home.run("install", "claude-code", "--yes")
    assert "stays" not in result.stderr
    home.run("uninstall", "claude-code", "--yes")
    assert json.loads(home.settings.read_text()) == mine


def test_a_server_that_runs_tells_the_models_that_the_settings_do_not(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home.path / "understudy" / "settings.toml"
    file.write_text('[[endpoint]]\nname = "local"\nprovider = "ollama"\n')
    running = RunningServer("http://127.0.0.1:9", os.getpid(), "1", str(file))
    with ServerFile(home.path / "understudy" / "state" / "server.json").written(running):
        monkeypatch.setattr(client_setup, "find_server", PlayedServer)
        result = home.run("install", "claude-code", "--yes")
    assert json.loads(home.settings.read_text())["model"] == "anthropic/local/found"
    assert "the server that runs is at http://127.0.0.1:9" in result.stderr


class PlayedServer:
    """A server that lists one model, found as the real one is."""

    address = "http://127.0.0.1:9"

    def __init__(self, folders: object, token: object) -> None:
        assert folders != token

    def read(self, path: str, form: type[ModelList]) -> ModelList:
        """What `/v1/models` says."""
        ids = ("local/found", "anthropic/local/found", "rehearsal/rehearsal")
        return form("local/found", tuple(ListedModel(each, 8_192) for each in ids))


class SulkingServer(PlayedServer):
    """A server that is found, and then answers with an error."""

    def read(self, path: str, form: type[ModelList]) -> ModelList:
        """Has a hiccup."""
        raise Refused(503, f"{path}: try again")


@pytest.mark.parametrize("client", ["claude-code", "codex"])
def test_broken_settings_keep_nobody_from_taking_it_out(home: Home, client: str) -> None:
    before = home.files()
    home.run("install", client, "--yes")
    file = home.path / "understudy" / "settings.toml"
    file.write_text("nonsense")
    if client == "claude-code":
        mine = json.loads(home.settings.read_text())
        home.settings.write_text(json.dumps({**mine, "model": "anthropic/local/other"}))
    result = home.run("uninstall", client, "--yes")
    assert f"goes on without this: {file}" in result.stderr
    file.write_text(SETTINGS)
    assert {name: each for name, each in home.files().items() if "/state/" not in name} == before


@pytest.mark.parametrize(("picked", "goes"), [("anthropic/local/other", True), ("opus", False)])
def test_a_server_that_fails_keeps_nobody_from_taking_it_out(
    home: Home, monkeypatch: pytest.MonkeyPatch, picked: str, *, goes: bool
) -> None:
    home.run("install", "claude-code", "--yes")
    file = home.path / "understudy" / "settings.toml"
    file.write_text('[[endpoint]]\nname = "local"\nprovider = "ollama"\n')
    mine = json.loads(home.settings.read_text())
    home.settings.write_text(json.dumps({**mine, "model": picked}))
    running = RunningServer("http://127.0.0.1:9", os.getpid(), "1", str(file))
    with ServerFile(home.path / "understudy" / "state" / "server.json").written(running):
        monkeypatch.setattr(client_setup, "find_server", SulkingServer)
        result = home.run("uninstall", "claude-code", "--yes")
    assert "goes on without this: /v1/models" in result.stderr
    assert home.settings.exists() != goes
    assert goes or json.loads(home.settings.read_text()) == {"model": picked}


OTHER = "http://127.0.0.1:9000"


@pytest.mark.parametrize("client", ["claude-code", "codex"])
@pytest.mark.parametrize("way", ["--address", "--config"])
def test_the_helper_looks_at_the_port_that_the_client_uses(
    home: Home, client: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = home.path / "other.toml"
    config.write_text(f"[server]\nport = 9000\n{SETTINGS}")
    before = home.files()
    options = (way, OTHER if way == "--address" else str(config))
    with monkeypatch.context() as older:  # which wrote the same for every address
        older.setattr(Circumstances, "token_words", ("token",))
        home.run("install", client, "--yes", *options)
    assert "--for" not in helper(home, client)
    home.run("install", client, "--yes", *options)
    assert helper(home, client)[-3:] == ["token", "--for", OTHER]
    home.run("uninstall", client, "--yes")
    assert {name: each for name, each in home.files().items() if "/state/" not in name} == before


@pytest.mark.parametrize("address", ["http://127.0.0.1:7337", "https://far.example:9000"])
def test_the_helper_is_the_plain_one_where_there_is_no_other_port_to_look_at(
    home: Home, address: str
) -> None:
    for client in ("claude-code", "codex"):
        home.run("install", client, "--yes", "--address", address)
        assert helper(home, client)[-1] == "token"


def helper(home: Home, client: str) -> list[str]:
    """The words of the command that the client asks for the token."""
    if client == "claude-code":
        return shlex.split(json.loads(home.settings.read_text())["apiKeyHelper"])
    config = tomllib.loads((home.path / ".codex" / "config.toml").read_text())
    words: list[str] = config["model_providers"]["understudy"]["auth"]["args"]
    return words


def test_a_refusal_says_what_to_add_by_hand(home: Home) -> None:
    home.settings.parent.mkdir()
    home.settings.write_text("{\n  // mine\n}\n")
    words = str(home.refused("claude-code", "--yes"))
    assert words.startswith(f"{home.settings}, line 2, column 3: has a comment")
    assert "or add this by hand:" in words
    assert '"ANTHROPIC_BASE_URL": "http://127.0.0.1:7337"' in words
    assert not (home.path / ".claude.json").exists()


@pytest.mark.parametrize(
    ("server", "options", "expected"),
    [
        ("[server]\nport = 8000\n", (), "http://127.0.0.1:8000"),
        ("", ("--address", "https://here.example:1/"), "https://here.example:1"),
        ("[server]\nport = 0\n", ("--address", "http://127.0.0.1:5"), "http://127.0.0.1:5"),
    ],
)
def test_the_address_is_one_that_stays(
    home: Home, server: str, options: tuple[str, ...], expected: str
) -> None:
    (home.path / "understudy" / "settings.toml").write_text(server + SETTINGS)
    home.run("install", "claude-code", "--yes", *options)
    assert json.loads(home.settings.read_text())["env"]["ANTHROPIC_BASE_URL"] == expected


@pytest.mark.parametrize(
    ("server", "options", "words"),
    [
        ("[server]\nport = 0\n", (), "a client needs one that stays"),
        ("", ("--address", "127.0.0.1:5"), "write it as http://127.0.0.1:7337"),
        ("", ("--address", "http://127.0.0.1:99999"), "write it as http://127.0.0.1:7337"),
    ],
)
def test_an_address_that_would_not_do_is_refused(
    home: Home, server: str, options: tuple[str, ...], words: str
) -> None:
    (home.path / "understudy" / "settings.toml").write_text(server + SETTINGS)
    assert words in str(home.refused("claude-code", "--yes", *options))
