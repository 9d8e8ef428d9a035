"""Runs a program under a sampling profiler: python sampler.py OUTPUT PROGRAM ARGUMENTS...

PROGRAM is a path that ends in .py, or the name of a module.

Every SAMPLE_SECONDS of CPU time (or as fine as the system's clock goes) the frames of the main
thread are counted, so that one sees where time goes with little distortion; calls into C count
for the Python line that makes them. cProfile, whose cost per call is larger than most calls of an
event loop, would show a different program. The counts are written at the end, by SIGINT too.
"""

from __future__ import annotations

import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

SAMPLE_SECONDS = 0.001
LINES_SHOWN = 45
FRAMES_MAX = 200


class Sampler:
    """Counts frames: `own` for the innermost line, `within` for every function on the stack."""

    def __init__(self) -> None:
        self.samples = 0
        self.own: Counter[str] = Counter()
        self.within: Counter[str] = Counter()

    def start(self) -> None:
        """Starts the timer."""
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)

    def stop(self) -> None:
        """Stops the timer."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    def report(self) -> str:
        """Returns both lists, the largest shares first."""
        parts = [f"{self.samples} samples"]
        for title, counter in (("own time, by line", self.own), ("with callees", self.within)):
            parts.append(f"\n{title}")
            for place, count in counter.most_common(LINES_SHOWN):
                parts.append(f"{count / max(1, self.samples):7.1%}  {place}")
        return "\n".join(parts) + "\n"

    def _sample(self, _number: int, frame: FrameType | None) -> None:
        self.samples += 1
        if frame is not None:
            self.own[f"{name(frame)}:{frame.f_lineno}"] += 1
        seen: set[str] = set()
        for _ in range(FRAMES_MAX):
            if frame is None:
                break
            seen.add(name(frame))
            frame = frame.f_back
        self.within.update(seen)


def name(frame: FrameType) -> str:
    """Returns file and function, with no more of the path than tells files apart."""
    return f"{'/'.join(Path(frame.f_code.co_filename).parts[-3:])} {frame.f_code.co_qualname}"


def main() -> None:
    """Runs the program under the sampler and writes its report."""
    output, program, *arguments = sys.argv[1:]
    sys.argv = [program, *arguments]
    sampler = Sampler()
    sampler.start()
    try:
        if program.endswith(".py"):
            runpy.run_path(program, run_name="__main__")
        else:
            runpy.run_module(program, run_name="__main__", alter_sys=True)
    finally:
        sampler.stop()
        Path(output).write_text(sampler.report(), encoding="utf-8")


if __name__ == "__main__":
    main()
