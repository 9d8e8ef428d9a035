"""What the hub says of its models: answers of its documented interface as frozen data.

Two of its addresses are asked: a search, and one model at one revision with all of its files. A
large file (Git LFS) is known by the SHA-256 of its content, a small one by git's own SHA-1 of it:
that is what a fetched file is checked against. What is missing or of another kind than documented
is left out; what is no answer of a hub at all is `HubNonsense`.

Sources: huggingface_hub, hf_api.py (ModelInfo, RepoSibling, list_models, model_info); the hub's
documentation, "Hub API Endpoints".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

import attrs

from ..json_decoding import NotJson, decode_json
from .hub_names import is_repository, is_safe_path, shown

ANSWER_BYTES_MAX: Final = 8 * 1024 * 1024
"""Of an answer that is read into memory."""
FILES_MAX: Final = 5_000
"""Files of one repository that are looked at."""
FILE_BYTES_MAX: Final = 2**44
"""16 TiB: no file of a hub's is larger."""
LICENCE_TAG: Final = "license:"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHA1 = re.compile(r"[0-9a-f]{40}")


class HubNonsense(ValueError):
    """This is no answer of a hub; the message says what is wrong with it."""


@attrs.frozen
class HubFile:
    """A file of a repository. `digest` is SHA-256 (64 digits) or git's SHA-1 (40 digits)."""

    path: str
    size_bytes: int
    digest: str

    @property
    def is_large(self) -> bool:
        """Whether it is kept outside git, and known by the SHA-256 of its content."""
        return len(self.digest) == 64


@attrs.frozen
class HubModel:
    """A model as a search finds it; `updated` is a date, and "" and 0 stand where it is silent."""

    id: str
    downloads: int = 0
    likes: int = 0
    updated: str = ""
    licence: str = ""
    gated: bool = False
    tags: frozenset[str] = frozenset()
    library: str = ""


@attrs.frozen
class HubRepository:
    """A model at one commit, with its files; `left_out` counts those with unusable names."""

    model: HubModel
    commit: str
    files: tuple[HubFile, ...]
    left_out: int = 0


def read_search(data: bytes) -> tuple[HubModel, ...]:
    """The models that a search has found. Raises HubNonsense."""
    value = _decoded(data)
    if not isinstance(value, list):
        raise HubNonsense("its answer to a search is not a list")
    found = (_model(each) for each in cast("list[Any]", value))
    return tuple(each for each in found if each is not None)


def read_repository(data: bytes) -> HubRepository:
    """One model with its files. Raises HubNonsense."""
    value = _decoded(data)
    model = _model(value)
    if model is None:
        raise HubNonsense("its answer names no model")
    members = cast("Mapping[str, Any]", value)
    commit = members.get("sha")
    if not isinstance(commit, str) or not _SHA1.fullmatch(commit):
        raise HubNonsense("its answer names no commit")
    siblings = _list(members.get("siblings"))
    if len(siblings) > FILES_MAX:
        raise HubNonsense(f"the repository has {len(siblings)} files, more than {FILES_MAX}")
    files = [_file(each) for each in siblings]
    kept = {each.path: each for each in files if each is not None}
    return HubRepository(model, commit, tuple(kept.values()), len(files) - len(kept))


def etag_of(header: str) -> str:
    """An entity tag without its quotes, as the hub writes digests into it."""
    return header.strip().removeprefix("W/").strip('"')


def _decoded(data: bytes) -> Any:
    try:
        return decode_json(data)
    except NotJson as error:
        raise HubNonsense(f"its answer is not JSON: {shown(str(error))}") from None


def _model(value: object) -> HubModel | None:
    members = _members(value)
    name = members.get("id") or members.get("modelId")
    if not isinstance(name, str) or not is_repository(name):
        return None
    tags = frozenset(each for each in _list(members.get("tags")) if isinstance(each, str))
    licences = sorted(each for each in tags if each.startswith(LICENCE_TAG))
    return HubModel(
        id=name,
        downloads=_count(members.get("downloads")),
        likes=_count(members.get("likes")),
        updated=shown(_text(members.get("lastModified"))[:10]),
        licence=shown(licences[0].removeprefix(LICENCE_TAG), 40) if licences else "",
        gated=members.get("gated") not in (None, False),
        tags=tags,
        library=shown(_text(members.get("library_name")), 40),
    )


def _file(value: object) -> HubFile | None:
    members = _members(value)
    path = _text(members.get("rfilename"))
    large = _members(members.get("lfs"))
    size = large.get("size", members.get("size"))
    digest = _text(large.get("sha256")) or _text(members.get("blobId"))
    form = _SHA256 if large else _SHA1
    if not is_safe_path(path) or not isinstance(size, int) or isinstance(size, bool):
        return None
    if not 0 <= size <= FILE_BYTES_MAX or not form.fullmatch(digest):
        return None
    return HubFile(path, size, digest)


def _members(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0
