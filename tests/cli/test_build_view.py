"""How far a build is, on terminals of several widths and where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NoReturn

import pytest
from understudy.io.cli.build_view import Report, counted, duration, showing_progress
from understudy.io.engines.build_output import Phase, Progress

COURSE = (
    Progress(Phase.SOURCE),
    Progress(Phase.SOURCE, 40_000_000, 76_600_000),
    Progress(Phase.CONFIGURING),
    Progress(Phase.COMPILING),
    *(Progress(Phase.COMPILING, step, 83) for step in range(1, 84)),
    Progress(Phase.PACKING),
    Progress(Phase.CLEARING),
)
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

Screen = Callable[[int], None]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Makes stderr a terminal of so many columns."""

    def of_width(columns: int) -> None:
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("LINES", "30")
        monkeypatch.setenv("NO_COLOR", "1")

    return of_width


def last_frame(written: str, lines: int) -> list[str]:
    """What stands on the screen at the end."""
    return CONTROL.sub("", written.replace("\r", "\n")).rstrip("\n").split("\n")[-lines:]


def interrupted(course: Sequence[Progress]) -> None:
    """Shows a build that does not come to its end."""
    with pytest.raises(KeyboardInterrupt), showing_progress() as report:
        _report_and_raise(report, course)


def _report_and_raise(report: Report, course: Sequence[Progress]) -> NoReturn:
    for progress in course:
        report(progress)
    raise KeyboardInterrupt


@pytest.mark.parametrize("columns", [44, 90])
def test_each_phase_keeps_its_line(
    terminal: Screen, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    terminal(columns)
    with showing_progress() as report:
        for progress in COURSE:
            report(progress)
    frame = last_frame(capsys.readouterr().err, 5)
    assert [line[:14].strip() for line in frame] == [
        "ok fetching th", "ok looking at", "ok compiling", "ok packing", "ok clearing up",
    ]  # fmt: skip
    assert all(re.search(r"0:00:0\d *$", line) for line in frame)
    assert all(len(line) <= columns for line in frame)
    assert ("━" in frame[0]) is (columns == 90)


def test_a_step_is_counted_while_it_is_done(
    terminal: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(90)
    interrupted(COURSE[:20])
    (line,) = last_frame(capsys.readouterr().err, 1)
    assert "compiling" in line
    assert "16/83" in line
    assert not line.startswith("ok")


def test_what_failed_is_not_ok(terminal: Screen, capsys: pytest.CaptureFixture[str]) -> None:
    terminal(90)
    interrupted(
        [
            Progress(Phase.SOURCE),
            Progress(Phase.COMPILING, 3, 83),
            Progress(Phase.CLEARING, failed=True),
        ]
    )
    source, compiling, _ = last_frame(capsys.readouterr().err, 3)
    assert source.startswith("ok")
    assert not compiling.startswith("ok")


def test_numbers_and_times_for_people() -> None:
    assert counted(Progress(Phase.SOURCE, 40_000_000, 76_600_000)) == "40/77 MB"
    assert counted(Progress(Phase.COMPILING, 3, 83)) == "3/83"
    assert counted(Progress(Phase.COMPILING)) == ""
    assert [duration(seconds) for seconds in (0.4, 59.6, 1038)] == [
        "0 s", "1 min 00 s", "17 min 18 s",
    ]  # fmt: skip
