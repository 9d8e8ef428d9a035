"""The page that the parent shares with us, in our memory; see `protocols.engine.page`.

The parent hands down a file descriptor. Without one (tests) the page is our own.
"""

from __future__ import annotations

import ctypes
import mmap
import os

from ....protocols.engine.page import FLAG, PAGE_BYTES, is_set, settle


class SharedPage:
    """The abort flag and its generation. `address` is the flag's, for C to read."""

    def __init__(self, descriptor: int = -1) -> None:
        self._memory = mmap.mmap(descriptor, PAGE_BYTES)
        if descriptor >= 0:
            os.close(descriptor)
        self._view = memoryview(self._memory)
        self._bytes = (ctypes.c_ubyte * PAGE_BYTES).from_buffer(self._memory)
        self.address = ctypes.addressof(self._bytes) + FLAG
        self._seen = 0

    @property
    def is_set(self) -> bool:
        """Whether nothing may be computed now."""
        return is_set(self._view)

    def saw(self, generation: int) -> None:
        """A `Cancel` with this generation has been read."""
        self._seen = max(self._seen, generation)

    def settle(self) -> bool:
        """Clears the flag; False while a `Cancel` is still on its way."""
        return settle(self._view, self._seen)
