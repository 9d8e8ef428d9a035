"""`understudy models list`, `show` and `fit` as a person uses them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from typing import Any

import pytest
from understudy.io.cli import models_fit
from understudy.io.engines.mlx_direct import mlx_problem
from understudy.protocols.models.offer import Offer
from understudy.protocols.models.recommended import Recommendation

from ..cli.stage import Stage
from .caches import gguf, write
from .command import invoke, models, plant, run, shown

COLUMNS = 80


def test_a_machine_without_models_is_told_where_was_looked(stage: Stage) -> None:
    said = run(stage, "list")
    assert "no models are here; looked in" in said
    for folder in ("huggingface/hub", ".lmstudio/models", "ollama", "llama.cpp", "data/models"):
        assert folder in said


def test_the_listing(stage: Stage) -> None:
    plant(stage.folder)
    ran = invoke(stage, "list")
    assert ran.stdout == GOLDEN_LIST
    table = [line for line in ran.stdout.splitlines() if "cannot be run" not in line]
    assert max(map(len, table)) <= COLUMNS


GOLDEN_LIST = """\
  id                    size     kind       context  tools  served as
Hugging Face
  qwen2.5-coder-q4_k_m  18.1 kB  F16         32,768  yes    -
      also Ollama's
LM Studio
  long-long-long-long-long-long-long-long-long-name-q4_0
                        18.1 kB  F16          4,096  yes    -
  qwen3-4b-4bit          3.1 kB  MLX 4-bit   40,960  yes    -
Ollama
  qwen3-4b              18.1 kB  F16          4,096  yes    -
llama.cpp
  cut                     100 B  GGUF       -        -      -
      cannot be run: 4 tensors cannot be in 100 bytes (at byte 8); it is damaged or was cut short: \
fetch it again
"""


def test_a_listing_for_programs(stage: Stage) -> None:
    planted = plant(stage.folder)
    found = {model["id"]: model for model in models(stage)}
    assert set(found) >= {"qwen2.5-coder-q4_k_m", "qwen3-4b", "qwen3-4b-4bit", "cut"}
    coder = found["qwen2.5-coder-q4_k_m"]
    assert coder["path"] == str(planted["coder"])
    assert [each["title"] for each in coder["elsewhere"]] == ["h/n/coder:7b"]
    assert (coder["context_tokens"], coder["tools"], coder["served_as"]) == (32_768, True, None)
    assert found["qwen3-4b-4bit"]["format"] == "mlx"
    assert "fetch it again" in found["cut"]["problem"]


def test_showing_a_model(stage: Stage) -> None:
    plant(stage.folder)
    assert shown(stage, run(stage, "show", "qwen3:4b")) == GOLDEN_SHOW
    answer: Any = json.loads(invoke(stage, "show", "qwen3-4b", "--json").stdout)
    assert (answer["template_format"], answer["title"]) == ("hermes", "qwen3:4b")


GOLDEN_SHOW = """\
qwen3-4b
  called        qwen3:4b
  source        Ollama
  path          HOME/ollama/blobs/sha256-X
  size          18.1 kB
  form          F16
  architecture  llama
  parameters    8.5K
  trained for   4,096 tokens
  template      of the form hermes
  can do        tools
  licence       not said
  needs         N MiB with a window of 4,096 tokens, and fits now
  next          understudy models import qwen3-4b
