"""The harness judges itself: each judge in front of the upstream of its own dialect is content.

With nothing between, whatever fails here is the fault of the harness, or of an SDK.
"""

from __future__ import annotations

import pytest

from .cells import DIALECTS, Cell, Upstreams, cells
from .conftest import Judges


@pytest.mark.parametrize("cell", cells([(dialect, dialect) for dialect in DIALECTS]), ids=str)
def test_direct(cell: Cell, direct_judges: Judges, upstreams: Upstreams) -> None:
    upstream = upstreams[cell.upstream]
    assert cell.complaints(direct_judges[cell.served], cell.row.name, upstream) == []
