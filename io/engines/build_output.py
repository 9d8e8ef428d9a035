"""How far a build is, read from what pip says with --verbose: phases, and within them steps.

Nothing here decides anything: a line that is not understood changes nothing, and a build whose
output looks different shows less and is built just the same. Sources of the lines: pip (its own
sentences, and `Progress N of M` of its progress bar "raw"), scikit-build-core (`*** Configuring`),
Ninja (`[N/M]`) and CMake's makefiles (`[ N%]`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

import attrs


class Phase(StrEnum):
    """What is being done, in this order; the value is what people are shown."""

    SOURCE = "fetching the source"
    TOOLS = "fetching the build's tools"
    CONFIGURING = "looking at the compiler"
    COMPILING = "compiling"
    PACKING = "packing"
    DEPENDENCIES = "fetching what it needs"
    INSTALLING = "installing"
    TRYING = "loading it once"
    CLEARING = "clearing up"


@attrs.frozen
class Progress:
    """How far it is; `total` is 0 where nobody knows. The unit of the source is a byte.

    `failed`: the phase before this one was not completed.
    """

    phase: Phase
    done: int = 0
    total: int = 0
    failed: bool = False


BEGINNINGS: Final = (
    (re.compile(r"\s*Installing build dependencies: started"), Phase.TOOLS),
    (re.compile(r"\s*Getting requirements to build wheel: started"), Phase.TOOLS),
    (re.compile(r"\s*\*\*\* Configuring CMake"), Phase.CONFIGURING),
    (re.compile(r"\s*\*\*\* Building project"), Phase.COMPILING),
    (re.compile(r"\s*\*\*\* Installing project into wheel"), Phase.PACKING),
)
STEP: Final = re.compile(r"\s*\[\s*(\d{1,6})(?:/(\d{1,6})\]|%\])")
DOWNLOADED: Final = re.compile(r"\s*Progress (\d{1,12}) of (\d{1,12})")


class BuildOutput:
    """Reads the lines of one build and tells `report` of what is new."""

    def __init__(self, report: Callable[[Progress], None]) -> None:
        self._report = report
        self._now = Progress(Phase.SOURCE)
        report(self._now)

    def read(self, line: str) -> None:
        """Takes the next line."""
        found = self._understood(line)
        if found is not None and found != self._now:
            self._now = found
            self._report(found)

    def _understood(self, line: str) -> Progress | None:
        phase = self._now.phase
        if phase is Phase.COMPILING and (step := STEP.match(line)):
            return Progress(phase, int(step[1]), int(step[2] or 100))
        if phase is Phase.SOURCE and (bytes_ := DOWNLOADED.match(line)):
            return Progress(phase, int(bytes_[1]), int(bytes_[2]))
        for pattern, beginning in BEGINNINGS:
            if beginning is not phase and pattern.match(line):
                return Progress(beginning)
        return None
