"""The encrypted file as a keychain: who may open it, and what is on the disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import trio
from understudy.io.keychain.file_keychain import FileKeychain
from understudy.io.keychain.index import Entry, KeyIndex
from understudy.io.keychain.private_file import PrivateFile
from understudy.io.keychain.vault import Derivation, new_derivation
from understudy.io.ports import KeptKey, KeychainError
from understudy.protocols.secret import Secret

RIGHT = Secret("the right passphrase")
WRONG = Secret("another passphrase")
KEY = KeptKey(Secret("sk-planted-0123456789"), "api.example.com")


def quick() -> Derivation:
    return new_derivation(iterations=1, memory_kibibytes=64)


def keychain_at(path: Path, passphrase: Secret | None = None) -> FileKeychain:
    return FileKeychain(path, passphrase, quick)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything_in(folder: Path) -> bytes:
    found = sorted(folder.iterdir())
    assert found
    return b"".join(each.read_bytes() for each in found)


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"api.example", b"api.exbmple"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is to be; its folder does not exist yet."""
    return tmp_path / "data" / "keys.json"


async def test_the_file_is_its_owner_s_and_holds_nothing_readable(path: Path) -> None:
    await keychain_at(path, RIGHT).write("work", KEY)
    assert (mode_of(path), mode_of(path.parent)) == (0o600, 0o700)
    content = everything_in(path.parent)
    assert KEY.value.reveal().encode() not in content
    assert RIGHT.reveal().encode() not in content


async def test_what_one_has_written_another_reads_at_once(path: Path) -> None:
    server, command = keychain_at(path, RIGHT), keychain_at(path, RIGHT)
    await command.write("work", KEY)
    assert await server.read("work") == KEY
    await command.remove("work")
    assert await server.read("work") is None


async def test_it_is_locked_until_it_gets_its_passphrase(path: Path) -> None:
    await keychain_at(path, RIGHT).write("work", KEY)
    keychain = keychain_at(path)
    with pytest.raises(KeychainError, match="run `understudy keys unlock`") as caught:
        await keychain.read("work")
    assert caught.value.is_locked
    await keychain.unlock(RIGHT)
    assert await keychain.read("work") == KEY


async def test_a_wrong_passphrase_opens_nothing_and_is_not_shown(path: Path) -> None:
    await keychain_at(path, RIGHT).write("work", KEY)
    keychain = keychain_at(path)
    with pytest.raises(KeychainError, match="the passphrase is wrong; try again") as caught:
        await keychain.unlock(WRONG)
    assert caught.value.is_locked
    assert WRONG.reveal() not in str(caught.value)
    with pytest.raises(KeychainError, match="the passphrase is wrong"):
        await keychain_at(path, WRONG).write("home", KEY)
    with pytest.raises(KeychainError, match="is locked"):
        await keychain.read("work")


async def test_damage_is_told_from_a_wrong_passphrase(path: Path) -> None:
    await keychain_at(path, RIGHT).write("work", KEY)
    damage(path)
    for operation in (keychain_at(path, RIGHT).read("work"), keychain_at(path).unlock(RIGHT)):
        with pytest.raises(KeychainError, match="is damaged: its checksum is wrong") as caught:
            await operation
        assert not caught.value.is_locked


async def test_a_typo_makes_no_new_file(path: Path) -> None:
    with pytest.raises(KeychainError, match="there are no keys yet"):
        await keychain_at(path).unlock(RIGHT)
    assert not await keychain_at(path).exists()
    keychain = keychain_at(path)
    await keychain.unlock(RIGHT, new=True)
    await keychain.write("work", KEY)
    assert await keychain_at(path, RIGHT).read("work") == KEY


async def test_a_file_that_was_made_anew_is_locked_again(path: Path) -> None:
    await keychain_at(path, RIGHT).write("work", KEY)
    server = keychain_at(path)
    await server.unlock(RIGHT)
    await trio.Path(path).unlink()
    await keychain_at(path, WRONG).write("work", KEY)
    with pytest.raises(KeychainError, match="is locked"):
        await server.read("work")


@pytest.mark.parametrize("passphrase", ["", "short", "x" * 1_025])
async def test_a_passphrase_has_some_length(path: Path, passphrase: str) -> None:
    with pytest.raises(KeychainError, match="a passphrase has 8 to 1024 characters"):
        await keychain_at(path).unlock(Secret(passphrase), new=True)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
async def test_a_file_that_others_reach_is_refused(path: Path, mode: int) -> None:
    await keychain_at(path, RIGHT).write("work", KEY)
    await trio.Path(path).chmod(mode)
    with pytest.raises(KeychainError, match="other users may read or change it"):
        await keychain_at(path, RIGHT).read("work")


async def test_what_is_no_file_is_refused(path: Path) -> None:
    await trio.Path(path).mkdir(parents=True)
    with pytest.raises(KeychainError, match="is not a regular file"):
        await keychain_at(path, RIGHT).read("work")


async def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "file", 8)
    file.write(b"123456789")
    with pytest.raises(KeychainError, match="is larger than 8 bytes"):
        file.read()


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    await trio.Path(tmp_path / "data").write_text("a file")
    keychain = keychain_at(tmp_path / "data" / "keys.json", RIGHT)
    with pytest.raises(KeychainError, match="cannot be"):
        await keychain.write("work", KEY)


async def test_many_writers_lose_nothing(path: Path) -> None:
    await keychain_at(path, RIGHT).write("k0", KEY)
    async with trio.open_nursery() as nursery:
        for number in range(1, 6):
            nursery.start_soon(keychain_at(path, RIGHT).write, f"k{number}", KEY)
    for number in range(6):
        assert await keychain_at(path, RIGHT).read(f"k{number}") == KEY


async def test_the_index_knows_names_and_no_keys(tmp_path: Path) -> None:
    index = KeyIndex(tmp_path / "index.json")
    assert index.entries() == {}
    await index.put("work", Entry("api.example.com", "keychain"))
    await index.put("home", Entry("127.0.0.1:9000", "file"))
    assert list(index.entries()) == ["home", "work"]
    assert await index.take("work")
    assert not await index.take("work")
    assert index.entries() == {"home": Entry("127.0.0.1:9000", "file")}


async def test_a_damaged_index_says_that_it_can_go(tmp_path: Path) -> None:
    file = PrivateFile(tmp_path / "index.json", 1_000)
    file.write(b"{")
    with pytest.raises(KeychainError, match="remove it: it holds no keys"):
        KeyIndex(file.path).entries()
