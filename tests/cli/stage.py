"""A stage for the command line: a home of its own, the real command, a client and a peer to play.

Commands run as processes, with an environment that is written out in full, so that nothing of this
machine's user is read or written.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
import psutil

TOKEN = "planted-token-0123456789"
KEY = "planted-key-of-the-endpoint"
SECONDS_MAX = 30.0

FAKE_CLIENT = """#!{python} -IS
import json, os, signal, sys, time
if "--version" in sys.argv:
    print("9.9.9 (Fake Code)")
    sys.exit(int(os.environ.get("FAKE_VERSION_EXIT", "0")))
def stopped(number, frame):
    print(json.dumps({{"signal": number}}), flush=True)
    sys.exit(7)
signal.signal(signal.SIGTERM, stopped)
print(json.dumps({{"arguments": sys.argv[1:], "environment": dict(os.environ),
    "interrupt_ignored": signal.getsignal(signal.SIGINT) is signal.SIG_IGN}}), flush=True)
if "--wait" in sys.argv:
    sys.stdin.read()
if "--die" in sys.argv:
    os.kill(os.getpid(), signal.SIGKILL)
sys.exit(int(os.environ.get("FAKE_EXIT", "0")))
"""
"""Prints what it was given as one line of JSON; --wait reads stdin to its end first."""


@attrs.frozen
class Stage:
    """A folder with a home for Understudy in it."""

    folder: Path
    environment: dict[str, str]
    python: str = sys.executable

    @classmethod
    def create(cls, folder: Path) -> Stage:
        """Makes the folders; there is a fake client on PATH."""
        programs = folder / "programs"
        programs.mkdir()
        client = programs / "claude"
        client.write_text(FAKE_CLIENT.format(python=sys.executable))
        client.chmod(0o755)
        environment = {
            "PATH": f"{programs}:/usr/bin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "UNDERSTUDY_HOME": str(folder / "home"),
            "UNDERSTUDY_TOKEN": TOKEN,
        }
        return cls(folder, environment)

    @property
    def home(self) -> Path:
        """What UNDERSTUDY_HOME says."""
        return self.folder / "home"

    @property
    def log(self) -> str:
        """What servers of `claude` and `ask` have logged."""
        return (self.home / "logs" / "server.log").read_text()

    def write_settings(self, text: str) -> Path:
        """Writes the settings file."""
        self.home.mkdir(exist_ok=True)
        file = self.home / "settings.toml"
        file.write_text(text)
        return file

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """Starts a command with pipes on all sides, in a session of its own."""
        return subprocess.Popen(
            [self.python, "-m", "understudy", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment | environ,
            start_new_session=True,
        )

    def run(
        self, *arguments: str, piped: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        process = self.start(*arguments, **environ)
        try:
            out, err = process.communicate(piped, timeout=SECONDS_MAX)
        finally:
            process.kill()
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    @contextmanager
    def serving(self, *arguments: str, **environ: str) -> Generator[ServerProcess]:
        """Runs `understudy serve` around the block, on any free port."""
        with self.start("serve", "--port", "0", *arguments, **environ) as process:
            assert process.stdout is not None
            try:
                line = process.stdout.readline()
                word, _, address = line.strip().partition(" ")
                assert word == "ready", (line, process.stderr and process.stderr.read())
                yield ServerProcess(process, address)
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=SECONDS_MAX)

    def servers(self) -> list[int]:
        """The process ids of the servers that live in this home."""
        found: list[int] = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                ours = process.environ().get("UNDERSTUDY_HOME") == str(self.home)
                if ours and "serve" in process.cmdline():
                    found.append(process.pid)
        return found


@attrs.frozen
class ServerProcess:
    """A running `understudy serve`."""

    process: subprocess.Popen[str]
    address: str

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


def first_line(process: subprocess.Popen[str]) -> Any:
    """The next line of JSON that a process prints."""
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def endpoint(base_url: str, *, name: str = "work", key: str = "env:WORK_KEY") -> str:
    """Settings of one peer with the model claude-x."""
    return f"""
[[endpoint]]
name = "{name}"
dialect = "anthropic"
base_url = "{base_url}"
models = ["claude-x"]
key = "{key}"
context_tokens = 200000
"""


def without(environment: Mapping[str, str], *names: str) -> dict[str, str]:
    """The environment less some variables."""
    return {name: value for name, value in environment.items() if name not in names}


def is_alive(process_id: int) -> bool:
    """Tells whether a process is there and no zombie."""
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(holds: Callable[[], object]) -> None:
    """Waits for what another process does."""
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)
