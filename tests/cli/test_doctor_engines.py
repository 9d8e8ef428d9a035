"""`understudy doctor` on what runs models here, and on what is kept of prompts."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from understudy.io.cli.checks_engines import check_engine, check_prompts
from understudy.io.cli.doctor import circumstances_of
from understudy.io.cli.findings import Finding

from .circumstances import engine, only, with_settings
from .stage import Stage, endpoint


def has_worker(monkeypatch: pytest.MonkeyPatch, problem: str = "") -> None:
    """Plays a machine on which workers can run, or not."""

    async def direct_problem() -> str:
        return problem

    monkeypatch.setattr("understudy.io.engines.engine_choice.direct_problem", direct_problem)


def test_an_engine_that_is_a_worker(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    has_worker(monkeypatch)
    found = only(check_engine(circumstances_of(None)))
    assert (found.state, "workers of Understudy's own" in found.found) == ("ok", True)
    found = only(check_engine(with_settings(stage, '[engines]\nworker = "server"\n')))
    assert (found.state, found.advice) == ("ok", "")
    assert "llama.cpp's server (xllamacpp): the settings ask for it" in found.found


def test_an_engine_that_is_the_server_and_what_there_is_to_gain(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    has_worker(monkeypatch, "llama-cpp-python is not installed")
    without_models = only(check_engine(circumstances_of(None)))
    assert without_models.state == "ok"
    models = engine(stage.folder / "m.gguf").replace("llama-server", "llama.cpp")
    with_models = only(check_engine(with_settings(stage, models)))
    assert with_models.state == "warn"
    for found in (without_models, with_models):
        assert "llama.cpp's server (xllamacpp): llama-cpp-python is not installed" in found.found
        assert "run: understudy engines install llama.cpp (Esc stops a model" in found.advice


def test_a_worker_that_is_asked_for_and_cannot_run(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    has_worker(monkeypatch, "llama-cpp-python is installed, but its library cannot be loaded: x")
    found = only(check_engine(with_settings(stage, '[engines]\nworker = "direct"\n')))
    assert (found.state, "the settings ask for the worker" in found.found) == ("fail", True)
    assert found.advice == "run: understudy engines install llama.cpp --rebuild"


def test_no_engine_at_all(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    has_worker(monkeypatch, "llama-cpp-python is not installed")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    found = only(check_engine(circumstances_of(None)))
    assert (found.state, "set `default` to a model" in found.advice) == ("fail", True)
    found = only(check_engine(with_settings(stage, endpoint("https://a.example"))))
    assert (found.state, "if your endpoints are elsewhere" in found.advice) == ("warn", True)
    has_worker(monkeypatch)
    found = only(check_engine(with_settings(stage, '[engines]\nworker = "server"\n')))
    assert (found.state, 'set `worker = "auto"`' in found.advice) == ("fail", True)


def test_what_is_kept_of_prompts(
    stage: Stage, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stage.home / "cache" / "prefixes"
    file = folder / "of a file" / "model" / "key.kv"
    file.parent.mkdir(parents=True)
    file.touch()
    os.truncate(file, 3 * 2**29)
    found = only(check_prompts(with_settings(stage, "[engines]\nstate_gibibytes = 2\n")))
    assert found == Finding("prompts", "ok", f"{folder}: 1.5 of 2 GiB")
    disk = shutil.disk_usage(folder)._replace(free=2**20)

    def disk_usage(_path: Path) -> object:
        return disk

    monkeypatch.setattr(shutil, "disk_usage", disk_usage)
    found = only(check_prompts(circumstances_of(None)))
    assert (found.state, "0.0 GiB are free on that disk" in found.found) == ("warn", True)
    found = only(check_prompts(with_settings(stage, "[engines]\nstate_gibibytes = 0\n")))
    assert (found.state, found.found) == ("ok", "none are kept on disk: settings")
