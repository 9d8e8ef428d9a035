"""A client's files on the disk: backed up, replaced in one step, and refused without harm."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from understudy.io.clients.change import TRIES_MAX
from understudy.io.clients.files import FILE_BYTES_MAX, FileRefused, draft_of
from understudy.io.clients.merge import Wish
from understudy.io.clients.setup import Target, by_hand, value_in

from .client_files import SERVER, WISHES, ClientFiles
from .failing_files import ContestedFiles, Killed, MortalFiles

THEIRS = '{\n  "theme": "dark",\n  "env": {\n    "MINE": "1"\n  }\n}\n'
STEPS_MAX = 60


@pytest.fixture
def client(tmp_path: Path) -> ClientFiles:
    return ClientFiles(tmp_path)


def test_a_client_without_any_file_gets_them_and_loses_them_again(client: ClientFiles) -> None:
    done = client.setup().install(client.targets, force=False)
    assert [each.backup for each in done] == [None, None]
    assert json.loads(client.settings.read_text())["env"]["DISCOVERY"] == "1"
    assert json.loads(client.own.read_text())["mcpServers"]["understudy"] == SERVER.value
    assert stat.S_IMODE(client.settings.stat().st_mode) == 0o600
    client.setup().uninstall()
    assert client.seen() == {}
    assert not client.settings.parent.exists(), "a folder that we made goes when it is empty"


def test_a_draft_is_on_the_disk_before_it_takes_the_name(
    client: ClientFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    replace = Path.replace

    def replaced(draft: Path, target: Path) -> Path:
        happened.append("replaced")
        return replace(draft, target)

    def synced(descriptor: int) -> None:
        happened.append("synced")

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    client.settings.parent.mkdir()
    client.setup().install(client.targets[:1], force=False)
    for_journal = for_settings = ["synced", "replaced", "synced"]
    assert happened == for_journal + for_settings


def test_mode_and_symbolic_link_are_kept_and_what_was_there_is_backed_up(
    client: ClientFiles,
) -> None:
    real = client.home / "dotfiles" / "settings.json"
    real.parent.mkdir()
    real.write_text(THEIRS)
    real.chmod(0o640)
    client.settings.parent.mkdir()
    client.settings.symlink_to(real)
    before = client.settings.readlink()
    [done, _] = client.setup().install(client.targets, force=False)
    assert done.backup is not None
    assert done.backup.read_text() == THEIRS
    assert client.settings.readlink() == before
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert json.loads(real.read_text())["env"]["MINE"] == "1"
    client.setup().uninstall()
    assert (client.settings.readlink(), real.read_text()) == (before, THEIRS)
    assert not draft_of(real).exists()


def test_a_second_install_writes_nothing(client: ClientFiles) -> None:
    client.write(THEIRS)
    client.setup().install(client.targets, force=False)
    paths = [path for path in client.home.rglob("*") if path.is_file()]
    seen = {path: path.stat().st_mtime_ns for path in paths}
    done = client.setup().install(client.targets, force=False)
    assert not any(each.change.is_needed for each in done)
    assert {path: path.stat().st_mtime_ns for path in client.home.rglob("*") if path.is_file()} == (
        seen
    )


def test_a_plan_writes_nothing_and_makes_no_folder(client: ClientFiles) -> None:
    client.write(THEIRS)
    [change, _] = client.setup().plan_install(client.targets, force=False)
    assert change.is_needed
    assert client.seen() == {".client/settings.json": THEIRS.encode()}
    assert not client.state.exists()


def test_a_value_of_the_user_s_stays_or_comes_back(client: ClientFiles) -> None:
    client.write('{"apiKeyHelper": "mine"}')
    [kept, _] = client.setup().install(client.targets, force=False)
    assert [(each.path, each.replaced) for each in kept.change.conflicts] == [
        (("apiKeyHelper",), False)
    ]
    assert json.loads(client.settings.read_text())["apiKeyHelper"] == "mine"
    [forced, _] = client.setup().install(client.targets, force=True)
    assert [each.replaced for each in forced.change.conflicts] == [True]
    assert json.loads(client.settings.read_text())["apiKeyHelper"] == WISHES[2].value
    client.setup().uninstall()
    assert client.settings.read_text() == '{"apiKeyHelper": "mine"}'


def test_a_newer_address_takes_the_place_of_ours_and_what_is_not_wished_for_goes(
    client: ClientFiles,
) -> None:
    client.write(THEIRS)
    client.setup().install(client.targets, force=False)
    newer = Wish(("env", "ADDRESS"), "http://127.0.0.1:8000", "it moved")
    [done, _] = client.setup().install(
        [Target(client.settings, (newer,)), client.targets[1]], force=False
    )
    assert done.change.conflicts == ()
    assert json.loads(client.settings.read_text()) == {
        "theme": "dark",
        "env": {"MINE": "1", "ADDRESS": "http://127.0.0.1:8000"},
    } | {"permissions": {}}  # an empty object stays until all is taken out
    client.setup().uninstall()
    assert client.settings.read_text() == THEIRS


def test_a_model_that_was_picked_in_the_client_goes_if_only_we_have_it(client: ClientFiles) -> None:
    targets = [Target(client.settings, (Wish(("model",), "local/a", "the default"),))]
    is_ours = value_in({("model",): frozenset({"anthropic/local/b"})})
    client.write("{}")
    client.setup().install(targets, force=False)
    client.write('{"model": "anthropic/local/b"}')
    client.setup().uninstall(is_ours)
    assert json.loads(client.settings.read_text()) == {}
    client.setup().install(targets, force=False)
    client.write('{"model": "opus"}')
    [done] = client.setup().uninstall(is_ours)
    assert done.change.left == (("model",),)
    assert json.loads(client.settings.read_text()) == {"model": "opus"}


def linked(client: ClientFiles) -> None:
    client.write(THEIRS)
    os.link(client.settings, client.home / "other-name.json")


def looped(client: ClientFiles) -> None:
    client.settings.parent.mkdir()
    client.settings.symlink_to(client.settings)


def readable(client: ClientFiles) -> None:
    client.write(THEIRS)
    client.settings.chmod(0o400)


def closed(client: ClientFiles) -> None:
    client.write(THEIRS)
    client.settings.parent.chmod(0o500)


def coded(client: ClientFiles) -> None:
    client.write("{}")
    client.settings.write_bytes(b'{\n"\xff"}')


def piped(client: ClientFiles) -> None:
    client.settings.parent.mkdir()
    os.mkfifo(client.settings)


def large(client: ClientFiles) -> None:
    client.write("{}" + " " * FILE_BYTES_MAX)


REFUSED: dict[str, tuple[Callable[[ClientFiles], object], str]] = {
    "comments": (
        lambda client: client.write('{\n  "a": 1 // x\n}'),
        "line 2, column 10: has a com",
    ),
    "byte order mark": (lambda client: client.write("\ufeff{}"), "byte order mark"),
    "trailing comma": (lambda client: client.write('{"a": 1,}'), "comma before }"),
    "a key twice": (lambda client: client.write('{"a": 1, "a": 1}'), "a second time"),
    "no object": (lambda client: client.write("[]"), "is not a JSON object"),
    "empty": (lambda client: client.write(""), "is empty"),
    "another type": (lambda client: client.write('{"env": []}'), "env is not an object"),
    "not UTF-8": (coded, "line 2: is not UTF-8"),
    "too large": (large, "is larger than 16,777,216 bytes"),
    "read-only": (readable, "is read-only"),
    "read-only folder": (closed, "the folder is read-only"),
    "loop of links": (looped, "leads back to itself"),
    "folder": (lambda client: client.settings.mkdir(parents=True), "not a regular file"),
    "pipe": (piped, "not a regular file"),
    "hard link": (linked, "has 2 names"),
    "file in the folder's place": (
        lambda client: client.settings.parent.write_text("x"),
        "Not a directory",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_odd_is_refused_without_harm(client: ClientFiles, name: str) -> None:
    make, words = REFUSED[name]
    client.own.write_text("{}")
    make(client)
    paths = [*client.home.rglob("*")]
    before = {path: path.lstat() for path in paths}
    with pytest.raises(FileRefused) as told:
        client.setup().install([client.targets[1], client.targets[0]], force=True)
    assert words in str(told.value)
    assert str(client.settings.parent) in str(told.value)
    after = {path: path.lstat() for path in client.home.rglob("*")}
    assert list(after) == paths
    for path in paths:
        assert after[path].st_mtime_ns == before[path].st_mtime_ns
        assert after[path].st_ino == before[path].st_ino
    client.settings.parent.chmod(0o700)


def test_what_to_add_by_hand_is_whole_settings(client: ClientFiles) -> None:
    first, _, rest = by_hand([client.targets[0]]).partition(":\n")
    assert first == str(client.settings)
    assert json.loads(rest)["env"] == {"ADDRESS": WISHES[0].value, "DISCOVERY": "1"}


def test_a_rewriting_in_between_is_noticed_and_merged_with(client: ClientFiles) -> None:
    client.write(THEIRS)
    files = ContestedFiles(
        client.settings, lambda: client.write('{"theme": "light", "new": 1}'), times=TRIES_MAX - 1
    )
    client.setup(files).install(client.targets, force=False)
    merged = json.loads(client.settings.read_text())
    assert (merged["theme"], merged["new"], merged["env"]["DISCOVERY"]) == ("light", 1, "1")
    files = ContestedFiles(client.settings, lambda: client.write(json.dumps(merged)), times=2)
    client.setup(files).uninstall()
    assert json.loads(client.settings.read_text()) == {"theme": "light", "new": 1}


def test_a_file_that_is_rewritten_all_the_time_is_left_to_its_client(client: ClientFiles) -> None:
    client.write(THEIRS)
    files = ContestedFiles(client.settings, lambda: client.write(THEIRS), times=TRIES_MAX)
    with pytest.raises(FileRefused, match=f"rewrote it {TRIES_MAX} times"):
        client.setup(files).install(client.targets[:1], force=False)
    assert client.seen() == {".client/settings.json": THEIRS.encode()}


def test_a_file_that_appears_in_between_is_merged_with(client: ClientFiles) -> None:
    files = ContestedFiles(client.own, lambda: client.own.write_text('{"userID": 1}'), times=1)
    client.setup(files).install(client.targets, force=False)
    assert json.loads(client.own.read_text())["userID"] == 1
    client.setup().uninstall()
    assert json.loads(client.own.read_text()) == {"userID": 1}


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("text", [None, THEIRS])
def test_killed_at_any_step_of_installing_files_are_old_or_new_and_uninstall_works(
    tmp_path: Path, text: str | None, after_effect: bool
) -> None:
    for step in range(1, STEPS_MAX):
        client = ClientFiles(tmp_path / str(step))
        client.home.mkdir()
        if text is not None:
            client.write(text)
            client.own.write_text('{"userID":1}')
        old = client.seen()
        files = MortalFiles(step, after_effect=after_effect)
        try:
            client.setup(files).install(client.targets, force=False)
        except Killed:
            check_old_or_new(client, old)
        if step % 2:
            client.setup().install(client.targets, force=False)
        client.setup().uninstall()
        assert client.seen() == old, step
        if files.steps < step:
            return
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("after_effect", [False, True])
@pytest.mark.parametrize("text", [None, THEIRS])
def test_killed_at_any_step_of_uninstalling_another_uninstall_ends_it(
    tmp_path: Path, text: str | None, after_effect: bool
) -> None:
    for step in range(1, STEPS_MAX):
        client = ClientFiles(tmp_path / str(step))
        client.home.mkdir()
        if text is not None:
            client.write(text)
        old = client.seen()
        client.setup().install(client.targets, force=False)
        files = MortalFiles(step, after_effect=after_effect)
        try:
            client.setup(files).uninstall()
        except Killed:
            check_old_or_new(client, old)
        client.setup().uninstall()
        assert client.seen() == old, step
        if files.steps < step:
            return
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("after_effect", [False, True])
def test_killed_at_any_step_of_a_change_what_is_ours_is_known_in_both_forms(
    tmp_path: Path, after_effect: bool
) -> None:
    newer = Wish(("env", "ADDRESS"), "http://127.0.0.1:8000", "it moved")
    theirs = Wish(("theme",), "light", "it was dark")
    for step in range(1, STEPS_MAX):
        client = ClientFiles(tmp_path / str(step))
        client.write(THEIRS)
        client.setup().install(client.targets[:1], force=False)
        files = MortalFiles(step, after_effect=after_effect)
        changed = [Target(client.settings, (newer, theirs, *WISHES[1:]))]
        try:
            client.setup(files).install(changed, force=True)
        except Killed:
            check_old_or_new(client, {})
        [done] = client.setup().uninstall()
        assert (done.change.left, client.settings.read_text()) == ((), THEIRS), step
        if files.steps < step:
            return
    raise AssertionError("it never came to its end")


def check_old_or_new(client: ClientFiles, old: dict[str, bytes]) -> None:
    """Each file is as it was, or whole with our keys; drafts have names of their own."""
    for name, content in client.seen().items():
        if not name.endswith(".understudy.new"):
            ours = "DISCOVERY" if name.endswith("settings.json") else "mcpServers"
            assert content == old.get(name) or ours in json.dumps(json.loads(content))


def test_a_journal_that_cannot_be_read_stops_both(client: ClientFiles) -> None:
    client.setup().install(client.targets, force=False)
    client.setup().journal.path.write_text("{")
    with pytest.raises(FileRefused, match="put it right, or move it away"):
        client.setup().install(client.targets, force=False)
    with pytest.raises(FileRefused, match="put it right, or move it away"):
        client.setup().uninstall()
    client.setup().journal.path.write_text('{"version": 2}')
    with pytest.raises(FileRefused, match="newer version"):
        client.setup().uninstall()
