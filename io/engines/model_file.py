"""What can be said about a model file before an engine is started for it.

An engine that meets a bad file dies with a page of native log, and some files make it take all
memory first. So the header is read here (`protocols/gguf`), of a split model those of all parts,
and what is wrong with it is said in words. The weights themselves are not read: damage in them is
left for the engine to find, in a process of its own.

Reading happens in a thread, for a large vocabulary takes a tenth of a second and a sleeping disk
ten of them. What was read is kept by path, time of change and size, so that asking again is cheap.
"""

from __future__ import annotations

import stat
from functools import lru_cache
from pathlib import Path
from typing import Final

import attrs
import trio

from ...protocols.gguf.header import GgufHeader
from ...protocols.gguf.kind import is_projector, run_problem
from ...protocols.gguf.problem import GgufProblem
from ...protocols.gguf.reader import HeaderReader
from ...protocols.gguf.split import SplitProblem, check_parts, part_names
from ..ports import EngineError

CHUNK_BYTES: Final = 256 * 1024
HEADERS_KEPT: Final = 32
"""A real one takes some hundred kilobytes of memory."""


@attrs.frozen
class ModelFile:
    """A model on disk: its files, their headers, the first one's first, and their size together."""

    files: tuple[Path, ...]
    headers: tuple[GgufHeader, ...] = attrs.field(repr=False)
    size_bytes: int

    @property
    def header(self) -> GgufHeader:
        """The one with the metadata."""
        return self.headers[0]


async def check_gguf(file: str) -> ModelFile:
    """Raises EngineError if `file` (absolute) cannot be read, or run as a model."""
    found = await read_model_file(file)
    if problem := run_problem(found.header):
        raise EngineError(f"model file {file}: {problem}")
    return found


async def check_projector(file: str) -> ModelFile:
    """Raises EngineError if `file` (absolute) is not what turns images into what a model reads."""
    found = await read_model_file(file)
    if not is_projector(found.header):
        raise EngineError(f"projector {file}: not a projector (mmproj); name the model's projector")
    return found


async def read_model_file(file: str) -> ModelFile:
    """Reads what a file, and the other parts of its model, say of themselves. Raises EngineError.

    It may be something else than a model that can be run: a projector, an adapter.
    """
    return await trio.to_thread.run_sync(read_model_file_sync, file, abandon_on_cancel=True)


def read_model_file_sync(file: str) -> ModelFile:
    """The same, for whoever is in a thread already."""
    first = Path(file)
    if not first.is_absolute():
        raise EngineError(f"model file {file}: not an absolute path; write the whole path")
    size, header = _read(first)
    files, sizes, headers = [first], [size], [header]
    try:
        names = part_names(first.name, header)
        for name in names[1:]:
            part = first.with_name(name)
            size, header = _read(part)
            files.append(part)
            sizes.append(size)
            headers.append(header)
        check_parts(names, tuple(headers))
    except SplitProblem as problem:
        raise EngineError(f"model file {file}: {problem}") from None
    return ModelFile(tuple(files), tuple(headers), sum(sizes))


def _read(path: Path) -> tuple[int, GgufHeader]:
    """A file's size and header. Raises EngineError."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise EngineError(
                f"model file {path}: a folder; name one .gguf file in it (of a split model, the"
                " first)"
            )
        if not stat.S_ISREG(found.st_mode):
            raise EngineError(f"model file {path}: not a file; name a .gguf file")
        return found.st_size, _header(path, found.st_mtime_ns, found.st_size)
    except FileNotFoundError:
        raise EngineError(f"model file {path}: no such file; check the path") from None
    except OSError as error:
        raise EngineError(f"model file {path}: cannot be read: {error.strerror}") from None
    except GgufProblem as problem:
        raise EngineError(f"model file {path}: {problem}") from None
    except ValueError as error:  # of the system: a path with a zero byte in it
        raise EngineError(f"model file {path}: no path can be so: {error}") from None


@lru_cache(maxsize=HEADERS_KEPT)
def _header(path: Path, _changed_nanoseconds: int, size_bytes: int) -> GgufHeader:
    reader = HeaderReader(size_bytes)
    with path.open("rb", buffering=0) as stream:
        while data := stream.read(CHUNK_BYTES):
            if reader.receive_data(data):
                break
            if reader.skip_bytes:
                skipped = reader.skip_bytes
                stream.seek(skipped, 1)
                reader.skip(skipped)
    return reader.receive_end()
