"""The checks of this machine: Python, folders, the token, model files, the client."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...protocols.routing import EMBEDDED
from ..engines.rehearsal import MODEL_FILE
from ..folders import FolderUnusable
from ..token import TOKEN_VARIABLE, TokenError, load_token
from .claude import CLIENT_VARIABLE, INSTALL_COMMAND, find_client
from .errors import CannotRun
from .findings import Circumstances, Finding, fail, ok, warn

PYTHON_MIN = (3, 11)
MEMORY_PER_FILE_BYTE = 1.2
"""A model's weights, and beside them its context and buffers."""
VERSION_SECONDS_MAX = 10.0
GIB = 2**30


def check_python(version: Sequence[int] = sys.version_info[:3]) -> Iterator[Finding]:
    """The interpreter's version."""
    found = f"{'.'.join(str(part) for part in version)} at {sys.executable}"
    if tuple(version[:2]) >= PYTHON_MIN:
        yield ok("python", found)
    else:
        needed = ".".join(str(part) for part in PYTHON_MIN)
        yield fail("python", found, f"install Python {needed} or newer, and Understudy in it")


def check_state_folder(circumstances: Circumstances) -> Iterator[Finding]:
    """The state folder can be written, and is nobody else's business."""
    folder = circumstances.folders.state_dir
    remedy = "make it a folder of yours that you can write, or set UNDERSTUDY_HOME to another"
    existing = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    if not existing.is_dir():
        yield fail("state folder", f"{existing} is not a folder", remedy)
        return
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        yield fail("state folder", f"{existing} cannot be written: {error.strerror}", remedy)
        return
    if existing != folder:
        yield ok("state folder", f"{folder} (made at the first start)")
    elif folder.stat().st_mode & 0o077:
        yield warn("state folder", f"{folder} is open to other users", f"run: chmod 700 {folder}")
    else:
        yield ok("state folder", str(folder))


def check_token(circumstances: Circumstances) -> Iterator[Finding]:
    """The token is there and private, or will be made."""
    file = circumstances.folders.token_file
    in_environment = bool(circumstances.environ.get(TOKEN_VARIABLE, "").strip())
    if not in_environment and not os.path.lexists(file):
        yield ok("token", f"{file} (made at the first start)")
        return
    try:
        load_token(circumstances.environ, file)
    except (TokenError, FolderUnusable) as error:
        yield fail("token", "the token cannot be used", str(error))
    else:
        yield ok("token", f"from ${TOKEN_VARIABLE}" if in_environment else f"{file}, private")


def check_models(circumstances: Circumstances) -> Iterator[Finding]:
    """Each engine's model file is there, is a GGUF, and fits into memory."""
    for endpoint in (*circumstances.settings.endpoints, EMBEDDED):
        if endpoint.engine is None:
            continue
        file = MODEL_FILE if endpoint == EMBEDDED else endpoint.file
        assert file is not None, "an engine has a model file"
        yield _check_model(f"model {endpoint.name}", file)


def check_client(circumstances: Circumstances) -> Iterator[Finding]:
    """Claude Code is there and starts."""
    name = "claude"
    try:
        program = find_client(circumstances.environ)
    except CannotRun as error:
        if circumstances.environ.get(CLIENT_VARIABLE):
            yield fail(name, error.message, f"unset {CLIENT_VARIABLE}, or correct it")
        else:
            yield warn(name, "Claude Code is not on PATH", f"run: {INSTALL_COMMAND}")
        return
    try:
        ran = subprocess.run(  # noqa: S603 the user's own client
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=VERSION_SECONDS_MAX,
            check=True,
            env=dict(circumstances.environ),
        )
    except (OSError, subprocess.SubprocessError) as error:
        yield fail(name, f"{program} --version fails: {error}", f"run: {INSTALL_COMMAND}")
        return
    version = ran.stdout.decode(errors="replace").strip().partition("\n")[0][:100]
    yield ok(name, f"{program}, {version}")


def _check_model(name: str, file: str) -> Finding:
    import trio  # the file is judged by the engine's own code, which is asynchronous

    from ..engines.model_file import check_gguf
    from ..ports import EngineError

    try:
        trio.run(check_gguf, file)
    except EngineError as error:
        return fail(name, str(error), "correct `file` of this endpoint in the settings")
    return _check_memory(name, file)


def _check_memory(name: str, file: str) -> Finding:
    import psutil

    size = Path(file).stat().st_size
    memory = psutil.virtual_memory()
    needed = size * MEMORY_PER_FILE_BYTE
    found = f"{file} ({_gib(size)}); memory: {_gib(memory.total)}, {_gib(memory.available)} free"
    if needed > memory.total:
        return fail(
            name,
            f"{found}: the model is larger than this machine's memory",
            "take a smaller model, or a smaller quantisation of this one",
        )
    if needed > memory.available:
        return warn(name, f"{found}: the model does not fit now", "close other programs first")
    return ok(name, found)


def _gib(size_bytes: float) -> str:
    return (
        f"{size_bytes / GIB:.1f} GiB" if size_bytes >= GIB / 10 else f"{size_bytes / 2**20:.1f} MiB"
    )
