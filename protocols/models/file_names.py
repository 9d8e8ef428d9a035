"""What the names of model files say: which belong together, which are models, which are unfinished.

A large GGUF comes in parts, `name-00001-of-00003.gguf`; a projector for images has `mmproj` in its
name; some files with the same ending are no models at all. A download that is under way has an
ending, or a beginning, of its own. Names are claims: what a file really is, its header says.

Sources: ggml-org/llama.cpp, common/download.cpp (`get_gguf_split_info`, `gguf_filename_is_model`,
`.downloadInProgress`); the endings of other programs stand with the finders in io/models/finders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import attrs

GGUF_ENDING: Final = ".gguf"
PARTS_MAX: Final = 1_000
"""Of one model; a name that claims more is taken for a model of one part."""
NAME_CHARACTERS_MAX: Final = 64
"""Of an id: it becomes an endpoint's name."""

_SPLIT: Final = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.IGNORECASE)
_PROJECTOR: Final = re.compile(r"mmproj", re.IGNORECASE)
_NO_MODEL: Final = re.compile(r"imatrix|(?:^|/)(?:mtp|eagle3|dflash|dspark)-", re.IGNORECASE)
_UNFINISHED: Final = re.compile(
    r"(?P<name>.+)\.(?:part|partial|incomplete|downloadInProgress|tmp|download)", re.IGNORECASE
)
_UNFINISHED_BEGINNING: Final = "downloading_"
_NOT_IN_AN_ID: Final = re.compile(r"[^a-z0-9._]+")


@attrs.frozen
class FileGroup:
    """The files of one model, first part first; `missing` counts parts that are not there."""

    name: str
    parts: tuple[str, ...]
    missing: int = 0


@attrs.frozen
class FileGroups:
    """The GGUF files of a folder: models, projectors, and the names of unfinished downloads."""

    models: tuple[FileGroup, ...] = ()
    projectors: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()


def group_files(names: Iterable[str]) -> FileGroups:
    """Sorts the names of a folder's files."""
    groups: dict[tuple[str, int], dict[int, str]] = {}
    projectors: list[str] = []
    unfinished: list[str] = []
    for name in sorted(names):
        if finished_name(name).lower().endswith(GGUF_ENDING) and finished_name(name) != name:
            unfinished.append(name)
        elif not name.lower().endswith(GGUF_ENDING) or _NO_MODEL.search(name):
            continue
        elif _PROJECTOR.search(name):
            projectors.append(name)
        else:
            stem, number, count = split_name(name)
            groups.setdefault((stem, count), {})[number] = name
    models = [_group(stem, count, parts) for (stem, count), parts in groups.items()]
    return FileGroups(tuple(models), tuple(projectors), tuple(unfinished))


def split_name(name: str) -> tuple[str, int, int]:
    """A file's name without its ending and part number, the number of the part, and of all."""
    found = _SPLIT.fullmatch(name)
    if found is not None:
        number, count = int(found[2]), int(found[3])
        if 1 <= number <= count <= PARTS_MAX:
            return found[1], number, count
    return name[: -len(GGUF_ENDING)], 1, 1


def finished_name(name: str) -> str:
    """The name that a download will have once it is whole; the same name for other files."""
    found = _UNFINISHED.fullmatch(name)
    name = found["name"] if found else name
    return name.removeprefix(_UNFINISHED_BEGINNING) if found else name


def nearest_projector(model: str, projectors: Iterable[str]) -> str:
    """The projector for a model, both as paths below one folder; "" if there is none.

    One in the model's own folder is nearer than one above it, and one of 16 bits better than one
    that is quantised more: it is small, and what it loses every image loses.
    """
    near = [each for each in projectors if model.startswith(each[: each.rfind("/") + 1])]
    if not near:
        return ""
    return max(near, key=lambda each: (each.count("/"), bool(re.search("f16", each, re.I)), each))


def id_of(name: str) -> str:
    """A short id: what an endpoint may be called, and what a shell needs no quotes for."""
    slug = _NOT_IN_AN_ID.sub("-", name.lower()).strip("-._")
    return slug[:NAME_CHARACTERS_MAX].rstrip("-._") or "model"


def _group(stem: str, count: int, parts: dict[int, str]) -> FileGroup:
    there = tuple(parts[number] for number in sorted(parts))
    return FileGroup(stem, there, count - len(there))
