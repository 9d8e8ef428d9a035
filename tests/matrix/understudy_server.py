"""`python -m understudy serve` as a process of its own, with an endpoint for each upstream."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from understudy.protocols.settings_data import DIALECTS

from .cells import Upstreams, rows_of
from .upstreams.script import KEY, TOKEN

READY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 15.0


def endpoint(dialect: str) -> str:
    """The name of the endpoint with this dialect."""
    return f"scripted-{dialect}"


def settings(upstreams: Upstreams) -> str:
    """A settings file with an endpoint for each dialect that the product speaks upstream."""
    tables = [f'default = "{endpoint("anthropic")}/text"']
    for dialect in DIALECTS:
        models = ", ".join(f'"{row.name}"' for row in rows_of(dialect))
        tables.append(
            f"""
[[endpoint]]
name = "{endpoint(dialect)}"
dialect = "{dialect}"
base_url = "{upstreams[dialect].url}"
models = [{models}]
key = "env:SCRIPTED_KEY"
"""
        )
    return "\n".join(tables)


@contextmanager
def open_server(folder: Path, text: str) -> Generator[str]:
    """Starts the server, yields its base URL, and checks that it ends in good order."""
    (folder / "state").mkdir()
    (folder / "understudy.toml").write_text(text)
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "UNDERSTUDY_HOME": str(folder / "state"),
        "UNDERSTUDY_TOKEN": TOKEN,
        "SCRIPTED_KEY": KEY,
    }
    arguments = ["serve", "--config", str(folder / "understudy.toml"), "--port", "0"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "understudy", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env=environment,
        )
    with process:
        try:
            yield wait_ready(process, folder / "log")
            process.send_signal(signal.SIGTERM)
            code = process.wait(STOP_SECONDS_MAX)
            assert code == 0, f"exit code {code}:\n{(folder / 'log').read_text()}"
        finally:
            process.kill()


def wait_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address that the server says it is ready at; ends the wait by ending the server."""
    assert process.stdout is not None
    timer = threading.Timer(READY_SECONDS_MAX, process.kill)
    timer.start()
    try:
        for line in process.stdout:
            if line.startswith(b"ready "):
                return line.split()[1].decode()
    finally:
        timer.cancel()
    raise AssertionError(f"the server never said that it is ready:\n{log.read_text()}")
