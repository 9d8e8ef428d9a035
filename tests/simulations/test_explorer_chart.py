"""Sequence charts: drawn from a few planned happenings, and the picture in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from understudy import app
from understudy.simulations.explorer.case import Case, run_case
from understudy.simulations.explorer.chart import GAP_MIN, make_chart
from understudy.simulations.explorer.chart_svg import FAULT, chart_svg
from understudy.simulations.explorer.chart_text import COLUMNS_MAX, chart_lines
from understudy.simulations.explorer.report import draw
from understudy.simulations.world.chronicle import Happening, Kind

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "simulation.svg"
PICTURE_CASE = Case("esc-mid-stream", 7, "walk")
PICTURE_COMMAND = (
    "understudy simulate --scenario esc-mid-stream --seeds 7 --policy walk --trace "
    "--svg docs/simulation.svg"
)
SVG = "{http://www.w3.org/2000/svg}"


def happening(seconds: float, kind: Kind, who: str, to: str = "", words: str = "") -> Happening:
    return Happening(seconds, kind, who, to or who, words)


TURN = (
    happening(0.0, "note", "server", words="listens"),
    happening(0.004, "call", "outside", "session:1", "StartTurn"),
    happening(0.004, "call", "session:1", "backend:work:1", "Answer"),
    happening(0.5, "note", "fault", words="network.reset#3"),
    happening(0.5, "note", "client:ann", words="presses Esc"),
    happening(2.5, "return", "backend:work:1", "session:1", "cancelled"),
    happening(2.5, "return", "session:1", "outside", "cancelled"),
    happening(2.501, "note", "complaint", words="Esc took 2.001 s"),
)


def text(happenings: Sequence[Happening], **more: int) -> list[str]:
    return [line.text for line in chart_lines(happenings, **more)]


def test_a_turn_as_text() -> None:
    assert text(TURN, columns=76) == [
        "  seconds   client     outside        session        backend",
        "              ann                        1           work:1",
        "    0.000  ─── server listens " + "─" * 46,
        "    0.004      │          │─ StartTurn ─▶┃              │",
        "               │          │              ┃─── Answer ──▶┃",
        "    0.500  ━━━ fault: network.reset#3 " + "━" * 38,
        "               ◆ presses Esc             ┃              ┃",
        "               ┊          ┊              ┇              ┇",
        "    2.500      │          │              ┃◀╌ cancelled ╌┃",
        "               │          │◀╌ cancelled ╌┃              │",
        "    2.501  ━━━ complaint: Esc took 2.001 s " + "━" * 33,
    ]


def test_faults_and_complaints_stand_out() -> None:
    loud = [line.text.split()[2] for line in chart_lines(TURN) if line.fault]
    assert loud == ["fault:", "complaint:"]


def test_of_the_last_ones_it_is_known_who_was_at_work_before() -> None:
    *_, last, note, rest = text(TURN, last=2, columns=76)
    assert last == "    2.500      │◀╌ cancelled ╌┃"
    assert "Esc took" in note
    assert rest == "6 other happenings are not shown"
    assert [row.busy for row in make_chart(TURN, last=3).rows] == [
        frozenset({1, 2}),
        frozenset({1}),
        frozenset(),
    ]


@pytest.mark.parametrize("columns", [60, 80, COLUMNS_MAX])
def test_nothing_is_wider_than_it_may_be_and_what_is_left_out_is_counted(columns: int) -> None:
    crowd = [
        happening(number, kind, f"session:{number % 20}", "conversations", "RecordTurn" * 3)
        for number in range(60)
        for kind in ("call", "note")
    ]
    long = happening(61, "note", "complaint", words="x" * 200)
    lines = text([*crowd, long], columns=columns)
    assert max(map(len, lines)) <= columns
    shown = sum("Rec" in line for line in lines)
    assert lines[-1] == f"{len(crowd) - shown} other happenings are not shown"
    assert "19" in lines[1].split(), "who took part last has a column"
    assert lines[-2].endswith("… ━")


def test_a_note_at_the_right_edge_stands_left_of_its_lifeline() -> None:
    turned = [*TURN, happening(3.0, "note", "peer:work.test", words="has seen that it was left")]
    [line] = [line for line in text(turned, columns=80) if "has seen" in line]
    assert line.endswith("has seen that it was left ◆")


def test_columns_keep_their_distance() -> None:
    chart = make_chart([happening(0, "call", "a", "b", "x"), happening(0, "call", "b", "c", "y")])
    assert chart.gaps() == [GAP_MIN, GAP_MIN]
    wide = make_chart([happening(0, "call", "a", "c", "z" * 40), happening(0, "call", "a", "b")])
    assert sum(wide.gaps()) >= 40
    assert sum(wide.gaps(30)) == 30


def test_nothing_is_a_chart_too() -> None:
    assert text([]) == ["nothing happened"]
    assert "</svg>" in chart_svg([], "empty")


def test_the_picture_of_a_turn() -> None:
    root = ET.fromstring(chart_svg(TURN, "a <turn> & its end"))
    words = [node.text for node in root.iter(f"{SVG}text")]
    assert words[0] == "a <turn> & its end"
    assert {"StartTurn", "Answer", "presses Esc", "fault: network.reset#3"} <= set(words)
    assert words[-2:] == ["2.501 s", "complaint: Esc took 2.001 s"]
    red = [node for node in root.iter(f"{SVG}line") if node.get("stroke") == FAULT]
    assert len(red) == 4, "a line on each side of the words of a fault and of a complaint"
    works = [node for node in root.iter(f"{SVG}rect") if node.get("class") == "busy"]
    assert len(works) == 2
    _, paper, *_ = root
    assert paper.tag == f"{SVG}style"


def test_two_turns_of_one_session_are_two_works() -> None:
    root = ET.fromstring(chart_svg([*TURN, *TURN], "twice"))
    assert sum(node.get("class") == "busy" for node in root.iter(f"{SVG}rect")) == 4


def test_all_of_a_picture_is_within_it() -> None:
    wide = [*TURN, happening(3.0, "note", "peer:work.test", words="w" * 60)]
    root = ET.fromstring(chart_svg(wide, "wide"))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for node in root.iter(f"{SVG}text"):
        assert 0 < float(node.get("x", -1)) < width
        assert 0 < float(node.get("y", -1)) < height
    [note] = [node for node in root.iter(f"{SVG}text") if (node.text or "").startswith("www")]
    assert float(note.get("x", 0)) + 60 * 7 < width


def test_the_picture_in_the_documentation_is_the_one_that_the_command_makes(tmp_path: Path) -> None:
    draw(tmp_path / "now.svg", PICTURE_CASE, run_case(PICTURE_CASE, app, trace=True))
    now = (tmp_path / "now.svg").read_text(encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8") == now, f"run `{PICTURE_COMMAND}` and look at it"
