"""What one start of a simulated worker does: how long things take, and how it goes wrong."""

from __future__ import annotations

from math import inf

import attrs


@attrs.frozen
class WorkerLife:
    """All times in virtual seconds; without a fault a worker is well.

    `failure` is told instead of becoming ready. A step takes `step_seconds`, and `row_seconds` for
    each row of its batch; it is stopped `stop_seconds` after the flag is set, or not at all if
    `ignores_abort`. Counted from ready on: `crash_seconds`, `hang_seconds` (the step that it is
    in, or the next one, never ends). `crash_pieces` are said before it crashes in mid-frame,
    `garbage_pieces` before it writes what is no frame. What it writes is read after
    `read_late_seconds`. `exit_seconds` is how long it takes to go
    when its pipe is closed, if it goes.
    """

    load_seconds: float = 2.0
    failure: str = ""
    step_seconds: float = 0.005
    row_seconds: float = 0.001
    stop_seconds: float = 0.005
    disk_seconds: float = 0.02
    crash_seconds: float = inf
    crash_pieces: float = inf
    hang_seconds: float = inf
    garbage_pieces: float = inf
    garbage: bytes = b"\x00\x00\x00\x00"
    read_late_seconds: float = 0.0
    exit_seconds: float = 0.05
    ignores_abort: bool = False


WELL = WorkerLife()
