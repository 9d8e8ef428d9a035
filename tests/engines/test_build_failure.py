"""What to do next, by what a build has said last."""

from __future__ import annotations

import pytest
from understudy.io.engines.build_failure import (
    LINE_CHARACTERS_MAX,
    LINES_SHOWN,
    last_lines,
    next_step,
)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("fatal error: error writing to a.s: No space left on device", "free some disk space"),
        ("c++: fatal error: Killed signal terminated program cc1plus", "out of memory"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "another file under this version"),
        ("error: externally-managed-environment", "belongs to the operating system"),
        ("[Errno -3] Temporary failure in name resolution", "pip reaches your package index"),
        ("ERROR: No matching distribution found for llama-cpp-python", "does not have it"),
        ("  CMake Error: No CMAKE_CXX_COMPILER could be found.", "compiler"),
        ("  -- The CXX compiler identification is unknown", "compiler"),
        ("  CMake Error: Could NOT find CUDAToolkit (missing: CUDAToolkit_ROOT)", "CUDA toolkit"),
        ("  No CMAKE_CUDA_COMPILER could be found.", "without --cuda"),
        ("  Could NOT find Vulkan (missing: Vulkan_LIBRARY glslc)", "without --vulkan"),
        ("  static assertion failed", ""),
    ],
)
def test_each_known_failure_has_its_next_step(said: str, advice: str) -> None:
    found = next_step(["before", said, "ERROR: Failed building wheel for llama_cpp_python"])
    assert advice in found
    assert bool(found) == bool(advice)


def test_a_cause_goes_before_its_consequences() -> None:
    said = ["No space left on device", "Temporary failure in name resolution"]
    assert next_step(said) == next_step(said[::-1]) == next_step(said[:1])


def test_the_end_of_a_log_is_short_enough_to_read() -> None:
    command = "/usr/bin/c++ " + "-I/a/folder " * 1000 + "-c last.cpp"
    shown = last_lines([*["line"] * 50, " ", command])
    assert len(shown) == LINES_SHOWN
    assert (shown[-1][:12], shown[-1][-8:]) == ("/usr/bin/c++", "last.cpp")
    assert len(shown[-1]) <= LINE_CHARACTERS_MAX + len(" ... ")
