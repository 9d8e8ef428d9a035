"""LM Studio's models: `models/PUBLISHER/MODEL/FILE`, of GGUF files and of MLX folders.

Its home is `~/.lmstudio`, or `~/.cache/lm-studio` where that was made first; a file in the user's
home, `.lmstudio-home-pointer`, names another one. `settings.json` in it may say in
`downloadsFolder` that models lie elsewhere; what lies at the old place is then still ours to show.

Sources: LM Studio's documentation, "Import Models"; lmstudio-ai/lms, src/modelsFolder.ts;
lmstudio-ai/lmstudio.js, packages/lms-common-server/src/findLMStudioHome.ts. That an unfinished
download is called `downloading_FILE.part`: lmstudio-ai/lmstudio-bug-tracker, issue 1477.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ....protocols.json_decoding import NotJson, decode_json
from ....protocols.json_values import object_of, text_of
from ....protocols.models.local_model import LM_STUDIO
from ..found import Found
from ..scan import Scan
from .tree import Tree

POINTER: Final = ".lmstudio-home-pointer"
POINTER_BYTES_MAX: Final = 10_000
SETTINGS: Final = "settings.json"


def folders(_environ: Mapping[str, str], home: Path) -> list[Path]:
    """Where its models are: what its settings say, and the places by default."""
    scan = Scan()  # a settings file that cannot be read says nothing: the defaults are looked at
    homes = [home / ".lmstudio", home / ".cache" / "lm-studio"]
    pointer = scan.read(home / POINTER, POINTER_BYTES_MAX).decode("utf-8", "replace").strip()
    if pointer and "\0" not in pointer:
        homes.insert(0, home / pointer)
    found: list[Path] = []
    for each in homes:
        chosen = _downloads_folder(scan.read(each / SETTINGS))
        found += [home / chosen] if chosen else []
        found.append(each / "models")
    return list(dict.fromkeys(found))


def find(scan: Scan, folder: Path) -> Iterator[Found]:
    """Every model there."""
    return Tree(LM_STUDIO, folder).models(scan)


def _downloads_folder(content: bytes) -> str:
    try:
        chosen = text_of(object_of(decode_json(content)).get("downloadsFolder"))
    except NotJson:
        return ""
    return "" if "\0" in chosen else chosen
