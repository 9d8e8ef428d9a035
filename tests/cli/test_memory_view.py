"""A report of memory as people read it: golden texts of 80 columns, and how the bar is divided."""

from __future__ import annotations

import attrs
import pytest
from understudy.io.cli.memory_view import COLUMNS_MAX, report_lines, text_of
from understudy.protocols.resources.reading import MemoryReading, PressureLevel
from understudy.protocols.resources.report import MemoryReport
from understudy.protocols.resources.shares import Shares, divide

from .memory_reports import ALONE, BUSY, EMPTY, GIB

BUSY_TEXT = """\
Memory: the machine is short of memory
  machine   16.0 GiB in all, 8.0 GiB available; bounded by the control group
            /user.slice/user-1000.slice
  models    10.0 GiB reserved of 12.0 GiB at most; 1.5 GiB stay free for others
  pressure  some 12.5 %, full 0.3 % of the last 10 s spent waiting for memory
  swap      1.0 GiB of 2.0 GiB used
  GPU       NVIDIA GeForce RTX 4070: 11.0 GiB of 12.0 GiB free

█████████████████████████████████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒───────
█ models 9.2 GiB  ▒ other programs 5.5 GiB  · free 0 GiB  ─ floor 1.3 GiB

model                     state          needs  weights   cache  buffers   holds
local/qwen3-coder-8b-in…  answering 2    6.1Gi    4.7Gi   1.1Gi    304Mi   6.0Gi
phi/phi                   leaving        3.3Gi    2.3Gi   768Mi    250Mi   3.0Gi
vectors/nomic*            idle 1 min     204Mi    140Mi       -     64Mi       -
other/gemma               waiting        3.3Gi    2.3Gi   768Mi    250Mi       -
* pinned: asked to leave only when memory is critically short

    ago  decision
    1 s  big/llama-70b was refused: it needs 41.2 GiB, more than the 12.0 GiB
         that models may take on this machine
   10 s  phi/phi is asked to leave, which frees 3.0 GiB: other/gemma needs 3.3
         GiB, 1.5 GiB are free, and it has been idle for 5 min
 14 min  vectors/nomic may load: it needs 204 MiB of 9.1 GiB
"""
EMPTY_TEXT = """\
Memory: there is memory enough
  machine   16.0 GiB in all, 12.0 GiB available; bounded by the machine
  models    0 GiB reserved of 10.5 GiB at most; 1.5 GiB stay free for others
  pressure  this system does not say
  swap      none

▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒····················································────────
█ models 0 GiB  ▒ other programs 4.0 GiB  · free 10.5 GiB  ─ floor 1.5 GiB

No model is loaded.
"""


def shown(report: MemoryReport, *, decisions: int = 8) -> str:
    return "".join(f"{text_of(line)}\n" for line in report_lines(report, decisions=decisions))


@pytest.mark.parametrize(("report", "text"), [(BUSY, BUSY_TEXT), (EMPTY, EMPTY_TEXT)])
def test_it_reads_like_this(report: MemoryReport, text: str) -> None:
    assert shown(report) == text
    assert max(len(line) for line in text.splitlines()) <= COLUMNS_MAX


def test_what_the_parts_are_fits_into_a_line() -> None:
    reading = MemoryReading(400 * GIB, 200 * GIB)
    large = attrs.evolve(EMPTY, reading=reading, floor_bytes=99 * GIB)
    assert max(len(line) for line in shown(large).splitlines()) <= COLUMNS_MAX


def test_the_newest_decisions_come_first_and_the_others_are_left_out() -> None:
    text = shown(BUSY, decisions=1)
    assert "big/llama-70b was refused" in text
    assert "phi/phi is asked" not in text
    assert "decision" not in shown(BUSY, decisions=0)


@pytest.mark.parametrize(
    ("level", "said"),
    [(PressureLevel.WARNING, "the system says: warning"), (PressureLevel.UNKNOWN, "does not say")],
)
def test_pressure_is_told_as_the_system_tells_it(level: PressureLevel, said: str) -> None:
    reading = attrs.evolve(EMPTY.reading, level=level)
    assert said in shown(attrs.evolve(EMPTY, reading=reading))


def test_colours_have_a_meaning_and_the_text_does_not_need_them() -> None:
    first, *_ = report_lines(ALONE)
    assert first == (("Memory: ", "bold"), ("the machine is critically short of memory", "red"))


@pytest.mark.parametrize(
    ("available", "shares"),
    [
        # 9.2 GiB are held, of which 2.5 GiB are private: the rest counts as available.
        (12.0, (9.2, 1.5, 3.8, 1.5)),
        (8.0, (9.2, 5.5, 0.0, 1.3)),
        (1.0, (9.2, 6.8, 0.0, 0.0)),
    ],
)
def test_the_parts_make_up_the_whole(
    available: float, shares: tuple[float, float, float, float]
) -> None:
    reading = MemoryReading(16 * GIB, int(available * GIB))
    parts = divide(attrs.evolve(BUSY, reading=reading))
    assert sum(attrs.astuple(parts)) == 16 * GIB
    found = [size / GIB for size in attrs.astuple(parts)]
    assert found == pytest.approx(shares, abs=0.06)


def test_models_larger_than_the_machine_leave_nothing_for_a_bar_to_break_on() -> None:
    reading = MemoryReading(4 * GIB, 0)
    assert divide(attrs.evolve(BUSY, reading=reading)) == Shares(4 * GIB, 0, 0, 0)
    assert f"\n{'█' * COLUMNS_MAX}\n" in shown(attrs.evolve(BUSY, reading=reading))
    nothing = attrs.evolve(EMPTY, reading=MemoryReading(0, 0))
    assert "models 0 GiB" in shown(nothing)
