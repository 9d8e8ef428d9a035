"""Who is let in: tokens, hosts, origins, links and cookies."""

from __future__ import annotations

import logging

import pytest
import trio.testing
from understudy.io.serving.door import (
    COOKIES_MAX,
    LINK_SECONDS,
    LINKS_MAX,
    Denied,
    Door,
    redacted,
)

from .client import BEARER, TOKEN, HeaderPairs
from .conftest import Stage


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/v1/models", BEARER),
        ("/v1/models", (("authorization", f"bearer  {TOKEN}"),)),
        ("/v1/models", (("x-api-key", TOKEN),)),
        ("/v1/models", (("x-goog-api-key", TOKEN),)),
        ("/v1/models", (("x-api-key", "wrong"), ("authorization", f"Bearer {TOKEN}"))),
        (f"/t/{TOKEN}/v1/models", ()),
        (f"/t/{TOKEN}/v1/models", (("x-api-key", "wrong"),)),
    ],
)
async def test_the_token_is_shown_in_any_of_four_ways(
    stage: Stage, target: str, headers: HeaderPairs
) -> None:
    assert (await stage.ask("GET", target, headers)).status == 200


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/v1/models", ()),
        ("/v1/models", (("authorization", "Bearer wrong"),)),
        ("/v1/models", (("authorization", f"Basic {TOKEN}"),)),
        ("/v1/models", (("authorization", TOKEN),)),
        ("/v1/models", (("authorization", "Bearer"),)),
        ("/v1/models", (("x-api-key", TOKEN[:-1]),)),
        ("/v1/models", (("x-api-key", TOKEN + "\u00e9"),)),
        ("/v1/models", (("cookie", f"understudy={TOKEN}"),)),
        (f"/v1/models?token={TOKEN}", ()),
        ("/t/wrong/v1/models", ()),
        ("/t//v1/models", ()),
        ("/t/", ()),
        (f"/T/{TOKEN}/v1/models", ()),
        ("/", ()),
        ("/status.json", ()),
        ("/nowhere", ()),
    ],
)
async def test_without_it_no_one_comes_in(stage: Stage, target: str, headers: HeaderPairs) -> None:
    answer = await stage.ask("GET", target, headers)
    assert answer.status == 403, "not 401, which Claude Code tries again for minutes"
    kind, message = answer.error()
    assert kind == "permission_error"
    assert "understudy token" in message
    assert TOKEN not in message


async def test_a_refused_request_is_refused_before_its_body_has_come(stage: Stage) -> None:
    answer = await stage.ask("POST", "/v1/messages", (("x-api-key", "wrong"),), b"x" * 50_000)
    assert answer.status == 403


HOSTS = ["127.0.0.1", "127.0.0.1:{port}", "LocalHost:{port}", "[::1]:{port}", "localhost:1"]


@pytest.mark.parametrize("host", HOSTS)
async def test_our_own_names_are_answered(stage: Stage, host: str) -> None:
    headers = (*BEARER, ("host", host.format(port=stage.port)))
    assert (await stage.ask("GET", "/v1/models", headers)).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example",
        "rebound.example:{port}",
        "127.0.0.1.rebound.example",
        "127.0.0.1:one",
        "[::1",
        "",
    ],
)
async def test_a_name_that_is_not_ours_is_refused(stage: Stage, host: str) -> None:
    headers = (*BEARER, ("host", host.format(port=stage.port)))
    for target in ("/v1/models", "/", f"/t/{TOKEN}/v1/models", "/open/x"):
        answer = await stage.ask("GET", target, headers)
        assert answer.status == 403
        assert "is not called" in answer.error()[1]


@pytest.mark.parametrize("origin", ["http://127.0.0.1:{port}", "http://localhost:{port}"])
async def test_our_own_pages_may_ask(stage: Stage, origin: str) -> None:
    headers = (*BEARER, ("origin", origin.format(port=stage.port)))
    assert (await stage.ask("GET", "/status.json", headers)).status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://evil.example:{port}",
        "null",
        "",
        "file://",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "chrome-extension://abc",
    ],
)
async def test_other_pages_may_not(stage: Stage, origin: str) -> None:
    headers = (*BEARER, ("origin", origin.format(port=stage.port)))
    answer = await stage.ask("GET", "/status.json", headers)
    assert answer.status == 403
    assert answer.error()[1] == "requests from other web pages are not answered"


def door(host: str = "127.0.0.1", *, any_host: bool = False) -> Door:
    return Door.for_address(TOKEN.__eq__, host, 7337, any_host=any_host)


def test_a_door_on_an_ipv6_address_knows_its_name() -> None:
    headers = {b"host": b"[fd00::1]:7337", b"x-api-key": TOKEN.encode()}
    assert door("fd00::1").admit("/v1/models", headers).path == "/v1/models"
    with pytest.raises(Denied):
        door().admit("/v1/models", headers)


