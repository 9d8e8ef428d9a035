"""What a simulated run consists of does the same each time, in any process.

Read from the syntax tree. Clocks, entropy, threads and files are kept out by what a room may import
(`test_walls.py`). Without any import there are still the order of addresses, hashes of text, and a
source of draws that nobody seeded: Python tells no audit hook of them, and a run that used one
would fail now and then, or not at all.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("actors/", "protocols/", "simulations/")
OUTSIDE = ("simulations/explorer/",)
"""Stands outside the worlds that it runs."""
UNREPEATABLE = {"__import__", "breakpoint", "eval", "exec", "hash", "id", "input", "open"}
"""Built-in functions that depend on addresses, on the hash seed or on the machine."""


def complaints(place: str, source: str) -> list[str]:
    """Names of functions that do something else each time, called or passed on."""
    if not place.startswith(ROOMS) or place.startswith(OUTSIDE):
        return []
    nodes = list(ast.walk(ast.parse(source)))
    named = [
        (node.lineno, node.id)
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]
    drawn = [
        (node.lineno, f"{node.func.id}()")
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args
    ]
    return [
        f"{place}:{line}: {name} is not the same again in another run"
        for line, name in named + drawn
        if name in UNREPEATABLE or name == "Random()"
    ]


PLACES = [
    path.relative_to(ROOT).as_posix()
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
]


def test_every_room_does_the_same_again() -> None:
    assert {place.partition("/")[0] + "/" for place in PLACES} == set(ROOMS)
    sources = {place: (ROOT / place).read_text(encoding="utf-8") for place in PLACES}
    assert [line for place in PLACES for line in complaints(place, sources[place])] == []


@pytest.mark.parametrize(
    "planted", ["sorted(calls, key=id)", "hash('name')", "open('file')", "Random()", "exec('1')"]
)
def test_what_is_not_the_same_again_is_seen(planted: str) -> None:
    for room in ROOMS:
        assert len(complaints(f"{room}x.py", planted)) == 1
    for elsewhere in ("io/x.py", "app.py", "simulations/explorer/x.py"):
        assert complaints(elsewhere, planted) == []


def test_what_is_the_same_again_is_let_through() -> None:
    for allowed in ("Random(7)", "upstream.open(request)", "turn.id", "tracer.hash", "id: str"):
        assert complaints("simulations/x.py", allowed) == []
