"""Scripted programs of the system on a PATH of a test's own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent


def scripted(folder: Path, fake: str, *names: str) -> dict[str, str]:
    """An environment in which these programs are played by a file of this folder."""
    programs, kept = folder / "programs", folder / "kept"
    programs.mkdir()
    kept.mkdir()
    for name in names:
        program = programs / name
        program.write_text(f"#!{sys.executable} -IS\n{(HERE / f'{fake}.py').read_text()}")
        program.chmod(0o755)
    return {
        "HOME": str(folder),
        "PATH": str(programs),
        "FAKE_SYSTEMD": str(kept),
        "FAKE_LAUNCHD": str(kept),
    }


def calls(folder: Path) -> list[str]:
    """What the programs were asked to do, in order."""
    lines = (folder / "kept" / "calls").read_text().splitlines()
    return [" ".join(json.loads(line)) for line in lines]
