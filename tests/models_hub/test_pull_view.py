"""How far a pull is, on terminals of several widths and where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from understudy.io.cli.models_pull_view import showing_pull
from understudy.io.models.download import DownloadProgress
from understudy.io.models.hub_pull import PullProgress

SIZE = 100_000_000
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def course(start: int = 0, path: str = "d/m-Q4_K_M.gguf") -> Iterator[PullProgress]:
    """A file that is fetched from a point on, and then checked."""
    for done in range(start, SIZE + 1, SIZE // 100):
        yield PullProgress(DownloadProgress(path, done, SIZE), 1, 1, 0, SIZE)
    for done in (SIZE // 2, SIZE):
        yield PullProgress(DownloadProgress(path, done, SIZE, checking=True), 1, 1, 0, SIZE)


class Clock:
    """A second more at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def shown(capsys: pytest.CaptureFixture[str], progress: Iterator[PullProgress]) -> str:
    with showing_pull(Clock()) as report:
        for each in progress:
            report(each)
    return capsys.readouterr().err


def test_without_a_terminal_each_tenth_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, course()).splitlines()
    assert len(lines) == 11
    assert lines[0] == ("understudy: m-Q4_K_M.gguf: 10 %, 10.0 MB of 100 MB, 10.0 MB/s, 9 s left")
    assert lines[-1] == "understudy: checking m-Q4_K_M.gguf"


def test_what_was_here_before_counts_not_for_the_rate(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, course(start=SIZE // 2)).splitlines()
    assert lines[0].startswith("understudy: m-Q4_K_M.gguf: 60 %, 60.0 MB of 100 MB, 10.0 MB/s")


def test_a_name_cannot_paint_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in shown(capsys, course(path="\x1b[2J[red]m.gguf"))


@pytest.mark.parametrize("columns", [40, 100])
def test_a_terminal_has_a_bar_with_numbers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    frame = CONTROL.sub("", shown(capsys, course()).replace("\r", "\n")).rstrip("\n").split("\n")
    assert ("━" in "".join(frame)) is (columns == 100)
    if columns == 100:
        assert "100.0/100.0 MB" in "".join(frame[-3:])
        assert "checking m-Q4_K_M.gguf" in "".join(frame[-2:])
