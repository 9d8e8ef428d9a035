"""Which adapter reads this machine's memory."""

from __future__ import annotations

import sys

from ..ports import Memory
from .linux import LinuxMemory
from .macos import MacMemory
from .portable import PortableMemory

ADAPTERS: dict[str, type[Memory]] = {"linux": LinuxMemory, "darwin": MacMemory}


def open_memory(platform: str = sys.platform) -> Memory:
    """The adapter for a platform. It holds nothing open and need not be closed."""
    return ADAPTERS.get(platform, PortableMemory)()
