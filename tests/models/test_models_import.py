"""`understudy models import` and `rm` as a person uses them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from understudy.io.cli import models_import
from understudy.io.models.download_place import record_of

from ..cli.stage import Stage, wait_until
from .caches import gguf, parts, plant_mlx, write
from .command import QWEN, models, plant, run, shown


def test_importing_a_model(stage: Stage) -> None:
    planted = plant(stage.folder)
    file = stage.write_settings("[server]\nport = 0\n")
    before = file.read_bytes()
    assert shown(stage, run(stage, "import", "qwen3-4b")) == GOLDEN_IMPORT
    assert file.read_bytes() == before
    (served,) = (model for model in models(stage) if model["endpoint"])
    assert (served["id"], served["served_as"]) == ("qwen3-4b", "qwen3-4b")
    listed: Any = json.loads(stage.run("endpoints", "--json").stdout)
    assert listed["endpoints"][0]["address"] == str(planted["qwen3"])


GOLDEN_IMPORT = """\
imported qwen3-4b
  model       F16, 18.1 kB
  from        Ollama: HOME/ollama/blobs/sha256-X
  window      4,096 tokens
  written to  HOME/home/models.toml
  use it as   qwen3-4b, and by default
understudy: try it: understudy ask --model qwen3-4b "What is a socket?"
"""


def test_a_dry_run_changes_nothing(stage: Stage) -> None:
    plant(stage.folder)
    said = run(stage, "import", "qwen3-4b", "--dry-run")
    assert said == run(stage, "import", "qwen3-4b", "--dry-run")
    assert said.startswith("would import qwen3-4b\n")
    assert "use it as   qwen3-4b, and by default" in said
    assert not (stage.home / "models.toml").exists()


def test_a_file_from_elsewhere_is_linked_and_not_copied(stage: Stage) -> None:
    content = gguf("mine")
    file = write(stage.folder / "Downloads" / "Mine v2.gguf", content)
    said = run(stage, "import", str(file), "--as", "mine", "--context", "2048", "--pinned")
    link = stage.home / "data" / "models" / "mine" / "Mine v2.gguf"
    assert (link.is_symlink(), link.resolve()) == (True, file)
    assert "by way of a link" in said
    written = (stage.home / "models.toml").read_text()
    assert f'file = "{link}"' in written
    assert "context_tokens = 2048\npinned = true" in written
    (model,) = models(stage)
    assert (model["source"], model["endpoint"]) == ("understudy", "mine")
    assert file.read_bytes() == content


def test_a_relative_path_is_a_path(stage: Stage) -> None:
    write(stage.folder / "Mine.gguf", gguf("mine"))
    assert "imported mine" in run(stage, "import", "Mine.gguf")
    assert "no such file or folder" in run(stage, "import", "./none.gguf", code=2)


def test_all_parts_of_a_model_are_linked(stage: Stage) -> None:
    first, second = (
        write(stage.folder / f"large-{number:05}-of-00002.gguf", content)
        for number, content in enumerate(parts("large", 2), 1)
    )
    assert first.exists()
    run(stage, "import", str(second))
    folder = stage.home / "data" / "models" / "large"
    assert sorted(each.name for each in folder.iterdir()) == [
        "large-00001-of-00002.gguf",
        "large-00002-of-00002.gguf",
    ]
    assert models(stage)[0]["problem"] is None


def test_a_model_sees_images_when_that_is_asked_for(stage: Stage) -> None:
    file = write(stage.folder / "eyes" / "m.gguf", gguf("eyes"))
    projector = write(file.with_name("mmproj-m-f16.gguf"), gguf("p"))
    run(stage, "import", str(file))
    assert "projector" not in (stage.home / "models.toml").read_text()
    run(stage, "import", "m", "--images")
    written = (stage.home / "models.toml").read_text()
    link = stage.home / "data" / "models" / "m" / projector.name
    assert f'projector = "{link}"' in written
    assert link.resolve() == projector
    other = write(stage.folder / "blind.gguf", gguf("blind"))
    said = run(stage, "import", str(other), "--images", code=2)
    assert "blind has no projector beside it" in said


def test_a_folder_in_mlx_s_form(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models_import, "mlx_problem", lambda: "mlx cannot be imported")
    plant(stage.folder)
    said = run(stage, "import", "qwen3-4b-4bit", "--context", "4096")
    assert "it cannot be loaded yet: mlx cannot be imported" in said
    folder = stage.folder / ".lmstudio" / "models" / "mlx-community" / "Qwen3-4B-4bit"
    written = (stage.home / "models.toml").read_text()
    assert f'engine = "mlx"\nfile = "{folder}"' in written
    outside = plant_mlx(stage.folder / "Downloads" / "mine")
    write(outside / "config.json", (outside / "config.json").read_bytes() + b" ")
    run(stage, "import", str(outside), "--context", "4096")
    link = stage.home / "data" / "models" / "mine"
    assert (link.is_symlink(), link.resolve()) == (True, outside)
    run(stage, "rm", "mine")
    assert (link.is_symlink(), outside.is_dir()) == (False, True)


def test_importing_again_changes_the_window_and_the_pin(stage: Stage) -> None:
    plant(stage.folder)
    run(stage, "import", "qwen3-4b", "--as", "small")
    run(stage, "import", "qwen3-4b", "--context", "1024", "--pinned")
    written = (stage.home / "models.toml").read_text()
    assert written.count("[[endpoint]]") == 1
    assert 'name = "small"' in written
    assert "context_tokens = 1024\npinned = true" in written


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cut",), "cut cannot be run: "),
        (("qwen3-4b", "--as", "Bad Name"), "'Bad Name' is no usable name; allowed: 1 to 64 of"),
        (("qwen3-4b", "--as", "rehearsal"), "'rehearsal' is no usable name"),
        (("qwen3-4b", "--as", "work"), "another endpoint is called work; choose a name with --as"),
        (("qwen3-4b", "--context", "8192"), "was trained for 4,096 tokens; --context 4096"),
        (("qwen3-4b", "--context", "1"), "not in the range 512<=x<="),
        (("Downloads",), "not one model; name a .gguf file, or a folder in MLX's form"),
    ],
)
def test_imports_that_are_refused(stage: Stage, arguments: Sequence[str], message: str) -> None:
    plant(stage.folder)
    (stage.folder / "Downloads").mkdir()
    stage.write_settings(
        '[[endpoint]]\nname = "work"\ndialect = "anthropic"\nbase_url = "https://a.example"\n'
        'models = ["x"]\n'
    )
    assert message in run(stage, "import", *arguments, code=2)
    assert not (stage.home / "models.toml").exists()


def test_what_the_settings_have_is_not_imported_again(stage: Stage) -> None:
    planted = plant(stage.folder)
    stage.write_settings(
        f'[[endpoint]]\nname = "mine"\nengine = "llama.cpp"\nfile = "{planted["qwen3"]}"\n'
        'models = ["m"]\n'
    )
    said = run(stage, "import", "qwen3-4b", code=2)
    assert "qwen3-4b is served already, as m: by your settings" in said
    assert "mine is in your settings file; take it out there" in run(stage, "rm", "qwen3-4b")
    assert "mine" in (stage.home / "settings.toml").read_text()


def test_a_broken_models_file_is_not_written_over(stage: Stage) -> None:
    plant(stage.folder)
    stage.write_settings("")
    (stage.home / "models.toml").write_text("nonsense")
    said = run(stage, "import", "qwen3-4b", code=2)
    assert "models.toml:1:" in said
    assert "import the models again" in said
    assert (stage.home / "models.toml").read_text() == "nonsense"
    assert "models.toml:1:" in run(stage, "list")


def test_removing_what_is_another_program_s(stage: Stage) -> None:
    planted = plant(stage.folder)
    run(stage, "import", "qwen3-4b")
    said = run(stage, "rm", "qwen3-4b")
    assert "took the endpoint qwen3-4b out of" in said
    assert "to undo: understudy models import qwen3-4b --context 4096\n" in said
    assert "stay; to delete them: ollama rm qwen3:4b" in said
    assert planted["qwen3"].exists()
    said = run(stage, "rm", "qwen3-4b", code=2)
    assert "no endpoint, and its files are not Understudy's; to delete them: ollama rm" in said


def test_removing_a_link_leaves_what_it_leads_to(stage: Stage) -> None:
    file = write(stage.folder / "Down loads" / "mine.gguf", gguf())
    run(stage, "import", str(file), "--as", "m", "--context", "512", "--pinned")
    said = run(stage, "rm", "mine")
    undo = f"understudy models import '{file}' --as m --context 512 --pinned"
    assert f"to undo: {undo}\n" in said
    assert file.exists()
    assert list((stage.home / "data" / "models").iterdir()) == []
    assert models(stage) == []


def test_our_own_files_are_deleted_when_one_agrees(stage: Stage) -> None:
    file = write(stage.home / "data" / "models" / "Qwen" / "Qwen3" / "q.gguf", gguf())
    record_of(file).write_text("{}")
    run(stage, "import", "q")
    assert "nobody can be asked here" in run(stage, "rm", "q", code=2)
    assert file.exists()
    assert "q" in (stage.home / "models.toml").read_text()
    said = run(stage, "rm", "q", "--keep")
    assert (file.exists(), "to undo: understudy models import q" in said) == (True, True)
    said = run(stage, "rm", "q", "--yes")
    assert "to have it again: understudy models pull Qwen/Qwen3/q.gguf\n" in said
    assert list((stage.home / "data" / "models").iterdir()) == []


def test_an_unfinished_download_of_ours_is_deleted(stage: Stage) -> None:
    part = write(stage.home / "data" / "models" / "Qwen" / "Qwen3" / "q.gguf.part", b"GGUF")
    record_of(part.with_name("q.gguf")).write_text("{}")
    assert "pull Qwen/Qwen3/q.gguf\n" in run(stage, "rm", "q", "--yes")
    assert list((stage.home / "data" / "models").iterdir()) == []


def test_an_endpoint_whose_file_is_gone_can_be_removed(stage: Stage) -> None:
    planted = plant(stage.folder)
    run(stage, "import", "qwen3-4b", "--as", "small")
    planted["qwen3"].unlink()
    (stage.folder / "ollama" / "manifests" / QWEN.replace(":", "/")).unlink()
    assert "took the endpoint small out of" in run(stage, "rm", "small")


def test_the_server_serves_what_is_imported_while_it_runs(stage: Stage) -> None:
    plant(stage.folder)
    with stage.serving():
        assert "the running server has it within a second" in run(stage, "import", "qwen3-4b")
        wait_until(lambda: "qwen3-4b/qwen3-4b" in stage.run("endpoints").stdout)
        (stage.home / "models.toml").write_text("nonsense")
        wait_until(lambda: "models.toml:1:" in stage.run("endpoints").stderr)
        assert "qwen3-4b/qwen3-4b" in stage.run("endpoints").stdout
        run(stage, "list")
        (stage.home / "models.toml").unlink()
        wait_until(lambda: "qwen3-4b/qwen3-4b" not in stage.run("endpoints").stdout)
        assert "models.toml" not in stage.run("endpoints").stderr
