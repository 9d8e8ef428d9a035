"""How far a build is, read from lines of a real one."""

from __future__ import annotations

import pytest
from understudy.io.engines.build_output import BuildOutput, Phase, Progress

REAL = """\
Collecting llama-cpp-python==0.3.36
  Downloading llama_cpp_python-0.3.36.tar.gz (76.6 MB)
Progress 0 of 76600000
Progress 40108032 of 76600000
  Installing build dependencies: started
  Running command installing build dependencies
Progress 0 of 295000
  Installing build dependencies: finished with status 'done'
  Getting requirements to build wheel: started
  Preparing metadata (pyproject.toml): started
  *** scikit-build-core 1.1.2 using CMake 3.25.1 (metadata_wheel)
  Building wheel for llama_cpp_python (pyproject.toml): started
  *** Configuring CMake...
  -- The CXX compiler identification is GNU 12.2.0
  *** Building project with Ninja...
  [1/83] /usr/bin/g++ -DGGML_BUILD -c ggml.cpp
  ggml.cpp:12: warning: [83/83] is no step
  [34/83] /usr/bin/g++ -DGGML_BUILD -c unity_9_cxx.cxx
  *** Installing project into wheel...
  -- Installing: lib/libllama.so
  *** Making wheel...
"""


def reported(text: str) -> list[Progress]:
    found: list[Progress] = []
    output = BuildOutput(found.append)
    for line in text.splitlines():
        output.read(line)
    return found


def test_the_lines_of_a_real_build_are_phases_and_steps() -> None:
    assert reported(REAL) == [
        Progress(Phase.SOURCE),
        Progress(Phase.SOURCE, 0, 76_600_000),
        Progress(Phase.SOURCE, 40_108_032, 76_600_000),
        Progress(Phase.TOOLS),
        Progress(Phase.CONFIGURING),
        Progress(Phase.COMPILING),
        Progress(Phase.COMPILING, 1, 83),
        Progress(Phase.COMPILING, 34, 83),
        Progress(Phase.PACKING),
    ]


def test_makefiles_tell_per_cent() -> None:
    text = "  *** Building project with Unix Makefiles...\n  [  7%] Building CXX object ggml.cpp.o"
    assert reported(text)[-1] == Progress(Phase.COMPILING, 7, 100)


@pytest.mark.parametrize("line", ["", "[", "[1/2", "Progress of", "  [1/2] before its phase"])
def test_what_is_not_understood_changes_nothing(line: str) -> None:
    assert reported(line) == [Progress(Phase.SOURCE)]
