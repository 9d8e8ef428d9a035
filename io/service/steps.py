"""What installing and removing does, as data: shown by `--dry-run`, else done, in order.

A file is written whole or not at all, beside its place and then moved there. One that we have not
written is never touched: ours say so in their first lines.
"""

from __future__ import annotations

import difflib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from ..folders import make_folder

PROGRAM_SECONDS_MAX: Final = 60.0
"""Stopping a service waits for the turns in flight."""
AGAIN_SECONDS: Final = 0.5
WORDS_CHARACTERS_MAX: Final = 600
"""Of what a program said about its failure."""
MARK: Final = "Written by `understudy service install`"
FILE_BYTES_MAX: Final = 65_536
FILE_MODE: Final = 0o644


class ServiceError(Exception):
    """The service cannot be kept; the message says why and what to do."""


@attrs.frozen
class Write:
    """Write our file."""

    path: Path
    content: str


@attrs.frozen
class Delete:
    """Take our file away."""

    path: Path


@attrs.frozen
class Make:
    """Make a folder for its owner alone, if it is not there."""

    folder: Path


@attrs.frozen
class Run:
    """Run a program of the system. One that `may_fail` is asked for what may be so already.

    With `patience_seconds` it is asked again for so long: what is to leave first may take a while.
    """

    words: tuple[str, ...]
    may_fail: bool = False
    patience_seconds: float = 0.0


Step = Write | Delete | Make | Run


@attrs.frozen
class Ran:
    """What a program has said."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Why it failed, in its own words."""
        return (self.err.strip() or self.out.strip() or f"exit code {self.code}")[
            :WORDS_CHARACTERS_MAX
        ]


def run(words: Sequence[str], environ: Mapping[str, str]) -> Ran:
    """Runs a program of the system to its end. Raises ServiceError if it cannot be run."""
    try:
        done = subprocess.run(  # noqa: S603 a fixed program of the system, no shell
            words,
            env={**environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROGRAM_SECONDS_MAX,
            check=False,
        )
    except OSError as error:
        raise ServiceError(f"{words[0]} cannot be run: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise ServiceError(
            f"`{' '.join(words)}` has not ended after {PROGRAM_SECONDS_MAX:.0f} s; "
            "`understudy service status` says how it is"
        ) from None
    return Ran(done.returncode, _text(done.stdout), _text(done.stderr))


def apply(steps: Sequence[Step], environ: Mapping[str, str]) -> None:
    """Does all of it, in order. Raises ServiceError at the first that fails."""
    for step in steps:
        match step:
            case Write(path, content):
                _write(path, content)
            case Delete(path):
                path.unlink(missing_ok=True)
            case Make(folder):
                make_folder(folder)
            case Run():
                _run(step, environ)


def described(steps: Sequence[Step]) -> Iterator[str]:
    """The steps as lines for a person: files as differences, programs as they would be typed."""
    for step in steps:
        match step:
            case Write(path, content):
                yield from _difference(path, content)
            case Delete(path):
                yield from _difference(path, "")
            case Make(folder):
                if not folder.is_dir():
                    yield f"make: {folder}"
            case Run(words):
                yield f"run: {' '.join(words)}"


def read_ours(path: Path) -> str:
    """Our file's content, "" if there is none. Raises ServiceError for somebody else's."""
    try:
        with path.open("rb") as reader:
            content = reader.read(FILE_BYTES_MAX).decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ServiceError(f"{path}: cannot be read: {error.strerror}") from None
    if MARK not in content:
        raise ServiceError(
            f"{path} was not written by Understudy, and is left alone; move it away, and run "
            "this again"
        )
    return content


def _run(step: Run, environ: Mapping[str, str]) -> None:
    deadline = time.monotonic() + step.patience_seconds
    ran = run(step.words, environ)
    while ran.code != 0 and time.monotonic() < deadline:
        time.sleep(AGAIN_SECONDS)
        ran = run(step.words, environ)
    if ran.code != 0 and not step.may_fail:
        raise ServiceError(f"`{' '.join(step.words)}` failed: {ran.words}")


def _difference(path: Path, after: str) -> Iterator[str]:
    before = read_ours(path)
    if before == after:
        yield f"{path} stays as it is"
        return
    names = str(path) if before else "/dev/null", str(path) if after else "/dev/null"
    old, new = before.splitlines(), after.splitlines()
    yield from difflib.unified_diff(old, new, *names, lineterm="")


def _write(path: Path, content: str) -> None:
    read_ours(path)  # somebody else's is left alone
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_text(content, encoding="utf-8")
            draft.chmod(FILE_MODE)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ServiceError(f"{path}: cannot be written: {error.strerror}") from None


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")
