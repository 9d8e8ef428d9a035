"""Who keeps services running for a user, as the commands see it: systemd or launchd."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs

from .plan import ServicePlan
from .steps import ServiceError, Step

SYSTEMD_PLATFORM: Final = "linux"
LAUNCHD_PLATFORM: Final = "darwin"
BY_HAND: Final = (
    "`understudy serve` runs it in a terminal, and `understudy claude` starts one for as long as "
    "it is used"
)


@attrs.frozen
class ServiceState:
    """How the service is. `words` are the manager's own; `process_id` is 0 while it is stopped.

    `failing` says that it has ended by itself, as far as the manager tells, and will end again.
    """

    installed: bool
    enabled: bool
    running: bool
    process_id: int
    words: str
    failing: bool = False


class Manager(ABC):
    """One of them. `file` is where its description of our service lies."""

    name: str
    file: Path

    @abstractmethod
    def check(self) -> None:
        """Raises ServiceError, with the next step, where it does not run for this user."""

    @abstractmethod
    def install(self, plan: ServicePlan) -> Sequence[Step]:
        """What makes the service run, now and from each login on."""

    @abstractmethod
    def remove(self) -> Sequence[Step]:
        """What stops it and leaves nothing of ours behind."""

    @abstractmethod
    def restart(self) -> Sequence[Step]:
        """What stops it and starts it again."""

    @abstractmethod
    def state(self) -> ServiceState:
        """How it is now."""

    @abstractmethod
    def log_command(self, lines: int, *, follow: bool) -> tuple[str, ...]:
        """The program that shows the log."""

    @abstractmethod
    def variable_hint(self, name: str) -> str:
        """How the service is given a variable of the environment."""

    @abstractmethod
    def hint(self) -> str:
        """What the user may want to know of when the service runs; "" for nothing."""


def choose_manager(environ: Mapping[str, str], platform: str, log_file: Path) -> Manager:
    """The manager of this machine. Raises ServiceError where there is none that we know."""
    from .launchd import Launchd
    from .systemd import Systemd

    if platform == SYSTEMD_PLATFORM:
        return Systemd(environ)
    if platform == LAUNCHD_PLATFORM:
        return Launchd(environ, log_file)
    raise ServiceError(f"there is no service for {platform} yet; {BY_HAND}")
