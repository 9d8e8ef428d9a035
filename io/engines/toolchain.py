"""What a build needs of this machine, looked at before anything is begun.

CMake and Ninja are not asked for: where they are missing or too old, the build brings its own.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs
import psutil

from .build_failure import COMPILER
from .llama_recipe import INSTALLED_BYTES, WORK_BYTES, Recipe

CXX_COMPILERS: Final = ("c++", "g++", "clang++")
C_COMPILERS: Final = ("cc", "gcc", "clang")
"""As CMake looks for them, in this order."""
PIP_MIN: Final = (23, 1)
"""The first that takes `--config-settings` beside a requirement in a file."""
RAW_PROGRESS_PIP_MIN: Final = (24, 1)
VERSION_SECONDS_MAX: Final = 10.0
BYTES_PER_JOB: Final = 1_000_000_000
"""What compiling one of the larger files takes."""
JOBS_VARIABLE: Final = "CMAKE_BUILD_PARALLEL_LEVEL"
CUDA_PLACES: Final = ("CUDACXX", "CUDA_PATH", "CUDA_HOME")
MEGABYTE: Final = 1_000_000


@attrs.frozen
class Problem:
    """Something without which a build cannot begin, and the next step."""

    found: str
    remedy: str


@attrs.frozen
class Toolchain:
    """What was found. `jobs` files are compiled at once."""

    compiler: str
    jobs: int
    shows_download: bool


def toolchain(environ: Mapping[str, str]) -> Toolchain:
    """Describes the compiler; to be asked for when there are no `problems`."""
    compiler = _find(environ, "CXX", CXX_COMPILERS) or ""
    return Toolchain(_described(compiler), jobs(environ), _pip_version() >= RAW_PROGRESS_PIP_MIN)


def problems(environ: Mapping[str, str], work_folder: Path, recipe: Recipe) -> Iterator[Problem]:
    """Everything that stands in the way of a build."""
    yield from _problems_of_pip()
    if not _has_compilers(environ):
        yield Problem("no C and C++ compilers were found", COMPILER)
    yield from _problems_of_gpus(environ, recipe)
    site = Path(sysconfig.get_path("purelib"))
    yield from _problems_of_disk(work_folder, WORK_BYTES)
    yield from _problems_of_disk(site, INSTALLED_BYTES)
    if not os.access(site, os.W_OK):
        yield Problem(f"{site} cannot be written", "install Understudy in an environment of yours")


def jobs(environ: Mapping[str, str]) -> int:
    """One for each core, as far as there is memory for so many compilers."""
    wanted = environ.get(JOBS_VARIABLE, "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(cores, psutil.virtual_memory().available // BYTES_PER_JOB))


def _problems_of_pip() -> Iterator[Problem]:
    python = sys.executable
    version = _pip_version()
    if not version:
        yield Problem(f"{python} has no pip", f"run: {python} -m ensurepip --upgrade")
    elif version < PIP_MIN:
        yield Problem(
            f"pip {'.'.join(str(part) for part in version)} is too old",
            f"run: {python} -m pip install --upgrade pip",
        )
    marker = Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED"
    if sys.prefix == sys.base_prefix and marker.exists():
        yield Problem(
            f"{python} belongs to the operating system, which allows no packages of others in it",
            "install Understudy in a virtual environment",
        )


def _problems_of_gpus(environ: Mapping[str, str], recipe: Recipe) -> Iterator[Problem]:
    search = environ.get("PATH")
    has_cuda = shutil.which("nvcc", path=search) or any(environ.get(name) for name in CUDA_PLACES)
    if recipe.cuda and not has_cuda:
        yield Problem(
            "NVIDIA's compiler nvcc was not found",
            "install NVIDIA's CUDA toolkit and put nvcc on PATH, or leave --cuda away",
        )
    if recipe.vulkan and not shutil.which("glslc", path=search):
        yield Problem(
            "Vulkan's compiler glslc was not found",
            "install it with Vulkan's headers (on Debian or Ubuntu: apt-get install glslc "
            "libvulkan-dev), or leave --vulkan away",
        )


def _problems_of_disk(folder: Path, needed_bytes: int) -> Iterator[Problem]:
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < needed_bytes:
        needed = f"{needed_bytes // MEGABYTE} MB"
        yield Problem(
            f"{existing} has {free // MEGABYTE} MB free, and {needed} are needed",
            "free some space, or set UNDERSTUDY_HOME to a folder on another disk",
        )


def _has_compilers(environ: Mapping[str, str]) -> bool:
    if sys.platform == "darwin" and not _says(("xcode-select", "-p")):
        return False  # without the tools /usr/bin/c++ is there too: it opens a window
    found = (_find(environ, "CC", C_COMPILERS), _find(environ, "CXX", CXX_COMPILERS))
    return all(found)


def _find(environ: Mapping[str, str], variable: str, names: tuple[str, ...]) -> str | None:
    """A compiler's path; a variable of the user's decides, which may hold options too."""
    chosen = environ.get(variable, "").split()
    candidates = chosen[:1] or names
    found = (shutil.which(name, path=environ.get("PATH")) for name in candidates)
    return next((path for path in found if path), None)


def _described(compiler: str) -> str:
    version = _says((compiler, "--version"))
    return f"{compiler} ({version})" if version else compiler


def _says(command: tuple[str, ...]) -> str:
    """The first line that a program prints; "" if it fails."""
    try:
        ran = subprocess.run(  # noqa: S603 a compiler, or the tool that tells where it is
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=VERSION_SECONDS_MAX,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.decode(errors="replace").partition("\n")[0].strip()


def _pip_version() -> tuple[int, ...]:
    """The first numbers of pip's version; () if there is no pip."""
    try:
        version = importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError:
        return ()
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
