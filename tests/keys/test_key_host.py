"""When two addresses are one place, for a key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.key_host import host_of, is_for, normal_host


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://api.example.com", "api.example.com"),
        ("https://API.Example.com:443/v1", "api.example.com"),
        ("https://api.example.com./", "api.example.com"),
        ("https://api.example.com:8443", "api.example.com:8443"),
        ("http://127.0.0.1:9000", "127.0.0.1:9000"),
        ("http://api.example.com", "api.example.com:80"),
        ("https://[::1]:8443/x", "[::1]:8443"),
        ("https://user@api.example.com", "api.example.com"),
        ("https://api.example.com:99999", ""),
        ("https://schlüssel.example", ""),
        ("", ""),
    ],
)
def test_the_place_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    "written", ["api.example.com", "API.example.com:443 ", "https://api.example.com/v1"]
)
def test_what_a_user_writes_is_the_same_place(written: str) -> None:
    assert normal_host(written) == "api.example.com"
    assert is_for(written, "https://api.example.com/v1")


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.example.com",
        "https://api.example.com:444",
        "https://api.example.com.evil.example",
        "https://evil.example/api.example.com",
        "https://api.example.com@evil.example",
        "https://xapi.example.com",
        "",
    ],
)
def test_any_other_address_gets_nothing(base_url: str) -> None:
    assert not is_for("api.example.com", base_url)


def test_no_host_is_for_no_address() -> None:
    assert not is_for("", "")
    assert not is_for("", "https://")


@given(st.text(max_size=80))
def test_whatever_is_written_there_is_an_answer(written: str) -> None:
    host = normal_host(written)
    assert normal_host(host) == host
