"""A client's folder in a test: what is wished for in it, and its files as they were found."""

from __future__ import annotations

from pathlib import Path

import attrs
from understudy.io.clients.files import DiskFiles, Files
from understudy.io.clients.merge import Wish
from understudy.io.clients.setup import Setup, Target

WISHES = (
    Wish(("env", "ADDRESS"), "http://127.0.0.1:7337", "where it is"),
    Wish(("env", "DISCOVERY"), "1", "what it lists"),
    Wish(("apiKeyHelper",), "/opt/understudy token", "who says the token"),
    Wish(("permissions", "defaultMode"), "default", "who is asked"),
)
SERVER = Wish(("mcpServers", "understudy"), {"command": "u", "args": ["mcp"], "env": {}}, "tools")


@attrs.frozen
class ClientFiles:
    """A home with the client's two files, or places for them, and a folder for our state."""

    home: Path

    @property
    def settings(self) -> Path:
        """The file of settings."""
        return self.home / ".client" / "settings.json"

    @property
    def own(self) -> Path:
        """The file that the client keeps for itself."""
        return self.home / ".client.json"

    @property
    def state(self) -> Path:
        """Our own folder."""
        return self.home / "state"

    @property
    def targets(self) -> list[Target]:
        """Both files with their wishes."""
        return [Target(self.settings, WISHES), Target(self.own, (SERVER,))]

    def setup(self, files: Files | None = None) -> Setup:
        """The work on these files."""
        return Setup("client", self.settings.parent, files or DiskFiles(), self.state)

    def write(self, text: str) -> None:
        """Writes the settings file."""
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_bytes(text.encode())

    def seen(self) -> dict[str, bytes]:
        """Every file outside our own folder, with its content."""
        return {
            path.relative_to(self.home).as_posix(): path.read_bytes()
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and not path.is_relative_to(self.state)
        }
