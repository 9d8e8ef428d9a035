"""The checks of this machine: Python, folders, the token, the client."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence

from ..folders import FolderUnusable
from ..token import TOKEN_VARIABLE, TokenError, load_token
from .claude import CLIENT_VARIABLE, INSTALL_COMMAND, find_client
from .errors import CannotRun
from .findings import Circumstances, Finding, fail, ok, warn
from .key_variables import without_keys

PYTHON_MIN = (3, 11)
VERSION_SECONDS_MAX = 10.0


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
            env=without_keys(circumstances.environ, circumstances.settings),
        )
    except (OSError, subprocess.SubprocessError) as error:
        yield fail(name, f"{program} --version fails: {error}", f"run: {INSTALL_COMMAND}")
        return
    version = ran.stdout.decode(errors="replace").strip().partition("\n")[0][:100]
    yield ok(name, f"{program}, {version}")
