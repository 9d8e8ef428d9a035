"""`understudy models` run in this process, on a machine with planted caches of each kind."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result
from understudy.io.cli.main import Starters, make_command

from ..cli.stage import Stage
from .caches import gguf, plant_hugging_face, plant_mlx, plant_ollama, write

QWEN = "registry.ollama.ai/library/qwen3:4b"


def plant(home: Path) -> dict[str, Path]:
    """One model in each cache, one of them in two."""
    hub = home / ".cache" / "huggingface" / "hub"
    coder = gguf("coder", llama__context_length=32_768)
    studio = home / ".lmstudio" / "models"
    return {
        "coder": plant_hugging_face(hub, "Qwen/Coder-GGUF", "qwen2.5-coder-q4_k_m.gguf", coder),
        "again": plant_ollama(home / "ollama", "h/n/coder:7b", {"model": coder}),
        "qwen3": plant_ollama(home / "ollama", QWEN, {"model": gguf("qwen3")}),
        "long": write(studio / "a" / "b" / f"{'long-' * 9}name-q4_0.gguf", gguf("long")),
        "mlx": plant_mlx(studio / "mlx-community" / "Qwen3-4B-4bit"),
        "cut": write(home / ".cache" / "llama.cpp" / "cut.gguf", gguf("cut")[:100]),
    }


def invoke(stage: Stage, *arguments: str, code: int = 0) -> Result:
    """Runs a command in this process, with the stage's environment: a process takes a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(stage.environment))
        patch.chdir(stage.folder)
        understudy = make_command(Starters(nothing, nothing))
        result = CliRunner().invoke(understudy, ["models", *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def nothing(*_arguments: object) -> NoReturn:
    """Stands for what these commands never start."""
    raise AssertionError


def run(stage: Stage, *arguments: str, code: int = 0) -> str:
    """What a command says, on both streams."""
    return invoke(stage, *arguments, code=code).output


def models(stage: Stage) -> list[dict[str, Any]]:
    listed: Any = json.loads(invoke(stage, "list", "--json").stdout)
    found: list[dict[str, Any]] = listed["models"]
    return found


def shown(stage: Stage, text: str) -> str:
    """An output with what differs between machines replaced."""
    text = text.replace(str(stage.folder), "HOME")
    text = re.sub(r"sha256-[0-9a-f]{64}", "sha256-X", text)
    return re.sub(r"\b\d+ MiB", "N MiB", text)
