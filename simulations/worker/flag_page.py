"""The shared page of memory, which tells the simulated computation when its flag is set.

The real one is looked at between any two operations; here nobody has to look.
"""

from __future__ import annotations

from typing import Any

import trio

from ...protocols.engine.page import FLAG, PAGE_BYTES


class FlagPage(bytearray):
    """See the module. It is written to as any page is."""

    def __init__(self) -> None:
        super().__init__(PAGE_BYTES)
        self._set = trio.Event()

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        if key != FLAG:
            return
        if value:
            self._set.set()
        else:
            self._set = trio.Event()

    async def wait_set(self) -> None:
        """Waits until the flag is set."""
        await self._set.wait()
