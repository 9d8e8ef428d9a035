"""Which peers go through a proxy."""

from __future__ import annotations

import pytest
from understudy.io.ports import UpstreamUnreachable
from understudy.io.upstream.address import parse_address
from understudy.io.upstream.proxy import Proxy, choose_proxy, parse_proxy
from understudy.io.upstream.settings import UpstreamSettings


@pytest.mark.parametrize(
    ("no_proxy", "url", "is_direct"),
    [
        ("", "https://api.test/", False),
        ("*", "https://api.test/", True),
        ("api.test", "https://api.test/", True),
        ("API.test", "https://Api.Test/", True),
        ("test", "https://api.test/", True),
        (".test", "https://api.test/", True),
        ("*.test", "https://api.test/", True),
        ("pi.test", "https://api.test/", False),
        ("api.test.org", "https://api.test/", False),
        ("api.test:443", "https://api.test/", True),
        ("api.test:8443", "https://api.test/", False),
        ("*:443", "https://api.test/", True),
        (".", "https://api.test/", False),
        ("10.1.2.3", "https://10.1.2.3/", True),
        ("10.0.0.0/8", "https://10.1.2.3/", True),
        ("11.0.0.0/8", "https://10.1.2.3/", False),
        ("1.2.3", "https://10.1.2.3/", False),
        ("fd00::/8", "https://[fd00::1]/", True),
        ("[fd00::1]:443", "https://[fd00::1]/", True),
        ("fd00::1", "https://[fd00::1]/", True),
        ("fd00::1", "https://[fd00::2]/", False),
        ("", "https://localhost/", True),
        ("", "https://api.localhost/", True),
        ("", "https://127.9.9.9/", True),
        ("", "https://[::1]/", True),
        ("", "https://localhost.test/", False),
    ],
)
def test_no_proxy(no_proxy: str, url: str, is_direct: bool) -> None:
    settings = UpstreamSettings(https_proxy="http://proxy.test:1", no_proxy=tuple(no_proxy.split()))
    chosen = choose_proxy(settings, parse_address(url))
    assert chosen == (None if is_direct else Proxy("http", "proxy.test", 1))


def test_each_scheme_has_its_own_proxy() -> None:
    settings = UpstreamSettings(http_proxy="one.test:1")
    assert choose_proxy(settings, parse_address("http://a.test")) == Proxy("http", "one.test", 1)
    assert choose_proxy(settings, parse_address("https://a.test")) is None


def test_user_and_password_are_decoded_and_not_shown() -> None:
    proxy = parse_proxy("https://user:p%40ss@proxy.test")
    assert (proxy.origin, proxy.authorization) == (
        "https://proxy.test:443",
        b"Basic dXNlcjpwQHNz",
    )
    assert "dXNl" not in repr(proxy)


@pytest.mark.parametrize(
    "url", ["socks5://u:secret@h:1", "http://u:secret@", "http://h:x", "http://["]
)
def test_a_proxy_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UpstreamUnreachable, match="HTTPS_PROXY") as caught:
        parse_proxy(url)
    assert "secret" not in str(caught.value)
