"""What a library says of itself, read; and what becomes of one that says nothing."""

from __future__ import annotations

import sys

import pytest
from understudy.io.engines import llama_installed
from understudy.io.engines.llama_installed import LibraryUnusable, features_of, load_once

SYSTEM = (
    "CPU : SSE3 = 1 | AVX512 = 0 | OPENMP = 1 | CUDA : ARCHS = 500,890 | USE_GRAPHS = 1 | "
    "REPACK = 1 | "
)


def test_each_backend_s_features_are_read() -> None:
    assert features_of(SYSTEM) == {
        "CPU": ("SSE3", "OPENMP"),
        "CUDA": ("ARCHS = 500,890", "USE_GRAPHS", "REPACK"),
    }
    assert features_of("") == {}


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise RuntimeError('no such symbol')", "no such symbol"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL"),
        ("print('hello')", "its answer is none"),
        ("raise SystemExit(3)", "exit status 3"),
        ("import time; time.sleep(600)", "was not loaded within 0.5 s"),
    ],
)
def test_a_library_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    monkeypatch.setattr(llama_installed, "COMMAND", (sys.executable, "-I", "-S", "-c", program))
    if "sleep" in program:
        monkeypatch.setattr(llama_installed, "LOAD_SECONDS", 0.5)
    with pytest.raises(LibraryUnusable, match=said):
        load_once()
