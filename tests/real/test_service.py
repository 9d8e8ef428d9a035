"""`understudy service` from start to end, with a real server behind a scripted systemd.

The unit that is written is really started by what its ExecStart and its environment say. systemd
itself, where it is installed, is asked whether the unit is well formed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

FAKE = Path(__file__).parents[1] / "service" / "fake_systemctl.py"
PROGRAMS = ("systemctl", "journalctl", "loginctl")
SECONDS_MAX = 60.0


@attrs.frozen
class House:
    """A home of its own, with a user's systemd that is scripted."""

    folder: Path
    port: int

    @classmethod
    def build(cls, folder: Path) -> House:
        """Makes the folders, the programs and the settings, with a port that is free."""
        programs, systemd = folder / "programs", folder / "systemd"
        programs.mkdir()
        systemd.mkdir()
        for name in PROGRAMS:
            program = programs / name
            program.write_text(f"#!{sys.executable} -IS\n{FAKE.read_text()}")
            program.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        home = folder / "a home"
        home.mkdir()
        (home / "settings.toml").write_text(f"[server]\nport = {port}\n")
        return cls(folder, port)

    @property
    def unit(self) -> Path:
        """Where the unit is written."""
        return self.folder / ".config" / "systemd" / "user" / "understudy.service"

    def run(self, *arguments: str, code: int = 0) -> str:
        """Runs a command and returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "understudy", *arguments],
            env={
                "PATH": f"{self.folder / 'programs'}:/usr/bin:/bin",
                "HOME": str(self.folder),
                "LANG": "C.UTF-8",
                "UNDERSTUDY_HOME": str(self.folder / "a home"),
                "FAKE_SYSTEMD": str(self.folder / "systemd"),
                "SECRET_OF_THE_SHELL": "planted",
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
        assert done.returncode == code, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


def test_it_is_installed_answers_is_restarted_and_leaves_nothing(tmp_path: Path) -> None:
    house = House.build(tmp_path)
    try:
        said = house.run("service", "install")
        assert f"Understudy runs at http://127.0.0.1:{house.port}" in said
        assert "loginctl enable-linger" in said
        assert "planted" not in house.unit.read_text()
        told = json.loads(house.run("service", "status", "--json"))
        assert (told["enabled"], told["running"]) == (True, True)
        assert told["address"] == f"http://127.0.0.1:{house.port}"
        assert "is listened on" not in house.run("service", "logs")
        assert house.run("service", "install", "--dry-run").splitlines() == [
            "run: systemctl --user enable understudy.service"
        ]
        taken = house.run("serve", code=2)
        assert f"runs at http://127.0.0.1:{house.port} (process {told['process_id']}" in taken
        house.run("service", "restart")
        again = json.loads(house.run("service", "status", "--json"))
        assert again["process_id"] != told["process_id"]
    finally:
        house.run("service", "remove")
    assert not house.unit.exists()
    assert json.loads(house.run("service", "status", "--json", code=3))["running"] is False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play another user")
def test_another_user_s_listener_is_named_and_never_shown_the_token(tmp_path: Path) -> None:
    house = House.build(tmp_path)
    listens = (
        "import os, socket, sys; os.setuid(65534); "
        f"opened = socket.create_server(('127.0.0.1', {house.port})); print('up', flush=True); "
        "sys.stdin.read(); opened.settimeout(0); opened.accept()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", listens],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as stranger:
        assert stranger.stdout is not None
        assert stranger.stdout.readline() == "up\n"
        named = "another user's program"
        assert named in house.run("serve", code=2)
        refused = house.run("service", "install", code=2)
        assert (
            f"the service could not listen on port {house.port}: it is held by {named}" in refused
        )
        assert not house.unit.exists()
        assert f"port {house.port}, where {named} listens (" in house.run("token", code=2)
        _, said = stranger.communicate(timeout=SECONDS_MAX)
    assert "BlockingIOError" in said, "nobody has connected"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_the_unit_well_formed(tmp_path: Path) -> None:
    house = House.build(tmp_path)
    shown = house.run("service", "install", "--dry-run").splitlines()
    added = [line[1:] for line in shown if line.startswith("+") and not line.startswith("+++")]
    assert complaints(tmp_path, added) == ""
    assert "OMPolicy" in complaints(tmp_path, [line.replace("OOM", "OM") for line in added])


def complaints(folder: Path, lines: list[str]) -> str:
    """What systemd itself finds wrong with a unit."""
    unit = folder / "understudy.service"
    unit.write_text("\n".join(lines) + "\n")
    judged = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(unit)],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    return judged.stdout + judged.stderr
