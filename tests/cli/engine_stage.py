"""A stage with an environment of its own, into which packages are put and taken out again.

The environment is a real one, with our dependencies linked from that of the tests; only pip and the
compilers are stand-ins. So what the command does to an environment is seen in an environment.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import attrs

from .stage import Stage

LEFT_OUT = (
    "bin", "diskcache", "include", "lib", "llama_cpp", "numpy", "pip", "share", "__pycache__",
)  # fmt: skip
"""How the names begin of pip and of what a llama-cpp-python in the tests' environment brought."""


@attrs.frozen
class EngineStage:
    """A stage whose commands run in the environment."""

    stage: Stage
    site: Path

    @classmethod
    def create(cls, stage: Stage) -> EngineStage:
        """Makes the environment, with a fake pip and fake compilers."""
        place = stage.folder / "environment"
        venv.EnvBuilder(symlinks=True).create(place)
        python = place / "bin" / "python"
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        site = place / "lib" / version / "site-packages"
        for entry in Path(sysconfig.get_path("purelib")).iterdir():
            if not entry.name.startswith(LEFT_OUT):
                (site / entry.name).symlink_to(entry)
        _put_pip_in(site)
        programs = stage.folder / "programs"
        for name in ("cc", "c++"):
            compiler = programs / name
            compiler.write_text("#!/bin/sh\necho Fake Compiler 1.0\n")
            compiler.chmod(0o755)
        environment = stage.environment | {
            "FAKE_PIP_FOLDER": str(stage.folder),
            "CMAKE_BUILD_PARALLEL_LEVEL": "2",
        }
        return cls(attrs.evolve(stage, environment=environment, python=str(python)), site)

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Runs `understudy engines ...` to its end."""
        return self.stage.run("engines", *arguments, **environ)

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """Starts `understudy engines ...`."""
        return self.stage.start("engines", *arguments, **environ)

    def put_in(self, name: str, version: str) -> None:
        """Puts a package in, as an installation of earlier has."""
        program = f"from pip import __main__ as pip; pip.put_in({name!r}, {version!r}, '')"
        subprocess.run([self.stage.python, "-c", program], check=True, env=self.stage.environment)

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What pip was called with, in order."""
        file = self.stage.folder / "calls"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def packages(self) -> dict[str, str]:
        """The content of each file that a package has brought."""
        return {
            file.relative_to(self.site).as_posix(): file.read_text()
            for folder in self.site.iterdir()
            if not folder.is_symlink() and not folder.name.startswith("pip")
            for file in folder.rglob("*.*")
            if file.suffix != ".pyc"
        }

    @property
    def log_file(self) -> Path:
        """Where the build's log is to be."""
        return self.stage.home / "logs" / "install-llama.cpp.log"

    def work_left(self) -> list[str]:
        """What is left where it has built, but for the lock."""
        found = (self.stage.home / "cache" / "engines").glob("*")
        return [each.name for each in found if each.name != "lock"]


def _put_pip_in(site: Path) -> None:
    (site / "pip").mkdir()
    (site / "pip" / "__init__.py").touch()
    shutil.copy(Path(__file__).with_name("fake_pip.py"), site / "pip" / "__main__.py")
    information = site / "pip-26.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: pip\nVersion: 26.0\n")
