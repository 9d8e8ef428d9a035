"""Every served dialect times every upstream dialect, through one running Understudy."""

from __future__ import annotations

import pytest

from .cells import DIALECTS, Cell, Upstreams, cells
from .conftest import Judges
from .understudy_server import endpoint

PAIRS = [(served, upstream) for served in DIALECTS for upstream in DIALECTS]


@pytest.mark.parametrize("cell", cells(PAIRS), ids=str)
def test_cell(cell: Cell, judges: Judges, upstreams: Upstreams) -> None:
    model = f"{endpoint(cell.upstream)}/{cell.row.name}"
    assert cell.complaints(judges[cell.served], model, upstreams[cell.upstream]) == []
