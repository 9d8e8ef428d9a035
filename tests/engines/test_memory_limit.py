"""What holds a process to its memory, and what is said when that is why it failed."""

from __future__ import annotations

import logging
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from understudy.io.engines import memory_limit
from understudy.io.engines.memory_limit import (
    MEBIBYTE,
    NO_LIMIT,
    MemoryLimit,
    limit_advice,
    set_limit,
    speaks_of_memory,
)
from understudy.io.memory.own_group import GroupRefused, OwnGroup
from understudy.io.ports import EngineSpec

SPEC = EngineSpec("m", "/m.gguf", context_tokens=16, memory_bytes_max=300 * MEBIBYTE)


@pytest.fixture
def process() -> Iterator[int]:
    """One that waits."""
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        yield child.pid
        child.communicate(b"\n")


def no_group(*_: object) -> OwnGroup:
    raise GroupRefused("planted: no group")


def no_rlimit(*_: object) -> None:
    raise OSError(1, "planted: no limit")


async def test_without_a_limit_nothing_is_set(
    process: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory_limit, "_limit_data", no_rlimit)
    with ExitStack() as held:
        spec = EngineSpec("m", "/m.gguf", context_tokens=16)
        assert await set_limit(held, spec, process) is NO_LIMIT
    assert NO_LIMIT.advice(-signal.SIGKILL, "std::bad_alloc") == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")
async def test_a_process_may_ask_for_a_little_more_than_it_may_use(
    process: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(memory_limit, "_group", no_group)
    with ExitStack() as held, caplog.at_level(logging.INFO):
        limit = await set_limit(held, SPEC, process)
        soft, hard = resource.prlimit(process, resource.RLIMIT_DATA)
    assert limit == MemoryLimit(300 * MEBIBYTE, ("RLIMIT_DATA",))
    assert 300 * MEBIBYTE < soft == hard
    assert "engine m is held to 300 MiB by RLIMIT_DATA" in caplog.text


async def test_where_nothing_holds_it_the_log_says_so(
    process: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(memory_limit, "_group", no_group)
    monkeypatch.setattr(memory_limit, "_limit_data", no_rlimit)
    with ExitStack() as held:
        limit = await set_limit(held, SPEC, process)
    assert limit.means == ()
    assert limit.advice(1, "MemoryError") == ""
    assert "engine m cannot be held to 300 MiB: RLIMIT_DATA: planted" in caplog.text
    assert "planted: no group" in caplog.text


def test_who_speaks_of_memory_is_told_of_the_limit() -> None:
    limit = MemoryLimit(300 * MEBIBYTE, ("RLIMIT_DATA",))
    for said in ("what():  std::bad_alloc", "MemoryError", "ggml: insufficient memory"):
        assert speaks_of_memory(said)
        assert limit.advice(None, said) == limit_advice(300 * MEBIBYTE)
    others = "no such file", "", "cudaMalloc failed: out of memory"
    for status, said in zip((1, -signal.SIGKILL, None), others, strict=True):
        assert limit.advice(status, said) == ""


def test_who_is_killed_by_its_group_is_told_of_the_limit(tmp_path: Path) -> None:
    group = OwnGroup("control group /a", tmp_path, 2)
    limit = MemoryLimit(300 * MEBIBYTE, (group.name,), group)
    assert limit.advice(-signal.SIGKILL, "") == ""
    (tmp_path / "memory.events").write_text("oom 1\noom_kill 1\n")
    assert "memory limit of 300 MiB" in limit.advice(-signal.SIGKILL, "")
    assert limit.advice(0, "") == ""
