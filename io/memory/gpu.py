"""The memory of NVIDIA's GPUs, by their management library; nothing where it or they are absent.

The library is the extra `nvidia`, imported when it is first asked. It talks to a driver that may be
missing, of another version, or hang: whatever it does, a reading of the machine's memory does not
fail or wait for it. A GPU that shares the machine's memory says that it has none of its own, and is
left out. Source: NVIDIA's NVML API reference, "Device Queries".
"""

from __future__ import annotations

import importlib
from typing import Any, Final

import trio

from ...protocols.resources.reading import GpuMemory

MODULE: Final = "pynvml"
GPUS_MAX: Final = 64
ANSWER_SECONDS: Final = 1.0
"""For all GPUs; the first call starts the driver, which may take longer and is then not waited
for."""


class Gpus:
    """This machine's GPUs. `module` is the library's name, for tests."""

    def __init__(self, module: str = MODULE) -> None:
        self._module = module
        self._library: Any = None
        self._absent = False
        self._found: tuple[GpuMemory, ...] = ()
        self._one_at_a_time = trio.CapacityLimiter(1)

    async def read(self) -> tuple[GpuMemory, ...]:
        """The GPUs now; as they were last where the driver does not answer in time."""
        if self._absent:
            return ()
        if self._one_at_a_time.available_tokens:  # else the last call hangs in the driver
            with trio.move_on_after(ANSWER_SECONDS):
                await trio.to_thread.run_sync(
                    self._refresh, abandon_on_cancel=True, limiter=self._one_at_a_time
                )
        return self._found

    def _refresh(self) -> None:
        """In a thread. The library's errors derive from Exception alone, and are its own names."""
        if self._library is None:
            self._library = self._start()
        if self._library is None:
            self._absent = True
            return
        self._found = tuple(_devices(self._library))

    def _start(self) -> Any:
        """The library, ready to be asked, or None."""
        try:
            library: Any = importlib.import_module(self._module)
        except ImportError:
            return None
        try:
            library.nvmlInit()
        except (library.NVMLError, OSError):
            return None
        return library


def _devices(library: Any) -> list[GpuMemory]:
    try:
        count = min(int(library.nvmlDeviceGetCount()), GPUS_MAX)
    except library.NVMLError:
        return []
    found = (_device(library, number) for number in range(count))
    return [gpu for gpu in found if gpu is not None]


def _device(library: Any, number: int) -> GpuMemory | None:
    """One GPU, or None if it does not answer or has no memory of its own."""
    try:
        handle = library.nvmlDeviceGetHandleByIndex(number)
        memory = library.nvmlDeviceGetMemoryInfo(handle)
        name = library.nvmlDeviceGetName(handle)
    except library.NVMLError:
        return None
    words = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
    return GpuMemory(words, int(memory.total), int(memory.free))
