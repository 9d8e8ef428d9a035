"""The settings file watched: real files, virtual time (each test asks for the clock itself)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock as Clock
from trio.testing import wait_all_tasks_blocked
from understudy.io.settings_file import (
    DEBOUNCE_SECONDS,
    DEBOUNCE_SECONDS_MAX,
    POLL_SECONDS,
    SettingsEvent,
    SettingsFile,
    SettingsRejected,
)
from understudy.protocols.settings import FILE_BYTES_MAX, ServerSettings, Settings, SettingsError

NOTICED_SECONDS = POLL_SECONDS + 2 * DEBOUNCE_SECONDS


def port(number: int) -> str:
    return f"[server]\nport = {number}\n"


def on_port(number: int) -> Settings:
    return Settings(server=ServerSettings(port=number))


class Stage:
    """A settings file with a watcher on it, in virtual time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = SettingsFile(path)
        self.send, self.receive = trio.open_memory_channel[SettingsEvent](8)

    async def event(self) -> SettingsEvent:
        """The next event, which must come in time."""
        with trio.fail_after(NOTICED_SECONDS):
            return await self.receive.receive()

    async def rejection(self) -> str:
        event = await self.event()
        assert isinstance(event, SettingsRejected)
        (problem,) = event.problems
        return str(problem)

    async def expect_nothing(self) -> None:
        await trio.sleep(NOTICED_SECONDS + DEBOUNCE_SECONDS_MAX)
        with pytest.raises(trio.WouldBlock):
            self.receive.receive_nowait()


@pytest.fixture
async def stage(tmp_path: Path, nursery: trio.Nursery) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path / "settings.toml")
    stage.path.write_text(port(1))
    stage.file.load()
    nursery.start_soon(stage.file.watch, stage.send)
    await wait_all_tasks_blocked()
    yield stage
    stage.receive.close()


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "none.toml").load() == Settings()
    (tmp_path / "file").touch()
    assert SettingsFile(tmp_path / "file" / "settings.toml").load() == Settings()


