"""What a process of an engine is given and what is kept of its log, whichever engine it is.

The environment is an allow-list, not a list of what to leave out: the keys of endpoints stand in
variables whose names the user chose.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Mapping

ENVIRONMENT_KEPT = frozenset({
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "LD_LIBRARY_PATH",
    "PYTHONHOME", "PYTHONPATH", "CUDA_VISIBLE_DEVICES",
})  # fmt: skip
ENVIRONMENT_PREFIXES_KEPT = ("DYLD_",)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What of our environment an engine gets; a crash of ggml must not start a debugger."""
    kept = {
        name: value
        for name, value in environment.items()
        if name in ENVIRONMENT_KEPT or name.startswith(ENVIRONMENT_PREFIXES_KEPT)
    }
    return {**kept, "GGML_NO_BACKTRACE": "1"}


def engine_threads() -> int:
    """Cores less one: the engine's threads spin, and the event loop needs a core of its own."""
    cores = os.cpu_count() or 1
    if sys.platform == "linux":
        cores = len(os.sched_getaffinity(0))
    return max(1, cores - 1)


class LogTail:
    """The newest bytes of a log, at most `bytes_max` and one chunk."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._chunks: deque[bytes] = deque()
        self._size = 0

    def append(self, chunk: bytes) -> None:
        """Adds the newest chunk and drops the oldest ones that are no longer needed."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        while self._size - len(self._chunks[0]) >= self._bytes_max:
            self._size -= len(self._chunks.popleft())

    def lines(self, count: int) -> list[str]:
        """The last `count` lines that are not blank."""
        text = b"".join(self._chunks)[-self._bytes_max :].decode(errors="replace")
        return [line for line in text.splitlines() if line.strip()][-count:]
