"""A systemd user manager of one unit, as a program: systemctl, journalctl and loginctl in one.

It reads the unit that it is given, really starts its ExecStart, and keeps what it knows in a folder
(FAKE_SYSTEMD). Every call is recorded. Run under the name of the program that it plays.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(os.environ["FAKE_SYSTEMD"])
UNIT = "understudy.service"
STOP_SECONDS_MAX = 20.0
LOG = FOLDER / "journal"


def main() -> int:
    """Plays the program whose name it has."""
    name, arguments = Path(sys.argv[0]).name, sys.argv[1:]
    with (FOLDER / "calls").open("a") as calls:
        calls.write(json.dumps([name, *arguments]) + "\n")
    if name == "journalctl":
        sys.stdout.write(LOG.read_text())
        return 0
    if name == "loginctl":
        sys.stdout.write("no\n")
        return 0
    if os.environ.get("FAKE_NO_BUS"):
        sys.stderr.write("Failed to connect to bus: No medium found" + "\n")
        return 1
    assert arguments.pop(0) == "--user", "only the user's own manager is asked"
    return {
        "show-environment": lambda: 0,
        "daemon-reload": reload,
        "reset-failed": lambda: 0,
        "enable": enable,
        "disable": disable,
        "restart": restart,
        "show": show,
    }[arguments[0]]()


def unit_file() -> Path:
    """Where the user's own units are."""
    return Path(os.environ["HOME"]) / ".config" / "systemd" / "user" / UNIT


def settings() -> dict[str, list[str]]:
    """What the loaded unit says, by key."""
    found: dict[str, list[str]] = {}
    for line in (FOLDER / "loaded").read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def reload() -> int:
    """Reads the unit's file again."""
    text = unit_file().read_text() if unit_file().exists() else ""
    (FOLDER / "loaded").write_text(text)
    return 0


def enable() -> int:
    """A unit that is not loaded cannot be enabled."""
    assert (FOLDER / "loaded").read_text(), "enabled before it was loaded"
    (FOLDER / "enabled").touch()
    return 0


def disable() -> int:
    """With --now it is stopped as well."""
    (FOLDER / "enabled").unlink(missing_ok=True)
    return stop()


def restart() -> int:
    """Stops what runs, and starts the unit with an environment of its own."""
    stop()
    found = settings()
    (command,) = found["ExecStart"]
    written = [
        word.replace("%%", "%") for each in found["Environment"] for word in shlex.split(each)
    ]
    environment = dict(each.split("=", 1) for each in written)
    base = {"HOME": os.environ["HOME"], "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(command)]
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=base | environment,
            start_new_session=True,
        )
    (FOLDER / "pid").write_text(str(process.pid))
    return 0


def stop() -> int:
    """Asks the process to stop, and waits until it has."""
    process = running()
    if process:
        os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while running() and time.monotonic() < deadline:
            time.sleep(0.01)
    (FOLDER / "pid").unlink(missing_ok=True)
    return 0


def running() -> int:
    """The process id of what runs, else 0."""
    try:
        process = int((FOLDER / "pid").read_text())
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return 0
    return 0 if state == "Z" else process


def show() -> int:
    """How the unit is."""
    process, started = running(), (FOLDER / "pid").exists()
    result = "active" if process else ("failed" if started else "inactive")
    told = {
        "LoadState": "loaded",
        "ActiveState": result,
        "SubState": "running" if process else "dead",
        "Result": "success" if process else "exit-code",
        "MainPID": process,
        "UnitFileState": "enabled" if (FOLDER / "enabled").exists() else "disabled",
    }
    sys.stdout.writelines(f"{name}={value}\n" for name, value in told.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
