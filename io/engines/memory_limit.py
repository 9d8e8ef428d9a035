"""What holds an engine's process to its memory, set before it runs anything of a model.

Two means, both of Linux, and both taken where possible. RLIMIT_DATA bounds what the process asks
for beyond mapped files: an allocation fails there and then, and the library says so. A control
group of its own bounds what it uses, mapped files and children included; who needs more is killed
by the kernel. Both are set from outside, while the process waits for its first message, so no
engine needs to know of them; only where neither can be set is a log line all that there is.

The machine's memory is the resource-watcher's business: this is for a process that takes more than
it was admitted for. Drivers of GPUs may reserve more address space than they use; only CPU builds
were measured.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
from contextlib import ExitStack
from typing import Final

import attrs
import trio

from ..memory.own_group import GroupRefused, OwnGroup, open_group
from ..ports import EngineSpec

log = logging.getLogger("understudy.engines")

ALLOCATION_WORDS: Final = (
    "bad_alloc", "memoryerror", "failed to allocate", "cannot allocate", "unable to allocate",
    "out of memory", "not enough memory", "insufficient memory", "memory allocation",
    "thread creation failed", "resource temporarily unavailable",
)  # fmt: skip
"""In what libraries and interpreters say when they are given no memory."""
GPU_WORD: Final = "cuda"
MEBIBYTE: Final = 1024**2
UNUSED_BYTES: Final = 192 * MEBIBYTE
UNUSED_BYTES_PER_CORE: Final = 16 * MEBIBYTE
"""RLIMIT_DATA counts what was asked for and never used: stacks of threads (8 MiB each) and buffers
of libraries. A worker was seen to have 137 MiB of it on two cores."""


@attrs.frozen
class MemoryLimit:
    """What a process may hold at most (0: no limit), and by which means, in words."""

    bytes_max: int = 0
    means: tuple[str, ...] = ()
    group: OwnGroup | None = None

    def advice(self, status: int | None, said: str) -> str:
        """What to do if the limit is why a process has failed; "" where it is not.

        `status` is its exit status, None while it lives; `said` is how it failed and its log.
        """
        if not self.means:
            return ""
        killed = status == -signal.SIGKILL and self.group is not None and self.group.killed()
        return limit_advice(self.bytes_max) if killed or speaks_of_memory(said) else ""


NO_LIMIT: Final = MemoryLimit()


def speaks_of_memory(said: str) -> bool:
    """Whether a process complains that it was given no memory; a GPU's is another matter."""
    lines = (line for line in said.lower().splitlines() if GPU_WORD not in line)
    return any(words in line for line in lines for words in ALLOCATION_WORDS)


def limit_advice(bytes_max: int) -> str:
    """What the limit is, and what to do about it."""
    return (
        f"it reached its memory limit of {bytes_max // MEBIBYTE} MiB: make context_tokens or slots"
        " smaller, use a smaller model, or raise the limit"
    )


async def set_limit(held: ExitStack, spec: EngineSpec, process_id: int) -> MemoryLimit:
    """Holds a process to its spec's limit; closing `held`, when it has ended, takes that back."""
    if not spec.memory_bytes_max:
        return NO_LIMIT
    # In a thread: the kernel may take tens of milliseconds to move a process.
    return await trio.to_thread.run_sync(_set, held, spec, process_id)


def _set(held: ExitStack, spec: EngineSpec, process_id: int) -> MemoryLimit:
    means, refusals, group = list[str](), list[str](), None
    bytes_max = spec.memory_bytes_max
    try:
        _limit_data(process_id, bytes_max)
        means.append("RLIMIT_DATA")
    except OSError as error:
        refusals.append(f"RLIMIT_DATA: {error.strerror}")
    try:
        group = _group(held, process_id, bytes_max)
        means.append(group.name)
    except GroupRefused as error:
        refusals.append(str(error))
    size = f"{bytes_max // MEBIBYTE} MiB"
    if means:
        log.info("engine %s is held to %s by %s", spec.name, size, " and ".join(means))
    else:
        log.warning("engine %s cannot be held to %s: %s", spec.name, size, "; ".join(refusals))
    return MemoryLimit(bytes_max, tuple(means), group)


def _group(held: ExitStack, process_id: int, bytes_max: int) -> OwnGroup:
    """A group with the process in it. Raises GroupRefused."""
    group = held.enter_context(open_group(bytes_max))
    group.add(process_id)
    return group


def _limit_data(process_id: int, bytes_max: int) -> None:
    """Raises OSError."""
    if sys.platform != "linux":
        raise OSError(0, "this system does not limit another process")
    asked_max = bytes_max + UNUSED_BYTES + UNUSED_BYTES_PER_CORE * (os.cpu_count() or 1)
    resource.prlimit(process_id, resource.RLIMIT_DATA, (asked_max, asked_max))
