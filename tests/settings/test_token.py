"""The server's token: made once, kept private, compared in constant time, never shown."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Barrier, Thread

import pytest
from understudy.io.token import ServerToken, TokenError, load_token

GOOD = "planted-token-0123456789"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "token"


def test_the_environment_comes_first_and_makes_no_file(file: Path) -> None:
    assert load_token({"UNDERSTUDY_TOKEN": f" {GOOD}\n"}, file).reveal() == GOOD
    assert not file.parent.exists()


@pytest.mark.parametrize("written", ["short12", "a" * 257, "two words", "sla/shes", "ünicode"])
def test_a_token_that_fits_no_header_or_url_is_refused(written: str, file: Path) -> None:
    with pytest.raises(
        TokenError, match=r"no usable token; allowed: 8 to 256 of letters"
    ) as caught:
        load_token({"UNDERSTUDY_TOKEN": written}, file)
    assert written not in str(caught.value)


@pytest.mark.parametrize("environ", [{}, {"UNDERSTUDY_TOKEN": " "}])
def test_the_first_start_makes_a_private_file_and_later_ones_read_it(
    environ: dict[str, str], file: Path
) -> None:
    made = load_token(environ, file)
    assert len(made.reveal()) == 43
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["token"]
    assert load_token(environ, file) == made
    file.unlink()
    assert load_token(environ, file) != made


def test_servers_that_start_at_once_use_one_token(file: Path) -> None:
    barrier = Barrier(8)
    tokens: list[ServerToken] = []

    def start() -> None:
        barrier.wait()
        tokens.append(load_token({}, file))

    threads = [Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 8
    assert len({token.reveal() for token in tokens}) == 1
    assert [path.name for path in file.parent.iterdir()] == ["token"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_can_use_is_refused(mode: int, file: Path) -> None:
    load_token({}, file)
    file.chmod(mode)
    with pytest.raises(TokenError, match="other users may read or change the token file"):
        load_token({}, file)


def test_a_file_of_another_user_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_token({}, file)
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    with pytest.raises(TokenError, match=rf"belongs to another user \(id {own}\)"):
        load_token({}, file)


@pytest.mark.parametrize("content", [b"", b"short", b"with space inside", b"\xff" * 20, b"a" * 999])
def test_a_file_that_holds_no_token_is_told_and_not_shown(content: bytes, file: Path) -> None:
    load_token({}, file)
    file.write_bytes(content)
    with pytest.raises(TokenError, match="remove the file, and the next start makes a new one"):
        load_token({}, file)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    for path, problem in (
        (pipe, "is not a regular file"),
        (tmp_path, "is not a regular file; remove it"),
        (dangling, "cannot be used: No such file"),
        (tmp_path / "file" / "token", "the folder cannot be made"),
    ):
        with pytest.raises(TokenError, match=problem):
            load_token({}, path)


def test_only_the_token_matches() -> None:
    token = ServerToken(GOOD)
    assert token.matches(GOOD)
    for wrong in ("", GOOD[:-1], f"{GOOD}x", GOOD.upper(), "ü", "\ud800", "\0"):
        assert not token.matches(wrong)


def test_the_token_does_not_show() -> None:
    token = ServerToken(GOOD)
    assert GOOD not in f"{token} {token!r} {token!s} {[token]}"
    assert repr(token) == "ServerToken(not shown)"
