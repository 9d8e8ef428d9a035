"""The default that was set by command or by a tool, beside the settings and before them."""

from __future__ import annotations

from pathlib import Path

import pytest
from understudy.io.default_file import DefaultFile, default_of
from understudy.io.settings_file import SettingsFile, default_file_of
from understudy.protocols.settings import (
    McpSettings,
    Settings,
    SettingsError,
    changes,
    parse_settings,
)

SETTINGS = """
default = "work/claude-x"

[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "http://127.0.0.1:9000"
models = ["claude-x"]
"""


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(SETTINGS)
    return file


def beside(settings_file: Path) -> DefaultFile:
    found = default_file_of(settings_file)
    assert found is not None
    return found


def test_it_comes_before_that_of_the_settings_until_it_is_cleared(settings_file: Path) -> None:
    file = beside(settings_file)
    file.put("rehearsal/rehearsal")
    assert SettingsFile(settings_file).load().default == "rehearsal/rehearsal"
    assert settings_file.read_text() == SETTINGS
    assert file.clear()
    assert not file.clear()
    assert SettingsFile(settings_file).load().default == "work/claude-x"


def test_a_wrong_one_is_left_out_and_told(settings_file: Path) -> None:
    for wrong in ("default = 1", 'default = ""', "nonsense", ""):
        beside(settings_file).path.write_text(wrong)
        file = SettingsFile(settings_file)
        assert file.load().default == "work/claude-x"
        assert "default.toml" in str(file.problems_beside[0])


@pytest.mark.parametrize("place", ["a/b", 'odd"\\name/m', "ünï/mödel:7b"])
def test_any_name_is_read_back_as_it_was(settings_file: Path, place: str) -> None:
    file = beside(settings_file)
    file.put(place)
    assert default_of(file.path.read_text(), "default.toml") == place


def test_a_settings_file_of_its_name_has_none_beside_it(tmp_path: Path) -> None:
    assert default_file_of(tmp_path / "default.toml") is None


def test_a_tool_may_set_it_only_where_that_is_said() -> None:
    assert Settings().mcp == McpSettings(set_default=False)
    assert parse_settings("[mcp]\nset_default = true", "s.toml").mcp.set_default
    with pytest.raises(SettingsError, match="set_default"):
        parse_settings('[mcp]\nset_default = "yes"', "s.toml")
    assert not changes(Settings(), Settings(mcp=McpSettings(set_default=True))).restart_keys
