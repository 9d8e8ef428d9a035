"""The page of memory that we share with a worker: made here, mapped here, inherited as a file.

The worker gets its number on the command line and maps it too. It has no name that another process
could open; its owner alone could write to it by way of us or of the worker.
"""

from __future__ import annotations

import mmap
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager

import attrs

from ...protocols.engine.page import PAGE_BYTES, Page


@attrs.frozen
class AbortPage:
    """The mapped page, and the file descriptor to be inherited."""

    file: int
    page: Page


@contextmanager
def open_abort_page() -> Generator[AbortPage]:
    """Makes a page of zeros; leaving the block unmaps it here, and here alone."""
    file = _nameless_file()
    try:
        os.ftruncate(file, PAGE_BYTES)
        with mmap.mmap(file, PAGE_BYTES) as mapped, memoryview(mapped) as page:
            yield AbortPage(file, page)
    finally:
        os.close(file)


def _nameless_file() -> int:
    if sys.platform != "linux":
        with tempfile.TemporaryFile() as file:
            return os.dup(file.fileno())
    # On a disk, writing to the page could wait for it to be written back.
    return os.memfd_create("understudy-abort")
