"""A nursery for what ends with a block, whose errors leave bare and not inside a group."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import trio


@asynccontextmanager
async def open_background() -> AsyncGenerator[trio.Nursery]:
    """The nursery; whatever runs in it is cancelled when the block is left."""
    manager = trio.open_nursery()
    nursery = await manager.__aenter__()
    try:
        yield nursery
    finally:
        nursery.cancel_scope.cancel("the block was left")
        await manager.__aexit__(None, None, None)
