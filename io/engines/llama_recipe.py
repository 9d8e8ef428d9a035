"""What `understudy engines install llama.cpp` builds: one version of one source, and its flags.

llama-cpp-python is published as source alone. The source distribution is pinned by version and by
hash, and comes from whatever package index pip is configured for. Of it only the library is wanted:
- its CMakeLists.txt forces llama.cpp's `common` library on, which is more than half of the time to
  compile, and which the Python package never loads. CMake includes a file of ours right after
  llama.cpp's `project()` (CMAKE_PROJECT_<name>_INCLUDE), and that turns it off again;
- the multimodal library (LLAVA_BUILD) and the tools are not used by a worker.
ggml is built for the processor of this machine (GGML_NATIVE): the wheel is of no use elsewhere. The
tiles of recent Xeons (AMX) are left out, by what ggml asks for them: virtual machines announce them
and do not always keep their state, and then a worker dies by SIGILL in the middle of an answer.
Metal is on by default on macOS. Sources: llama-cpp-python's CMakeLists.txt and pyproject.toml.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import attrs

DISTRIBUTION: Final = "llama-cpp-python"
VERSION: Final = "0.3.36"
SHA256: Final = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
REQUIREMENT: Final = f"{DISTRIBUTION}=={VERSION} --hash=sha256:{SHA256}"
"""As it stands in a file of requirements; scripts that need the source ask for it here."""
SOURCE_BYTES: Final = 76_600_000
VERSIONS: Final = ((0, 3, 36), (0, 4))
"""From this one on, and below that one: what the worker is written for. As the extra `llama`."""
BUILD_STEPS: Final = 83
"""On Linux, without a GPU."""
BUILD_CPU_SECONDS: Final = 212
"""Measured for those steps, on one kind of processor; others take their own time."""
SINGLE_FILE_SECONDS: Final = 30
"""What does not get shorter with more cores: fetching, configuring, the longest file, linking."""
WORK_BYTES: Final = 600_000_000
"""The source, unpacked, and what is compiled from it; measured, with room to spare."""
INSTALLED_BYTES: Final = 150_000_000
"""The wheel, unpacked, and numpy beside it."""
LEAN_FILE: Final = "lean.cmake"
LEAN: Final = """\
set(LLAMA_BUILD_COMMON OFF)
add_compile_options("$<$<COMPILE_LANGUAGE:C,CXX>:-U__AMX_INT8__>")
"""
REQUIREMENTS_FILE: Final = "requirements.txt"
WHEELS_FOLDER: Final = "wheels"


@attrs.frozen
class Recipe:
    """How it is to be built. `cuda` and `vulkan` need the toolkits of these."""

    cuda: bool = False
    vulkan: bool = False

    @property
    def gpus(self) -> tuple[str, ...]:
        """The kinds of GPU that were asked for, as llama.cpp's system information names them."""
        return tuple(
            name for name, wanted in (("CUDA", self.cuda), ("Vulkan", self.vulkan)) if wanted
        )

    def arguments(self, folder: Path, *, show_download: bool) -> list[str]:
        """What pip is called with to leave a wheel in the folder, which holds `write_files`.

        A wheel in pip's own cache may have been built with other flags: it is not used.
        """
        return [
            *("wheel", "--verbose", "--no-deps", "--no-cache-dir", "--require-hashes"),
            *("--progress-bar", "raw" if show_download else "off"),
            *("--no-binary", DISTRIBUTION),
            *("--wheel-dir", str(folder / WHEELS_FOLDER)),
            *("--requirement", str(folder / REQUIREMENTS_FILE)),
        ]

    def write_files(self, folder: Path) -> None:
        """Writes what the arguments point to.

        The settings stand beside the hash: those of pip's command line are not for a requirement
        from a file, and a hash can stand in a file alone.
        """
        (folder / LEAN_FILE).write_text(LEAN)
        options = (f'--config-settings="{name}={value}"' for name, value in self._settings(folder))
        requirement = " ".join((REQUIREMENT, *options))
        (folder / REQUIREMENTS_FILE).write_text(f"{requirement}\n")

    def seconds(self, jobs: int) -> int:
        """How long it takes, roughly; for a GPU nothing was measured, and it takes far longer."""
        return BUILD_CPU_SECONDS // jobs + SINGLE_FILE_SECONDS

    def minutes_in_words(self, jobs: int) -> str:
        """The same, for people."""
        if self.gpus:
            return "tens of minutes"
        minutes = math.ceil(self.seconds(jobs) / 60)
        return "about a minute" if minutes == 1 else f"about {minutes} minutes"

    def _settings(self, folder: Path) -> list[tuple[str, str]]:
        definitions = {
            "CMAKE_PROJECT_llama.cpp_INCLUDE": str(folder / LEAN_FILE),
            "LLAVA_BUILD": "OFF",
            "LLAMA_BUILD_TOOLS": "OFF",
            "GGML_NATIVE": "ON",
            **{f"GGML_{name.upper()}": "ON" for name in self.gpus},
        }
        # Ninja counts its steps and uses all cores; where it is missing, the build brings it.
        return [
            ("ninja.make-fallback", "false"),
            *((f"cmake.define.{name}", value) for name, value in definitions.items()),
        ]


def serves(version: str) -> bool:
    """Tells whether the worker is written for this version of the package."""
    numbers = tuple(int(part) for part in version.split(".")[:3] if part.isdecimal())
    oldest, too_new = VERSIONS
    return oldest <= numbers < too_new
