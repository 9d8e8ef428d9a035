"""The official conformance suite of the Model Context Protocol against our own server.

Fixtures stand in the place of our tools (io/mcp/conformance.py); the mount, the door and the SDK
are those that users have. The token stands in the path: the suite shows none.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import trio
from understudy.io.mcp.mount import CONFORMANCE_VARIABLE

from .client import TOKEN
from .installed import installed
from .understudy_process import endpoint_settings, open_understudy

SCRIPT = "install_mcp_conformance.sh"
PROGRAM = "mcp-conformance/node_modules/@modelcontextprotocol/conformance/dist/index.js"
EXPECTED = {"2025-11-25": (33, 84), "2026-07-28": (40, 152)}
"""For each revision the scenarios that are run, and the checks in them."""
SECONDS_MAX = 60.0


async def run_suite(url: str, folder: Path, *options: str) -> tuple[int | None, str]:
    """Runs the suite, and returns how it has ended and what it said."""
    node = installed("mcp-conformance/node/node", SCRIPT)
    command = [node, installed(PROGRAM, SCRIPT), "server", "--url", url, *options]
    with trio.fail_after(SECONDS_MAX):
        ended = await trio.run_process(
            [*map(str, command), "--output-dir", str(folder / "results")],
            capture_stdout=True,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=folder,
        )
    return ended.returncode, ended.stdout.decode()


async def test_the_official_suite_passes_for_both_revisions(tmp_path: Path) -> None:
    settings = endpoint_settings("http://127.0.0.1:1")
    async with open_understudy(tmp_path, settings, {CONFORMANCE_VARIABLE: "1"}) as understudy:
        url = f"{understudy.base_url}/t/{TOKEN}/mcp"

        async def run(revision: str) -> None:
            options = ("--suite", "all", "--spec-version", revision)
            status, report = await run_suite(url, tmp_path, *options)
            assert status == 0, f"{report[-6000:]}\n{understudy.explain()}"
            scenarios = len(re.findall("^=== Running scenario: ", report, re.MULTILINE))
            total = re.search(r"^Total: (\d+) passed, (\d+) failed", report, re.MULTILINE)
            assert total is not None, report[-2000:]
            unproven = re.findall(r"^✓ (\S+): 0 passed", report, re.MULTILINE)
            assert not unproven, f"nothing was looked at in {unproven}"
            assert (scenarios, int(total[1]), int(total[2])) == (*EXPECTED[revision], 0)

        async with trio.open_nursery() as nursery:
            for revision in EXPECTED:
                nursery.start_soon(run, revision)
