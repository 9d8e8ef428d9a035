"""Which engine runs models: what the settings ask for, and what this machine can do."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from understudy.io.engines import engine_choice
from understudy.io.engines.engine_choice import EngineChoice, choose_engine, direct_problem
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.llama_server import LlamaServer
from understudy.protocols.settings_data import EnginesSettings, WorkerKind


async def choice(worker: WorkerKind = "auto") -> EngineChoice:
    return await choose_engine(EnginesSettings(worker), Path("state"), lambda _name, _far: None)


def install(patch: pytest.MonkeyPatch, folder: Path | None, content: bytes | None = None) -> None:
    """Has the package lie in this folder, with such a library, or nowhere."""
    if folder is not None and content is not None:
        (folder / "lib").mkdir()
        (folder / "lib" / "libllama.so").write_bytes(content)

    def find(name: str) -> ModuleSpec | None:
        assert name == "llama_cpp"
        if folder is None:
            return None
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        return spec

    patch.setattr(engine_choice, "find_spec", find)


async def test_without_the_package_models_run_in_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(monkeypatch, None)
    found = await choice()
    assert isinstance(found.engine, LlamaServer)
    assert (found.name, found.why) == ("llama.cpp's server", "llama-cpp-python is not installed")


async def test_a_package_without_a_library_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path)
    assert await direct_problem() == "llama-cpp-python is not installed"


async def test_a_library_that_cannot_be_loaded_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, b"for another machine")
    found = await choice()
    assert isinstance(found.engine, LlamaServer)
    assert "its library cannot be loaded" in found.why
    assert "libllama.so" in found.why


async def test_a_library_that_ends_its_process_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, b"")
    monkeypatch.setattr(engine_choice, "LOAD_PROGRAM", "import os; os.abort()")
    assert (await direct_problem()).endswith("cannot be loaded: status -6")


async def test_a_library_that_is_never_loaded_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, b"")
    monkeypatch.setattr(engine_choice, "LOAD_PROGRAM", "import time; time.sleep(60)")
    monkeypatch.setattr(engine_choice, "LOAD_SECONDS", 0.2)
    assert "was not loaded within 0.2 s" in await direct_problem()


async def test_with_a_library_that_can_be_loaded_models_run_in_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, b"")
    monkeypatch.setattr(engine_choice, "LOAD_PROGRAM", "pass")
    found = await choice()
    assert isinstance(found.engine, LlamaDirect)
    assert (found.name, found.why) == ("workers of our own", "llama-cpp-python is installed")


async def test_the_settings_have_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, None)
    assert isinstance((await choice("direct")).engine, LlamaDirect)
    assert isinstance((await choice("server")).engine, LlamaServer)
