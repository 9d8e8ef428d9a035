"""What happened in a run, as a sequence chart: who takes part, and one row for each happening.

A chart has no looks yet: `chart_text` and `chart_svg` draw it. Its columns are those who call or
are called, from the client down to the endpoint; what concerns everybody (the server's births and
deaths, faults, complaints) goes across all columns. Where room is scarce, those stay who took part
last, and how much is left out is counted: a chart never hides that it hides something.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import attrs

from ..world.chronicle import Happening

RowKind = Literal["call", "return", "note", "across", "fault"]

ACROSS = ("server", "settings")
FAULTS = ("fault", "complaint")
OTHERS = ""
ORDER = ("client", "outside", "session", "router", "backend", "conversations", OTHERS, "peer")
"""From the asker down to the asked."""
PAUSE_SECONDS = 1.0
"""A silence that a chart shows as one."""
GAP_MIN = 11
"""Between two columns, in characters: an arrow and a short word."""
ARROW_CHARACTERS = 6
"""What an arrow needs besides its words: `├─ words ─▶│`."""


@attrs.frozen
class Row:
    """One happening. `start` and `end` are columns, equal for a note; `busy` are who works.

    `rests` is true where who returns has nothing else to do; `pause` where a silence comes before.
    """

    seconds: float
    kind: RowKind
    start: int
    end: int
    words: str
    busy: frozenset[int] = frozenset()
    rests: bool = False
    pause: bool = False


@attrs.frozen
class Chart:
    """The names of the columns, the rows, and how many happenings are not among them."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int = 0

    def gaps(self, characters: int | None = None, *, air: int = 2) -> list[int]:
        """The distances between columns, with air between headings; made to fit if they can be."""
        gaps = [
            max(GAP_MIN, (header_width(left) + header_width(right)) // 2 + air)
            for left, right in zip(self.names, self.names[1:], strict=False)
        ]
        least = list(gaps)
        for first, last, letters in self._arrows():
            lacking = letters + ARROW_CHARACTERS - sum(gaps[first:last])
            for place in range(first, last):
                gaps[place] += max(0, -(-lacking // (last - first)))
        while characters is not None and sum(gaps) > characters:
            slack = [gap - smallest for gap, smallest in zip(gaps, least, strict=True)]
            if not any(slack):
                break
            gaps[slack.index(max(slack))] -= 1
        return gaps

    def _arrows(self) -> list[tuple[int, int, int]]:
        """The columns between which arrows go, and the letters on them; the shortest first."""
        found = {
            (min(row.start, row.end), max(row.start, row.end), len(row.words))
            for row in self.rows
            if row.kind in ("call", "return")
        }
        return sorted(found, key=lambda arrow: (arrow[1] - arrow[0], arrow))


def make_chart(
    happenings: Sequence[Happening], *, last: int | None = None, characters: int | None = None
) -> Chart:
    """A chart of the last happenings, of those who fit into so many characters beside another."""
    begun = 0 if last is None else max(0, len(happenings) - last)
    shown = happenings[begun:]
    names = _chosen(shown, characters)
    place = {name: column for column, name in enumerate(names)}
    rows: list[Row] = []
    busy: Counter[str] = Counter()
    for number, each in enumerate(happenings):
        if each.kind == "call":
            busy[each.to] += 1
        if number >= begun and (row := _row(each, place)) is not None:
            working = frozenset(place[name] for name in busy if busy[name] > 0 and name in place)
            rests = each.kind == "return" and busy[each.who] <= 1
            pause = bool(rows) and each.seconds - rows[-1].seconds >= PAUSE_SECONDS
            rows.append(attrs.evolve(row, busy=working, rests=rests, pause=pause))
        if each.kind == "return":
            busy[each.who] -= 1
    return Chart(names, tuple(rows), len(happenings) - len(rows))


def header_width(name: str) -> int:
    """The characters that a column's two-line heading takes."""
    return max(len(line) for line in header_lines(name))


def header_lines(name: str) -> tuple[str, str]:
    """A name in two lines: what it is, and which one."""
    kind, _, which = name.partition(":")
    return kind, which


def shortened(words: str, characters: int) -> str:
    """Words that fit; what is missing is marked."""
    return words if len(words) <= characters else words[: max(0, characters - 1)] + "…"


def _chosen(happenings: Sequence[Happening], characters: int | None) -> tuple[str, ...]:
    """Who takes part, in the order of the columns; the latest first to find a place."""
    latest: dict[str, None] = {}
    for each in reversed(happenings):
        if each.who not in (*ACROSS, *FAULTS):
            latest |= dict.fromkeys((each.who, each.to))
    chosen: list[str] = []
    for name in latest:
        wider = sorted([*chosen, name], key=_column_order)
        if characters is None or _least_characters(wider) <= characters:
            chosen = wider
    return tuple(chosen)


def _least_characters(names: Sequence[str]) -> int:
    edges = (header_width(names[0]) + header_width(names[-1])) // 2 + 1
    return edges + sum(Chart(tuple(names), ()).gaps())


def _column_order(name: str) -> tuple[int, int, str]:
    kind = name.partition(":")[0]
    return ORDER.index(kind if kind in ORDER else OTHERS), len(name), name


def _row(happening: Happening, place: dict[str, int]) -> Row | None:
    who, to = happening.who, happening.to
    if who in FAULTS:
        return Row(happening.seconds, "fault", 0, 0, f"{who}: {happening.words}")
    if who in ACROSS:
        return Row(happening.seconds, "across", 0, 0, f"{who} {happening.words}")
    if who not in place or to not in place:
        return None
    kind: RowKind = happening.kind if who != to else "note"
    return Row(happening.seconds, kind, place[who], place[to], happening.words)
