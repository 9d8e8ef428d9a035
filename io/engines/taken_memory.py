"""What processes of models were seen to hold, kept between their lives in a folder of the cache.

One small file for each model file, engine and count of slots, named by a hash of them: a model that
was fetched anew, or another build of the engine, is another. It holds one number in decimal. What
is lost or damaged is reckoned again, so nothing here is ever an error.
"""

from __future__ import annotations

import logging
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import trio

from ...protocols.models.taken import buffers_taken, corrected
from ...protocols.resources.need import MemoryNeed
from ..folders import FolderUnusable, make_folder
from ..ports import EngineSpec, Memory

log = logging.getLogger("understudy.engines")

SUFFIX: Final = ".bytes"
DIGITS_MAX: Final = 16
FILES_MAX: Final = 1_024
"""Beyond so many the folder is emptied: each number is had again by one load."""
LOOK_SECONDS_MAX: Final = 1.0
"""How long a process that is about to end may be looked at."""


class TakenMemory:
    """The numbers of one engine, which is one Python package."""

    def __init__(self, folder: Path, memory: Memory, package: str) -> None:
        self._folder = folder
        self._memory = memory
        self._package = package

    async def correct(self, spec: EngineSpec, need: MemoryNeed) -> MemoryNeed:
        """The need as it was seen the last time, or as it is reckoned."""
        return corrected(need, await trio.to_thread.run_sync(self._recall, spec))

    async def look(
        self, spec: EngineSpec, need: MemoryNeed, process_id: int, *, spare_bytes: int = 0
    ) -> None:
        """Notes what a process holds that is loaded and about to end; also if cancelled."""
        with trio.move_on_after(LOOK_SECONDS_MAX, shield=True):
            seen = await self._memory.process(process_id)
            taken = buffers_taken(need, seen, spare_bytes) if seen else 0
            if taken:
                await trio.to_thread.run_sync(self._keep, spec, taken)

    def _recall(self, spec: EngineSpec) -> int:
        try:
            with self._file(spec).open("rb") as stream:
                digits = stream.read(DIGITS_MAX + 1)
        except OSError:
            return 0
        return int(digits) if digits.isdigit() and len(digits) <= DIGITS_MAX else 0

    def _keep(self, spec: EngineSpec, taken_bytes: int) -> None:
        try:
            make_folder(self._folder)
            files = list(self._folder.glob(f"*{SUFFIX}"))
            for old in files if len(files) >= FILES_MAX else ():
                old.unlink(missing_ok=True)
            file = self._file(spec)
            half = file.with_suffix(".half")
            half.write_bytes(b"%d" % taken_bytes)
            half.replace(file)
        except (FolderUnusable, OSError) as error:
            log.warning("what %s takes of memory is not kept: %s", spec.name, error)

    def _file(self, spec: EngineSpec) -> Path:
        found = Path(spec.file).stat()
        parts = (
            self._package,
            _version(self._package),
            spec.file,
            found.st_size,
            found.st_mtime_ns,
            spec.slots,
            spec.embeddings,
        )
        digest = blake2b(repr(parts).encode(errors="surrogatepass"), digest_size=16)
        return self._folder / (digest.hexdigest() + SUFFIX)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
