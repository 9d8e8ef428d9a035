"""NVIDIA's library, absent, whole, old, broken and hanging. It was never run before a GPU."""

from __future__ import annotations

import sys
import threading
from types import ModuleType
from typing import Any

import attrs
import pytest
from understudy.io.memory import gpu
from understudy.io.memory.gpu import Gpus
from understudy.protocols.resources.reading import GpuMemory

NAME = "planted_library_of_gpus"
GIB = 1024**3


class Library(ModuleType):
    """The functions of NVML that are asked, as the real binding has them."""

    class NVMLError(Exception):
        """As in the binding, it derives from Exception alone."""

    def __init__(self, gpus: list[Any]) -> None:
        super().__init__(NAME)
        self.gpus = gpus
        self.starts = 0
        self.start_fails = False

    def nvmlInit(self) -> None:  # noqa: N802 the library's name
        self.starts += 1
        if self.start_fails:
            raise self.NVMLError("driver not loaded")

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802 the library's name
        return len(self.gpus)

    def nvmlDeviceGetHandleByIndex(self, number: int) -> Any:  # noqa: N802 the library's name
        return self.gpus[number]

    def nvmlDeviceGetMemoryInfo(self, handle: Any) -> Any:  # noqa: N802 the library's name
        if handle.lost:
            raise self.NVMLError("GPU is lost")
        return handle

    def nvmlDeviceGetName(self, handle: Any) -> str | bytes:  # noqa: N802 the library's name
        name: str | bytes = handle.name
        return name


@attrs.define
class Device:
    """A GPU and its memory."""

    name: str | bytes
    total: int = 24 * GIB
    free: int = 20 * GIB
    lost: bool = False


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    planted = Library([Device("One"), Device(b"Old binding", free=GIB)])
    monkeypatch.setitem(sys.modules, NAME, planted)
    return planted


async def test_each_gpu_says_what_is_free(library: Library) -> None:
    gpus = Gpus(NAME)
    for free in (20 * GIB, 3 * GIB):
        library.gpus[0].free = free
        assert await gpus.read() == (
            GpuMemory("One", 24 * GIB, free),
            GpuMemory("Old binding", 24 * GIB, GIB),
        )
    assert library.starts == 1


async def test_without_the_library_there_is_nothing() -> None:
    gpus = Gpus("no_such_library")
    assert await gpus.read() == await gpus.read() == ()


async def test_a_driver_that_does_not_start_is_asked_once(library: Library) -> None:
    library.start_fails = True
    gpus = Gpus(NAME)
    assert await gpus.read() == await gpus.read() == ()
    assert library.starts == 1


async def test_a_gpu_that_fails_is_left_out_until_it_is_back(library: Library) -> None:
    gpus = Gpus(NAME)
    library.gpus[0].lost = True
    assert [found.name for found in await gpus.read()] == ["Old binding"]
    library.gpus[0].lost = False
    assert [found.name for found in await gpus.read()] == ["One", "Old binding"]


async def test_a_driver_that_hangs_holds_up_one_reading_only(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus = Gpus(NAME)
    before = await gpus.read()
    goes_on = threading.Event()

    def hang() -> int:
        goes_on.wait(10)
        return 0

    monkeypatch.setattr(library, "nvmlDeviceGetCount", hang)
    monkeypatch.setattr(gpu, "ANSWER_SECONDS", 0.01)
    try:
        assert await gpus.read() == before
        monkeypatch.setattr(gpu, "ANSWER_SECONDS", 3_600.0)
        assert await gpus.read() == before
    finally:
        goes_on.set()


async def test_the_real_binding_without_a_driver_is_no_gpu() -> None:
    pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed: understudy[nvidia]")
    for found in await Gpus().read():
        assert 0 <= found.free_bytes <= found.total_bytes