"""


def test_an_unknown_model_suggests_near_ones(stage: Stage) -> None:
    plant(stage.folder)
    for command in ("show", "import", "rm"):
        said = run(stage, command, "qwen3-4", code=2)
        assert "there is no model qwen3-4; did you mean qwen3-4b" in said
        assert "`understudy models list` shows all" in said


def test_an_unknown_command_suggests_near_ones(stage: Stage) -> None:
    assert "Did you mean list?" in run(stage, "lst", code=2)
    assert "One of list, show" in run(stage, "frobnicate", code=2)


def test_terminal_escapes_in_names_are_shown_harmless(stage: Stage) -> None:
    folder = stage.folder / ".lmstudio" / "models" / "a" / "b"
    write(folder / "red\x1b[31m.gguf", gguf("\x1b]0;title\x07"))
    folder.joinpath(os.fsdecode(b"\xff.gguf")).write_bytes(gguf("bytes"))
    for arguments in (("list",), ("list", "--json"), ("show", "red-31m"), ("show", "model")):
        said = run(stage, *arguments)
        assert "\x1b" not in said
        assert "\x07" not in said


def test_the_shell_completes_ids(stage: Stage) -> None:
    plant(stage.folder)
    ran = stage.run(
        "",
        _UNDERSTUDY_COMPLETE="bash_complete",
        COMP_WORDS="understudy models show qwen",
        COMP_CWORD="3",
    )
    assert ran.stdout.split() == [
        "plain,qwen2.5-coder-q4_k_m",
        "plain,qwen3-4b-4bit",
        "plain,qwen3-4b",
    ]


def test_what_fits(stage: Stage) -> None:
    plant(stage.folder)
    ran = invoke(stage, "fit")
    room, headings, *lines = ran.stdout.splitlines()
    assert re.match(r"[\d.]+ GiB on .*: models may have .* now, .* at most", room)
    assert headings.split() == ["id", "weights", "needs", "now", "at", "most"]
    rows = {cells[0]: cells[-2:] for cells in map(str.split, lines)}
    assert rows["qwen3-4b"] == ["4,096", "4,096"]
    assert rows["qwen3-4b-4bit"][-1] == ("-" if mlx_problem() else "40,960")
    assert "cut" not in rows
    answer: Any = json.loads(invoke(stage, "fit", "--json", "--context", "8192").stdout)
    found = {model["id"]: model["most_tokens"] for model in answer["models"]}
    assert (found["qwen2.5-coder-q4_k_m"], found["qwen3-4b"]) == (8_192, 0)
    (need,) = next(m for m in answer["models"] if m["id"] == "qwen2.5-coder-q4_k_m")["needs"]
    assert need["context_tokens"] == 8_192
    assert need["total_bytes"] > 2**20


def test_nothing_fits_a_budget_that_is_too_small(stage: Stage) -> None:
    plant(stage.folder)
    stage.write_settings("[memory]\nbudget_gibibytes = 0.01\n")
    assert re.search(r"qwen3-4b .* none +none", run(stage, "fit"))
    assert "it can have 10 MiB here at most" in run(stage, "show", "qwen3-4b")
    said = run(stage, "import", "qwen3-4b", code=2)
    assert "and models can have 10 MiB here; take a smaller quantisation, or say --context" in said
    assert "window      1,024 tokens" in run(stage, "import", "qwen3-4b", "--context", "1024")


def test_a_model_is_recommended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def find_offer(memory_bytes: int, table: Sequence[Recommendation]) -> Offer:
        assert table
        asked.append(memory_bytes)
        return Offer("a/b:Q4_K_M", 5_000_000_000, 16 * 2**30, "apache-2.0", "it is good")

    monkeypatch.setattr(models_fit, "find_offer", find_offer)
    said = run(stage, "fit")
    assert "for coding on this machine: `understudy models pull a/b:Q4_K_M` (5.0 GB, fits" in said
    answer: Any = json.loads(invoke(stage, "fit", "--json").stdout)
    assert answer["recommended"]["reference"] == "a/b:Q4_K_M"
    assert asked == [answer["total_bytes"]] * 2


def test_a_table_of_recommendations_that_is_wrong_is_told(stage: Stage) -> None:
    stage.write_settings("")
    (stage.home / "recommended.toml").write_text("nonsense")
    assert "recommended.toml: not TOML" in run(stage, "fit")


def test_a_machine_without_models_has_room(stage: Stage) -> None:
    assert "no model that can be run is here" in run(stage, "fit")


@pytest.mark.parametrize("command", ["list", "show", "fit", "search", "pull", "import", "rm"])
def test_help_has_examples(stage: Stage, command: str) -> None:
    said = run(stage, command, "--help")
    assert "Examples:" in said
    assert f"understudy models {command}" in said
