"""A client's folders: which of them go with our keys, and where their backups are."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest
from understudy.io.clients.change import BACKUPS_MAX
from understudy.io.clients.files import DiskFiles

from .client_files import ClientFiles


@pytest.fixture
def client(tmp_path: Path) -> ClientFiles:
    return ClientFiles(tmp_path)


def test_a_link_that_took_the_place_of_a_folder_that_we_made_stays(client: ClientFiles) -> None:
    client.setup().install(client.targets, force=False)
    folder, dotfiles = client.settings.parent, client.home / "dotfiles"
    folder.rename(dotfiles)
    folder.symlink_to(dotfiles)
    client.setup().uninstall()
    assert folder.is_symlink()
    assert client.seen() == {}


def test_only_an_empty_folder_is_removed_as_one(tmp_path: Path) -> None:
    full, file = tmp_path / "full", tmp_path / "full" / "file"
    full.mkdir()
    file.write_text("mine")
    for path in (full, file, tmp_path / "none"):
        DiskFiles().remove_folder(path)
    assert file.read_text() == "mine"
    file.unlink()
    DiskFiles().remove_folder(full)
    assert not full.exists()


def test_a_folder_that_was_there_and_files_that_others_wrote_stay(client: ClientFiles) -> None:
    client.settings.parent.mkdir()
    client.setup().install(client.targets, force=False)
    grown = {**json.loads(client.own.read_text()), "userID": "x"}
    client.own.write_text(json.dumps(grown))
    client.setup().uninstall()
    assert client.settings.parent.is_dir()
    assert client.seen() == {".client.json": b'{"userID": "x"}'}


def test_backups_are_numbered_and_few(client: ClientFiles) -> None:
    for number in range(BACKUPS_MAX + 2):
        client.write(json.dumps({"number": number}))
        client.setup().install(client.targets, force=False)
        client.setup().uninstall()
    names = [path.name for path in (client.state / "backups" / "client").glob("*/*")]
    numbers = sorted(int(name.rpartition(".")[2]) for name in names if name.startswith("settings"))
    assert len(numbers) == BACKUPS_MAX
    assert numbers[-1] == 2 * (BACKUPS_MAX + 2)


def test_each_folder_has_backups_of_its_own(client: ClientFiles, tmp_path: Path) -> None:
    other = ClientFiles(tmp_path / "other")
    client.write('{"mine": 1}')
    [first, _] = client.setup().install(client.targets, force=False)
    for number in range(BACKUPS_MAX + 2):
        other.write(json.dumps({"number": number}))
        setup = attrs.evolve(other.setup(), state_dir=client.state)
        setup.install(other.targets, force=False)
        setup.uninstall()
    assert first.backup is not None
    assert first.backup.read_text() == '{"mine": 1}'
