"""`understudy token`: the token, and the link for a browser."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from .stage import TOKEN, Stage, without


def test_the_token_is_printed(stage: Stage) -> None:
    ran = stage.run("token")
    assert (ran.stdout, ran.stderr) == (f"{TOKEN}\n", "")


def test_the_first_call_makes_the_token(stage: Stage) -> None:
    bare = Stage(stage.folder, without(stage.environment, "UNDERSTUDY_TOKEN"))
    made = bare.run("token").stdout
    assert len(made) == 44
    assert (stage.home / "state" / "token").read_text() == made
    assert bare.run("token").stdout == made


def test_a_link_opens_the_page_once(stage: Stage) -> None:
    with stage.serving() as server:
        link = stage.run("token", "--link").stdout.strip()
        assert link.startswith(f"{server.address}/open/")
        assert TOKEN not in link
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        )
        with opener.open(link, timeout=10) as page:
            assert page.status == 200
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            opener.open(link, timeout=10)
        refused.value.close()


def test_without_a_server_there_is_no_link(stage: Stage) -> None:
    ran = stage.run("token", "--link")
    assert ran.returncode == 2
    assert "start one with `understudy serve`" in ran.stderr
