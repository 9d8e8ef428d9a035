"""A real Secret Service for one test: a session bus and gnome-keyring, with a home of their own.

The bus knows no services but those that the test starts: Debian's own configuration would start
gnome-keyring, and a prompter, for whoever asks. Nothing of the user's own keychain is touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import attrs
import psutil

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon", "secret-tool")
NAME = "org.freedesktop.secrets"
FAKE = Path(__file__).with_name("fake_secret_service.py")
STOP_SECONDS = 5.0
ADDRESS_BYTES_MAX = 4_096
PASSPHRASE = "a passphrase of the test"
_CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def missing_programs() -> list[str]:
    """What is not installed here, of what this needs."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@attrs.define(eq=False)
class Home:
    """A user's home, in which keyrings outlive a session."""

    folder: Path

    def environ(self, address: str | None = None) -> dict[str, str]:
        """The environment of a session in this home."""
        run = self.folder / "run"
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        data = self.folder / ".local" / "share"
        data.mkdir(parents=True, exist_ok=True)
        found = {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(run),
            "XDG_DATA_HOME": str(data),
        }
        return found if address is None else {**found, "DBUS_SESSION_BUS_ADDRESS": address}

    @property
    def keyring_files(self) -> list[Path]:
        """What the daemon has written."""
        return sorted((self.folder / ".local" / "share" / "keyrings").glob("*"))


@contextmanager
def open_bus(home: Home) -> Generator[dict[str, str]]:
    """A session bus on which nobody is; gives the environment of who is to use it."""
    configuration = home.folder / "bus.conf"
    home.environ()
    socket = home.folder / "run" / "bus.sock"
    configuration.write_text(_CONFIGURATION.format(socket=socket))
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=home.environ(),
    )
    try:
        assert bus.stdout is not None
        address = bus.stdout.readline(ADDRESS_BYTES_MAX).decode().strip()
        assert address.startswith("unix:"), "the bus has not started"
        yield home.environ(address)
    finally:
        _stop(bus)


@contextmanager
def open_session(folder: Path, passphrase: str = PASSPHRASE) -> Generator[dict[str, str]]:
    """A bus with gnome-keyring on it, unlocked if the passphrase is the home's."""
    home = Home(folder)
    with open_bus(home) as environ, open_daemon(environ, passphrase):
        yield environ


@contextmanager
def open_daemon(environ: Mapping[str, str], passphrase: str = PASSPHRASE) -> Generator[None]:
    """gnome-keyring on a bus; returns once it has said that it serves."""
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(environ),
    )
    try:
        assert daemon.stdin is not None
        assert daemon.stdout is not None
        daemon.stdin.write(passphrase.encode())
        daemon.stdin.close()
        daemon.stdout.readline(ADDRESS_BYTES_MAX)  # GNOME_KEYRING_CONTROL=...
        yield
    finally:
        _stop(daemon)


def look_up(environ: Mapping[str, str], *attributes: str) -> str:
    """What another program reads of the keychain."""
    ran = subprocess.run(
        ["secret-tool", "lookup", *attributes],
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=STOP_SECONDS,
        check=False,
    )
    return ran.stdout


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_SECONDS)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


@contextmanager
def open_fake(folder: Path, mode: str) -> Generator[dict[str, str]]:
    """A bus with a locked Secret Service on it; its prompt is dismissed, or ignored."""
    with open_bus(Home(folder)) as environ:
        service = subprocess.Popen(
            [sys.executable, str(FAKE), mode],
            stdout=subprocess.PIPE,
            env=environ,
        )
        try:
            assert service.stdout is not None
            assert service.stdout.readline(ADDRESS_BYTES_MAX) == b"ready\n"
            yield environ
        finally:
            _stop(service)


def lock(environ: Mapping[str, str]) -> None:
    """Locks the keyring of a session."""
    subprocess.run(
        [
            "dbus-send",
            "--session",
            "--print-reply",
            f"--dest={NAME}",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ],
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=STOP_SECONDS,
        check=True,
    )


def children_of_keychain(parent: int | None = None) -> list[int]:
    """The processes that ask a keychain for a process, or for this one, and live."""
    return [
        child.pid
        for child in psutil.Process(parent).children()
        if child.status() != psutil.STATUS_ZOMBIE and "keychain.child" in " ".join(child.cmdline())
    ]
