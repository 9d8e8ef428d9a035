"""Which files of a repository to fetch: one variant of a model, whole, and nothing else.

A repository of GGUF files holds the same model in many quantisations, some split into parts, beside
files that are no models of their own: projectors (`mmproj`), drafts, statistics. One variant is
taken: what was asked for; else the favourite of all that fit the machine. Where that leaves two
equal ones, nobody chooses for the user. A repository for MLX is one model of many files. Programs
(`*.py`) are never fetched: a repository's code does not run here.

Sources: llama.cpp, common/download.cpp (Q4_K_M first); mlx_lm.utils (which files it loads).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from .file_names import group_files, nearest_projector
from .hub_api import HubFile, HubRepository
from .hub_names import quantisation_of
from .local_model import GGUF, MLX

FAVOURITES: Final = (
    "Q4_K_M", "UD-Q4_K_XL", "Q4_K_L", "Q4_K_S", "IQ4_XS", "IQ4_NL", "MXFP4", "MXFP4_MOE", "Q4_0",
    "Q5_K_M", "UD-Q5_K_XL", "Q5_K_S", "Q6_K", "UD-Q6_K_XL", "Q8_0", "UD-Q8_K_XL", "Q3_K_M",
    "UD-Q3_K_XL", "Q3_K_L", "Q3_K_S", "IQ3_M", "IQ3_XS", "UD-IQ3_XXS", "UD-Q2_K_XL", "Q2_K",
)  # fmt: skip
"""What is taken where nobody says: four bits first, then more, then less."""
USUAL: Final = FAVOURITES[0]
MLX_ENDINGS: Final = (".json", ".safetensors", ".jinja", ".tiktoken", ".jsonl", ".txt")
MLX_NAMES: Final = ("tokenizer.model",)
MLX_TAG: Final = "mlx"


@attrs.frozen
class Variant:
    """One model that can be run: all of its files, the first one first."""

    format: str
    name: str
    quantisation: str
    files: tuple[HubFile, ...]

    @property
    def size_bytes(self) -> int:
        """Of all files."""
        return sum(each.size_bytes for each in self.files)


@attrs.frozen
class Chosen:
    """What is fetched. `projector` reads images for it, and may come along; `why` is for people."""

    variant: Variant
    why: str
    fits: bool
    projector: HubFile | None = None


@attrs.frozen
class Unclear:
    """Nothing is chosen: `why` says what is wrong, `variants` what there is."""

    why: str
    variants: tuple[Variant, ...] = ()


def variants_of(repository: HubRepository) -> tuple[Variant, ...]:
    """Every model in it that can be run here, the smallest first."""
    found = _gguf_variants(repository.files) or _mlx_variants(repository)
    return tuple(sorted(found, key=lambda each: (each.size_bytes, each.name)))


def choose(
    repository: HubRepository,
    *,
    quantisation: str = "",
    path: str = "",
    room_bytes: int | None = None,
) -> Chosen | Unclear:
    """Chooses; `room_bytes` is what weights may take on this machine, None if nobody knows."""
    variants = variants_of(repository)
    if not variants:
        return Unclear(_nothing(repository))
    if path:
        named = [each for each in variants if path in (file.path for file in each.files)]
        return _one(repository, named, variants, f"you named {path}", room_bytes)
    if quantisation:
        named = _with_quantisation(variants, quantisation)
        return _one(repository, named, variants, f"you asked for {quantisation}", room_bytes)
    return _favourite(repository, variants, room_bytes)


def fits(variant: Variant, room_bytes: int | None) -> bool:
    """Whether its weights find room; unknown room is room."""
    return room_bytes is None or variant.size_bytes <= room_bytes


def _favourite(
    repository: HubRepository, variants: Sequence[Variant], room_bytes: int | None
) -> Chosen | Unclear:
    if len(variants) == 1:
        return _one(repository, variants, variants, "it is the only one", room_bytes)
    fitting = [each for each in variants if fits(each, room_bytes)]
    if not fitting:
        why = "none of these fits the memory of this machine; name one to have it all the same"
        return Unclear(why, tuple(variants))
    for name in FAVOURITES:
        named = [each for each in fitting if each.quantisation == name]
        if named:
            larger = (
                FAVOURITES[0] in {each.quantisation for each in variants}
                and named[0].quantisation != FAVOURITES[0]
            )
            why = f"{FAVOURITES[0]} does not fit this machine" if larger else "the usual choice"
            return _one(repository, named, fitting, why, room_bytes)
    return Unclear("it is not clear which of these is wanted; name one", tuple(variants))


def _one(
    repository: HubRepository,
    named: Sequence[Variant],
    variants: Sequence[Variant],
    why: str,
    room_bytes: int | None,
) -> Chosen | Unclear:
    if len(named) != 1:
        problem = f"there are {len(named)} such models" if named else "there is no such model"
        return Unclear(f"{why}, and {problem} in {repository.model.id}", tuple(named or variants))
    (variant,) = named
    projector = _projector(repository.files, variant) if variant.format == GGUF else None
    return Chosen(variant, why, fits(variant, room_bytes), projector)


def _with_quantisation(variants: Sequence[Variant], quantisation: str) -> list[Variant]:
    exact = [each for each in variants if each.quantisation == quantisation]
    return exact or [
        each for each in variants if each.quantisation.removeprefix("UD-") == quantisation
    ]


def _gguf_variants(files: Sequence[HubFile]) -> list[Variant]:
    """Models of GGUF files; one whose parts are not all there is none."""
    by_path = {each.path: each for each in files}
    return [
        Variant(
            GGUF,
            group.name.rpartition("/")[2],
            quantisation_of(group.name),
            tuple(by_path[part] for part in group.parts),
        )
        for group in group_files(by_path).models
        if not group.missing
    ]


def _mlx_variants(repository: HubRepository) -> list[Variant]:
    files = [
        each
        for each in repository.files
        if "/" not in each.path and (each.path.endswith(MLX_ENDINGS) or each.path in MLX_NAMES)
    ]
    names = {each.path for each in files}
    is_mlx = MLX_TAG in repository.model.tags or repository.model.library == MLX_TAG
    has_weights = any(name.endswith(".safetensors") for name in names)
    if not is_mlx or not has_weights or "config.json" not in names:
        return []
    name = repository.model.id.partition("/")[2]
    return [Variant(MLX, name, _bits_of(name), tuple(sorted(files, key=_weights_last)))]


def _weights_last(file: HubFile) -> tuple[bool, str]:
    return file.path.endswith(".safetensors"), file.path


def _bits_of(name: str) -> str:
    """`4bit` of `Name-4bit`, as MLX models are called; "" if its name does not say."""
    endings = [each for each in name.lower().split("-") if each.endswith("bit")]
    return endings[-1] if endings else ""


def _projector(files: Sequence[HubFile], variant: Variant) -> HubFile | None:
    """The projector that is nearest to the model."""
    by_path = {each.path: each for each in files}
    nearest = nearest_projector(variant.files[0].path, group_files(by_path).projectors)
    return by_path.get(nearest)


def _nothing(repository: HubRepository) -> str:
    name = repository.model.id
    has_weights = any(each.path.endswith(".safetensors") for each in repository.files)
    short = name.partition("/")[2]
    search = f"`understudy models search {short}`"
    if has_weights:
        return f"{name} holds weights for other programs; look for a GGUF of it with {search}"
    return f"{name} holds no model that runs here (GGUF or MLX); look for one with {search}"
