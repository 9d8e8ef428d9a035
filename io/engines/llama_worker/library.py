"""llama.cpp's library through llama-cpp-python's ctypes layer: the one place that imports it.

The package has no types and is not on every machine, so it is imported by name, and everything of
it is `Any` beyond this folder's own classes. Every call through ctypes lets go of the interpreter's
lock, so that the thread which watches for the parent's end runs during a computation.

What the library logs goes to standard error if it is a warning or an error, and its last errors are
kept, to say why a load has failed. Source of names and structures: llama.cpp's include/llama.h.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from collections import deque
from typing import Any, Final

llama: Any = importlib.import_module("llama_cpp.llama_cpp")

LOG_WARNING: Final = 3
LOG_ERROR: Final = 4
"""ggml_log_level; 5 goes on with the line before."""
LOG_LINES_KEPT: Final = 8
LOG_LINE_CHARACTERS_MAX: Final = 500
EXPECTED: Final = (
    "ggml_backend_sched_graph_compute_async failed with error 1",
    "failed to compute graph, compute status: 1",
    "failed to decode, ret = 2",
    "removing memory module entries",
    "n_ctx_seq (",
)
"""What is no news: the first four after every abort, the last where the window is smaller than the
model was trained for, which is our choice."""
POOLING_MEAN: Final = 1
"""llama_pooling_type; 0 is none."""

strlen: Final = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value
"""The C library's: of a flag byte with a zero behind it, it is 0 or 1, as a callback asks."""

_errors: deque[str] = deque(maxlen=LOG_LINES_KEPT)


def last_errors() -> str:
    """What the library has complained about last, for a message."""
    return " ".join(_errors)


def build() -> str:
    """The name of this library: states written by another build are not read by this one."""
    package: Any = importlib.import_module("llama_cpp")
    version = llama.llama_version()
    return f"llama-cpp-python {package.__version__} llama.cpp {version.decode()}"


def start() -> None:
    """Prepares the library; once, before anything else."""
    # ggml would start a debugger on us when it ends the process: a crash is to be quick.
    os.environ["GGML_NO_BACKTRACE"] = "1"
    llama.llama_log_set(_log, ctypes.c_void_p(0))
    llama.llama_backend_init()


def _tell(level: int, text: bytes, _data: Any) -> None:
    if level not in (LOG_WARNING, LOG_ERROR):
        return
    line = text.decode("utf-8", "replace").strip()[:LOG_LINE_CHARACTERS_MAX]
    if not line or any(known in line for known in EXPECTED):
        return
    if level == LOG_ERROR:
        _errors.append(line)
    sys.stderr.write(f"{line}\n")


_log: Final = llama.llama_log_callback(_tell)
"""C holds the pointer, so the object lives as long as the process."""
