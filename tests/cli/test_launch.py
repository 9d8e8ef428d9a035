"""A server of one's own, interrupted at the worst moment."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import psutil
import pytest
from understudy.io.cli import launch


def test_ctrl_c_as_the_server_is_born_leaves_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    born: list[subprocess.Popen[bytes]] = []

    def spawn(log: IO[bytes], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(["sleep", "60"], stdout=subprocess.PIPE)
        born.append(child)
        signal.raise_signal(signal.SIGINT)
        return child

    monkeypatch.setattr(launch, "_spawn", spawn)
    environ = {"HOME": str(tmp_path), "UNDERSTUDY_HOME": str(tmp_path / "home")}
    with pytest.raises(KeyboardInterrupt), launch.open_server(environ):
        pass
    assert len(born) == 1
    assert not psutil.pid_exists(born[0].pid)
