"""A run that touches the real world is found out, and the world is not touched."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path

import pytest
import trio
from understudy import app
from understudy.actors.sessions import Sessions
from understudy.simulations.scenarios.one_turn import one_turn
from understudy.simulations.world import seam
from understudy.simulations.world.escape import Escape, forbidden
from understudy.simulations.world.run import run
from understudy.simulations.world.world import World


async def open_a_file(folder: Path) -> None:
    (folder / "touched").write_bytes(b"")


async def look_into_a_folder(folder: Path) -> None:
    list(folder.iterdir())  # noqa: ASYNC240 what is refused


async def open_a_socket(folder: Path) -> None:
    assert folder
    socket.socket().close()


async def resolve_a_name(folder: Path) -> None:
    assert folder
    socket.getaddrinfo("localhost", 80)


async def start_a_process(folder: Path) -> None:
    subprocess.Popen([sys.executable, "-c", ""], cwd=folder).wait()  # noqa: ASYNC220 it is refused


async def start_a_thread(folder: Path) -> None:
    threading.Thread(target=(folder / "touched").touch).start()


async def use_trio_s_threads(folder: Path) -> None:
    await trio.to_thread.run_sync((folder / "touched").touch)


Touch = Callable[[Path], Awaitable[None]]
TOUCHES: list[tuple[Touch, str]] = [
    (open_a_file, "a file"),
    (look_into_a_folder, "a file"),
    (open_a_socket, "a socket"),
    (resolve_a_name, "a socket"),
    (start_a_process, "a process"),
    (start_a_thread, "a thread"),
    (use_trio_s_threads, "a thread"),
]
"""Each would leave no trace of itself in a trace: without the guard nobody would notice."""


@pytest.mark.parametrize(("touch", "kind"), TOUCHES)
def test_what_a_scenario_touches_is_complained_of(touch: Touch, kind: str, tmp_path: Path) -> None:
    async def scenario(world: World) -> None:
        await one_turn(world)
        try:
            await touch(tmp_path)
        except Escape as escape:
            told.append(str(escape))

    told: list[str] = []
    assert run(scenario, 1, app).complaints == tuple(told)
    [words] = told
    assert f"touches {kind}, at " in words
    assert " from simulations/test_escape.py:" in words or "at simulations/test_escape" in words
    assert list(tmp_path.iterdir()) == []


def test_what_nobody_catches_is_complained_of_once(tmp_path: Path) -> None:
    async def scenario(_world: World) -> None:
        await open_a_file(tmp_path)

    [complaint] = run(scenario, 1, app).complaints
    assert "touched) touches a file, at " in complaint


def test_what_the_product_touches_and_a_supervisor_catches_is_complained_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = Sessions.session

    def touching(self: Sessions, *arguments: object) -> object:
        (tmp_path / "touched").touch()
        return whole(self, *arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Sessions, "session", touching)
    complaints = run(one_turn, 1, app).complaints
    assert [words for words in complaints if f"{tmp_path / 'touched'}) touches a file" in words]


def test_trio_still_starts_threads_where_it_is_watched() -> None:
    assert "start_thread_soon" in seam.THREADS, (
        "Trio's private start_thread_soon has gone from trio/_threads.py: see by what "
        "trio.to_thread.run_sync now starts a thread, and name that in simulations/world/seam.py"
    )


def test_outside_a_run_the_world_is_free(tmp_path: Path) -> None:
    assert run(one_turn, 1, app).complaints == ()
    thread = threading.Thread(target=(tmp_path / "started").touch)
    thread.start()
    thread.join()
    trio.run(use_trio_s_threads, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["started", "touched"]


def test_another_thread_is_another_s_business(tmp_path: Path) -> None:
    begun, done = threading.Event(), threading.Event()

    def touch() -> None:
        begun.wait()
        (tmp_path / "touched").touch()
        done.set()

    thread = threading.Thread(target=touch)
    thread.start()
    with forbidden() as escapes:
        begun.set()
        assert done.wait(10)
    thread.join()
    assert escapes == []


def test_a_module_may_be_imported_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "needed_late.py").write_text("VALUE = 7")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with forbidden() as escapes:
        assert import_module("needed_late").VALUE == 7
    assert escapes == []


def test_real_time_is_not_slept_away() -> None:
    # Python itself says so when it sleeps, from 3.13 on.
    with forbidden() as escapes, pytest.raises(Escape, match="touches real time"):
        sys.audit("time.sleep", 1)
    assert len(escapes) == 1
