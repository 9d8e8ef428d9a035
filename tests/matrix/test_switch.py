"""A conversation that goes on at another model: its thinking is not shown to a stranger.

The first model thinks and calls two tools; the user, who passes answers back as they came, asks
the second model with the results. That one must hear the calls and the results, and nothing of the
other's thinking: neither as thinking, which its API would refuse, nor as text. Only where a request
is relayed in a dialect without signatures can nobody tell whose thinking is in it.
"""

from __future__ import annotations

import pytest

from .cells import DIALECTS, Upstreams
from .conftest import Judges
from .rows import ANSWERS
from .survival import KEEPS_SIGNATURES
from .understudy_server import endpoint
from .verdict import loop_complaints

ROW = next(row for row in ANSWERS if row.name == "loop")
SWITCHES = [
    (served, first, second)
    for served in DIALECTS
    for first in DIALECTS
    for second in DIALECTS
    if first != second
]


@pytest.mark.parametrize(("served", "first", "second"), SWITCHES)
def test_switch(served: str, first: str, second: str, judges: Judges, upstreams: Upstreams) -> None:
    upstreams[second].take()
    question = ROW.question
    seen = judges[served].ask(question, f"{endpoint(first)}/loop", streamed=True)
    assert (seen.failure, len(seen.calls)) == (None, len(ROW.results))
    model = f"{endpoint(second)}/loop"
    seen = judges[served].ask(question, model, streamed=True, results=ROW.results)
    heard, found = upstreams[second].take()
    assert (found, seen.failure, seen.text) == ([], None, "Paris.")
    unsigned = served == second and second not in KEEPS_SIGNATURES
    assert loop_complaints(ROW, heard[-1], own=None if unsigned else False) == []
