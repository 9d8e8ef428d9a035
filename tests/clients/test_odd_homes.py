"""Homes, links and paths that are not as one expects: what was there stays, and is told."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import attrs
import pytest
from understudy.io.clients.files import DiskFiles, FileRefused
from understudy.io.clients.program import OwnProgram
from understudy.io.locked_file import FileUnusable, locked

from .client_files import ClientFiles
from .home import Home

SETTINGS_OF_MINE = {"theme": "dark", "env": {"MINE": "1"}}


@pytest.fixture
def client(tmp_path: Path) -> ClientFiles:
    return ClientFiles(tmp_path)


def test_a_link_that_leads_to_nothing_yet_stays_one(client: ClientFiles) -> None:
    real = client.home / "dotfiles" / "claude" / "settings.json"
    client.settings.parent.mkdir()
    client.settings.symlink_to(real)
    client.setup().install(client.targets, force=False)
    assert client.settings.readlink() == real
    assert json.loads(real.read_text())["env"]["DISCOVERY"] == "1"
    client.setup().uninstall()
    assert client.settings.readlink() == real
    assert not (client.home / "dotfiles").exists()


def test_a_folder_that_is_a_link_to_nothing_yet_stays_one(client: ClientFiles) -> None:
    real = client.home / "dotfiles"
    client.settings.parent.symlink_to(real)
    client.setup().install(client.targets, force=False)
    assert client.settings.parent.readlink() == real
    assert (real / "settings.json").is_file()
    client.setup().uninstall()
    assert client.settings.parent.readlink() == real
    assert not real.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_what_root_makes_in_another_user_s_folder_is_that_user_s(client: ClientFiles) -> None:
    folder = client.settings.parent
    folder.mkdir()
    os.chown(folder, 1234, 1235)
    files = DiskFiles()
    files.replace(files.write_draft(client.settings, b"{}", None), client.settings)
    files.make_folder(folder / "a" / "b")
    for path in (client.settings, folder / "a", folder / "a" / "b"):
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1235), path


def test_where_root_cannot_give_them_away_they_stay_root_s(
    client: ClientFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", root)
    monkeypatch.setattr(os, "chown", forbidden)
    client.settings.parent.mkdir()
    client.setup().install(client.targets, force=False)
    assert client.settings.exists()


def root() -> int:
    return 0


def forbidden(*_words: object, **_options: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_a_group_that_the_file_would_lose_is_named(
    client: ClientFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.write("{}")
    group = client.settings.stat().st_gid
    files = DiskFiles()
    look = files.look(client.settings)
    assert look is not None
    monkeypatch.setattr(os, "fchown", forbidden)
    with pytest.raises(FileRefused, match=f"belongs to the group {group + 1}, which is none of"):
        files.write_draft(client.settings, b"{}", attrs.evolve(look, group_id=group + 1))
    assert list(client.settings.parent.iterdir()) == [client.settings]


@pytest.mark.parametrize("client_name", ["claude-code", "codex"])
def test_a_path_that_no_settings_file_can_hold_is_refused(home: Home, client_name: str) -> None:
    odd = f"{home.path}/\udcff"
    os.environ["UNDERSTUDY_HOME"] = odd
    assert "is not UTF-8" in str(home.refused(client_name, "--yes"))
    os.environ["UNDERSTUDY_HOME"] = str(home.path / "understudy")
    assert "is not UTF-8" in str(home.refused(client_name, "--yes", "--config-dir", odd))
    assert not Path(odd).exists()


@pytest.mark.parametrize("client_name", ["claude-code", "codex"])
def test_an_empty_home_is_no_folder(home: Home, client_name: str) -> None:
    os.environ["HOME"] = ""
    assert "HOME is empty" in str(home.refused(client_name, "--dry-run"))
    folder = home.path / "named"
    said = home.run("install", client_name, "--dry-run", "--config-dir", str(folder)).stdout
    assert f"+++ {folder}" in said


def test_folders_of_ours_that_the_shell_names_are_named_to_the_client(home: Home) -> None:
    environ = {"XDG_STATE_HOME": f"{home.path}/my state", "XDG_DATA_HOME": "", "XDG_X": "x"}
    program = OwnProgram.of(environ)
    assert program.variables == {"XDG_STATE_HOME": f"{home.path}/my state"}
    assert shlex.split(program.for_shell("token"))[0] == f"XDG_STATE_HOME={home.path}/my state"
    ours = OwnProgram.of(environ | {"UNDERSTUDY_HOME": f"{home.path}/u"})
    assert ours.variables == {"UNDERSTUDY_HOME": f"{home.path}/u"}


def lose_the_journal(home: Home) -> None:
    (home.path / "understudy" / "state" / "clients" / "journal.json").unlink()


@pytest.mark.parametrize("client_name", ["claude-code", "codex"])
def test_without_the_journal_what_install_writes_is_taken_out_all_the_same(
    home: Home, client_name: str
) -> None:
    before = home.files()
    home.run("install", client_name, "--yes")
    lose_the_journal(home)
    installed = home.files()
    plan = home.run("uninstall", client_name, "--dry-run")
    assert "the journal knows nothing of" in plan.stderr
    assert "-" in plan.stdout
    assert home.files() == installed
    home.run("uninstall", client_name, "--yes")
    left = {name: each for name, each in home.files().items() if "/state/" not in name}
    assert json.loads(left.pop(".claude/settings.json", b"{}")) == {}
    assert json.loads(left.pop(".claude.json", b"{}")) == {}
    assert left.pop(".codex/config.toml", b"") == b""
    assert left == before
    assert "is not installed in" in home.run("uninstall", client_name, "--yes").stderr


def test_without_the_journal_keys_of_the_user_s_stay_and_are_told(home: Home) -> None:
    home.settings.parent.mkdir()
    home.settings.write_text(json.dumps(SETTINGS_OF_MINE))
    home.run("install", "claude-code", "--yes", "--statusline")
    lose_the_journal(home)
    mine = json.loads(home.settings.read_text())
    mine["env"]["CLAUDE_CODE_MAX_CONTEXT_TOKENS"] = "1000"
    home.settings.write_text(json.dumps(mine))
    said = home.run("uninstall", "claude-code", "--yes").stderr
    assert "env.CLAUDE_CODE_MAX_CONTEXT_TOKENS was changed since it was installed" in said
    kept = {"MINE": "1", "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "1000"}
    assert json.loads(home.settings.read_text()) == {**SETTINGS_OF_MINE, "env": kept}


def test_settings_that_only_look_a_little_like_ours_are_not_taken_for_installed(
    home: Home,
) -> None:
    home.settings.parent.mkdir()
    mine = {"env": {"ENABLE_TOOL_SEARCH": "true"}, "permissions": {"defaultMode": "default"}}
    home.settings.write_text(json.dumps(mine))
    assert "is not installed in" in home.run("uninstall", "claude-code", "--yes").stderr
    assert json.loads(home.settings.read_text()) == mine


def test_another_folder_in_which_it_is_installed_is_told(home: Home) -> None:
    folder = home.path / "other"
    home.run("install", "claude-code", "--yes", "--config-dir", str(folder))
    said = home.run("uninstall", "claude-code", "--yes").stderr
    assert f"is not installed in {home.settings.parent}, but with --config-dir {folder}" in said
    assert (folder / "settings.json").exists()


def test_a_lock_that_cannot_be_opened_is_told(client: ClientFiles) -> None:
    lock = client.setup().journal.lock
    lock.mkdir(parents=True)
    with pytest.raises(FileUnusable, match=r"lock: cannot be opened: Is a directory"), locked(lock):
        raise AssertionError("it was not locked")
