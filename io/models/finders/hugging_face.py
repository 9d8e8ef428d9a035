"""The Hugging Face cache, which transformers, mlx-lm, vLLM and newer llama.cpp share.

    hub/models--ORG--NAME/refs/main                 the commit that `main` was at
    hub/models--ORG--NAME/snapshots/COMMIT/FILE     a link to ../../blobs/HASH
    hub/models--ORG--NAME/blobs/HASH[.incomplete]   the content, named by its SHA-256

A snapshot holds the files that were fetched at that commit and no others: so all snapshots are
looked into, that of `main` first, and a file of an older one counts if no newer one has it.

Sources: the Hub's documentation, "Hub Local Cache"; huggingface/huggingface_hub,
src/huggingface_hub/constants.py (the environment variables) and file_download.py (`.incomplete`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ....protocols.models.local_model import HUGGING_FACE, MLX, ModelPlace
from ..found import Found, unfinished
from ..scan import Scan
from .tree import Tree

REPOSITORIES_MAX: Final = 5_000
SNAPSHOTS_MAX: Final = 50
"""Of one repository."""
REFERENCE_BYTES_MAX: Final = 1_000

_FOLDER: Final = re.compile(r"models--(.+)")
_COMMIT: Final = re.compile(r"[0-9a-fA-F]{5,64}")
_SEPARATOR: Final = "--"


def folders(environ: Mapping[str, str], home: Path) -> list[Path]:
    """Where the cache is; one folder, the first that is said."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if environ.get(name):
            return [Path(environ[name]).expanduser()]
    if environ.get("HF_HOME"):
        return [Path(environ["HF_HOME"]).expanduser() / "hub"]
    cache = Path(environ["XDG_CACHE_HOME"]) if environ.get("XDG_CACHE_HOME") else home / ".cache"
    return [cache / "huggingface" / "hub"]


def find(scan: Scan, folder: Path, source: str = HUGGING_FACE) -> Iterator[Found]:
    """Every model in the cache."""
    for name in scan.names(folder)[:REPOSITORIES_MAX]:
        matched = _FOLDER.fullmatch(name)
        if matched is not None and not scan.is_over:
            yield from _models(scan, folder / name, matched[1].replace(_SEPARATOR, "/"), source)


def _models(scan: Scan, repository: Path, title: str, source: str) -> Iterator[Found]:
    seen: set[str] = set()
    for snapshot in _snapshots(scan, repository):
        for found in Tree(source, snapshot, title).models(scan):
            name = title if found.form == MLX else found.place.title
            if name not in seen:
                seen.add(name)
                yield found
    for name in scan.names(repository / "blobs"):
        # Small files are fetched first and whole: what is under way is the weights.
        if name.endswith(".incomplete"):
            path = repository / "blobs" / name
            yield unfinished(ModelPlace(source, str(path), title), title.rpartition("/")[2], path)


def _snapshots(scan: Scan, repository: Path) -> list[Path]:
    current = scan.read(repository / "refs" / "main", REFERENCE_BYTES_MAX).decode(
        "ascii", "replace"
    )
    names = [name for name in scan.names(repository / "snapshots") if _COMMIT.fullmatch(name)]
    paths = [repository / "snapshots" / name for name in names]
    paths.sort(key=lambda path: (path.name == current.strip(), _changed(path)), reverse=True)
    return paths[:SNAPSHOTS_MAX]


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
