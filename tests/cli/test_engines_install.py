"""`understudy engines install`: what a person sees, and what becomes of the environment."""

from __future__ import annotations

import fcntl
import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from .engine_stage import EngineStage
from .stage import SECONDS_MAX, TOKEN, Stage, is_alive, wait_until

INSTALL = ("install", "llama.cpp")
KEY_SETTINGS = """
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "http://127.0.0.1:9"
models = ["claude-x"]
key = "env:WORK_KEY"
"""


@pytest.fixture
def here(stage: Stage) -> EngineStage:
    return EngineStage.create(stage)


def going(**plan: str) -> str:
    """How pip is to go."""
    return json.dumps(plan)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(here: EngineStage) -> None:
    ran = here.run(*INSTALL, "--dry-run")
    assert ran.returncode == 0, ran.stderr
    for said in (
        "llama-cpp-python 0.3.36, 77 MB, pinned by its hash",
        "c++ (Fake Compiler 1.0), 2 files at a time",
        "this processor",
        "about 3 minutes",
        f"goes into  {Path(here.stage.python).parents[1]}",
        str(here.log_file),
    ):
        assert said in ran.stdout
    assert (here.calls, here.stage.home.exists()) == ([], False)


def test_a_gpu_is_named_in_the_plan(here: EngineStage) -> None:
    ran = here.run(*INSTALL, "--dry-run", "--cuda", CUDA_PATH="/opt/cuda")
    assert "this processor and CUDA" in ran.stdout
    assert "tens of minutes" in ran.stdout


def test_nobody_is_asked_where_there_is_no_terminal(here: EngineStage) -> None:
    ran = here.run(*INSTALL)
    assert (ran.returncode, here.calls) == (2, [])
    assert "say --yes" in ran.stderr


def test_it_is_built_put_in_and_loaded(here: EngineStage) -> None:
    ran = here.run(*INSTALL, "--yes")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.splitlines() == [
        "understudy: fetching the source",
        "understudy: fetching the source 77/77 MB",
        "understudy: fetching the build's tools",
        "understudy: looking at the compiler",
        "understudy: compiling",
        "understudy: compiling 2/8",
        "understudy: compiling 4/8",
        "understudy: compiling 6/8",
        "understudy: compiling 8/8",
        "understudy: packing",
        "understudy: fetching what it needs",
        "understudy: installing",
        "understudy: loading it once",
        "understudy: clearing up",
    ]
    assert "llama.cpp is ready after" in ran.stdout
    assert "llama-cpp-python 0.3.36 llama.cpp 0.5.0" in ran.stdout
    assert "CPU AVX2 OPENMP\n" in ran.stdout
    assert {name.split("/")[0] for name in here.packages} >= {"llama_cpp", "numpy", "diskcache"}
    assert here.work_left() == []
    assert here.log_file.stat().st_mode & 0o777 == 0o600
    assert "[8/8] /usr/bin/c++" in here.log_file.read_text()


def test_the_source_is_pinned_and_only_what_a_worker_needs_is_built(here: EngineStage) -> None:
    here.run(*INSTALL, "--yes", "--vulkan", PATH=_with_glslc(here))
    wheel = here.calls[0]
    requirement = wheel["requirement"]
    assert requirement.startswith("llama-cpp-python==0.3.36 --hash=sha256:832db069")
    for setting in (
        "ninja.make-fallback=false",
        "cmake.define.LLAVA_BUILD=OFF",
        "cmake.define.LLAMA_BUILD_TOOLS=OFF",
        "cmake.define.GGML_NATIVE=ON",
        "cmake.define.GGML_VULKAN=ON",
    ):
        assert f'--config-settings="{setting}"' in requirement
    assert "cmake.define.CMAKE_PROJECT_llama.cpp_INCLUDE=" in requirement
    common, tiles = wheel["lean"].splitlines()
    assert common == "set(LLAMA_BUILD_COMMON OFF)"
    assert "-U__AMX_INT8__" in tiles
    assert {"--require-hashes", "--no-cache-dir", "--no-deps"} <= set(wheel["arguments"])
    assert wheel["environment"]["CMAKE_BUILD_PARALLEL_LEVEL"] == "2"


def test_no_key_reaches_a_build(here: EngineStage) -> None:
    here.stage.write_settings(KEY_SETTINGS)
    here.run(*INSTALL, "--yes", WORK_KEY="planted-key")
    given = here.calls[0]["environment"]
    assert given["HOME"] == here.stage.environment["HOME"]
    assert "planted-key" not in json.dumps(here.calls)
    assert TOKEN not in json.dumps(here.calls)


