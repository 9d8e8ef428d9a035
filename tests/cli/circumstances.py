"""What the tests of `understudy doctor` share: settings, and the finding that is looked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from understudy.io.cli.doctor import circumstances_of
from understudy.io.cli.findings import Circumstances, Finding

from .stage import Stage


def engine(file: Path) -> str:
    return f'[[endpoint]]\nname = "local"\nengine = "llama-server"\nfile = "{file}"\n'


def only(findings: Iterable[Finding], name: str = "") -> Finding:
    (found,) = (each for each in findings if not name or each.name == name)
    return found


def with_settings(stage: Stage, text: str) -> Circumstances:
    stage.write_settings(text)
    return circumstances_of(None)
