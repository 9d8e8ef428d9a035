"""What the package says of itself is the same everywhere it says it. Nothing is built here."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import understudy

ROOT = Path(__file__).parents[1]
TARGETS = (
    "setup",
    "run",
    "claude",
    "test",
    "test-all",
    "matrix",
    "lint",
    "bench",
    "classifier",
    "rehearsal",
    "clean",
)
CHECK_MINUTES_MAX = 45
COMMAND_SECONDS_MAX = 30


def text_of(place: str) -> str:
    return (ROOT / place).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(text_of("pyproject.toml"))["project"]
    return found


def distribution_names(requirements: list[str]) -> list[str]:
    return [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in requirements]


def documented_dependencies(page: str, heading: str = "Runtime") -> list[str]:
    """The names in the first column of the table under a heading, or one that begins so."""
    section = page.split(f"\n## {heading}")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([a-z0-9-]+) \|", section, flags=re.MULTILINE)
    return [row for row in rows if row != "name"]


def budget_minutes(script: str) -> int:
    """The sum of the tiers' budgets in .ci/run."""
    return sum(int(minutes) for minutes in re.findall(r"^[A-Z_]+_MINUTES=(\d+)$", script, re.M))


def test_there_is_one_version() -> None:
    assert understudy.__version__ == project()["version"]
    assert importlib.metadata.version("understudy") == understudy.__version__


def test_the_installed_metadata_is_that_of_the_project() -> None:
    metadata = importlib.metadata.metadata("understudy")
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == project()["requires-python"]
    installed = importlib.metadata.requires("understudy") or []
    runtime = [line for line in installed if "extra ==" not in line]
    wanted = distribution_names(project()["dependencies"])
    assert sorted(distribution_names(runtime)) == sorted(wanted), "run `make setup`"


def test_the_package_is_typed() -> None:
    assert (ROOT / "py.typed").is_file()
    assert "Typing :: Typed" in project()["classifiers"]


def test_the_command_names_a_function() -> None:
    module, _, function = project()["scripts"]["understudy"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_python_m_understudy_tells_its_version() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "understudy", "--version"],
        cwd=Path(__file__).parent,
        env={**os.environ, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert understudy.__version__ in ran.stdout


def test_the_licence_is_whole() -> None:
    licence = text_of("LICENSE")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
    assert all((ROOT / name).is_file() for name in project()["license-files"])


def test_each_dependency_of_users_has_its_row_in_the_docs() -> None:
    names = distribution_names(project()["dependencies"])
    assert documented_dependencies(text_of("docs/dependencies.md")) == sorted(names)
    extra = distribution_names(project()["optional-dependencies"]["llama"])
    rows = documented_dependencies(text_of("docs/dependencies.md"), "Workers of our own")
    assert sorted(rows) == sorted(extra)
    extra = distribution_names(project()["optional-dependencies"]["nvidia"])
    rows = documented_dependencies(text_of("docs/dependencies.md"), "The memory of NVIDIA's GPUs")
    assert rows == extra
    planted = "\n## Runtime\n| name | for |\n| h11 | x |\n\n## Tests\n| pytest | x |"
    assert documented_dependencies(planted) == ["h11"]


def test_the_oldest_python_is_the_same_everywhere() -> None:
    oldest = project()["requires-python"].removeprefix(">=")
    configuration = tomllib.loads(text_of("pyproject.toml"))
    assert configuration["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"Programming Language :: Python :: {oldest}" in project()["classifiers"]
    assert f"sys.version_info < ({oldest.replace('.', ', ')})" in text_of("Makefile")
    assert f"Python {oldest}" in text_of("README.md")
    assert f"Python {oldest}" in text_of("CONTRIBUTING.md")


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_there_and_make_help_tells_of_it(target: str) -> None:
    assert re.search(rf"^{target}:.* ## \S", text_of("Makefile"), flags=re.MULTILINE)


def test_the_type_checkers_see_every_part_of_the_package() -> None:
    listed = re.search(r"^PACKAGE_PARTS := (.*)$", text_of("Makefile"), flags=re.MULTILINE)
    assert listed
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    files = {path.name for path in ROOT.glob("*.py")} | {"py.typed"}
    assert rooms | files <= set(listed.group(1).split())


def test_the_whole_check_has_a_budget() -> None:
    script = text_of(".ci/run")
    assert 0 < budget_minutes(script) < CHECK_MINUTES_MAX
    assert budget_minutes("A_MINUTES=40\nB_MINUTES=5\n") == CHECK_MINUTES_MAX
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    for tier in ("lint", "test", "matrix", "test-all"):
        assert f"make {tier} ||" in script


def test_what_a_user_notices_is_written_down() -> None:
    assert "\n## [Unreleased]\n" in text_of("CHANGELOG.md")
    for command in ("make run", "understudy claude"):
        assert command in text_of("README.md")
