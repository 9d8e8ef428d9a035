"""`understudy service` on a real systemd: it starts what it is given, and starts it again."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import attrs
import pytest
from understudy.io.cli.service import START_SECONDS_MAX

from .user_systemd import UserSystemd, open_user_systemd, why_not

UNIT = ".config/systemd/user/understudy.service"
HOME = "ours 100% $HOME"
OF_THE_SHELL = {"HTTPS_PROXY": "http://user:planted@127.0.0.1:1"}
DROP_IN = (
    "[Unit]\nStartLimitBurst=1000\n[Service]\nRestartSec=100ms\nEnvironment=OF_THE_DROP_IN=1\n"
)
RESTART_SECONDS_MAX = 30.0
POLL_SECONDS = 0.05


@attrs.frozen
class House:
    """A user who is logged in, and commands of ours as they type them."""

    home: Path
    systemd: UserSystemd
    port: int

    @property
    def unit(self) -> Path:
        """Where the unit is written."""
        return self.home / UNIT

    def run(self, *arguments: str, code: int = 0) -> str:
        """Runs a command of ours and returns what it printed."""
        done = self.systemd.run([sys.executable, "-m", "understudy", *arguments])
        assert done.returncode == code, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def status(self) -> dict[str, Any]:
        """What `service status` says of a service that runs."""
        told: dict[str, Any] = json.loads(self.run("service", "status", "--json"))
        return told

    def show(self, name: str) -> str:
        """What systemd itself says of the unit."""
        words = ["systemctl", "--user", "show", "understudy", f"--property={name}", "--value"]
        return self.systemd.run(words).stdout.strip()

    def wait_for_another(self, process: int) -> dict[str, Any]:
        """Waits until another process than this one answers."""
        deadline = time.monotonic() + RESTART_SECONDS_MAX
        while time.monotonic() < deadline:
            if self.show("MainPID") not in ("0", str(process)):
                told = self.status()
                if told["address"]:
                    return told
            time.sleep(POLL_SECONDS)
        raise AssertionError(self.run("service", "logs"))


@pytest.fixture
def house(tmp_path: Path) -> Generator[House]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    ours = tmp_path / HOME
    ours.mkdir()
    (ours / "settings.toml").write_text(f"[server]\nport = {port}\n")
    with open_user_systemd(tmp_path, {"UNDERSTUDY_HOME": str(ours), **OF_THE_SHELL}) as systemd:
        yield House(tmp_path, systemd, port)


def test_a_real_systemd_starts_it_starts_it_again_shows_its_log_and_forgets_it(
    house: House,
) -> None:
    drop_in = house.home / f"{UNIT}.d" / "override.conf"
    drop_in.parent.mkdir(parents=True)
    drop_in.write_text(DROP_IN)
    said = house.run("service", "install")
    assert "the service does not see $HTTPS_PROXY of this shell" in said
    assert "planted" not in said
    assert f"Understudy runs at http://127.0.0.1:{house.port}" in said
    told = house.status()
    assert (told["enabled"], told["running"], told["words"]) == (True, True, "active (running)")
    assert told["address"] == f"http://127.0.0.1:{house.port}"
    assert "OF_THE_DROP_IN=1" in house.show("Environment")
    assert "UNDERSTUDY_HOME" in house.show("Environment")
    assert f"ready http://127.0.0.1:{house.port}" in house.run("service", "logs")

    house.systemd.run(["kill", "-KILL", str(told["process_id"])])
    again = house.wait_for_another(told["process_id"])
    assert (again["running"], house.show("NRestarts")) == (True, "1")

    house.run("service", "install")
    assert house.status()["process_id"] == again["process_id"], "what runs as it should is left"
    house.run("service", "restart")
    assert house.status()["process_id"] != again["process_id"]

    settings = house.home / HOME / "settings.toml"
    good = settings.read_text()
    settings.write_text("nonsense")
    started = time.monotonic()
    said = house.run("service", "restart", code=1)
    assert time.monotonic() - started < START_SECONDS_MAX, "nobody waits for what has ended"
    assert "it said last: understudy: " in said
    assert f"{settings}:1:9: not valid TOML" in said
    settings.write_text(good)
    assert house.wait_for_another(0)["running"], "systemd has gone on trying"

    house.run("service", "remove")
    assert not house.unit.exists()
    assert not list(house.home.rglob("default.target.wants/understudy.service"))
    assert drop_in.read_text() == DROP_IN, "what the user wrote stays"
    assert json.loads(house.run("service", "status", "--json", code=3))["running"] is False
    with socket.create_server(("127.0.0.1", house.port)):
        assert house.show("MainPID") == "0"
