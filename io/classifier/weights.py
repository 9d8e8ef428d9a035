"""Reads and writes the weights of the classifier of commands (protocols/switching/classifier).

One file of JSON: the words, then the weights as bytes, row after row, compressed and in base 64. It
is part of the package and read once, when the server starts; `make classifier` writes it.
"""

from __future__ import annotations

import base64
import zlib
from array import array
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from ...protocols.switching.classifier import WIDTH, Classifier
from ...protocols.switching.features import ROWS

REMEDY: Final = "install Understudy again, or run `make classifier`"
OF_THE_PACKAGE: Final = Path(__file__).parent / "commands.weights"


class _Stored(msgspec.Struct):
    """The file's form. Words are parted by blanks; `spoken` ones stand in commands."""

    scale: float
    bias: list[float]
    words: str
    spoken: str
    weights: str


@cache
def load_classifier(path: Path = OF_THE_PACKAGE) -> Classifier:
    """The classifier of a file, by default the one that was installed.

    Raises OSError if it cannot be read, and ValueError if it is none.
    """
    try:
        stored = msgspec.json.decode(path.read_bytes(), type=_Stored)
        weights = array("b", zlib.decompress(base64.b64decode(stored.weights, validate=True)))
    except (ValueError, zlib.error) as problem:
        raise ValueError(f"{path}: {problem}; {REMEDY}") from problem
    if len(weights) != ROWS * WIDTH or len(stored.bias) != WIDTH:
        raise ValueError(f"{path}: {len(weights)} weights, {ROWS * WIDTH} are due; {REMEDY}")
    words, spoken = frozenset(stored.words.split()), frozenset(stored.spoken.split())
    columns = [weights[at::WIDTH] for at in range(WIDTH)]
    return Classifier(columns, stored.scale, tuple(stored.bias), words, spoken)


def write_classifier(path: Path, classifier: Classifier) -> None:
    """Writes a classifier so that the same one makes the same bytes."""
    rows = array("b", bytes(ROWS * WIDTH))
    for at, column in enumerate(classifier.weights):
        rows[at::WIDTH] = column
    packed = zlib.compress(rows.tobytes(), 9)
    stored = _Stored(
        classifier.scale,
        list(classifier.bias),
        " ".join(sorted(classifier.words)),
        " ".join(sorted(classifier.spoken)),
        base64.b64encode(packed).decode(),
    )
    path.write_bytes(msgspec.json.format(msgspec.json.encode(stored), indent=1) + b"\n")
