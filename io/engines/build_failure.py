"""Why a build failed and what to do next, guessed from the last of what pip and the compiler said.

A guess is a row: what stands in the log, and the next step. The first row that fits is taken, so
the causes stand before their consequences: a compiler that was killed also makes pip complain.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Final

LINES_SHOWN: Final = 12
LINE_CHARACTERS_MAX: Final = 160
"""A compiler's command is several thousand characters long."""

LINUX_COMPILER: Final = "install a C++ compiler (on Debian or Ubuntu: apt-get install g++)"
MACOS_COMPILER: Final = "install Apple's command line tools: xcode-select --install"
COMPILER: Final = MACOS_COMPILER if sys.platform == "darwin" else LINUX_COMPILER
NEXT_STEPS: Final = (
    (
        r"No space left on device|Disk quota exceeded",
        "free some disk space, or set UNDERSTUDY_HOME to a folder on another disk",
    ),
    (
        r"Killed signal terminated program|fatal error: Killed|out of memory|Cannot allocate",
        "the compiler ran out of memory: close other programs, or compile one file at a time with "
        "CMAKE_BUILD_PARALLEL_LEVEL=1",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "your package index has another file under this version: it was not used. See which index "
        "pip is configured for (pip config list)",
    ),
    (
        r"externally-managed-environment",
        "this Python belongs to the operating system: install Understudy in a virtual environment",
    ),
    (
        r"Temporary failure in name resolution|NewConnectionError|ConnectTimeout|ReadTimeout|"
        r"ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Network is unreachable",
        "see whether pip reaches your package index from here (proxy, certificates), and try again",
    ),
    (
        r"No matching distribution found|Could not find a version that satisfies",
        "your package index does not have it: see which index pip is configured for "
        "(pip config list)",
    ),
    (
        r"nvcc|CUDAToolkit|CUDA_TOOLKIT|CMAKE_CUDA_COMPILER",
        "install NVIDIA's CUDA toolkit, with nvcc on PATH, or build without --cuda",
    ),
    (
        r"Could NOT find Vulkan|glslc|Vulkan_",
        "install Vulkan's headers and glslc (on Debian or Ubuntu: apt-get install libvulkan-dev "
        "glslc), or build without --vulkan",
    ),
    (
        r"CMAKE_CX*_COMPILER|No CMAKE_C|compiler identification is unknown|is not able to compile",
        COMPILER,
    ),
)


def next_step(log_tail: Sequence[str]) -> str:
    """What to try, or "" where nothing is known of such a failure."""
    text = "\n".join(log_tail)
    return next((advice for pattern, advice in NEXT_STEPS if re.search(pattern, text)), "")


def last_lines(log_tail: Sequence[str]) -> list[str]:
    """The end of the log, as much of it as a person reads."""
    lines = [line.strip() for line in log_tail if line.strip()]
    return [shortened(line) for line in lines[-LINES_SHOWN:]]


def shortened(line: str) -> str:
    """A line that is too long, without its middle."""
    if len(line) <= LINE_CHARACTERS_MAX:
        return line
    kept = LINE_CHARACTERS_MAX // 2
    return f"{line[:kept]} ... {line[-kept:]}"
