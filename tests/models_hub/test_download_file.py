"""The part, its record and its place on the disk: locks, links, and what cannot be relied on."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from understudy.io.models.download_file import DownloadRuns, open_digest, open_part
from understudy.io.models.download_place import DownloadFailed, FilePlace
from understudy.protocols.models.hub_api import HubFile
from understudy.protocols.models.hub_ranges import Record

CONTENT = b"GGUF" * 100
FILE = HubFile("d/m.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models"


@pytest.fixture
def place(models_dir: Path) -> FilePlace:
    return FilePlace.below(models_dir, "a/b", FILE.path)


def begin(models_dir: Path, place: FilePlace, done: int) -> None:
    """Leaves a part of which so much is here."""
    with open_part(models_dir, place, FILE) as part:
        part.write(0, CONTENT[:done])
        part.keep(0, done)


def test_a_file_takes_its_place_whole(models_dir: Path, place: FilePlace) -> None:
    assert not place.is_here(FILE)
    with open_part(models_dir, place, FILE) as part:
        part.write(100, CONTENT[100:])
        part.keep(100, 400)
        part.write(0, CONTENT[:100])
        part.keep(0, 100)
        digest = part.digest()
        while digest.read_piece():
            pass
        assert digest.is_right
        assert not place.is_here(FILE)
        part.finish()
    assert place.file.read_bytes() == CONTENT
    assert place.is_here(FILE)
    assert {each.name for each in place.file.parent.iterdir()} == {"m.gguf", ".m.gguf.pull.json"}
    assert place.file.stat().st_mode & 0o077 == 0


def test_what_is_here_is_known_the_next_time(models_dir: Path, place: FilePlace) -> None:
    begin(models_dir, place, 150)
    assert place.done_bytes(FILE) == 150
    with open_part(models_dir, place, FILE) as part:
        assert part.record.done == ((0, 150),)
        assert not part.is_anew


def test_a_part_of_another_content_is_begun_anew(models_dir: Path, place: FilePlace) -> None:
    begin(models_dir, place, 150)
    other = HubFile(FILE.path, FILE.size_bytes, "e" * 64)
    assert place.done_bytes(other) == 0
    with open_part(models_dir, place, other) as part:
        assert part.is_anew
        assert part.record == Record(other.digest, other.size_bytes)
        assert os.pread(os.open(place.part, os.O_RDONLY), 4, 0) == b"\0\0\0\0"


@pytest.mark.parametrize("written", [b"", b"{", b'{"version": 1}', b"x" * 2_000_000])
def test_a_part_without_a_record_is_begun_anew(
    models_dir: Path, place: FilePlace, written: bytes
) -> None:
    begin(models_dir, place, 150)
    place.record.write_bytes(written)
    with open_part(models_dir, place, FILE) as part:
        assert part.record.done == ()


def test_a_record_without_its_part_counts_nothing(models_dir: Path, place: FilePlace) -> None:
    begin(models_dir, place, 150)
    place.part.unlink()
    assert place.done_bytes(FILE) == 0
    with open_part(models_dir, place, FILE) as part:
        assert part.record.done == ()


def test_a_part_of_another_length_counts_nothing(models_dir: Path, place: FilePlace) -> None:
    begin(models_dir, place, 150)
    os.truncate(place.part, 200)
    with open_part(models_dir, place, FILE) as part:
        assert part.record.done == ()


def test_two_pulls_of_one_file_do_not_meet(models_dir: Path, place: FilePlace) -> None:
    words = "another pull fetches this file"
    with open_part(models_dir, place, FILE), pytest.raises(DownloadRuns, match=words):
        begin(models_dir, place, 1)
    begin(models_dir, place, 1)


def test_a_part_that_was_put_in_place_meanwhile_is_not_taken_for_ours(
    models_dir: Path, place: FilePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open
    swapped: list[bool] = []

    def open_and_lose(path: str, flags: int, mode: int = 0o777) -> int:
        descriptor = real(path, flags, mode)
        if Path(path) == place.part and not swapped:
            swapped.append(True)
            place.part.unlink()
        return descriptor

    monkeypatch.setattr(os, "open", open_and_lose)
    with open_part(models_dir, place, FILE) as part:
        part.write(0, CONTENT)
        part.keep(0, len(CONTENT))
        part.finish()
    assert swapped
    assert place.file.read_bytes() == CONTENT


@pytest.mark.parametrize("step", ["a", "a/b", "a/b/d"])
def test_a_link_among_the_folders_is_not_followed(
    models_dir: Path, place: FilePlace, tmp_path: Path, step: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = models_dir / step
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    with pytest.raises(DownloadFailed, match="a link"):
        begin(models_dir, place, 1)
    assert list(elsewhere.iterdir()) == []


def test_the_models_folder_itself_may_be_a_link(
    models_dir: Path, place: FilePlace, tmp_path: Path
) -> None:
    (tmp_path / "disk").mkdir()
    models_dir.parent.mkdir()
    models_dir.symlink_to(tmp_path / "disk")
    begin(models_dir, place, 1)
    assert (tmp_path / "disk" / "a" / "b" / "d" / "m.gguf.part").exists()


@pytest.mark.parametrize(
    "name", ["m.gguf", "m.gguf.part", ".m.gguf.pull.json", ".m.gguf.pull.json.new"]
)
def test_a_link_in_the_place_of_a_file_is_not_followed(
    models_dir: Path, place: FilePlace, tmp_path: Path, name: str
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    place.file.parent.mkdir(parents=True)
    (place.file.parent / name).symlink_to(victim)
    refused = ""
    try:
        with open_part(models_dir, place, FILE) as part:
            part.write(0, CONTENT)
            part.keep(0, len(CONTENT))
            part.finish()
    except DownloadFailed as error:
        refused = str(error)
    assert ("symbolic link" in refused) is (name == "m.gguf.part")
    assert victim.read_bytes() == b"precious"
    assert not place.is_unknown(FILE)


def test_a_full_disk_is_told(
    models_dir: Path, place: FilePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with open_part(models_dir, place, FILE) as part:
        monkeypatch.setattr(os, "pwrite", full)
        with pytest.raises(DownloadFailed, match="make room on this disk"):
            part.write(0, CONTENT)


def test_a_file_is_checked_as_git_and_as_the_large_store_do(
    models_dir: Path, place: FilePlace
) -> None:
    begin(models_dir, place, len(CONTENT))
    place.part.rename(place.file)
    git = hashlib.sha1(b"blob %d\0" % len(CONTENT) + CONTENT).hexdigest()
    for digest, right in ((FILE.digest, True), (git, True), ("0" * 64, False), ("0" * 40, False)):
        with open_digest(place, HubFile(FILE.path, FILE.size_bytes, digest)) as reading:
            while reading.read_piece():
                pass
            assert reading.is_right is right
