"""What a loaded model can do on this machine, measured once, on its own empty memory.

A few batches tell how many tokens a step may read (`pace`), what decoding one token of 1, 2, 4 and
8 sequences costs, what a token takes on disk, and whether the memory can be cut. All of it ends
within CALIBRATION_SECONDS_MAX and one step: of a huge model little is measured, and what is not is
left out, which the scheduler takes as unknown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from ....protocols.engine.step import Costs
from .model import DECODED, Context, Measured
from .pace import PREFILL_TOKENS_MAX, STEP_SECONDS_AIM

CALIBRATION_SECONDS_MAX: Final = 1.0
WIDTHS: Final = (1, 2, 4, 8)
DECODE_STEPS: Final = 3
FIRST_TOKENS: Final = 16
RESTORE_BYTES_PER_SECOND: Final = 0.5e9
"""Reading a file that the system has not at hand, and verifying it."""
STATE_BYTES_PER_TOKEN_UNKNOWN: Final = 100_000


def calibrate(context: Context, sequences: int, clock: Callable[[], float]) -> Measured:
    """Measures with this clock, decoding at most so many sequences at once; 0 leaves that out. The
    memory is empty before and after."""
    abortable = context.obeys_flag()
    context.forget_all()
    calibration = _Calibration(context, clock)
    prefill_tokens = calibration.prefill_tokens()
    cuttable = calibration.is_cuttable()
    decode = calibration.decode_seconds(sequences)
    context.forget_all()
    costs = Costs(
        decode_seconds=decode,
        prefill_tokens_per_second=calibration.tokens_per_second,
        restore_bytes_per_second=RESTORE_BYTES_PER_SECOND,
        state_bytes_per_token=calibration.state_bytes_per_token,
    )
    return Measured(costs, prefill_tokens, calibration.step_seconds, cuttable, abortable)


class _Calibration:
    def __init__(self, context: Context, clock: Callable[[], float]) -> None:
        self._context, self._clock = context, clock
        self._empty_bytes = context.state_bytes(0)
        self._end = time.monotonic() + CALIBRATION_SECONDS_MAX
        self.step_seconds = 0.0
        self.tokens_per_second = 200.0
        self.state_bytes_per_token = STATE_BYTES_PER_TOKEN_UNKNOWN

    def prefill_tokens(self) -> int:
        """Doubles the batch until a step takes as long as it may."""
        rows = FIRST_TOKENS
        self._read(rows)  # the first one also builds graphs and touches the weights
        while True:
            # Of two, for another program may have had the processor during one.
            seconds = min(self._read(rows), self._read(rows))
            fitting = int(rows * STEP_SECONDS_AIM / seconds)
            self.tokens_per_second = rows / seconds
            if fitting < 2 * rows or rows >= self._rows_max() or self._is_late:
                return min(fitting, PREFILL_TOKENS_MAX)
            rows = min(2 * rows, self._rows_max())

    def is_cuttable(self) -> bool:
        """Cuts in the middle, and reads what a token takes on the way."""
        context = self._context
        held = context.length(0)
        if held <= 0:
            return False
        taken = context.state_bytes(0) - self._empty_bytes
        self.state_bytes_per_token = max(1, taken // held)
        return context.cut(0, held // 2) and context.length(0) == held // 2

    def decode_seconds(self, sequences: int) -> tuple[tuple[int, float], ...]:
        """Pairs of a width and the seconds of a step."""
        self._context.forget_all()
        found: list[tuple[int, float]] = []
        for width in WIDTHS:
            if width > sequences or self._is_late:
                break
            seconds = min(self._decode(width, step) for step in range(DECODE_STEPS))
            found.append((width, seconds))
            self._context.forget_all()
        return tuple(found)

    def _read(self, rows: int) -> float:
        self._context.forget_all()
        return self._timed(list(range(rows)), [0] * rows)

    def _decode(self, width: int, position: int) -> float:
        return self._timed([position] * width, list(range(width)), wanted=1)

    def _timed(self, positions: list[int], sequences: list[int], wanted: int = 0) -> float:
        rows = len(positions)
        begun, spent = time.monotonic(), self._clock()
        # A row is always wanted: reading a prompt ends with one too.
        flags = bytes([wanted]) * (rows - 1) + b"\1"
        outcome = self._context.decode(range(1, rows + 1), positions, sequences, flags)
        if outcome == DECODED:
            self.step_seconds = max(self.step_seconds, time.monotonic() - begun)
        return max(self._clock() - spent, 1e-6)

    def _rows_max(self) -> int:
        return min(PREFILL_TOKENS_MAX, self._context.batch_tokens, self._context.cells)

    @property
    def _is_late(self) -> bool:
        return time.monotonic() > self._end