def test_a_door_to_the_network_takes_any_host_but_only_its_own_origin() -> None:
    headers = {b"host": b"box.lan:7337", b"x-api-key": TOKEN.encode()}
    outside = door(any_host=True)
    outside.admit("/v1/models", headers)
    outside.admit("/v1/models", {**headers, b"origin": b"http://box.lan:7337"})
    with pytest.raises(Denied):
        outside.admit("/v1/models", {**headers, b"origin": b"http://evil.example"})


async def test_a_link_opens_the_pages_once_and_nothing_else(stage: Stage) -> None:
    path = (await stage.ask("POST", "/link")).json()["path"]
    opened = await stage.ask("GET", path, ())
    assert (opened.status, opened.headers["location"], opened.body) == (303, "/", b"")
    cookie, *attributes = opened.headers["set-cookie"].split("; ")
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict"}
    again = await stage.ask("GET", path, ())
    assert again.status == 403
    assert "understudy token --link" in again.error()[1]
    assert "set-cookie" not in again.headers
    shown = (("cookie", f"other=1; {cookie}"),)
    for target in ("/", "/status.json"):
        assert (await stage.ask("GET", target, shown)).status == 200
    for method, target in [
        ("GET", "/v1/models"),
        ("POST", "/v1/messages"),
        ("POST", "/link"),
        ("GET", "//"),
    ]:
        assert (await stage.ask(method, target, shown)).status == 403
    evil = (*shown, ("origin", "https://evil.example"))
    assert (await stage.ask("GET", "/status.json", evil)).status == 403


@pytest.mark.parametrize("cookie", ["understudy=", "understudy=wrong", "understudy", "=;;", "a b"])
async def test_another_cookie_opens_nothing(stage: Stage, cookie: str) -> None:
    assert (await stage.ask("GET", "/", (("cookie", cookie),))).status == 403


async def test_no_link_is_made_without_the_token(stage: Stage) -> None:
    assert (await stage.ask("POST", "/link", ())).status == 403


async def test_a_link_is_good_for_ten_minutes(autojump_clock: trio.testing.MockClock) -> None:
    entrance = door()
    fresh, stale = entrance.new_link(), entrance.new_link()
    await trio.sleep(LINK_SECONDS - 1)
    entrance.open_link(fresh.removeprefix("/open/"))
    await trio.sleep(1)
    with pytest.raises(Denied, match="too old"):
        entrance.open_link(stale.removeprefix("/open/"))


async def test_links_and_cookies_have_a_limit() -> None:
    entrance = door()
    codes = [entrance.new_link().removeprefix("/open/") for _ in range(LINKS_MAX + 1)]
    with pytest.raises(Denied):
        entrance.open_link(codes[0])
    cookies = [entrance.open_link(code).partition(";")[0] for code in codes[1:]]
    cookies += [entrance.open_link(entrance.new_link()[6:]).partition(";")[0]]
    assert len(cookies) == COOKIES_MAX + 1

    def opens(cookie: str) -> bool:
        try:
            entrance.admit_page("/", {b"host": b"localhost", b"cookie": cookie.encode()})
        except Denied:
            return False
        return True

    assert [opens(cookie) for cookie in cookies] == [False] + [True] * COOKIES_MAX


async def test_no_secret_of_a_path_is_logged(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    evil = (("host", "evil.example"),)
    with caplog.at_level(logging.DEBUG):
        for target in (f"/t/{TOKEN}/v1/models", f"//t/{TOKEN}/v1", f"/open/{TOKEN}"):
            assert (await stage.ask("GET", target, evil)).status == 403
        found = await stage.ask("GET", f"/t/{TOKEN}/t/{TOKEN}/x", ())
    assert found.status == 404
    assert TOKEN.encode() not in found.body
    assert "denied GET '/t/\u2026/v1/models'" in caplog.text
    assert TOKEN not in caplog.text


async def test_a_path_cannot_write_a_line_into_the_log(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert (await stage.ask("GET", "/x%0aa-line-of-its-own", ())).status == 403
    assert "a-line-of-its-own" in caplog.text
    assert "\na-line-of-its-own" not in caplog.text


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/models", "/v1/models"),
        ("/t/abc", "/t/\u2026"),
        ("/t/abc/v1/x", "/t/\u2026/v1/x"),
        ("/t//abc/v1", "/t//\u2026/v1"),
        ("/open/abc", "/open/\u2026"),
        ("/t/abc/t/abc/x", "/t/\u2026/t/\u2026/x"),
        ("/t/", "/t/"),
    ],
)
def test_what_is_shown_of_a_path(path: str, shown: str) -> None:
    assert redacted(path) == shown
