"""What is built: pinned as elsewhere, and how long it takes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from understudy.io.engines.llama_recipe import (
    REQUIREMENT,
    SHA256,
    VERSION,
    VERSIONS,
    Recipe,
    serves,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.3.35", False), ("0.3.36", True), ("0.3.40", True), ("0.3.36.post1", True),
        ("0.4.0", False), ("1.0", False), ("", False), ("0.3", False),
    ],
)  # fmt: skip
def test_versions_that_a_worker_is_written_for(version: str, expected: bool) -> None:
    assert serves(version) is expected


def test_the_extra_asks_for_the_same_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest, too_new = (".".join(str(part) for part in each) for each in VERSIONS)
    assert f"llama-cpp-python>={oldest},<{too_new}" in project["optional-dependencies"]["llama"]
    assert serves(VERSION)


@pytest.mark.parametrize(
    "script", ["bench/install_engine_peer.sh", "tests/real/install_llama_suite.sh"]
)
def test_scripts_ask_here_for_the_source(script: str) -> None:
    text = (ROOT / script).read_text()
    assert "from understudy.io.engines.llama_recipe import REQUIREMENT" in text
    assert VERSION not in text
    assert f"llama-cpp-python=={VERSION} --hash=sha256:{SHA256}" == REQUIREMENT


def test_how_long_it_takes() -> None:
    plain = Recipe()
    assert plain.seconds(1) > plain.seconds(2) > plain.seconds(8)
    assert plain.minutes_in_words(2) == "about 3 minutes"
    assert plain.minutes_in_words(16) == "about a minute"
    assert Recipe(cuda=True).minutes_in_words(16) == "tens of minutes"


def test_a_path_with_spaces_stays_one_setting(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    Recipe().write_files(folder)
    (line,) = (folder / "requirements.txt").read_text().splitlines()
    assert f'INCLUDE={folder}/lean.cmake"' in line
    assert str(folder / "requirements.txt") in Recipe().arguments(folder, show_download=True)