def test_what_is_there_is_not_built_again(here: EngineStage) -> None:
    here.put_in("llama_cpp_python", "0.3.37")
    ran = here.run(*INSTALL, "--yes")
    assert (ran.returncode, here.calls) == (0, [])
    assert "llama.cpp is installed already: llama-cpp-python 0.3.37" in ran.stdout
    ran = here.run(*INSTALL, "--yes", "--rebuild")
    assert "llama.cpp is ready after" in ran.stdout


@pytest.mark.parametrize("version", ["0.3.35", "0.4.0"])
def test_a_version_that_the_worker_is_not_written_for_is_exchanged(
    here: EngineStage, version: str
) -> None:
    here.put_in("llama_cpp_python", version)
    assert here.run(*INSTALL, "--yes").returncode == 0
    assert here.packages["llama_cpp/__init__.py"] == "__version__ = '0.3.36'"


def test_what_is_there_is_pinned(here: EngineStage) -> None:
    here.put_in("numpy", "1.30")
    here.run(*INSTALL, "--yes")
    download = next(each for each in here.calls if each["arguments"][0] == "download")
    assert "numpy" not in download["arguments"]
    assert here.packages["numpy/__init__.py"] == "__version__ = '1.30'"


def test_a_build_that_fails_says_why_and_where(here: EngineStage) -> None:
    before = here.packages
    ran = here.run(*INSTALL, "--yes", FAKE_PIP=going(wheel="fails"))
    assert ran.returncode == 1
    assert "Killed signal terminated program cc1plus" in ran.stderr
    assert max(len(line) for line in ran.stderr.splitlines()) < 300
    assert "understudy: llama.cpp could not be built; the environment is as it was" in ran.stderr
    assert f"the whole log: {here.log_file}" in ran.stderr
    assert "-> the compiler ran out of memory" in ran.stderr
    assert (here.packages, here.work_left()) == (before, [])


@pytest.mark.parametrize("earlier", ["", "0.3.35"])
@pytest.mark.parametrize(
    ("library", "said"), [("broken", "undefined symbol: llama_version"), ("crashing", "SIGILL")]
)
def test_a_library_that_does_not_load_is_taken_out_again(
    here: EngineStage, earlier: str, library: str, said: str
) -> None:
    if earlier:
        here.put_in("llama_cpp_python", earlier)
    before = here.packages
    ran = here.run(*INSTALL, "--yes", FAKE_PIP=going(library=library))
    assert ran.returncode == 1
    assert said in ran.stderr
    assert "cannot be loaded, so it was taken out again" in ran.stderr
    assert (here.packages, here.work_left()) == (before, [])


def test_what_cannot_be_taken_out_again_is_said(here: EngineStage) -> None:
    plan = going(library="broken", uninstall="fails")
    ran = here.run(*INSTALL, "--yes", FAKE_PIP=plan)
    assert ran.returncode == 1
    assert "could not be taken out again; the environment is not as it was" in ran.stderr
    assert f"-> run: {here.stage.python} -m pip uninstall llama-cpp-python" in ran.stderr


