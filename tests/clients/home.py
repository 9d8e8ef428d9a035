"""A user's home in a test, in which `install` and `uninstall` are typed."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner, Result
from understudy.io.cli import install, uninstall
from understudy.io.cli.errors import CannotRun
from understudy.io.clients.files import FileRefused

SETTINGS = """
[[endpoint]]
name = "local"
dialect = "openai-chat"
base_url = "http://127.0.0.1:9000"
models = ["qwen"]
context_tokens = 32768
"""


@attrs.frozen
class Home:
    """A user's home; commands are run in this process."""

    path: Path

    @property
    def settings(self) -> Path:
        """Claude Code's settings."""
        return self.path / ".claude" / "settings.json"

    def run(self, *words: str) -> Result:
        """Runs a command to its end; one that fails raises what it says."""
        commands = {"install": install.command, "uninstall": uninstall.command}
        runner = CliRunner()
        return runner.invoke(commands[words[0]], list(words[1:]), catch_exceptions=False)

    def refused(self, *words: str) -> Exception:
        """What the command raises, for `main` to show."""
        with pytest.raises((CannotRun, FileRefused)) as told:
            CliRunner().invoke(
                install.command, list(words), catch_exceptions=False, standalone_mode=False
            )
        return told.value

    def files(self) -> dict[str, bytes]:
        """All files of the home."""
        found = (path for path in sorted(self.path.rglob("*")) if path.is_file())
        return {path.relative_to(self.path).as_posix(): path.read_bytes() for path in found}
