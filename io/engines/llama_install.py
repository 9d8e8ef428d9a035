"""Builds llama-cpp-python for this machine and puts it into the environment that runs, or neither.

The order keeps the environment whole. A wheel is built and all that it needs is fetched in a folder
of ours, which takes minutes and touches nothing else: whatever fails or is interrupted there leaves
nothing behind. Then pip installs from that folder, without the network, in seconds; an interruption
waits for it. Then the library is loaded once, by a child. If it does not load, or the user wanted
out, what was there before is put back.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from ..folders import Folders, make_folder
from .build_failure import last_lines, next_step
from .build_output import BuildOutput, Phase, Progress
from .environment_snapshot import DEPENDENCIES, Snapshot
from .interrupts import as_keyboard_interrupt, deferred
from .llama_installed import About, LibraryUnusable, installed_version, load_once
from .llama_recipe import DISTRIBUTION, WHEELS_FOLDER, Recipe
from .pip_process import Pip
from .toolchain import JOBS_VARIABLE, Toolchain

PRIVATE_FILE_MODE: Final = 0o600
FOLDER_PREFIX: Final = "build-"
LOG_FILE: Final = "install-llama.cpp.log"
LOCK_FILE: Final = "lock"
PINS_FILE: Final = "pins.txt"


def work_folder_of(folders: Folders) -> Path:
    """Where it builds: in the cache, since a folder for temporary files may be small."""
    return folders.cache_dir / "engines"


def log_file_of(folders: Folders) -> Path:
    """Where all that pip and the compiler say is kept until the next time."""
    return folders.log_dir / LOG_FILE


class InstallFailed(Exception):
    """It could not be done. `lines` are the last of the log, `advice` is the next step.

    `is_whole`: the environment is as it was.
    """

    def __init__(self, message: str, lines: list[str], advice: str) -> None:
        super().__init__(message)
        self.lines = lines
        self.advice = advice
        self.is_whole = True


class InstallRuns(Exception):
    """Another process is at it."""


@attrs.frozen
class Installer:
    """One environment's. `environ` is what pip gets, `report` is told how far it is."""

    folders: Folders
    environ: Mapping[str, str]
    report: Callable[[Progress], None]

    @property
    def log_file(self) -> Path:
        """What pip and the compiler have said the last time."""
        return log_file_of(self.folders)

    def install(self, recipe: Recipe, tools: Toolchain) -> About:
        """Installs it. Raises InstallFailed, InstallRuns and KeyboardInterrupt."""
        with as_keyboard_interrupt(), self._folder() as folder:
            pip = self._pip(folder, tools)
            wheel = self._build(pip, folder, recipe, tools)
            before = Snapshot.taken(folder / "before")
            self._fetch_dependencies(pip, folder, before)
            return self._put_in(pip, folder, wheel, before)

    def remove(self) -> None:
        """Takes the package out, and leaves what else it brought. Raises InstallFailed."""
        with as_keyboard_interrupt(), self._folder() as folder, deferred():
            pip = self._pip(folder, None)
            self._run(pip, ["uninstall", "--yes", DISTRIBUTION], "could not be taken out")

    @contextmanager
    def _folder(self) -> Generator[Path]:
        """A folder that is gone afterwards; nobody else builds meanwhile."""
        work_folder = make_folder(work_folder_of(self.folders))
        descriptor = os.open(
            work_folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE_MODE
        )
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InstallRuns from None
            for left in work_folder.glob(f"{FOLDER_PREFIX}*"):
                shutil.rmtree(left, ignore_errors=True)  # of a process that was killed
            with tempfile.TemporaryDirectory(
                prefix=FOLDER_PREFIX, dir=work_folder, ignore_cleanup_errors=True
            ) as folder:
                try:
                    yield Path(folder)
                except (KeyboardInterrupt, InstallFailed):
                    self.report(Progress(Phase.CLEARING, failed=True))
                    raise
                self.report(Progress(Phase.CLEARING))
        finally:
            os.close(descriptor)

    def _pip(self, folder: Path, tools: Toolchain | None) -> Pip:
        """All that pip and the compiler write goes into the folder."""
        make_folder(self.log_file.parent)
        self.log_file.unlink(missing_ok=True)
        self.log_file.touch(PRIVATE_FILE_MODE)
        temporary = folder / "temporary"
        temporary.mkdir()
        jobs = {JOBS_VARIABLE: str(tools.jobs)} if tools else {}
        return Pip({**self.environ, "TMPDIR": str(temporary), **jobs}, self.log_file)

    def _build(self, pip: Pip, folder: Path, recipe: Recipe, tools: Toolchain) -> Path:
        recipe.write_files(folder)
        output = BuildOutput(self.report)
        arguments = recipe.arguments(folder, show_download=tools.shows_download)
        self._run(pip, arguments, "could not be built", output.read)
        (wheel,) = (folder / WHEELS_FOLDER).glob("*.whl")
        return wheel

    def _fetch_dependencies(self, pip: Pip, folder: Path, before: Snapshot) -> None:
        (folder / PINS_FILE).write_text(before.pins)
        missing = [name for name in DEPENDENCIES if name not in before.versions]
        if missing:
            self.report(Progress(Phase.DEPENDENCIES))
            fetch = ["download", "--prefer-binary", "--dest", str(folder / WHEELS_FOLDER)]
            pins = ["--constraint", str(folder / PINS_FILE)]
            self._run(pip, [*fetch, *pins, *missing], "is built, but not all that it needs is here")

    def _put_in(self, pip: Pip, folder: Path, wheel: Path, before: Snapshot) -> About:
        with deferred() as interruption:
            try:
                self.report(Progress(Phase.INSTALLING))
                self._install_offline(pip, folder, wheel)
                self.report(Progress(Phase.TRYING))
                about = self._tried()
            except InstallFailed:
                self._put_back(pip, before)
                raise
            if interruption.came:
                self._put_back(pip, before)
                raise KeyboardInterrupt
        return about

    def _install_offline(self, pip: Pip, folder: Path, wheel: Path) -> None:
        # pip would leave what is there alone, since it has the same version.
        if installed_version() is not None:
            self._run(pip, ["uninstall", "--yes", DISTRIBUTION], "could not be exchanged")
        install = ["install", "--no-index", "--find-links", str(folder / WHEELS_FOLDER)]
        pins = ["--constraint", str(folder / PINS_FILE)]
        self._run(pip, [*install, *pins, str(wheel)], "could not be installed")

    def _tried(self) -> About:
        try:
            return load_once()
        except LibraryUnusable as error:
            raise InstallFailed(
                "llama.cpp was built and cannot be loaded, so it was taken out again",
                [str(error)],
                "",
            ) from None

    def _put_back(self, pip: Pip, before: Snapshot) -> None:
        ours = [DISTRIBUTION] if installed_version() is not None else []
        names = [*ours, *before.came_since()]
        try:
            if names:
                self._run(pip, ["uninstall", "--yes", *names], "could not be taken out again")
        except InstallFailed as error:
            error.is_whole = False
            error.advice = f"run: {sys.executable} -m pip uninstall {' '.join(names)}"
            raise
        before.put_back()

    def _run(
        self,
        pip: Pip,
        arguments: list[str],
        failure: str,
        read: Callable[[str], None] | None = None,
    ) -> None:
        if pip.run(arguments, read):
            tail = list(pip.tail)
            raise InstallFailed(f"llama.cpp {failure}", last_lines(tail), next_step(tail))
