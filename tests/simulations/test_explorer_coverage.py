"""The table of faults and states, and the marks that were never made."""

from __future__ import annotations

from understudy.simulations.explorer.coverage import Coverage
from understudy.simulations.world.marks import MARKS
from understudy.simulations.world.run import Result


def coverage() -> Coverage:
    found = Coverage(known_marks=("failed over", "resent"))
    strikes = {("network.reset", "mid-stream"): 1_200, ("disk.full", "no server"): 1}
    found.take(Result(1, (), "", 0.0, 0, marks={"resent": 2}, coverage=strikes))
    found.take(Result(2, (), "", 0.0, 0, marks={"calm": 1}, coverage={("x", "asleep"): 3}))
    found.take(Result(3, (), "", 0.0, 0, coverage={("network.reset", "mid-stream"): 34}))
    return found


def test_a_fault_is_a_row_and_a_state_a_column() -> None:
    headings, rows = coverage().table()
    states = ["no server", "at rest", "before the head", "mid-stream", "in a tool call", "asleep"]
    assert headings == ["fault", *states]
    assert rows == [
        ["disk.full", "1", "", "", "", "", ""],
        ["network.reset", "", "", "", "1,234", "", ""],
        ["x", "", "", "", "", "", "3"],
    ]


def test_marks_that_were_never_made_come_first() -> None:
    assert coverage().missing == ["failed over"]
    assert coverage().mark_rows() == [["failed over", "never"], ["calm", "1"], ["resent", "2"]]


def test_markdown_is_two_tables() -> None:
    table, marks = coverage().as_markdown().split("\n\n")
    assert table.splitlines()[1] == "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    assert table.splitlines()[3] == "| network.reset |  |  |  | 1,234 |  |  |"
    assert marks.splitlines() == [
        "| mark | times |",
        "| --- | ---: |",
        "| failed over | never |",
        "| calm | 1 |",
        "| resent | 2 |",
    ]
    assert Coverage(known_marks=()).as_markdown() == ""


def test_json_has_the_counts() -> None:
    assert coverage().as_json() == {
        "faults": {
            "disk.full": {"no server": 1},
            "network.reset": {"mid-stream": 1_234},
            "x": {"asleep": 3},
        },
        "marks": {"calm": 1, "resent": 2},
        "marks_missing": ["failed over"],
    }


def test_the_known_marks_are_the_registry_s() -> None:
    assert Coverage().known_marks is MARKS
    assert len(set(MARKS)) == len(MARKS)