def test_ctrl_c_ends_the_compilers_and_leaves_the_environment(here: EngineStage) -> None:
    before = here.packages
    compiler = here.stage.folder / "compiler"
    with here.start(*INSTALL, "--yes", FAKE_PIP=going(wheel="hangs")) as process:
        wait_until(lambda: compiler.exists() and compiler.read_text())
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 130
    assert err.endswith("understudy: stopped; the environment is as it was\n")
    wait_until(lambda: not is_alive(int(compiler.read_text())))
    assert (here.packages, here.work_left()) == (before, [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_during_the_last_step_waits_for_it_and_undoes_it(
    here: EngineStage, number: signal.Signals
) -> None:
    here.put_in("llama_cpp_python", "0.3.35")
    before = here.packages
    with here.start(*INSTALL, "--yes", FAKE_PIP=going(install="waits")) as process:
        wait_until((here.stage.folder / "installing").exists)
        process.send_signal(number)
        (here.stage.folder / "go on").touch()
        _, err = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 130, err
    assert "stopped; the environment is as it was" in err
    assert here.packages == before


def test_without_a_compiler_nothing_is_begun(here: EngineStage) -> None:
    ran = here.run(*INSTALL, "--yes", PATH="")
    assert (ran.returncode, here.calls) == (2, [])
    assert "no C and C++ compilers were found; install" in ran.stderr


@pytest.mark.parametrize(
    ("option", "missing"), [("--cuda", "nvcc was not found"), ("--vulkan", "glslc was not found")]
)
def test_without_a_gpu_s_toolkit_nothing_is_begun(
    here: EngineStage, option: str, missing: str
) -> None:
    ran = here.run(*INSTALL, "--yes", option, PATH=str(here.stage.folder / "programs"))
    assert (ran.returncode, here.calls) == (2, [])
    assert missing in ran.stderr
    assert f"leave {option} away" in ran.stderr


def test_without_pip_nothing_is_begun(here: EngineStage) -> None:
    shutil.rmtree(here.site / "pip-26.0.dist-info")
    ran = here.run(*INSTALL, "--yes")
    assert ran.returncode == 2
    assert f"has no pip; run: {here.stage.python} -m ensurepip" in ran.stderr


def test_two_do_not_build_at_once(here: EngineStage) -> None:
    folder = here.stage.home / "cache" / "engines"
    folder.mkdir(parents=True)
    (folder / "build-of-a-killed-process").mkdir()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = here.run(*INSTALL, "--yes")
    assert (ran.returncode, here.calls) == (2, [])
    assert "another process builds or removes it just now" in ran.stderr
    here.run(*INSTALL, "--yes")
    assert here.work_left() == []


def test_it_is_taken_out_again(here: EngineStage) -> None:
    assert "there is nothing to remove" in here.run("remove", "llama.cpp").stdout
    here.run(*INSTALL, "--yes")
    assert here.run("remove", "llama.cpp").returncode == 2, "nobody was asked"
    ran = here.run("remove", "llama.cpp", "--yes")
    assert "llama-cpp-python 0.3.36 is removed" in ran.stdout
    assert [name for name in here.packages if name.startswith("llama_cpp")] == []


def test_a_server_that_runs_is_told_of(here: EngineStage) -> None:
    with here.stage.serving() as server:
        ran = here.run(*INSTALL, "--yes")
    told = f"the server at {server.address} goes on as it is until it is started again"
    assert told in ran.stderr


def test_the_list_tells_what_is_used_and_what_is_to_gain(here: EngineStage) -> None:
    ran = here.run("list")
    assert "workers of Understudy's own, on llama.cpp: not installed" in ran.stdout
    assert "llama.cpp's server: in use" in ran.stdout
    assert "`understudy engines install llama.cpp`: Esc stops" in ran.stderr
    here.put_in("llama_cpp_python", "0.3.36")
    direct, server = json.loads(here.run("list", "--json").stdout)["engines"]
    assert (direct["kind"], direct["used"], direct["state"]) == ("direct", True, "in use")
    assert direct["features"] == {"CPU": ["AVX2", "OPENMP"]}
    assert direct["place"] == str(here.site / "llama_cpp")
    assert (server["kind"], server["used"]) == ("server", False)
    here.stage.write_settings('[engines]\nworker = "server"\n')
    direct, server = json.loads(here.run("list", "--json").stdout)["engines"]
    assert (direct["used"], server["used"]) == (False, True)


def test_the_list_shows_a_library_that_cannot_be_loaded(here: EngineStage) -> None:
    here.put_in("llama_cpp_python", "0.3.36")
    (here.site / "llama_cpp" / "llama_cpp.py").write_text("raise OSError('wrong ELF class')")
    said = here.run("list").stdout
    assert "installed, and cannot be loaded: wrong ELF class" in said
    assert "run: understudy engines install llama.cpp --rebuild" in said


def test_the_shell_completes_engines(stage: Stage) -> None:
    def completed(words: str) -> subprocess.CompletedProcess[str]:
        place = str(len(words.split(" ")) - 1)
        return stage.run(_UNDERSTUDY_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=place)

    assert completed("understudy engines in").stdout == "plain,install\n"
    assert completed("understudy engines install ll").stdout == "plain,llama.cpp\n"
    assert completed("understudy engines install llama.cpp --c").stdout == "plain,--cuda\n"


def _with_glslc(here: EngineStage) -> str:
    programs = here.stage.folder / "programs"
    compiler = programs / "glslc"
    compiler.write_text("#!/bin/sh\n")
    compiler.chmod(0o755)
    return f"{programs}:/usr/bin:/bin"
