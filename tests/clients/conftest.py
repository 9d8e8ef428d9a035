"""What every test here has: a disk that need not be waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from understudy.io.clients import ruling_files

from .home import SETTINGS, Home


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here loses power; one looks at what is synced, and when."""

    def synced(descriptor: int) -> None:
        """Is there at once."""

    monkeypatch.setattr(os, "fsync", synced)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one endpoint in its settings; the user is in an empty project of theirs."""
    ours, project = tmp_path / "understudy", tmp_path / "project"
    ours.mkdir()
    project.mkdir()
    (ours / "settings.toml").write_text(SETTINGS)
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "UNDERSTUDY_HOME": str(ours)}
    monkeypatch.setattr(os, "environ", environ)
    monkeypatch.chdir(project)
    monkeypatch.setattr(ruling_files, "LINUX_FOLDER", tmp_path / "etc")
    return Home(tmp_path)
