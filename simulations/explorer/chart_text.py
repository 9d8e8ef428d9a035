"""A sequence chart as text: time at the left, a column each, arrows between them.

A thick lifeline is someone at work, a broken one a silence of a second or more. A call is a solid
arrow, what comes back a dashed one. Nothing is wider than it was asked to be.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..world.chronicle import Happening
from .chart import Chart, Row, header_lines, header_width, make_chart, shortened

COLUMNS_MAX = 100
TIME_COLUMNS = 11
"""`3600.000`, the longest time there is, and some air."""
LIFELINES = {(False, False): "│", (True, False): "┃", (False, True): "┊", (True, True): "┇"}
"""By whether someone works, and whether it is a silence."""


@attrs.frozen
class Line:
    """A line of the chart; a fault's is to stand out."""

    text: str
    fault: bool = False


def chart_lines(
    happenings: Sequence[Happening], *, last: int | None = None, columns: int = COLUMNS_MAX
) -> list[Line]:
    """The chart of the last happenings, or of all."""
    chart = make_chart(happenings, last=last, characters=columns - TIME_COLUMNS)
    if not chart.names and not chart.rows:
        return [Line("nothing happened")]
    return _Drawing.of(chart, columns).lines()


@attrs.frozen
class _Drawing:
    chart: Chart
    places: tuple[int, ...]
    columns: int

    @classmethod
    def of(cls, chart: Chart, columns: int) -> _Drawing:
        names = chart.names
        left, right = (header_width(names[end]) // 2 + 1 if names else 0 for end in (0, -1))
        places = [TIME_COLUMNS + left]
        for gap in chart.gaps(columns - TIME_COLUMNS - left - right):
            places.append(places[-1] + gap)
        return cls(chart, tuple(places[: len(names)]), columns)

    def lines(self) -> list[Line]:
        drawn = [Line(text) for text in self._headings()]
        told = ""
        for row in self.chart.rows:
            if row.pause:
                drawn.append(self._line("", row, [*self._lifelines(row, pause=True)]))
            time = f"{row.seconds:.3f}"
            drawn.append(self._line(time if time != told else "", row, self._row(row)))
            told = time
        if self.chart.left_out:
            drawn.append(Line(f"{self.chart.left_out} other happenings are not shown"))
        return drawn

    def _line(self, time: str, row: Row, cells: list[str]) -> Line:
        cells[: TIME_COLUMNS - 2] = time.rjust(TIME_COLUMNS - 2)
        return Line("".join(cells).rstrip(), row.kind == "fault" and bool(time or not row.pause))

    def _headings(self) -> list[str]:
        both: list[list[str]] = [[" "] * self.columns, [" "] * self.columns]
        for name, place in zip(self.chart.names, self.places, strict=True):
            for cells, words in zip(both, header_lines(name), strict=True):
                begin = place - len(words) // 2
                cells[begin : begin + len(words)] = words
        both[0][: TIME_COLUMNS - 2] = "seconds".rjust(TIME_COLUMNS - 2)
        return [text for cells in both if (text := "".join(cells).rstrip())]

    def _lifelines(self, row: Row, *, pause: bool = False) -> list[str]:
        cells = [" "] * self.columns
        for column, place in enumerate(self.places):
            cells[place] = LIFELINES[column in row.busy, pause]
        return cells

    def _row(self, row: Row) -> list[str]:
        cells = self._lifelines(row)
        if row.kind in ("across", "fault"):
            rule = "━" if row.kind == "fault" else "─"
            room = self.columns - TIME_COLUMNS
            words = shortened(row.words, room - 6)
            cells[TIME_COLUMNS:] = f"{rule * 3} {words} ".ljust(room, rule)
        elif row.kind == "note":
            self._draw_note(cells, row)
        else:
            self._draw_arrow(cells, row)
        return cells

    def _draw_note(self, cells: list[str], row: Row) -> None:
        place = self.places[row.start]
        room = self.columns - place - 2
        cells[place] = "◆"
        if len(row.words) <= room or room > place - TIME_COLUMNS:
            words = f" {shortened(row.words, room)} "[: self.columns - place - 1]
            cells[place + 1 : place + 1 + len(words)] = words
        else:
            words = f" {shortened(row.words, place - TIME_COLUMNS - 2)} "
            cells[place - len(words) : place] = words

    def _draw_arrow(self, cells: list[str], row: Row) -> None:
        left, right = sorted((self.places[row.start], self.places[row.end]))
        rule = "─" if row.kind == "call" else "╌"
        room = right - left - 1
        words = row.words if len(row.words) > room - 3 else f" {row.words} "
        words = shortened(words, room - 1).center(room - 1, rule)
        cells[left + 1 : right] = words + "▶" if row.start < row.end else "◀" + words
