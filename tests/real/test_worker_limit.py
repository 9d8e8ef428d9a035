"""Workers of each engine that take more than they may: they fail in words, and the rest goes on."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import attrs
import psutil
import pytest
import trio
from understudy.io.engines import memory_limit
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.memory.control_groups import V1_FILES, V2_FILES, find_groups
from understudy.io.memory.kernel_files import KernelFiles
from understudy.io.memory.own_group import GroupRefused, OwnGroup, open_group
from understudy.io.ports import Engine, EngineError, EngineSpec

from .gguf_model import SHAPES, write_model

MEBIBYTE = 1024**2
ROOM_BYTES = 4096 * MEBIBYTE
ENGINES: dict[str, tuple[str, Callable[[], Engine]]] = {
    "llama_direct": ("llama_cpp", LlamaDirect),
    "llama_server": ("xllamacpp", LlamaServer),
}
GREEDY = "input(); held = bytearray(b'x') * (64 * 1024**2)"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model whose cache is large for its weights."""
    file = tmp_path_factory.mktemp("models") / "m100.gguf"
    write_model(file, SHAPES["m100"])
    return str(file)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine that is installed."""
    package, make = ENGINES[request.param]
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    return make()


@pytest.fixture
def spec(model: str) -> EngineSpec:
    """Two windows of 8,192 tokens take 192 MiB of cache."""
    return EngineSpec("m", model, context_tokens=8192, slots=2)


def refuse(*_: object) -> None:
    raise GroupRefused("planted: no groups here")


@pytest.fixture
def without_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """RLIMIT_DATA is all that there is."""
    monkeypatch.setattr(memory_limit, "_group", refuse)


@pytest.fixture
def groups() -> None:
    """Skips where no control group can be made."""
    try:
        with open_group(MEBIBYTE):
            pass
    except GroupRefused as refused:
        pytest.skip(str(refused))


async def failure(engine: Engine, spec: EngineSpec) -> str:
    """How it fails to start; nothing of it is left."""
    with trio.fail_after(60), pytest.raises(EngineError) as caught:
        async with engine.open(spec):
            raise AssertionError("it runs")
    assert not psutil.Process().children(recursive=True)
    return str(caught.value)


def assert_says(words: str, spec: EngineSpec) -> None:
    size = f"{spec.memory_bytes_max // MEBIBYTE} MiB"
    assert words.count(f"it reached its memory limit of {size}") == 1
    assert spec.file in words
    assert "make context_tokens or slots smaller" in words.splitlines()[-1]


@pytest.mark.usefixtures("without_groups")
async def test_an_allocation_beyond_the_limit_fails_in_words(
    engine: Engine, spec: EngineSpec
) -> None:
    limited = attrs.evolve(spec, memory_bytes_max=40 * MEBIBYTE)
    assert_says(await failure(engine, limited), limited)


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("mebibytes", [40, 100])
async def test_whatever_limit_it_reaches_it_is_named(
    engine: Engine, spec: EngineSpec, mebibytes: int
) -> None:
    limited = attrs.evolve(spec, memory_bytes_max=mebibytes * MEBIBYTE)
    words = await failure(engine, limited)
    assert_says(words, limited)


def group_of(process_id: int) -> OwnGroup:
    """The group that a process is in."""
    files = KernelFiles()
    mounts = files.text("/proc/self/mountinfo")
    place = find_groups(files.text(f"/proc/{process_id}/cgroup"), mounts).memory
    assert place is not None
    return OwnGroup(place.name(place.folder), files.path(place.folder), place.version)


@pytest.mark.usefixtures("groups")
async def test_a_limit_is_set_and_taken_back(engine: Engine, spec: EngineSpec) -> None:
    async with engine.open(attrs.evolve(spec, memory_bytes_max=ROOM_BYTES)) as process:
        group = group_of(process.process_id)
        (limit, _) = limit_files(group)
        assert int(limit.read_text()) == ROOM_BYTES
        assert resource.prlimit(process.process_id, resource.RLIMIT_DATA)[0] > ROOM_BYTES
    assert not group.folder.exists()


@pytest.mark.usefixtures("groups")
async def test_one_that_is_killed_in_its_work_names_the_limit(
    engine: Engine, spec: EngineSpec
) -> None:
    """Its group is made as small as what it holds, and somebody else in it asks for more."""
    async with engine.open(attrs.evolve(spec, memory_bytes_max=ROOM_BYTES)) as process:
        group = group_of(process.process_id)
        limit, usage = limit_files(group)
        limit.write_text(str(int(usage.read_text()) + 8 * MEBIBYTE))
        greedy = await trio.lowlevel.open_process(
            [sys.executable, "-c", GREEDY], stdin=subprocess.PIPE
        )
        assert greedy.stdin is not None
        group.add(greedy.pid)
        await greedy.stdin.send_all(b"\n")
        with trio.fail_after(30):
            words = await process.wait()
            await greedy.wait()
    assert "was ended by SIGKILL" in words
    assert "it reached its memory limit of 4096 MiB" in words


def limit_files(group: OwnGroup) -> tuple[Path, Path]:
    """The file with the group's limit, and that with what it uses."""
    files = V2_FILES if group.version == 2 else V1_FILES
    return group.folder / files.limits[0], group.folder / files.usage


@pytest.mark.usefixtures("groups")
async def test_beside_one_that_fails_another_goes_on(engine: Engine, spec: EngineSpec) -> None:
    async with engine.open(attrs.evolve(spec, memory_bytes_max=ROOM_BYTES)) as process:
        limited = attrs.evolve(spec, name="greedy", memory_bytes_max=40 * MEBIBYTE)
        with pytest.raises(EngineError, match="memory limit"):
            async with engine.open(limited):
                raise AssertionError("it runs")
        assert psutil.Process(process.process_id).is_running()
