"""The program in the engine's process, run without the engine around it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

SPEC = {
    "name": "m",
    "key": "k",
    "context_tokens": 2048,
    "batch_tokens": 256,
    "slots": 1,
    "projector": "",
    "draft": "",
    "threads": 1,
}


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-P", "-m", "understudy.io.engines.llama_server_child"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="SIGIO ends a process by default on Linux")
def test_it_ends_with_its_parent_in_the_middle_of_a_load(
    child: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    """A FIFO without a writer is a load that never ends, in native code."""
    fifo = tmp_path / "endless.gguf"
    os.mkfifo(fifo)
    assert child.stdin is not None
    child.stdin.write(json.dumps({**SPEC, "file": str(fifo)}).encode() + b"\n")
    child.stdin.flush()
    deadline = time.monotonic() + 20
    while "xllamacpp" not in "".join(m.path for m in psutil.Process(child.pid).memory_maps()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.2)
    assert child.poll() is None
    child.stdin.close()
    assert child.wait(2) == -signal.SIGIO


def test_it_ends_when_no_spec_comes(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(20) != 0