def test_a_file_is_read_with_its_own_folder_and_home(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    engine = '[[endpoint]]\nname = "{}"\nengine = "llama-server"\nfile = "{}"\n'
    path.write_text(engine.format("a", "m.gguf") + engine.format("b", "~/m.gguf"), "utf-8-sig")
    settings = SettingsFile(path, home="/home/ann").load()
    assert [endpoint.file for endpoint in settings.endpoints] == [
        f"{tmp_path}/m.gguf",
        "/home/ann/m.gguf",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a\n\xff\n", ":2: is not UTF-8 text; save it as UTF-8"),
        (b"#" * (FILE_BYTES_MAX + 1), ": the file is too large; allowed: at most 1048576 bytes"),
        (b"[server]\nport = 'x'", ":2: server.port: must be a whole number"),
    ],
)
def test_a_bad_file_is_told_with_its_path(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        SettingsFile(path).load()
    assert f"{path}{problem}" in str(caught.value)


def test_what_is_no_file_is_told_and_waited_for_by_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(SettingsError, match=r"is not a regular file|cannot be read"):
            SettingsFile(path).load()
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(SettingsError, match="cannot be read: Too many levels"):
        SettingsFile(loop).load()


async def test_a_change_is_reported_once(stage: Stage, autojump_clock: Clock) -> None:
    stage.path.write_text(port(2))
    assert await stage.event() == on_port(2)
    await stage.expect_nothing()


async def test_a_change_of_no_setting_is_not_reported(stage: Stage, autojump_clock: Clock) -> None:
    stage.path.write_text("# a comment\n" + port(1))
    await stage.expect_nothing()
    os.utime(stage.path)
    await stage.expect_nothing()


async def test_a_mistake_is_told_and_its_cure_too(stage: Stage, autojump_clock: Clock) -> None:
    stage.path.write_text(port(99_999))
    assert "99999 is out of range" in await stage.rejection()
    stage.path.write_text(port(99_999) + "\n")
    await stage.expect_nothing()
    stage.path.write_text(port(1))
    assert await stage.event() == on_port(1)


async def test_a_file_replaced_by_a_rename_is_seen(stage: Stage, autojump_clock: Clock) -> None:
    for number in (2, 3):
        draft = stage.path.with_suffix(".swp")
        draft.write_text(port(number))
        draft.replace(stage.path)
        assert await stage.event() == on_port(number)


async def test_a_file_removed_is_told_and_seen_when_it_comes_back(
    stage: Stage, autojump_clock: Clock
) -> None:
    stage.path.unlink()
    assert "was removed; the last good settings stay" in await stage.rejection()
    await stage.expect_nothing()
    stage.path.write_text(port(1))
    assert await stage.event() == on_port(1)


async def test_a_removal_and_a_new_file_at_once_are_one_change(
    stage: Stage, autojump_clock: Clock
) -> None:
    stage.path.unlink()
    await trio.sleep(POLL_SECONDS + DEBOUNCE_SECONDS / 2)
    stage.path.write_text(port(2))
    assert await stage.event() == on_port(2)


async def test_a_half_written_file_is_not_read(stage: Stage, autojump_clock: Clock) -> None:
    with stage.path.open("w", encoding="utf-8") as file:
        for piece in ("[", "ser", "ver", "]\n", "po", "rt", " = ", "2"):
            file.write(piece)
            file.flush()
            await trio.sleep(DEBOUNCE_SECONDS * 0.9)
    assert await stage.event() == on_port(2)


async def test_a_file_that_never_rests_is_read_too(stage: Stage, autojump_clock: Clock) -> None:
    with trio.move_on_after(POLL_SECONDS + DEBOUNCE_SECONDS_MAX + DEBOUNCE_SECONDS):
        for number in range(1_000):
            stage.path.write_text(port(2) + "#" * number)
            await trio.sleep(DEBOUNCE_SECONDS / 2)
    assert stage.receive.receive_nowait() == on_port(2)


async def test_a_file_made_later_is_seen(
    tmp_path: Path, nursery: trio.Nursery, autojump_clock: Clock
) -> None:
    stage = Stage(tmp_path / "later" / "settings.toml")
    assert stage.file.load() == Settings()
    nursery.start_soon(stage.file.watch, stage.send)
    await stage.expect_nothing()
    stage.path.parent.mkdir()
    stage.path.write_text(port(2))
    assert await stage.event() == on_port(2)
    nursery.cancel_scope.cancel()


async def test_a_change_between_load_and_watch_is_not_lost(
    tmp_path: Path, nursery: trio.Nursery, autojump_clock: Clock
) -> None:
    stage = Stage(tmp_path / "settings.toml")
    stage.file.load()
    stage.path.write_text(port(2))
    nursery.start_soon(stage.file.watch, stage.send)
    assert await stage.event() == on_port(2)
    nursery.cancel_scope.cancel()


async def test_a_bad_start_is_cured_by_the_next_good_file(
    tmp_path: Path, nursery: trio.Nursery, autojump_clock: Clock
) -> None:
    stage = Stage(tmp_path / "settings.toml")
    stage.path.write_text("nonsense")
    with pytest.raises(SettingsError):
        stage.file.load()
    nursery.start_soon(stage.file.watch, stage.send)
    await stage.expect_nothing()
    stage.path.write_text(port(1))
    assert await stage.event() == on_port(1)
    nursery.cancel_scope.cancel()


async def test_the_watch_ends_when_nobody_listens(tmp_path: Path, autojump_clock: Clock) -> None:
    stage = Stage(tmp_path / "settings.toml")
    stage.receive.close()
    with trio.fail_after(NOTICED_SECONDS):
        await stage.file.watch(stage.send)


async def test_the_channel_closes_with_the_watch(tmp_path: Path, autojump_clock: Clock) -> None:
    stage = Stage(tmp_path / "settings.toml")
    stage.file.load()
    with trio.move_on_after(POLL_SECONDS * 3):
        await stage.file.watch(stage.send)
    with pytest.raises(trio.EndOfChannel):
        await stage.receive.receive()
