"""URLs, taken apart."""

from __future__ import annotations

import pytest
from understudy.io.ports import UpstreamUnreachable
from understudy.io.upstream.address import parse_address


@pytest.mark.parametrize(
    ("url", "origin", "host_header", "target"),
    [
        ("https://Host.test", "https://host.test:443", b"host.test", b"/"),
        ("http://host.test:80/a", "http://host.test:80", b"host.test", b"/a"),
        ("http://host.test:8080/?q=1#f", "http://host.test:8080", b"host.test:8080", b"/?q=1"),
        ("https://[::1]:9/v1", "https://[::1]:9", b"[::1]:9", b"/v1"),
        ("https://bücher.test/", "https://xn--bcher-kva.test:443", b"xn--bcher-kva.test", b"/"),
        ("http://host.test?q", "http://host.test:80", b"host.test", b"/?q"),
    ],
)
def test_a_url_is_taken_apart(url: str, origin: str, host_header: bytes, target: bytes) -> None:
    address = parse_address(url)
    assert (address.origin, address.host_header, address.target) == (origin, host_header, target)


def test_a_proxy_for_plain_http_gets_the_whole_url() -> None:
    assert parse_address("http://host.test:8/a?b").absolute_target == b"http://host.test:8/a?b"


@pytest.mark.parametrize(
    "url",
    ["", "host.test", "ws://host.test", "http://", "http://h:port/", "http://h/ü", "http://["],
)
def test_what_is_no_address_of_ours_is_refused(url: str) -> None:
    with pytest.raises(UpstreamUnreachable, match="the URL of a peer"):
        parse_address(url)


def test_a_key_in_the_url_is_not_shown() -> None:
    assert "secret" not in repr(parse_address("https://host.test/?key=secret"))
