"""Which files are taken: what was asked for, the usual, what fits, and when nobody can say."""

from __future__ import annotations

import pytest
from understudy.protocols.models.hub_api import HubFile, HubModel, HubRepository
from understudy.protocols.models.hub_choice import Chosen, Unclear, choose, variants_of

GB = 10**9


def repository(
    files: dict[str, int], *, tags: frozenset[str] = frozenset(), name: str = "a/b"
) -> HubRepository:
    listed = tuple(HubFile(path, size, "a" * 64) for path, size in files.items())
    return HubRepository(HubModel(name, tags=tags), "b" * 40, listed)


USUAL = {
    "README.md": 1,
    "m-Q2_K.gguf": 3 * GB,
    "m-Q4_K_M.gguf": 5 * GB,
    "m-Q8_0.gguf": 9 * GB,
    "m-BF16-00001-of-00002.gguf": 10 * GB,
    "m-BF16-00002-of-00002.gguf": 6 * GB,
    "mmproj-F16.gguf": GB,
    "mmproj-F32.gguf": 2 * GB,
    "imatrix.gguf": 1,
}


def chosen(files: dict[str, int], **asked: object) -> Chosen:
    found = choose(repository(files), **asked)  # type: ignore[arg-type]  # a table of what is asked
    assert isinstance(found, Chosen), found
    return found


def unclear(files: dict[str, int], **asked: object) -> Unclear:
    found = choose(repository(files), **asked)  # type: ignore[arg-type]  # a table of what is asked
    assert isinstance(found, Unclear), found
    return found


def paths(found: Chosen) -> list[str]:
    return [each.path for each in found.variant.files]


def test_four_bits_are_the_usual_choice() -> None:
    found = chosen(USUAL, room_bytes=20 * GB)
    assert paths(found) == ["m-Q4_K_M.gguf"]
    assert found.fits
    assert found.projector is not None
    assert found.projector.path == "mmproj-F16.gguf"


def test_less_is_chosen_where_the_usual_does_not_fit() -> None:
    found = chosen(USUAL, room_bytes=4 * GB)
    assert paths(found) == ["m-Q2_K.gguf"]
    assert "Q4_K_M does not fit" in found.why


def test_nothing_is_chosen_where_nothing_fits() -> None:
    found = unclear(USUAL, room_bytes=GB)
    assert "none of these fits" in found.why
    assert [each.quantisation for each in found.variants] == ["Q2_K", "Q4_K_M", "Q8_0", "BF16"]


def test_what_is_asked_for_is_taken_though_it_does_not_fit() -> None:
    found = chosen(USUAL, quantisation="BF16", room_bytes=GB)
    assert paths(found) == ["m-BF16-00001-of-00002.gguf", "m-BF16-00002-of-00002.gguf"]
    assert not found.fits


def test_a_file_stands_for_all_parts_of_its_model() -> None:
    found = chosen(USUAL, path="m-BF16-00002-of-00002.gguf")
    assert len(paths(found)) == 2


@pytest.mark.parametrize("asked", [{"quantisation": "Q5_K_M"}, {"path": "mmproj-F16.gguf"}])
def test_what_is_not_there_is_told_with_what_there_is(asked: dict[str, str]) -> None:
    found = unclear(USUAL, **asked)
    assert "there is no such model in a/b" in found.why
    assert len(found.variants) == 4


def test_two_models_of_one_kind_are_for_the_user_to_choose() -> None:
    found = unclear({"a-Q4_K_M.gguf": 1, "b-Q4_K_M.gguf": 1, "a-Q8_0.gguf": 2})
    assert "there are 2 such models" in found.why
    assert [each.name for each in found.variants] == ["a-Q4_K_M", "b-Q4_K_M"]


def test_models_of_unknown_kind_are_for_the_user_to_choose() -> None:
    found = unclear({"one.gguf": 1, "two.gguf": 1})
    assert "not clear" in found.why


def test_the_only_model_is_taken_whatever_it_is_called() -> None:
    assert paths(chosen({"one.gguf": 1, "mmproj.gguf": 1})) == ["one.gguf"]


def test_a_dynamic_quantisation_answers_to_its_plain_name() -> None:
    files = {"UD/m-UD-Q4_K_XL.gguf": 1, "m-Q4_0.gguf": 1}
    assert paths(chosen(files, quantisation="Q4_K_XL")) == ["UD/m-UD-Q4_K_XL.gguf"]


def test_a_model_with_missing_parts_is_none() -> None:
    assert variants_of(repository({"m-00001-of-00003.gguf": 1, "m-00003-of-00003.gguf": 1})) == ()


def test_a_projector_of_another_folder_is_not_taken_along() -> None:
    found = chosen({"big/m.gguf": 1, "small/mmproj-F16.gguf": 1, "mmproj-Q8_0.gguf": 1})
    assert found.projector is not None
    assert found.projector.path == "mmproj-Q8_0.gguf"


MLX = {
    "config.json": 1,
    "model-00001-of-00002.safetensors": GB,
    "model-00002-of-00002.safetensors": GB,
    "model.safetensors.index.json": 1,
    "tokenizer.json": 1,
    "chat_template.jinja": 1,
    "modeling.py": 1,
    "README.md": 1,
    "original/weights.safetensors": GB,
}


def test_of_an_mlx_model_all_comes_but_programs() -> None:
    found = choose(repository(MLX, tags=frozenset({"mlx"}), name="a/Name-4bit"))
    assert isinstance(found, Chosen)
    assert (found.variant.format, found.variant.quantisation) == ("mlx", "4bit")
    assert set(paths(found)) == set(MLX) - {
        "modeling.py",
        "README.md",
        "original/weights.safetensors",
    }
    assert paths(found)[-1].endswith(".safetensors")
    assert found.projector is None


def test_weights_for_other_programs_are_told_apart() -> None:
    assert "look for a GGUF" in unclear(MLX).why
    assert "holds no model that runs here" in unclear({"README.md": 1}).why
