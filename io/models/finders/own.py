"""Our own folder: what `models pull` has fetched, and links that `models import` has made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ....protocols.models.local_model import OWN
from ..found import Found
from ..scan import Scan
from .tree import Tree


def find(scan: Scan, folder: Path) -> Iterator[Found]:
    """Every model there."""
    return Tree(OWN, folder).models(scan)
