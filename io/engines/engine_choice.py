"""Which engine runs models here: a worker of our own where llama-cpp-python can be used, or not.

The package is only looked for, never imported, and its library is loaded by a process that does
nothing else: what is built for another processor, or against another C library, must not be ours.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import attrs
import trio

from ...protocols.engine.board import EngineBoard
from ...protocols.settings_data import EnginesSettings
from ..memory.memory import open_memory
from ..ports import Engine
from .child import child_environment
from .llama_direct import LlamaDirect
from .llama_server import LlamaServer
from .taken_memory import TakenMemory

log = logging.getLogger("understudy")

PACKAGE: Final = "llama_cpp"
LIBRARIES: Final = ("libllama.so", "libllama.dylib", "llama.dll")
NAMES: Final = {"worker": "workers of our own", "anthropic": "llama.cpp's server"}
"""The engines by their dialects."""
SEEN_FOLDER: Final = "needs"
"""Beside the folder of prefixes: what processes of models were seen to hold."""
LOAD_SECONDS: Final = 20.0
"""How long the library may take to be loaded."""
LOAD_PROGRAM: Final = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"


@attrs.frozen
class EngineChoice:
    """The engine for models, and why it is this one, in words."""

    engine: Engine
    why: str

    @property
    def name(self) -> str:
        """What it is called, for people."""
        return NAMES[self.engine.dialect]


async def engine_of(
    settings: EnginesSettings, state_folder: Path, board: EngineBoard
) -> EngineChoice:
    """Chooses what models run in, and tells of it."""
    choice = await choose_engine(settings, state_folder, board.progress)
    board.why = choice.why
    log.info("models run in %s: %s", choice.name, choice.why)
    return choice


async def choose_engine(
    settings: EnginesSettings, state_folder: Path, report: Callable[[str, float], None]
) -> EngineChoice:
    """The engine `llama.cpp`, as the settings and this machine would have it."""
    seen, memory = state_folder.with_name(SEEN_FOLDER), open_memory()
    server = LlamaServer(taken=TakenMemory(seen, memory, "xllamacpp"))
    if settings.worker == "server":
        return EngineChoice(server, "the settings ask for the server")
    taken = TakenMemory(seen, memory, "llama-cpp-python")
    direct = LlamaDirect(state_folder, report, taken=taken)
    if settings.worker == "direct":
        return EngineChoice(direct, "the settings ask for the worker")
    problem = await direct_problem()
    if problem:
        return EngineChoice(server, problem)
    return EngineChoice(direct, "llama-cpp-python is installed")


async def direct_problem() -> str:
    """Why no worker can run here, "" if one can."""
    library = find_library()
    if library is None:
        return "llama-cpp-python is not installed"
    with trio.move_on_after(LOAD_SECONDS):
        # The folder of the library is where it finds its parts.
        done = await trio.run_process(
            [sys.executable, "-I", "-S", "-c", LOAD_PROGRAM, str(library)],
            capture_stdout=True,
            capture_stderr=True,
            check=False,
            cwd=library.parent,
            env=child_environment(os.environ),
        )
        if not done.returncode:
            return ""
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        how = said or f"status {done.returncode}"
        return f"llama-cpp-python is installed, but its library cannot be loaded: {how}"
    return f"llama-cpp-python's library was not loaded within {LOAD_SECONDS:g} s"


def find_library() -> Path | None:
    """llama.cpp's library inside the package, without importing it."""
    found = find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        for name in LIBRARIES:
            library = Path(folder) / "lib" / name
            if library.is_file():
                return library
    return None
