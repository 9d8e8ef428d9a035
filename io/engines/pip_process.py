"""Runs pip in the environment that we run in, line by line, with all that it says in a log file.

pip runs in a session of its own: Ctrl-C reaches us alone, and we decide what becomes of pip. It is
niced, since a compiler on all cores must not be in the way of what the user does meanwhile. If it
is not to go on, its whole process group goes, so that no compiler is left behind.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from .interrupts import deferred

NICENESS: Final = 10
SILENCE_SECONDS_MAX: Final = 3600.0
"""One file for a GPU is compiled for many minutes without a word."""
STOP_SECONDS: Final = 5.0
"""From SIGTERM, on which pip removes its temporary files, to SIGKILL."""
READ_BYTES: Final = 65_536
LINE_BYTES_MAX: Final = 65_536
"""What goes beyond is passed on as a line of its own."""
TAIL_LINES: Final = 400
"""So much of the end is kept, to say why it failed."""


class Pip:
    """Calls of pip that share a log and an environment."""

    def __init__(self, environ: Mapping[str, str], log_file: Path) -> None:
        self._environ = {
            **environ,
            "PYTHONUNBUFFERED": "1",
            "PIP_NO_INPUT": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "NO_COLOR": "1",
        }
        self._log_file = log_file
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        """The last lines of the last call."""

    def run(self, arguments: Sequence[str], read: Callable[[str], None] | None = None) -> int:
        """Calls pip and returns its exit status; `read` gets each line.

        When an exception comes from elsewhere, such as KeyboardInterrupt, pip is ended first.
        """
        command = [sys.executable, "-P", "-m", "pip", *arguments]
        self.tail.clear()
        with self._log_file.open("ab", buffering=0) as log:
            log.write(f"$ {' '.join(command)}\n".encode())
            process = subprocess.Popen(  # noqa: S603 our own interpreter
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=self._environ,
                start_new_session=True,
            )
            try:
                with suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
                assert process.stdout is not None
                for line in _lines(process.stdout, log):
                    self.tail.append(line)
                    if read is not None:
                        read(line)
                return process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.tail.append(f"pip said nothing for {SILENCE_SECONDS_MAX:g} s, and was ended")
                return 1
            finally:
                with deferred():
                    _stop(process)


def _lines(stream: IO[bytes], log: IO[bytes]) -> Iterator[str]:
    """The lines as they come, also without a newline at the end; each byte goes to the log."""
    rest = b""
    while select.select([stream], [], [], SILENCE_SECONDS_MAX)[0]:
        chunk = os.read(stream.fileno(), READ_BYTES)
        log.write(chunk)
        *whole, rest = (rest + chunk).split(b"\n")
        if not chunk or len(rest) > LINE_BYTES_MAX:
            whole, rest = [*whole, rest], b""
        yield from (line.decode(errors="replace") for line in whole)
        if not chunk:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and all that it has started; nothing happens if it has ended by itself."""
    if process.poll() is None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
                break
        # A compiler that outlived pip holds the group.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.stdout is not None
    process.stdout.close()
