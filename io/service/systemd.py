"""The service as a unit of the user's own systemd.

Sources: systemctl(1), systemd.unit(5) for the folder, loginctl(1) for lingering, journalctl(1),
wsl.conf (learn.microsoft.com/windows/wsl/systemd) for the next step there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from .manager import BY_HAND, Manager, ServiceState
from .plan import ServicePlan
from .steps import Delete, Run, ServiceError, Step, Write, read_ours, run
from .unit import unit_text

UNIT: Final = "understudy.service"
_SYSTEMCTL: Final = ("systemctl", "--user")
_SHOWN: Final = ("LoadState", "ActiveState", "SubState", "Result", "MainPID", "UnitFileState")
WSL_VARIABLE: Final = "WSL_DISTRO_NAME"
CONTAINER_SIGNS: Final = (Path("/.dockerenv"), Path("/run/.containerenv"))


class Systemd(Manager):
    """`systemctl --user`, found on the environment's PATH."""

    name = "systemd"

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        configured = environ.get("XDG_CONFIG_HOME", "").strip()
        folder = Path(configured) if configured else Path(environ.get("HOME", "/")) / ".config"
        self.file = folder / "systemd" / "user" / UNIT

    def check(self) -> None:
        """See Manager."""
        if shutil.which("systemctl", path=self._environ.get("PATH")) is None:
            raise ServiceError(f"there is no systemd here (no systemctl on PATH); {self._next()}")
        ran = run((*_SYSTEMCTL, "show-environment"), self._environ)
        if ran.code != 0:
            raise ServiceError(
                f"no systemd runs for this user ({ran.words.splitlines()[0]}); {self._next()}"
            )

    def install(self, plan: ServicePlan) -> Sequence[Step]:
        """Writes and enables the unit. One that runs as it is written is left to run."""
        text = unit_text(plan)
        if read_ours(self.file) == text and self.state().running:
            return (Run((*_SYSTEMCTL, "enable", UNIT)),)
        return (
            Write(self.file, text),
            Run((*_SYSTEMCTL, "daemon-reload")),
            Run((*_SYSTEMCTL, "reset-failed", UNIT), may_fail=True),
            Run((*_SYSTEMCTL, "enable", UNIT)),
            Run((*_SYSTEMCTL, "restart", UNIT)),
        )

    def remove(self) -> Sequence[Step]:
        """See Manager."""
        if not read_ours(self.file):
            return ()
        return (
            Run((*_SYSTEMCTL, "disable", "--now", UNIT)),
            Delete(self.file),
            Run((*_SYSTEMCTL, "daemon-reload")),
            Run((*_SYSTEMCTL, "reset-failed", UNIT), may_fail=True),
        )

    def restart(self) -> Sequence[Step]:
        """See Manager."""
        return (
            Run((*_SYSTEMCTL, "reset-failed", UNIT), may_fail=True),
            Run((*_SYSTEMCTL, "restart", UNIT)),
        )

    def state(self) -> ServiceState:
        """See Manager."""
        ran = run((*_SYSTEMCTL, "show", UNIT, f"--property={','.join(_SHOWN)}"), self._environ)
        if ran.code != 0:
            raise ServiceError(f"systemd does not say how {UNIT} is: {ran.words}")
        pairs = (line.partition("=") for line in ran.out.splitlines())
        told = {name: value for name, _, value in pairs}
        active, result = told.get("ActiveState", "unknown"), told.get("Result", "")
        why = f": {result}" if active == "failed" and result else ""
        process, sub_state = told.get("MainPID", "0"), told.get("SubState", "unknown")
        return ServiceState(
            installed=bool(read_ours(self.file)),
            enabled=told.get("UnitFileState") == "enabled",
            running=active in ("active", "reloading"),
            process_id=int(process) if process.isdecimal() else 0,
            words=f"{active} ({sub_state}){why}",
            failing=active == "failed" or sub_state == "auto-restart",
        )

    def log_command(self, lines: int, *, follow: bool) -> tuple[str, ...]:
        """See Manager. `--user` would leave out the journal that all users share: where journald
        keeps it in memory alone there is no other, and with it nothing would be shown."""
        more = ("--follow",) if follow else ("--no-pager",)
        which = (f"--user-unit={UNIT}", f"--lines={lines}")
        return ("journalctl", *which, "--output=cat", "--quiet", *more)

    def variable_hint(self, name: str) -> str:
        """See Manager."""
        return f"`systemctl --user edit {UNIT}` gives it one: [Service] Environment={name}=..."

    def hint(self) -> str:
        """Without lingering a user's services end with the last session."""
        if shutil.which("loginctl", path=self._environ.get("PATH")) is None:
            return ""
        ran = run(
            ("loginctl", "show-user", "--property=Linger", "--value", str(os.getuid())),
            self._environ,
        )
        if ran.code != 0 or ran.out.strip() != "no":
            return ""
        return "it stops when you log out; `loginctl enable-linger` keeps it, and starts it at boot"

    def _next(self) -> str:
        if self._environ.get(WSL_VARIABLE):
            step = "write `[boot]` and `systemd=true` into /etc/wsl.conf, and run `wsl --shutdown`"
            return f"{step}; or go without: {BY_HAND}"
        if any(sign.exists() for sign in CONTAINER_SIGNS):
            return "in a container, make `understudy serve` its command"
        if not self._environ.get("XDG_RUNTIME_DIR"):
            step = "XDG_RUNTIME_DIR is not set: log in as this user (ssh, not su), and try again"
            return f"{step}; or go without: {BY_HAND}"
        return f"go without: {BY_HAND}"
