"""The budget of what all models remember on disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from understudy.io.engines.state_folder import make_room, state_folder_of
from understudy.io.folders import FolderUnusable


def keep(folder: Path, file: str, key: str, size: int, age: int) -> Path:
    """A state of a model, so many seconds old."""
    place = state_folder_of(folder, file) / "name" / f"{key}.kv"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"x" * size)
    os.utime(place, (1_000_000 - age, 1_000_000 - age))
    return place


def test_the_oldest_of_all_models_go_first(tmp_path: Path) -> None:
    new = keep(tmp_path, "/a.gguf", "1", 100, age=1)
    old = keep(tmp_path, "/b.gguf", "2", 100, age=3)
    middle = keep(tmp_path, "/b.gguf", "3", 100, age=2)
    assert make_room(tmp_path, 250) == 200
    assert [path.exists() for path in (new, middle, old)] == [True, True, False]
    assert make_room(tmp_path, 0) == 0
    assert not new.exists()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    foreign = tmp_path / "note.txt"
    foreign.write_text("mine")
    assert make_room(tmp_path, 0) == 0
    assert foreign.exists()


def test_what_a_killed_writer_left_is_counted_too(tmp_path: Path) -> None:
    part = keep(tmp_path, "/a.gguf", "1", 100, age=1).rename(
        state_folder_of(tmp_path, "/a.gguf") / "name" / "1.kv.part"
    )
    make_room(tmp_path, 50)
    assert not part.exists()


def test_the_folder_is_its_owner_s_alone(tmp_path: Path) -> None:
    make_room(tmp_path / "prefixes", 1)
    assert (tmp_path / "prefixes").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusable, match="prefixes"):
        make_room(tmp_path / "file" / "prefixes", 1)


def test_two_files_of_one_name_have_a_folder_each(tmp_path: Path) -> None:
    assert state_folder_of(tmp_path, "/a/m.gguf") != state_folder_of(tmp_path, "/b/m.gguf")
