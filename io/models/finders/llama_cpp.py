"""llama.cpp's own cache: files side by side, named `ORG_REPOSITORY_FILE.gguf`.

Beside a file lies what was known of its download: `FILE.json` with its `url` (until late 2025) or
`FILE.etag`, and for `-hf` a `manifest=ORG_REPOSITORY=TAG.json`, of which the beginning of the
file's name is seen. Since 2026 `-hf` keeps what it fetches in the Hugging Face cache, or in that
cache's form below LLAMA_CACHE where that is set.

Sources: ggml-org/llama.cpp, common/common.cpp (`fs_get_cache_directory`), common/download.cpp (the
endings), common/hf-cache.cpp (`get_cache_directory`); of 2025: common/arg.cpp (`manifest=`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import attrs

from ....protocols.json_decoding import NotJson, decode_json
from ....protocols.json_values import object_of, text_of
from ....protocols.models.local_model import LLAMA_CPP, ModelPlace
from ..found import Found
from ..scan import Scan
from . import hugging_face
from .tree import Tree

MANIFEST: Final = "manifest="
HUB_PATH_PARTS: Final = 5
"""Of a file's address at a hub: /ORG/REPOSITORY/resolve/REVISION/FILE, at least."""


def folders(environ: Mapping[str, str], home: Path) -> list[Path]:
    """Where the cache is."""
    if environ.get("LLAMA_CACHE"):
        return [Path(environ["LLAMA_CACHE"]).expanduser()]
    if sys.platform == "darwin":
        return [home / "Library" / "Caches" / "llama.cpp"]
    cache = Path(environ["XDG_CACHE_HOME"]) if environ.get("XDG_CACHE_HOME") else home / ".cache"
    return [cache / "llama.cpp"]


def find(scan: Scan, folder: Path) -> Iterator[Found]:
    """Every model in the cache, in both of its forms."""
    yield from hugging_face.find(scan, folder, LLAMA_CPP)
    names = scan.names(folder)
    prefixes = [_prefix(name) for name in names if name.startswith(MANIFEST)]
    for found in Tree(LLAMA_CPP, folder, depth_max=0).models(scan):
        title = _title(scan, found, prefixes)
        publisher, _, rest = title.partition("/")
        yield attrs.evolve(
            found,
            place=ModelPlace(LLAMA_CPP, found.place.path, title),
            name=rest.rpartition("/")[2] if rest else title,
            publisher=publisher if rest else "",
        )


def _title(scan: Scan, found: Found, prefixes: list[str]) -> str:
    """The repository and the file, as far as something tells where one ends."""
    known = _of_url(scan.read(found.parts[0].with_name(f"{found.parts[0].name}.json")))
    if known:
        return known
    for prefix in sorted(prefixes, key=len, reverse=True):
        if prefix and found.name.startswith(f"{prefix}_"):
            return f"{prefix.replace('_', '/', 1)}/{found.name[len(prefix) + 1 :]}"
    return found.name


def _prefix(manifest: str) -> str:
    return manifest.removeprefix(MANIFEST).partition("=")[0]


def _of_url(content: bytes) -> str:
    try:
        url = text_of(object_of(decode_json(content)).get("url"))
        path = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    except (NotJson, ValueError):
        return ""
    if len(path) < HUB_PATH_PARTS or path[2] != "resolve":
        return ""
    stem = path[-1].removesuffix(".gguf")
    return f"{path[0]}/{path[1]}/{stem}"
