"""What a process and its children hold, from /proc.

`smaps_rollup` shares out each page among those who map it, so that children's sums are right; it
may be read of our own user's processes alone. Of others there is `statm`. The kernel walks all
pages for the former: 13 ms for each gigabyte in pages of 4 KiB, so ask seldom.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from ...protocols.resources.reading import ProcessMemory
from .kernel_files import KernelFiles
from .proc_texts import read_rollup, read_statm

PROCESSES_MAX: Final = 64
"""Of one tree; an engine that starts more of them is counted in part."""


def read_tree(files: KernelFiles, process_id: int) -> ProcessMemory | None:
    """The sum over a process and all below it; None if the process itself has ended."""
    own = _read_one(files, process_id)
    if own is None:
        return None
    private, mapped = own.private_bytes, own.file_bytes
    for child in _descendants(files, process_id):
        held = _read_one(files, child)
        if held is not None:  # it may have ended since
            private, mapped = private + held.private_bytes, mapped + held.file_bytes
    return ProcessMemory(private, mapped)


def _read_one(files: KernelFiles, process_id: int) -> ProcessMemory | None:
    found = read_rollup(files.text(f"/proc/{process_id}/smaps_rollup"))
    if found is not None:
        return found
    return read_statm(files.text(f"/proc/{process_id}/statm"), os.sysconf("SC_PAGE_SIZE"))


def _descendants(files: KernelFiles, process_id: int) -> Iterator[int]:
    waiting, seen = [process_id], {process_id}
    while waiting and len(seen) < PROCESSES_MAX:
        for child in _children(files, waiting.pop()):
            if child not in seen:
                seen.add(child)
                waiting.append(child)
                yield child


def _children(files: KernelFiles, process_id: int) -> Iterator[int]:
    """Each thread has its own."""
    try:
        with os.scandir(files.path(f"/proc/{process_id}/task")) as entries:
            threads = sorted(entry.name for entry in entries)
    except OSError:
        return
    for thread in threads:
        text = files.text(f"/proc/{process_id}/task/{thread}/children")
        yield from (int(word) for word in text.split() if word.isdigit())
