"""Whatever lies in a cache, a listing comes to its end and says what was wrong."""

from __future__ import annotations

import itertools
import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from understudy.io.models import library as library_module
from understudy.io.models import scan as scan_module
from understudy.io.models.scan import Scan, identity_of
from understudy.protocols.json_values import object_of
from understudy.protocols.models.file_names import group_files, id_of, nearest_projector, split_name
from understudy.protocols.models.mlx_facts import mlx_facts, template_of
from understudy.protocols.models.safetensors import (
    HEADER_BYTES_MAX,
    LENGTH,
    SafetensorsProblem,
    header_bytes,
    read_header,
)

from .caches import MLX_TENSORS, gguf, plant_mlx, plant_ollama, safetensors, write
from .conftest import Machine

WEIGHTS = safetensors(MLX_TENSORS)
HEADER = read_header(WEIGHTS[LENGTH.size : LENGTH.size + header_bytes(WEIGHTS)])
CONFIG_KEYS = (
    "model_type", "text_config", "quantization", "quantization_config", "head_dim",
    "max_position_embeddings", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
    "hidden_size", "vision_config", "architectures",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def problem_of(machine: Machine) -> str:
    (model,) = machine.library().models
    return model.problem


def test_links_that_lead_back_end(machine: Machine) -> None:
    folder = machine.lm_studio / "a" / "b"
    write(folder / "c.gguf", gguf())
    (folder / "again").symlink_to(machine.lm_studio)
    (folder / "itself").symlink_to("itself")
    assert [model.id for model in machine.library().models] == ["c"]


def test_a_folder_that_cannot_be_read_is_noted(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(machine.lm_studio / "a" / "b" / "c.gguf", gguf())
    closed = machine.lm_studio / "z"
    closed.mkdir()
    opens = os.scandir

    def scandir(path: Path) -> Iterator[os.DirEntry[str]]:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return opens(path)

    monkeypatch.setattr(os, "scandir", scandir)
    library = machine.library()
    assert [model.id for model in library.models] == ["c"]
    assert library.problems == (f"{closed}: cannot be looked into: Permission denied",)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"GGUF", "ends"),
        (b"version https://git-lfs.example/spec/v1\n", "git lfs pull"),
        (b"\x00" * 100, "not a GGUF file"),
        (gguf()[:-10_000], "ends at byte"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60), "cannot be in"),
    ],
)
def test_files_that_are_no_models(machine: Machine, content: bytes, problem: str) -> None:
    write(machine.lm_studio / "a" / "b" / "c.gguf", content)
    assert problem in problem_of(machine)


def test_things_of_another_kind_under_a_model_s_name(machine: Machine) -> None:
    folder = machine.lm_studio / "a" / "b"
    (folder / "folder.gguf").mkdir(parents=True)
    os.mkfifo(folder / "pipe.gguf")
    (folder / "null.gguf").symlink_to("/dev/null")
    found = {model.id: model.problem for model in machine.library().models}
    assert found == {"null": "not a file; name a .gguf file", "pipe": found["null"]}


def test_a_pipe_in_a_small_file_s_place(machine: Machine) -> None:
    folder = plant_mlx(machine.lm_studio / "a" / "b")
    (folder / "chat_template.jinja").unlink()
    os.mkfifo(folder / "chat_template.jinja")
    library = machine.library()
    assert library.models[0].facts.template is False
    assert library.problems == (f"{folder}/chat_template.jinja: not a regular file",)


def test_names_that_are_no_text(machine: Machine) -> None:
    folder = machine.lm_studio / "a" / "b"
    folder.mkdir(parents=True)
    for name in (b"\xff\xfe.gguf", b"red\x1b[31m.gguf", b"two\nlines.gguf"):
        (folder / os.fsdecode(name)).write_bytes(gguf(repr(name)))
    found = {model.id: model.problem for model in machine.library().models}
    assert found == {
        "red-31m": "its path has control characters in it; rename it",
        "two-lines": "its path has control characters in it; rename it",
        "model": "its path is not UTF-8 text; rename it",
    }


def test_a_manifest_that_is_too_large_is_not_read(machine: Machine) -> None:
    path = machine.ollama / "manifests" / "h" / "n" / "m" / "t"
    write(path, b" " * (scan_module.TEXT_BYTES_MAX + 1))
    library = machine.library()
    assert library.models == ()
    assert "larger than the" in library.problems[0]


def test_a_manifest_that_is_nested_without_end(machine: Machine) -> None:
    write(machine.ollama / "manifests" / "h" / "n" / "m" / "t", b"[" * 1_000_000)
    library = machine.library()
    assert library.models == ()
    assert "no manifest of Ollama's" in library.problems[0]


def test_a_digest_leads_nowhere_but_to_a_blob(machine: Machine) -> None:
    secret = write(machine.home / "secret", gguf())
    blob = plant_ollama(machine.ollama, "h/n/m:t", {"model": gguf()})
    manifest = machine.ollama / "manifests" / "h" / "n" / "m" / "t"
    content = manifest.read_text().replace(blob.name.replace("-", ":"), "sha256:../../../secret")
    assert secret.name in content
    manifest.write_text(content)
    assert machine.library().models == ()


def test_a_tree_too_large_is_left_with_a_note(machine: Machine) -> None:
    for number in range(30):
        write(machine.lm_studio / "a" / "b" / f"{number:02}.gguf", gguf(str(number)))
    library = machine.library(Scan(entries_max=20))
    assert len(library.models) < 30
    assert "20 entries were enough" in library.problems[0]


