"""The user's launchd with one agent, as a program: it keeps in a folder what it was told.

The folder is FAKE_LAUNCHD. Every call is recorded. A bootstrap fails while `leaving` holds a number
of tries, as it does while the agent before is still about to end.
"""

from __future__ import annotations

import json
import os
import plistlib
import sys
from pathlib import Path

FOLDER = Path(os.environ["FAKE_LAUNCHD"])
LOADED = FOLDER / "loaded"
GUI = f"gui/{os.getuid()}"


def main() -> int:
    """Does what its first argument says."""
    with (FOLDER / "calls").open("a") as calls:
        calls.write(json.dumps(sys.argv[1:]) + "\n")
    doing, *names = sys.argv[1:]
    if os.environ.get("FAKE_NO_SESSION"):
        sys.stderr.write("Domain does not support specified action\n")
        return 125
    target = names[-1] if doing == "kickstart" else names[0]
    assert target.startswith(GUI), target
    return {
        "print": show,
        "bootstrap": bootstrap,
        "bootout": bootout,
        "enable": enable,
        "kickstart": kickstart,
    }[doing](names)


def show(names: list[str]) -> int:
    """The domain, or the agent in it."""
    if names == [GUI]:
        return 0
    if not LOADED.exists():
        sys.stderr.write("Could not find service\n")
        return 113
    if os.environ.get("FAKE_CRASHED"):
        sys.stdout.write(f"{names[0]} = {{\n\tstate = not running\n\tlast exit code = 2\n}}\n")
        return 0
    sys.stdout.write(
        f"{names[0]} = {{\n\tstate = running\n\n\tpid = 4711\n\tlast exit code = 0\n}}\n"
    )
    return 0


def bootstrap(names: list[str]) -> int:
    """Loads a property list, unless the agent before has not left."""
    leaving = FOLDER / "leaving"
    tries = int(leaving.read_text()) if leaving.exists() else 0
    if tries:
        leaving.write_text(str(tries - 1))
        sys.stderr.write("Bootstrap failed: 5: Input/output error\n")
        return 5
    agent = plistlib.loads(Path(names[1]).read_bytes())
    LOADED.write_text(agent["Label"])
    return 0


def enable(_names: list[str]) -> int:
    """One that was disabled may be loaded again."""
    return 0


def kickstart(_names: list[str]) -> int:
    """Starts what is loaded."""
    return 0 if LOADED.exists() else 113


def bootout(_names: list[str]) -> int:
    """Unloads the agent."""
    if not LOADED.exists():
        sys.stderr.write("Boot-out failed: 3: No such process\n")
        return 3
    LOADED.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
