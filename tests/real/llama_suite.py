"""llama.cpp's server tests, run in a process of their own against an address of ours.

`install_llama_suite.sh` fetches them; a test that misses them fails and says so.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import attrs
import trio

from .installed import installed

SUITE_SECONDS_MAX = 120.0
SKIPPED = "skipped"
FAILED_AS_TOLD = "failed as told"
PASSED = "passed"

_here = Path(__file__).resolve().parent


def suite_folder() -> Path:
    """Finds the installed suite."""
    return installed("llama-suite/version", "install_llama_suite.sh").parent


@attrs.frozen
class Verdict:
    """What became of each test, by its name; `stale` are rows of the table that fit no test."""

    outcomes: Mapping[str, str]
    stale: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """How many tests ended so."""
        return sum(one == outcome for one in self.outcomes.values())

    def failures(self) -> dict[str, str]:
        """The tests that failed, and what was said of them."""
        told = (PASSED, SKIPPED, FAILED_AS_TOLD)
        return {name: said for name, said in self.outcomes.items() if said not in told}


async def run_suite(
    name: str,
    *,
    base_url: str,
    server_url: str,
    left: Mapping[str, str],
    failing: Mapping[str, str],
    folder: Path,
) -> Verdict:
    """Runs one file of the suite against `base_url`, with `server_url` behind it.

    `left` and `failing` are tables of tests and reasons; see `llama_suite_plugin`.
    """
    suite = suite_folder()
    report = folder / f"{name}.json"
    [library] = (suite / "tests").glob("*.py")
    orders = {
        "library": library.stem,
        "base": base_url,
        "server": server_url,
        "left": dict(left),
        "failing": dict(failing),
        "report": str(report),
    }
    command = [str(suite / "environment" / "bin" / "python"), "-m", "pytest", "-q"]
    command += ["-p", "llama_suite_plugin", "-p", "no:cacheprovider", f"unit/{name}.py"]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{_here}:{suite / 'tests'}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "UNDERSTUDY_SUITE": json.dumps(orders),
    }
    with trio.fail_after(SUITE_SECONDS_MAX):
        done = await trio.run_process(
            command,
            cwd=suite / "tests",
            env=environment,
            check=False,
            capture_stdout=True,
            stderr=subprocess.STDOUT,
        )
    assert report.exists(), done.stdout.decode(errors="replace")[-3000:]
    said = json.loads(report.read_text())
    return Verdict(said["outcomes"], tuple(said["stale"]))
