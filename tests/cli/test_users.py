"""Who uses a server: real locks, between descriptors as between processes."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from understudy.io.cli.users import Users


def test_a_user_alone_is_the_last_and_one_of_two_is_not(tmp_path: Path) -> None:
    users = Users(tmp_path / "state")
    with users.joined() as first:
        with users.joined() as second:
            assert not first.is_last()
        del second
        assert first.is_last()
    with users.joined() as third:
        assert third.is_last()


def test_the_server_waits_for_every_user_and_then_lets_nobody_in(tmp_path: Path) -> None:
    users = Users(tmp_path)
    server = Thread(target=users.wait_until_none, daemon=True)
    with users.joined(), users.joined():
        server.start()
        server.join(0.05)
        assert server.is_alive()
    server.join(10)
    assert not server.is_alive()
    late = Thread(target=lambda: users.joined().__enter__(), daemon=True)
    late.start()
    late.join(0.05)
    assert late.is_alive()
    assert (tmp_path / "users.lock").stat().st_mode & 0o777 == 0o600
