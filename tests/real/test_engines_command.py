"""`understudy engines` where llama.cpp has really been built, by install_llama.sh or otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

COMMAND_SECONDS_MAX = 120

pytestmark = pytest.mark.skipif(
    find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed: install_llama.sh"
)


def engines(home: Path, *arguments: str) -> str:
    """What the command prints."""
    return subprocess.run(
        [sys.executable, "-m", "understudy", "engines", *arguments],
        cwd=home,
        env={**os.environ, "UNDERSTUDY_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
        check=True,
    ).stdout


def test_what_was_built_is_not_built_again(tmp_path: Path) -> None:
    assert "llama.cpp is installed already: llama-cpp-python" in engines(
        tmp_path, "install", "llama.cpp", "--yes"
    )


def test_the_list_shows_what_the_library_says_of_itself(tmp_path: Path) -> None:
    direct, server = json.loads(engines(tmp_path, "list", "--json"))["engines"]
    assert (direct["used"], server["used"]) == (True, False)
    assert direct["version"].startswith("llama-cpp-python 0.3.")
    assert direct["features"]["CPU"]
    assert Path(direct["place"]).is_dir()
