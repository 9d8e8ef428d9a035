"""Each program's models are found where and as it keeps them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import attrs
import pytest
from understudy.io.models.finders import lm_studio
from understudy.io.models.finders.ollama import title_of
from understudy.protocols.models.local_model import (
    HUGGING_FACE,
    LLAMA_CPP,
    LM_STUDIO,
    MLX,
    OLLAMA,
    OWN,
    ModelPlace,
)

from .caches import (
    COMMIT,
    MLX_PARAMETERS,
    MLX_TENSORS,
    OLDER,
    gguf,
    parts,
    plant_hugging_face,
    plant_mlx,
    plant_ollama,
    safetensors,
    write,
)
from .conftest import Machine

REPOSITORY = "Qwen/Qwen3-4B-GGUF"
QWEN = "registry.ollama.ai/library/qwen3:4b"


def ids(machine: Machine) -> list[str]:
    return [model.id for model in machine.models()]


def test_a_machine_without_models(machine: Machine) -> None:
    library = machine.library()
    assert (library.models, library.problems) == ((), ())
    assert {place.source for place in library.places} == {
        OWN,
        HUGGING_FACE,
        LM_STUDIO,
        OLLAMA,
        LLAMA_CPP,
    }


def test_a_file_in_the_hugging_face_cache(machine: Machine) -> None:
    link = plant_hugging_face(machine.hugging_face, REPOSITORY, "Qwen3-4B-Q4_K_M.gguf", gguf())
    model = machine.only()
    assert (model.id, model.source) == ("qwen3-4b-q4_k_m", HUGGING_FACE)
    assert (model.path, model.title) == (str(link), f"{REPOSITORY}/Qwen3-4B-Q4_K_M")
    assert model.size_bytes == len(gguf())
    facts = model.facts
    assert (facts.architecture, facts.context_tokens, facts.tools) == ("llama", 4_096, True)
    assert model.problem == ""


@pytest.mark.parametrize(
    ("variable", "folder"),
    [
        ("HF_HUB_CACHE", "cache"),
        ("HUGGINGFACE_HUB_CACHE", "cache"),
        ("HF_HOME", "cache/hub"),
        ("XDG_CACHE_HOME", "cache/huggingface/hub"),
    ],
)
def test_the_hugging_face_cache_may_be_elsewhere(
    machine: Machine, variable: str, folder: str
) -> None:
    machine.environ[variable] = str(machine.home / "cache")
    plant_hugging_face(machine.home / folder, REPOSITORY, "a.gguf", gguf())
    assert ids(machine) == ["a"]


def test_files_of_older_snapshots_are_there_as_well(machine: Machine) -> None:
    for name, commit in (("a.gguf", OLDER), ("b.gguf", OLDER), ("b.gguf", COMMIT)):
        content = gguf(name + commit)
        plant_hugging_face(machine.hugging_face, REPOSITORY, name, content, commit)
    found = {model.id: model.path for model in machine.models()}
    assert sorted(found) == ["a", "b"]
    assert COMMIT in found["b"]


def test_a_download_that_is_not_finished(machine: Machine) -> None:
    folder = machine.hugging_face / "models--Qwen--Qwen3-4B-GGUF"
    write(folder / "blobs" / f"{'a' * 64}.incomplete", b"GGUF")
    model = machine.only()
    assert (model.id, model.title) == ("qwen3-4b-gguf", REPOSITORY)
    assert model.problem == "its download is not finished"


def test_datasets_and_other_files_are_no_models(machine: Machine) -> None:
    cache = machine.hugging_face
    write(cache / "datasets--a--b" / "snapshots" / COMMIT / "model.gguf", gguf())
    write(cache / "version.txt", b"1")
    plant_hugging_face(cache, REPOSITORY, "README.md", b"# A model")
    plant_hugging_face(cache, REPOSITORY, "imatrix_unsloth.gguf", gguf())
    plant_hugging_face(cache, REPOSITORY, "mtp-a.gguf", gguf())
    assert ids(machine) == []


def test_a_split_model_is_one(machine: Machine) -> None:
    contents = parts("large", 3)
    names = [f"Q8_0/large-{number:05}-of-00003.gguf" for number in (1, 2, 3)]
    links = [
        plant_hugging_face(machine.hugging_face, "a/large", name, content)
        for name, content in zip(names, contents, strict=True)
    ]
    model = machine.only()
    assert (model.id, len(model.parts), model.problem) == ("large", 3, "")
    assert model.parts == tuple(map(str, links))
    assert model.size_bytes == sum(map(len, contents))
    assert model.facts.parameters == 3 * 64 * 64


def test_a_part_that_is_missing_is_told(machine: Machine) -> None:
    write(machine.lm_studio / "a" / "large" / "large-00001-of-00003.gguf", parts("large", 3)[0])
    assert machine.only().problem == "2 of its 3 parts are not there; fetch it again"


def test_a_projector_belongs_to_its_model(machine: Machine) -> None:
    folder = machine.lm_studio / "google" / "gemma"
    write(folder / "gemma-Q4_K_M.gguf", gguf())
    write(folder / "mmproj-gemma-Q8_0.gguf", gguf())
    best = write(folder / "mmproj-gemma-F16.gguf", gguf())
    model = machine.only()
    assert (model.projector, model.facts.vision) == (str(best), True)
    write(machine.lm_studio / "google" / "other" / "other.gguf", gguf())
    assert [each.projector for each in machine.models()] == [str(best), ""]


def test_lm_studio_s_models(machine: Machine) -> None:
    path = write(machine.lm_studio / "infra-ai" / "ocelot-v1" / "ocelot-q4_0.gguf", gguf())
    write(path.with_name("downloading_ocelot-q8_0.gguf.part"), b"GGUF")
    whole, part = machine.models()
    assert (whole.id, whole.source) == ("ocelot-q4_0", LM_STUDIO)
    assert whole.title == "infra-ai/ocelot-v1/ocelot-q4_0"
    assert (part.id, part.problem) == ("ocelot-q8_0", "its download is not finished")


def test_lm_studio_may_keep_its_models_elsewhere(machine: Machine) -> None:
    chosen = machine.home / "disk"
    write(machine.home / ".lmstudio" / "settings.json", _downloads(chosen))
    write(chosen / "a" / "b" / "c.gguf", gguf("c"))
    write(machine.lm_studio / "a" / "b" / "old.gguf", gguf("old"))
    write(machine.home / ".cache" / "lm-studio" / "models" / "a" / "b" / "d.gguf", gguf("d"))
    assert ids(machine) == ["c", "old", "d"]


def test_lm_studio_s_home_may_be_elsewhere(machine: Machine) -> None:
    write(machine.home / lm_studio.POINTER, b"/srv/studio\n")
    assert lm_studio.folders({}, machine.home)[0] == Path("/srv/studio/models")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"downloadsFolder": 7}', b"\xff"])
def test_settings_of_lm_studio_that_say_nothing(machine: Machine, content: bytes) -> None:
    write(machine.home / ".lmstudio" / "settings.json", content)
    assert lm_studio.folders({}, machine.home)[0] == machine.lm_studio


def _downloads(folder: Path) -> bytes:
    return json.dumps({"downloadsFolder": str(folder)}).encode()


def test_a_model_of_ollama_s(machine: Machine) -> None:
    layers = {"model": gguf(), "projector": gguf("eyes"), "license": b"\nApache License\n2.0"}
    blob = plant_ollama(machine.ollama, QWEN, layers)
    model = machine.only()
    assert (model.id, model.title, model.source) == ("qwen3-4b", "qwen3:4b", OLLAMA)
    assert (model.path, model.size_bytes) == (str(blob), len(gguf()))
    assert model.projector != ""
    assert (model.facts.licence, model.facts.vision) == ("Apache License", True)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (("registry.ollama.ai", "library", "qwen3", "latest"), "qwen3"),
        (("registry.ollama.ai", "library", "qwen3", "4b"), "qwen3:4b"),
        (("registry.ollama.ai", "ann", "mine", "latest"), "ann/mine"),
        (("hf.co", "Qwen", "Qwen3-4B-GGUF", "Q8_0"), "hf.co/Qwen/Qwen3-4B-GGUF:Q8_0"),
    ],
)
def test_what_ollama_calls_a_model(name: tuple[str, ...], title: str) -> None:
    assert title_of(name) == title


def test_ollama_s_models_may_be_elsewhere(machine: Machine) -> None:
    plant_ollama(machine.home / "service", QWEN, {"model": gguf()})
    assert ids(machine) == ["qwen3-4b"]
    machine.environ["OLLAMA_MODELS"] = f'"{machine.home}/own"'
    assert ids(machine) == []
    plant_ollama(machine.home / "own", QWEN, {"model": gguf()})
    assert ids(machine) == ["qwen3-4b"]


def test_a_manifest_s_newer_form_comes_first(machine: Machine) -> None:
    plant_ollama(machine.ollama, QWEN, {"model": gguf("old")})
    new = plant_ollama(machine.ollama, QWEN, {"model": gguf("new")}, "manifests-v2")
    assert machine.only().path == str(new)


def test_a_list_of_manifests_has_one_for_us(machine: Machine) -> None:
    plant_ollama(machine.ollama, "a/b/mlx:1", {"tensor": b"1"})
    blob = plant_ollama(machine.ollama, "a/b/gguf:1", {"model": gguf()})
    manifests = machine.ollama / "manifests" / "a" / "b"
    children = [json.loads((manifests / name / "1").read_bytes()) for name in ("mlx", "gguf")]
    for name in ("mlx", "gguf"):
        (manifests / name / "1").unlink()
    write(manifests / "both" / "1", json.dumps({"manifests": children}).encode())
    assert machine.only().path == str(blob)


def test_weights_of_ollama_s_own_engine_are_told_of(machine: Machine) -> None:
    plant_ollama(machine.ollama, QWEN, {"tensor": b"1"})
    assert "only" in machine.only().problem or "no other" in machine.only().problem


def test_a_model_in_ollama_s_cloud_is_not_here(machine: Machine) -> None:
    plant_ollama(machine.ollama, QWEN, {"params": b"{}"})
    assert ids(machine) == []


def test_a_blob_that_is_gone(machine: Machine) -> None:
    plant_ollama(machine.ollama, QWEN, {"model": gguf()}).unlink()
    assert machine.only().problem == "1 of its 1 parts are not there; fetch it again"


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"[]",
        b'{"layers": 7}',
        b'{"layers": [{"mediaType": "application/vnd.ollama.image.model"}]}',
        b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", '
        b'"digest": "sha256:../../../../etc/passwd"}]}',
        b"\x00" * 100,
    ],
)
def test_manifests_that_are_none(machine: Machine, manifest: bytes) -> None:
    write(machine.ollama / "manifests" / "h" / "n" / "m" / "t", manifest)
    assert machine.library().models == ()


def test_files_in_llama_cpp_s_cache(machine: Machine) -> None:
    cache = machine.llama_cpp
    for name in ("ggml-org_gemma-3_gemma-Q4.gguf", "unsloth_qwen_qwen-Q8.gguf", "plain.gguf"):
        write(cache / name, gguf(name))
    write(cache / "manifest=ggml-org_gemma-3=latest.json", b"{}")
    url = "https://hub.example/unsloth/qwen/resolve/main/qwen-Q8.gguf?download=1"
    write(cache / "unsloth_qwen_qwen-Q8.gguf.json", json.dumps({"url": url}).encode())
    write(cache / "plain.gguf.etag", b'"x"')
    found = {model.id: model.title for model in machine.models()}
    assert found == {
        "gemma-q4": "ggml-org/gemma-3/gemma-Q4",
        "plain": "plain",
        "qwen-q8": "unsloth/qwen/qwen-Q8",
    }


def test_llama_cpp_s_cache_may_have_the_hub_s_form(machine: Machine) -> None:
    machine.environ["LLAMA_CACHE"] = str(machine.home / "llama")
    plant_hugging_face(machine.home / "llama", REPOSITORY, "a.gguf", gguf())
    write(machine.home / "llama" / "b.gguf.downloadInProgress", b"GGUF")
    assert [(each.id, each.source) for each in machine.models()] == [
        ("a", LLAMA_CPP),
        ("b", LLAMA_CPP),
    ]


def test_an_mlx_folder(machine: Machine) -> None:
    folder = plant_mlx(machine.lm_studio / "mlx-community" / "Qwen3-4B-4bit")
    model = machine.only()
    assert (model.id, model.path) == ("qwen3-4b-4bit", str(folder))
    assert model.size_bytes == (folder / "model.safetensors").stat().st_size
    facts = model.facts
    assert (facts.format, facts.architecture, facts.quantisation) == (MLX, "qwen3", "4-bit")
    assert (facts.parameters, facts.context_tokens) == (MLX_PARAMETERS, 40_960)
    assert facts.token_bytes == 2 * 2 * 2 * 16 * 2
    assert (facts.template, facts.tools, facts.thinking, facts.vision) == (True, True, True, False)
    assert model.problem == ""


def test_an_mlx_repository_in_the_hugging_face_cache(machine: Machine, tmp_path: Path) -> None:
    made = plant_mlx(tmp_path / "made")
    for path in made.iterdir():
        plant_hugging_face(
            machine.hugging_face, "mlx-community/Qwen3", path.name, path.read_bytes()
        )
    model = machine.only()
    assert (model.id, model.title, model.problem) == ("qwen3", "mlx-community/Qwen3", "")


def test_what_is_no_language_model_is_left_out(machine: Machine) -> None:
    folder = plant_mlx(machine.lm_studio / "a" / "bert", architectures=["BertModel"])
    write(folder / "model.safetensors", safetensors(MLX_TENSORS, "pt"))
    assert ids(machine) == []


def test_one_model_of_several_programs_is_listed_once(machine: Machine) -> None:
    content = gguf()
    link = plant_hugging_face(machine.hugging_face, REPOSITORY, "a.gguf", content)
    blob = plant_ollama(machine.ollama, QWEN, {"model": content})
    studio = machine.lm_studio / "Qwen" / "Qwen3" / "a.gguf"
    studio.parent.mkdir(parents=True)
    os.link(link.resolve(), studio)
    model = machine.only()
    assert (model.id, model.source) == ("a", HUGGING_FACE)
    assert model.elsewhere == (
        ModelPlace(LM_STUDIO, str(studio), "Qwen/Qwen3/a"),
        ModelPlace(OLLAMA, str(blob), "qwen3:4b"),
    )


def test_equal_names_get_ids_of_their_own(machine: Machine) -> None:
    for publisher in ("one", "two"):
        write(machine.lm_studio / publisher / "m" / "m.gguf", gguf(publisher))
        plant_hugging_face(machine.hugging_face, f"{publisher}/m", "m.gguf", gguf(publisher * 2))
    assert ids(machine) == ["m", "two-m", "one-m", "m-lm-studio"]


def test_ids_are_words_for_a_shell(machine: Machine) -> None:
    names = ("Ünsinn & Co (v2).gguf", "$(rm -rf x).gguf", "-.gguf", "x" * 200 + ".gguf")
    for number, name in enumerate(names):
        write(machine.lm_studio / "a" / str(number) / name, gguf(name))
    assert ids(machine) == ["nsinn-co-v2", "rm-rf-x", "model", "x" * 64]


def test_a_model_is_known_by_what_its_program_calls_it(machine: Machine) -> None:
    blob = plant_ollama(machine.ollama, QWEN, {"model": gguf()})
    library = machine.library()
    for name in ("qwen3-4b", "qwen3:4b", "Qwen3-4B", str(blob)):
        found = library.model(name)
        assert found is not None
        assert found.id == "qwen3-4b"
    assert library.model("qwen") is None


def test_names_alone_are_had_without_opening_files(machine: Machine) -> None:
    write(machine.lm_studio / "a" / "b" / "c.gguf", b"no model")
    (model,) = machine.library(names_only=True).models
    assert (model.id, model.problem) == ("c", "")
    (model,) = machine.library().models
    assert "not a GGUF file" in model.problem


def test_our_own_folder_comes_first(machine: Machine) -> None:
    content = gguf()
    path = write(machine.folders.models_dir / "Qwen" / "Qwen3" / "a.gguf", content)
    write(path.with_name("b.gguf.part"), b"GGUF")
    plant_hugging_face(machine.hugging_face, REPOSITORY, "z.gguf", gguf("other"))
    assert [(each.id, each.source) for each in machine.models()] == [
        ("a", OWN),
        ("b", OWN),
        ("z", HUGGING_FACE),
    ]


def test_a_link_to_a_file_that_is_gone(machine: Machine) -> None:
    machine.folders.models_dir.mkdir(parents=True)
    (machine.folders.models_dir / "gone.gguf").symlink_to("/nowhere/gone.gguf")
    model = machine.only()
    assert model.problem == "no such file; check the path"
    assert attrs.evolve(model, problem="").size_bytes == 0
