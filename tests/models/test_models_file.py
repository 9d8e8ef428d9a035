"""The file of imported models: changed whole, under a lock, and never lost."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest
from understudy.io import locked_file
from understudy.io.models.models_file import ModelsFile, ModelsFileUnusable
from understudy.protocols.settings import EndpointSettings


def endpoint(name: str, context_tokens: int = 4_096) -> EndpointSettings:
    return EndpointSettings(
        name, (name,), engine="llama.cpp", file=f"/{name}.gguf", context_tokens=context_tokens
    )


@pytest.fixture
def file(tmp_path: Path) -> ModelsFile:
    """A file in folders that are not there yet."""
    return ModelsFile(tmp_path / "config" / "models.toml", tmp_path / "state" / "models.lock")


def test_endpoints_are_put_in_and_taken_out(file: ModelsFile) -> None:
    assert file.endpoints() == ()
    for name in ("a", "b", "c"):
        file.put(endpoint(name))
    file.put(endpoint("b", 512))
    assert file.endpoints() == (endpoint("a"), endpoint("b", 512), endpoint("c"))
    assert file.take("b") == endpoint("b", 512)
    assert file.take("b") is None
    assert [each.name for each in file.endpoints()] == ["a", "c"]


def test_it_is_for_its_owner_alone_and_nothing_is_left_beside_it(file: ModelsFile) -> None:
    file.put(endpoint("a"))
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.path.parent.iterdir()] == ["models.toml"]


def test_a_broken_file_is_not_written_over(file: ModelsFile) -> None:
    file.path.parent.mkdir()
    file.path.write_text("nonsense")
    with pytest.raises(ModelsFileUnusable, match="and import the models again"):
        file.put(endpoint("a"))
    with pytest.raises(ModelsFileUnusable, match="and import the models again"):
        file.take("a")
    file.path.write_bytes(b"\xff")
    with pytest.raises(ModelsFileUnusable, match="cannot be read"):
        file.endpoints()
    assert file.path.read_bytes() == b"\xff"


def test_what_could_not_be_read_again_is_not_written(file: ModelsFile) -> None:
    file.put(endpoint("a"))
    before = file.path.read_bytes()
    with pytest.raises(ModelsFileUnusable, match=r"this cannot be imported: .*name"):
        file.put(endpoint("Not A Name"))
    assert file.path.read_bytes() == before


def test_a_full_disk_leaves_the_old_file(file: ModelsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.put(endpoint("a"))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ModelsFileUnusable, match="No space left on device; free some space"):
        file.put(endpoint("b"))
    assert [each.name for each in file.endpoints()] == ["a"]
    assert [each.name for each in file.path.parent.iterdir()] == ["models.toml"]


def test_two_that_write_at_once_lose_nothing(file: ModelsFile) -> None:
    names = [f"m{number}" for number in range(8)]
    threads = [threading.Thread(target=file.put, args=(endpoint(name),)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.name for each in file.endpoints()) == names


def test_a_lock_that_is_held_is_not_waited_for_without_end(
    file: ModelsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locked_file, "LOCK_SECONDS_MAX", 0.0)
    file.put(endpoint("a"))
    with file.lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ModelsFileUnusable, match=r"models\.lock for 0 seconds; wait for it"):
            file.put(endpoint("b"))
    file.put(endpoint("b"))
    assert len(file.endpoints()) == 2
