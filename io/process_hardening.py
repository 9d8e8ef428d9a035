"""What keeps the memory of this process from others: no core dump, and no reading along.

The memory of the server holds every key that it has sent and every prompt in flight. A core dump
would write all of it to a disk; and on Linux any process of the same user may read it through
/proc/PID/mem, or attach to it, unless the process says that it is not dumpable.

Of a process that is not dumpable, the files in /proc/PID belong to root, and only those of them
that anybody may read stay readable to its user: `environ`, `fd`, `maps` and `smaps_rollup` do not.
Who is the process itself, or root, or has CAP_SYS_PTRACE, reads on. So a debugger, py-spy, and
`lsof` of the same user see nothing of the server; OPEN_VARIABLE leaves it open to them. Children
that run another program are dumpable again: we read what they hold as before.

Source: prctl(2) PR_SET_DUMPABLE, proc(5), getrlimit(2).
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Mapping
from typing import Final

log = logging.getLogger("understudy")

OPEN_VARIABLE: Final = "UNDERSTUDY_OPEN_TO_DEBUGGERS"
PR_SET_DUMPABLE: Final = 4
"""From linux/prctl.h."""


def harden(environ: Mapping[str, str]) -> None:
    """Closes this process to others, unless OPEN_VARIABLE is set. What cannot be had is logged."""
    if environ.get(OPEN_VARIABLE):
        log.warning("%s is set: whoever runs as this user can read our keys", OPEN_VARIABLE)
        return
    _no_core_dump()
    if sys.platform == "linux":
        _not_dumpable()


def _no_core_dump() -> None:
    """Children have no more: their memory holds prompts."""
    if sys.platform == "win32":
        return
    import resource  # not on Windows

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError) as error:
        log.warning("a crash may write our memory to a disk: %s", error)


def _not_dumpable() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        log.warning("processes of this user can read our memory (errno %d)", ctypes.get_errno())
