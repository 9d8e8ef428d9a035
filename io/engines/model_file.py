"""What can be said about a model file before an engine is started for it.

An engine that meets a bad file dies with a page of native log. The two commonest mistakes, a path
that is wrong and a file that is not a GGUF, are found here first, in words. The whole file is not
read: a cut or damaged one is left for the engine to find.

Source: the GGUF specification, ggml-org/ggml, docs/gguf.md, "File Structure".
"""

from __future__ import annotations

import struct

import trio

from ..ports import EngineError

GGUF_MAGIC = b"GGUF"
GGUF_VERSION_MIN = 2
"""Version 1 counted in 32 bits; no engine of ours reads it."""
_HEAD = struct.Struct("<4sI")


async def check_gguf(file: str) -> None:
    """Raises EngineError if `file` (absolute) cannot be read or does not begin as a GGUF does."""
    path = trio.Path(file)
    if not path.is_absolute():
        raise EngineError(f"model file {file}: not an absolute path; write the whole path")
    try:
        async with await path.open("rb") as stream:
            head = await stream.read(_HEAD.size)
    except FileNotFoundError as error:
        raise EngineError(f"model file {file}: no such file; check the path") from error
    except IsADirectoryError as error:
        raise EngineError(
            f"model file {file}: a folder; name one .gguf file in it (of a split model, the first)"
        ) from error
    except OSError as error:
        raise EngineError(f"model file {file}: cannot be read: {error.strerror}") from error
    problem = gguf_problem(head)
    if problem:
        raise EngineError(f"model file {file}: {problem}")


def gguf_problem(head: bytes) -> str:
    """Says what is wrong with the first bytes of a file, or "" if they begin a GGUF."""
    if not head:
        return "empty; was the download cut short? Fetch it again"
    if not head.startswith(GGUF_MAGIC):
        advice = "this engine runs GGUF files; convert the model or fetch its GGUF"
        if head.startswith(b"vers"):
            advice = "it looks like a Git LFS pointer; run `git lfs pull` where it came from"
        return f"not a GGUF file (it begins with {head[:4]!r}); {advice}"
    if len(head) < _HEAD.size:
        return "cut short; fetch it again"
    version: int = _HEAD.unpack(head[: _HEAD.size])[1]
    if version < GGUF_VERSION_MIN:
        return f"GGUF version {version} is too old; convert the model again"
    return ""