def test_a_slow_disk_is_left_with_a_note(machine: Machine) -> None:
    for number in range(30):
        write(machine.lm_studio / "a" / "b" / f"{number:02}.gguf", gguf(str(number)))
    ticking = itertools.count()
    library = machine.library(Scan(clock=lambda: float(next(ticking)), seconds_max=20))
    assert len(library.models) < 30
    assert "20 seconds were enough" in library.problems[0]


def test_reading_has_an_end(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    write(machine.lm_studio / "a" / "b" / "c.gguf", gguf())
    monkeypatch.setattr(library_module, "READ_SECONDS_MAX", 0.0)
    ticking = itertools.count()
    library = machine.library(Scan(clock=lambda: float(next(ticking)), seconds_max=1_000))
    assert library.problems == ("not all models were read: 0 seconds were enough",)
    assert [(each.id, each.facts.architecture) for each in library.models] == [("c", "")]


def test_folders_too_deep_are_noted(machine: Machine) -> None:
    deep = machine.lm_studio.joinpath(*"abcdefgh")
    write(deep / "c.gguf", gguf())
    library = machine.library()
    assert library.models == ()
    assert "6 levels deep" in library.problems[0]


def test_what_a_scan_notes_is_bounded() -> None:
    scan = Scan()
    for number in range(1_000):
        scan.note(str(number))
        scan.note("again")
    assert len(scan.problems) == scan_module.PROBLEMS_MAX
    assert identity_of(Path("a\0b")) is None


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("model.safetensors", b"", "model.safetensors: it ends before its header; fetch it again"),
        ("model.safetensors", struct.pack("<Q", 2**62), "it is no safetensors file"),
        ("model.safetensors", struct.pack("<Q", 9) + b"{", "its header is not JSON"),
        ("model.safetensors", struct.pack("<Q", 2) + b"{}", "names no tensors"),
        ("model.safetensors", safetensors(MLX_TENSORS)[:-1], "fetch the rest of it"),
        ("config.json", b"{", "its config.json is no settings of a model; fetch it again"),
        ("config.json", b"[]", "its config.json is no settings of a model; fetch it again"),
        ("tokenizer.json", None, "it has no tokenizer.json; fetch it again"),
        (
            "model.safetensors.index.json",
            b'{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}',
            "model-1.safetensors and 1 more of its files are not there; fetch them",
        ),
        (
            "model.safetensors.index.json",
            b'{"weight_map": {"a": "model-1.safetensors", "b": "../x", "c": 7}}',
            "model-1.safetensors is not there; fetch it",
        ),
    ],
)
def test_an_mlx_folder_that_is_not_whole(
    machine: Machine, name: str, content: bytes | None, problem: str
) -> None:
    folder = plant_mlx(machine.lm_studio / "a" / "b")
    if content is None:
        (folder / name).unlink()
    else:
        write(folder / name, content)
    assert problem in problem_of(machine)


@given(st.binary(max_size=200))
def test_a_safetensors_header_is_read_or_refused(content: bytes) -> None:
    try:
        assert 2 <= header_bytes(content) <= HEADER_BYTES_MAX
        read_header(content)
    except SafetensorsProblem:
        return


@given(st.dictionaries(st.text(max_size=5), JSON, min_size=1))
def test_a_header_of_any_json_is_read_or_refused(entries: dict[str, object]) -> None:
    try:
        header = read_header(json.dumps(entries).encode())
    except SafetensorsProblem:
        return
    assert all(tensor.count >= 0 for tensor in header.tensors.values())


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(CONFIG_KEYS, JSON),
    ),
    JSON,
)
def test_settings_of_any_kind_give_facts(config: dict[str, object], tokenizer: object) -> None:
    template = template_of(object_of(tokenizer))
    facts = mlx_facts(config, [HEADER], template)
    assert facts.parameters >= 0
    assert facts.token_bytes >= 0
    assert facts.architecture.isprintable()


@given(st.lists(st.text(max_size=12)))
def test_names_of_any_kind_are_sorted(names: list[str]) -> None:
    files = [f"{name}.gguf" for name in names] + names
    groups = group_files(files)
    kept = {part for group in groups.models for part in group.parts}
    assert kept | set(groups.projectors) | set(groups.unfinished) <= set(files)
    for name in files:
        assert 1 <= len(id_of(name)) <= 64


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a-00002-of-00003.gguf", ("a", 2, 3)),
        ("a-00004-of-00003.gguf", ("a-00004-of-00003", 1, 1)),
        ("a-00000-of-00003.gguf", ("a-00000-of-00003", 1, 1)),
        ("a-00001-of-99999.gguf", ("a-00001-of-99999", 1, 1)),
        ("A.GGUF", ("A", 1, 1)),
    ],
)
def test_what_a_split_file_s_name_says(name: str, found: tuple[str, int, int]) -> None:
    assert split_name(name) == found


def test_the_nearest_projector_is_taken() -> None:
    projectors = ["mmproj-F16.gguf", "q4/mmproj-Q8_0.gguf", "q4/mmproj-BF16.gguf", "q8/mmproj.gguf"]
    assert nearest_projector("q4/a.gguf", projectors) == "q4/mmproj-BF16.gguf"
    assert nearest_projector("q5/a.gguf", projectors) == "mmproj-F16.gguf"
    assert nearest_projector("a.gguf", ["q8/mmproj.gguf"]) == ""
