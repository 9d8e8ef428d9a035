"""What a build needs of a machine, on machines that lack it."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest
from understudy.io.engines import toolchain
from understudy.io.engines.llama_recipe import Recipe
from understudy.io.engines.toolchain import jobs, problems


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    for name in ("cc", "c++"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho Compiler 1.0\n")
        program.chmod(0o755)
    return {"PATH": str(tmp_path)}


def found(environ: dict[str, str], folder: Path) -> list[str]:
    return [each.found for each in problems(environ, folder, Recipe())]


def test_nothing_stands_in_the_way(environ: dict[str, str], tmp_path: Path) -> None:
    assert found(environ, tmp_path / "not there yet") == []


def test_a_compiler_of_the_user_s_choice_is_looked_for(
    environ: dict[str, str], tmp_path: Path
) -> None:
    environ["CXX"] = "no-such-compiler -O1"
    assert found(environ, tmp_path) == ["no C and C++ compilers were found"]
    environ["CXX"] = "cc -O1"
    assert found(environ, tmp_path) == []


def test_a_disk_that_is_full(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "WORK_BYTES", 10**18)
    (complaint,) = found(environ, tmp_path / "a" / "b")
    assert complaint.startswith(f"{tmp_path} has ")
    assert complaint.endswith("and 1000000000000 MB are needed")


def test_a_python_of_the_operating_system(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "EXTERNALLY-MANAGED").touch()

    def get_path(_name: str) -> str:
        return str(tmp_path)

    monkeypatch.setattr("sysconfig.get_path", get_path)
    assert found(environ, tmp_path) == []
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    (complaint,) = found(environ, tmp_path)
    assert "belongs to the operating system" in complaint


def test_a_pip_that_is_too_old(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(_name: str) -> str:
        return "22.3.1"

    monkeypatch.setattr("importlib.metadata.version", version)
    assert found(environ, tmp_path) == ["pip 22.3 is too old"]


def test_so_many_files_at_once_as_there_are_cores_and_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert jobs({"CMAKE_BUILD_PARALLEL_LEVEL": "7"}) == 7
    for available, expected in ((0, 1), (10**13, jobs({}))):
        memory = psutil.virtual_memory()._replace(available=available)
        monkeypatch.setattr(psutil, "virtual_memory", lambda memory=memory: memory)
        assert jobs({"CMAKE_BUILD_PARALLEL_LEVEL": "many"}) == expected
