"""The service as an agent of the user's own launchd.

Source: launchctl(1) and launchd.plist(5). `bootstrap` loads an agent into the domain of the user's
graphical session, `gui/UID`; loaded is running, for ours starts at load. An agent of this name that
is loaded has to leave before another comes, so it is booted out first, which may find none.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from .agent import LABEL, STOP_SECONDS, agent_text
from .manager import BY_HAND, Manager, ServiceState
from .plan import ServicePlan
from .steps import Delete, Make, Run, ServiceError, Step, Write, read_ours, run

_PROCESS: Final = re.compile(r"^\tpid = (\d+)$", re.MULTILINE)
_STATE: Final = re.compile(r"^\tstate = (.+)$", re.MULTILINE)
_EXIT: Final = re.compile(r"^\tlast exit code = (.+)$", re.MULTILINE)


class Launchd(Manager):
    """`launchctl`, found on the environment's PATH. `log_file` is where the server logs."""

    name = "launchd"

    def __init__(self, environ: Mapping[str, str], log_file: Path) -> None:
        self._environ = environ
        self._log_file = log_file
        self._domain = f"gui/{os.getuid()}"
        self._target = f"{self._domain}/{LABEL}"
        home = Path(environ.get("HOME", "/"))
        self.file = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def check(self) -> None:
        """See Manager."""
        if shutil.which("launchctl", path=self._environ.get("PATH")) is None:
            raise ServiceError(f"there is no launchctl on PATH; {BY_HAND}")
        ran = run(("launchctl", "print", self._domain), self._environ)
        if ran.code != 0:
            raise ServiceError(
                f"there is no graphical session of this user ({ran.words.splitlines()[0]}): log in "
                f"at the screen once, and try again; or go without: {BY_HAND}"
            )

    def install(self, plan: ServicePlan) -> Sequence[Step]:
        """Writes and loads the agent. One that runs as it is written is left to run."""
        text = agent_text(plan)
        if read_ours(self.file) == text and self.state().running:
            return ()
        return (
            Make(plan.log_file.parent),  # launchd makes none, and drops what is printed
            Run(("launchctl", "bootout", self._target), may_fail=True),
            Write(self.file, text),
            Run(("launchctl", "enable", self._target)),
            Run(
                ("launchctl", "bootstrap", self._domain, str(self.file)),
                patience_seconds=STOP_SECONDS,
            ),
        )

    def remove(self) -> Sequence[Step]:
        """See Manager."""
        if not read_ours(self.file):
            return ()
        return (Run(("launchctl", "bootout", self._target), may_fail=True), Delete(self.file))

    def restart(self) -> Sequence[Step]:
        """See Manager."""
        return (Run(("launchctl", "kickstart", "-k", self._target)),)

    def state(self) -> ServiceState:
        """See Manager. What launchd prints of an agent is for people: only three lines are read."""
        installed = bool(read_ours(self.file))
        ran = run(("launchctl", "print", self._target), self._environ)
        if ran.code != 0:
            return ServiceState(installed, installed, running=False, process_id=0, words="stopped")
        process, said = _PROCESS.search(ran.out), _STATE.search(ran.out)
        ended = _EXIT.search(ran.out)
        words = said[1] if said else "unknown"
        if process is None and ended is not None:
            words += f", last exit code {ended[1]}"
        number = int(process[1]) if process else 0
        return ServiceState(
            installed, installed, running=number > 0, process_id=number, words=words
        )

    def log_command(self, lines: int, *, follow: bool) -> tuple[str, ...]:
        """The server's own log; what a failed start printed lies beside it."""
        files = [self._log_file, self._log_file.with_suffix(".err")]
        found = [str(each) for each in files if each.exists()]
        if not found:
            raise ServiceError(f"{self._log_file}: nothing has been logged yet")
        return ("tail", "-n", str(lines), *(("-F",) if follow else ()), *found)

    def variable_hint(self, name: str) -> str:
        """See Manager. A property list of ours that is edited would be taken for another's."""
        return f"`launchctl setenv {name} ...` before it starts gives it one, until you log out"

    def hint(self) -> str:
        """Nothing: an agent lives from login to logout, as everything there does."""
        return ""
