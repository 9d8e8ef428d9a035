"""Which llama-cpp-python is installed here, and what its library can use of this machine.

Looked up in the environment's metadata, and asked of a child process that loads the library
(`llama_about`): ours never does.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import signal
import subprocess
import sys
from typing import Final

import attrs
import msgspec

from .child import child_environment
from .llama_recipe import DISTRIBUTION

LOAD_SECONDS: Final = 60.0
"""The first load of a library comes from the disk, and numpy's with it."""
COMMAND: Final = (sys.executable, "-P", "-m", f"{__package__}.llama_about")


class LibraryUnusable(Exception):
    """The library cannot be loaded; the message says what came instead."""


class _Answer(msgspec.Struct):
    build: str
    system: str
    gpu: bool
    place: str


@attrs.frozen
class About:
    """A library that was loaded. `features` maps each of its backends to what it was built with."""

    build: str
    features: dict[str, tuple[str, ...]]
    gpu: bool
    place: str

    @property
    def features_in_words(self) -> str:
        """For people: `CPU AVX AVX2 FMA`."""
        parts = (" ".join((backend, *names)) for backend, names in self.features.items())
        return "; ".join(parts)


def installed_version() -> str | None:
    """The version of the package that is installed now; None if there is none."""
    importlib.invalidate_caches()
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return None


def load_once() -> About:
    """Has a child load the library, and says what it is. Raises LibraryUnusable."""
    try:
        ran = subprocess.run(  # noqa: S603 our own interpreter
            COMMAND,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LOAD_SECONDS,
            check=False,
            env=child_environment(os.environ),
        )
    except subprocess.TimeoutExpired:
        raise LibraryUnusable(f"it was not loaded within {LOAD_SECONDS:g} s") from None
    if ran.returncode:
        raise LibraryUnusable(_reason(ran.returncode, ran.stderr.decode(errors="replace")))
    try:
        answer = msgspec.json.decode(ran.stdout, type=_Answer)
    except msgspec.DecodeError as error:
        raise LibraryUnusable(f"it was loaded, and its answer is none: {error}") from None
    return About(answer.build, features_of(answer.system), answer.gpu, answer.place)


def features_of(system: str) -> dict[str, tuple[str, ...]]:
    """Reads llama_print_system_info: `CPU : AVX = 1 | FMA = 1 | CUDA : ARCHS = 500 | ...`."""
    features: dict[str, list[str]] = {}
    names: list[str] = []
    for part in system.split("|"):
        backend, colon, setting = part.rpartition(" : ")
        if colon:
            names = features.setdefault(backend.strip(), [])
        name, _, value = setting.partition(" = ")
        if name.strip() and value.strip() != "0":
            names.append(name.strip() if value.strip() in ("", "1") else setting.strip())
    return {backend: tuple(each) for backend, each in features.items()}


def _reason(status: int, stderr: str) -> str:
    if status < 0:
        return f"the process that loaded it was ended by {_signal_name(-status)}"
    lines = [line for line in stderr.splitlines() if line.strip()]
    said = lines[-1].strip() if lines else f"exit status {status}"
    return re.sub(r"^\w*(?:Error|Exception): ", "", said)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
