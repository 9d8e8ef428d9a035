"""What a model may take here: room on the disk for its files, and memory for its weights.

Memory is judged roughly here, by the size of the files alone: before a model is fetched its header
is not known, and what decides between quantisations is a factor of two, not a tenth.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from ...protocols.resources.rules import GIBIBYTE, MemoryRules
from .download_place import DownloadFailed

DISK_RESERVE_BYTES: Final = GIBIBYTE
"""What stays free on the disk: a full one harms every other program."""
CONTEXT_BYTES: Final = GIBIBYTE
"""Set aside for the KV cache and the buffers of a computation."""
GIGABYTE: Final = 1_000_000_000


def weights_room_bytes(total_bytes: int, rules: MemoryRules) -> int:
    """What a model's weights may take of so much memory, were no other model loaded."""
    most = total_bytes - rules.floor_bytes(total_bytes)
    room = most if rules.budget_bytes is None else min(most, rules.budget_bytes)
    room -= CONTEXT_BYTES
    return max(0, room - rules.margin_bytes(room))


def check_disk(models_dir: Path, missing_bytes: int) -> None:
    """Raises DownloadFailed if so much cannot be written there."""
    folder = models_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if missing_bytes and missing_bytes + DISK_RESERVE_BYTES > free:
        raise DownloadFailed(
            f"{models_dir}: {gigabytes(missing_bytes)} are to be fetched and"
            f" {gigabytes(DISK_RESERVE_BYTES)} stay free, but the disk has only"
            f" {gigabytes(free)} free; make room, or choose a smaller quantisation"
        )


def gigabytes(size_bytes: int) -> str:
    """A size for people, in the unit that shops and hubs use."""
    if size_bytes < GIGABYTE:
        return f"{size_bytes / 1_000_000:.0f} MB" if size_bytes >= 1_000_000 else f"{size_bytes} B"
    return f"{size_bytes / GIGABYTE:.1f} GB"
