"""How pip is run: its lines, its log, its end. A program of the test's stands for pip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from understudy.io.engines import pip_process
from understudy.io.engines.pip_process import LINE_BYTES_MAX, Pip

from ..cli.stage import is_alive

SAYS = "import sys; print(*sys.argv[1:]); sys.stdout.write('no end'); sys.exit(3)"
LONG = f"print('x' * {LINE_BYTES_MAX * 2})"
SILENT = """
import os, pathlib, time
print("begun", flush=True)
pathlib.Path(os.environ["PLACE"]).write_text(str(os.getpid()))
time.sleep(600)
"""


def pip_that(program: str, folder: Path) -> Pip:
    """A pip that is this program."""
    (folder / "pip").mkdir()
    (folder / "pip" / "__init__.py").touch()
    (folder / "pip" / "__main__.py").write_text(program)
    environ = {**os.environ, "PYTHONPATH": str(folder), "PLACE": str(folder / "process")}
    return Pip(environ, folder / "log")


def test_every_line_is_read_and_logged(tmp_path: Path) -> None:
    pip, lines = pip_that(SAYS, tmp_path), list[str]()
    assert pip.run(["wheel", "--verbose"], lines.append) == 3
    assert lines == list(pip.tail) == ["wheel --verbose", "no end"]
    log = (tmp_path / "log").read_text()
    assert log.endswith("-m pip wheel --verbose\nwheel --verbose\nno end")


def test_a_line_without_end_is_read_in_parts(tmp_path: Path) -> None:
    pip = pip_that(LONG, tmp_path)
    assert pip.run([]) == 0
    assert "".join(pip.tail) == "x" * LINE_BYTES_MAX * 2
    assert len(pip.tail) > 1


def test_a_pip_that_says_nothing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip_process, "SILENCE_SECONDS_MAX", 2.0)
    monkeypatch.setattr(pip_process, "STOP_SECONDS", 0.2)
    pip = pip_that(SILENT, tmp_path)
    assert pip.run([]) == 1
    assert list(pip.tail) == ["begun", "pip said nothing for 2 s, and was ended"]
    assert not is_alive(int((tmp_path / "process").read_text()))


def test_an_interruption_ends_it(tmp_path: Path) -> None:
    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    pip = pip_that(SILENT, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        pip.run([], interrupt)
    place = tmp_path / "process"
    assert not place.exists() or not is_alive(int(place.read_text() or 0))
