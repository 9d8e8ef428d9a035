"""Names that come from a hub: which are safe to write, and which quantisation they claim.

A hub's answer is a stranger's text, and its file names become paths on this disk and lines on this
terminal. So a path is taken only if each of its steps is a plain name; whatever else there is in a
repository is passed over, never repaired. The length is that of most file systems.

Sources: huggingface_hub.utils._validators (names of repositories); llama.cpp,
common/download.cpp (quantisations at the end of a name).
"""

from __future__ import annotations

import re
from typing import Final

from .file_names import GGUF_ENDING, split_name

STEP_BYTES_MAX: Final = 200
"""Of one step of a path; what we put around it keeps below the usual limit of 255."""
STEPS_MAX: Final = 8
TEXT_CHARACTERS_MAX: Final = 300
"""Of a stranger's text that is shown."""

_REPOSITORY_STEP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_QUANTISATION = re.compile(
    r"(?:^|[-._])"
    r"(?P<name>(?:UD-)?(?:I?Q\d+(?:_[A-Z0-9]+)*|TQ\d_\d|BF16|FP?16|FP?32|MXFP4(?:_MOE)?|NVFP4))"
    r"(?=$|[-._])",
    re.IGNORECASE,
)


def is_repository(name: str) -> bool:
    """Whether it is the name of a repository: an owner and a name."""
    steps = name.split("/")
    return (
        len(steps) == 2
        and all(_REPOSITORY_STEP.fullmatch(step) for step in steps)
        and not any(bad in name for bad in ("..", "--"))
        and not name.endswith((".", "-", ".git"))
    )


def is_revision(name: str) -> bool:
    """Whether it can be a branch, a tag or a commit."""
    return bool(_REVISION.fullmatch(name)) and ".." not in name and "//" not in name


def is_safe_path(path: str) -> bool:
    """Whether it leads to a file below the repository's folder, on every file system of ours.

    Steps that begin with a dot are left to us and to git.
    """
    steps = path.split("/")
    return len(steps) <= STEPS_MAX and all(map(_is_safe_step, steps))


def shown(text: str, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
    """A stranger's text as it may stand on a terminal: one line, without control characters."""
    cut = text if len(text) <= characters_max else f"{text[: characters_max - 1]}…"
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in cut)


def quantisation_of(path: str) -> str:
    """The quantisation that a GGUF file's name ends in, in upper case; "" if it names none."""
    is_file = path.lower().endswith(GGUF_ENDING)
    stem = (split_name(path)[0] if is_file else path).rpartition("/")[2]
    names = [found["name"].upper() for found in _QUANTISATION.finditer(stem)]
    return names[-1] if names else ""


def _is_safe_step(step: str) -> bool:
    return (
        0 < len(step.encode(errors="replace")) <= STEP_BYTES_MAX
        and step.isprintable()
        and not step.startswith((".", " ", "~"))
        and not step.endswith((".", " "))
        and not any(bad in step for bad in '\\:*?"<>|')
    )
