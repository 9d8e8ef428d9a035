"""Where our files are, and that only their owner can look into them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from understudy.io.folders import Folders, FolderUnusable, make_folder


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_everything_lies_under_our_home_when_it_is_set(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folders = Folders.from_environment({"UNDERSTUDY_HOME": str(home)})
    places = [
        folders.settings_file,
        folders.state_dir,
        folders.data_dir,
        folders.cache_dir,
        folders.log_dir,
        folders.token_file,
        folders.server_file,
        folders.state_file,
        folders.models_dir,
        folders.models_lock,
    ]
    assert len(set(places)) == len(places)
    assert all(place.is_relative_to(home) for place in places)
    assert not home.exists()


def test_our_home_may_be_written_in_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for written in ("~/u", "u", f" {tmp_path}/u "):
        folders = Folders.from_environment({"UNDERSTUDY_HOME": written})
        assert folders.settings_file == tmp_path / "u" / "settings.toml"
    with pytest.raises(FolderUnusable, match="UNDERSTUDY_HOME=~nobody-here/u: ~ cannot be"):
        Folders.from_environment({"UNDERSTUDY_HOME": "~nobody-here/u"})


@pytest.mark.skipif(sys.platform != "linux", reason="each platform has places of its own")
@pytest.mark.parametrize("environ", [{}, {"UNDERSTUDY_HOME": ""}, {"UNDERSTUDY_HOME": " "}])
def test_without_it_the_platform_s_places_are_used(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    assert Folders.from_environment(environ) == Folders(
        settings_file=tmp_path / "CONFIG" / "understudy" / "settings.toml",
        state_dir=tmp_path / "STATE" / "understudy",
        data_dir=tmp_path / "DATA" / "understudy",
        cache_dir=tmp_path / "CACHE" / "understudy",
        log_dir=tmp_path / "STATE" / "understudy" / "log",
    )


def test_what_is_made_is_private_and_what_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o755)
    folder = make_folder(tmp_path / "there" / "a" / "b")
    assert make_folder(folder) == folder
    assert [mode_of(path) for path in (folder, folder.parent, folder.parents[1])] == [
        0o700,
        0o700,
        0o755,
    ]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusable, match="set UNDERSTUDY_HOME to another folder"):
        make_folder(tmp_path / "file" / "state")


def test_nothing_heavy_is_imported_before_use() -> None:
    program = (
        "import sys, understudy.io.folders, understudy.io.keys, understudy.io.token\n"
        "import understudy.io.state, understudy.io.settings_file\n"
        "understudy.io.folders.Folders.from_environment({'UNDERSTUDY_HOME': '/x'})\n"
        "heavy = {'platformdirs', 'sqlite3', 'tomllib', 'difflib', 'httpx', 'keyring'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
