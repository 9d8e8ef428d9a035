"""A sequence chart as a picture: SVG written by hand, so that nothing but a text editor is needed.

It has a background of its own and so is legible on light and dark pages, and asks for the reader's
system font. Time runs downward; a box on a lifeline is someone at work; a silence is a broken
lifeline; faults and complaints are red. The same happenings are the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import attrs

from ..world.chronicle import Happening
from .chart import Chart, Row, header_lines, header_width, make_chart

CHARACTER = 7.5
"""The width of a letter, in the mean; letters differ, but not by more than the air around words."""
HEADING_AIR = 5
TIME_WIDTH, MARGIN = 84, 24
TITLE_HEIGHT, HEADING_HEIGHT, ROW_HEIGHT, PAUSE_HEIGHT = 34, 42, 26, 26
BOX_HEIGHT, BUSY_WIDTH, HEAD = 36, 9, 5

INK, QUIET, LINE, PAPER = "#1f2933", "#66727f", "#b8c1cb", "#fbfbf9"
CALL, ANSWER, CANCELLED, FAULT = "#1d5fa8", "#4d7c57", "#a86613", "#c0242c"
STYLE = f"""
text {{ font: 12.5px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: {INK} }}
.title {{ font-size: 15px; font-weight: 600 }}
.name {{ font-weight: 600; text-anchor: middle }}
.which {{ font-size: 11px; fill: {QUIET}; text-anchor: middle }}
.time {{ font-size: 11px; fill: {QUIET}; text-anchor: end; font-variant-numeric: tabular-nums }}
.words {{ text-anchor: middle; stroke: {PAPER}; stroke-width: 4px; paint-order: stroke }}
.note {{ stroke: {PAPER}; stroke-width: 4px; paint-order: stroke }}
.box {{ fill: #eef2f6; stroke: {LINE} }}
.life {{ stroke: {LINE} }}
.silence {{ stroke: {LINE}; stroke-dasharray: 2 4 }}
.busy {{ fill: #d5e3f3; stroke: #8fb0d6 }}
.back {{ stroke-dasharray: 5 3 }}
.fault {{ fill: {FAULT}; font-weight: 600 }}
"""


def chart_svg(happenings: Sequence[Happening], title: str, *, last: int | None = None) -> str:
    """The chart as the text of an SVG file."""
    return _Picture.of(make_chart(happenings, last=last), title).text()


@attrs.frozen
class _Picture:
    chart: Chart
    title: str
    places: tuple[float, ...]
    tops: tuple[float, ...]

    @classmethod
    def of(cls, chart: Chart, title: str) -> _Picture:
        names = chart.names
        places = [MARGIN + TIME_WIDTH + (_box_width(names[0]) / 2 if names else 0)]
        for gap in chart.gaps(air=HEADING_AIR):
            places.append(places[-1] + gap * CHARACTER)
        tops: list[float] = []
        top = float(MARGIN + TITLE_HEIGHT + HEADING_HEIGHT)
        for row in chart.rows:
            top += ROW_HEIGHT + (PAUSE_HEIGHT if row.pause else 0)
            tops.append(top)
        return cls(chart, title, tuple(places[: len(names)]), tuple(tops))

    @property
    def width(self) -> float:
        edges = [float(MARGIN + TIME_WIDTH), len(self.title) * CHARACTER * 1.2]
        for name, x in zip(self.chart.names, self.places, strict=True):
            edges.append(x + _box_width(name) / 2)
        for row in self.chart.rows:
            if row.kind == "note":
                edges.append(self.places[row.start] + 12 + len(row.words) * CHARACTER)
            elif row.kind in ("across", "fault"):
                edges.append(MARGIN + TIME_WIDTH + 40 + len(row.words) * CHARACTER)
        return max(edges) + MARGIN

    @property
    def bottom(self) -> float:
        return (self.tops[-1] if self.tops else MARGIN + TITLE_HEIGHT + HEADING_HEIGHT) + 14

    def text(self) -> str:
        height = self.bottom + MARGIN
        size = f'width="{self.width:.0f}" height="{height:.0f}"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
                f'viewBox="0 0 {self.width:.0f} {height:.0f}" role="img">',
                f"<title>{escape(self.title)}</title>",
                f"<style>{STYLE}</style>",
                f'<rect {size} rx="10" fill="{PAPER}" stroke="{LINE}"/>',
                _words(MARGIN, MARGIN + 14, self.title, "title"),
                *self._lifelines(),
                *self._works(),
                *self._headings(),
                *self._rows(),
                "</svg>\n",
            ]
        )

    def _headings(self) -> Iterator[str]:
        top = MARGIN + TITLE_HEIGHT
        for name, x in zip(self.chart.names, self.places, strict=True):
            width = _box_width(name)
            kind, which = header_lines(name)
            yield _box(x - width / 2, top, width, BOX_HEIGHT, 'class="box" rx="6"')
            yield _words(x, top + (15 if which else 22), kind, "name")
            if which:
                yield _words(x, top + 29, which, "which")

    def _lifelines(self) -> Iterator[str]:
        """Whole from pause to pause, and broken in between."""
        begin = float(MARGIN + TITLE_HEIGHT + BOX_HEIGHT)
        for row, top in zip(self.chart.rows, self.tops, strict=True):
            if row.pause:
                silence = top - ROW_HEIGHT / 2 - PAUSE_HEIGHT
                yield from self._lifeline(begin, silence, "life")
                yield from self._lifeline(silence, silence + PAUSE_HEIGHT, "silence")
                begin = silence + PAUSE_HEIGHT
        yield from self._lifeline(begin, self.bottom, "life")

    def _lifeline(self, begin: float, end: float, kind: str) -> Iterator[str]:
        for x in self.places:
            yield _line(x, begin, x, end, f'class="{kind}"')

    def _works(self) -> Iterator[str]:
        """A box from where someone begins to work to where they are done."""
        for column, x in enumerate(self.places):
            begin: float | None = None
            for row, top in zip(self.chart.rows, self.tops, strict=True):
                if begin is None and column in row.busy:
                    begin = top
                done = column not in row.busy or (row.rests and row.start == column)
                if begin is not None and done:
                    yield _work(x, begin, top)
                    begin = None
            if begin is not None:
                yield _work(x, begin, self.bottom)

    def _rows(self) -> Iterator[str]:
        told = ""
        for row, top in zip(self.chart.rows, self.tops, strict=True):
            time = f"{row.seconds:.3f} s"
            if time != told:
                yield _words(MARGIN + TIME_WIDTH - 22, top + 4, time, "time")
            told = time
            if row.kind in ("call", "return"):
                yield from self._arrow(row, top)
            elif row.kind == "note":
                x = self.places[row.start]
                yield f'<circle cx="{x:g}" cy="{top:g}" r="4" fill="{INK}"/>'
                yield _words(x + 10, top + 4, row.words, "note")
            else:
                yield from self._across(row, top)

    def _arrow(self, row: Row, top: float) -> Iterator[str]:
        forth = 1 if row.start < row.end else -1
        begin = self.places[row.start] + forth * BUSY_WIDTH / 2
        end = self.places[row.end] - forth * BUSY_WIDTH / 2
        colour = CALL if row.kind == "call" else ANSWER if row.words == "answered" else CANCELLED
        dashes = "" if row.kind == "call" else ' class="back"'
        yield _line(begin, top, end - forth * HEAD, top, f'stroke="{colour}"{dashes}')
        back = end - forth * (HEAD + 3)
        points = f"{end:g},{top:g} {back:g},{top - HEAD + 1:g} {back:g},{top + HEAD - 1:g}"
        yield f'<polygon points="{points}" fill="{colour}"/>'
        yield _words((begin + end) / 2, top - 6, row.words, "words")

    def _across(self, row: Row, top: float) -> Iterator[str]:
        fault = row.kind == "fault"
        colour, kind = (FAULT, "note fault") if fault else (QUIET, "note")
        begin = MARGIN + TIME_WIDTH - 10
        behind = len(row.words) * CHARACTER + 8
        yield _line(begin, top, begin + 10, top, f'stroke="{colour}"')
        yield _line(begin + 14 + behind, top, self.width - MARGIN, top, f'stroke="{colour}"')
        yield _box(begin + 10, top - 8, behind + 4, 16, f'fill="{PAPER}"')
        yield _words(begin + 14, top + 4, row.words, kind)


def _work(x: float, begin: float, end: float) -> str:
    height = max(end - begin, 4)
    return _box(x - BUSY_WIDTH / 2, begin, BUSY_WIDTH, height, 'class="busy" rx="2"')


def _box_width(name: str) -> float:
    return header_width(name) * CHARACTER + 22


def _words(x: float, y: float, words: str, kind: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(words)}</text>'


def _line(x: float, y: float, to_x: float, to_y: float, more: str) -> str:
    return f'<line x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}" {more}/>'


def _box(x: float, y: float, width: float, height: float, more: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" {more}/>'
