"""What the user writes, where a hub's things are, and where a redirect may lead."""

from __future__ import annotations

import pytest
from understudy.protocols.models.hub_address import (
    PUBLIC_HUB,
    AddressRefused,
    Hub,
    Wanted,
    parse_wanted,
    redirected,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a/b", Wanted("a/b")),
        (" a/b ", Wanted("a/b")),
        ("a/b:q4_k_m", Wanted("a/b", "Q4_K_M")),
        ("a/b/c.gguf", Wanted("a/b", path="c.gguf")),
        ("a/b/UD/c d.gguf", Wanted("a/b", path="UD/c d.gguf")),
        ("hf.co/a/b:Q8_0", Wanted("a/b", "Q8_0")),
        ("https://huggingface.co/a/b", Wanted("a/b")),
        ("https://huggingface.co/a/b/blob/main/d/c.gguf?x=1#y", Wanted("a/b", path="d/c.gguf")),
        ("https://huggingface.co/a/b/tree/v2", Wanted("a/b", revision="v2")),
    ],
)
def test_a_model_is_named_in_many_ways(text: str, wanted: Wanted) -> None:
    assert parse_wanted(text) == wanted


def test_the_user_s_revision_counts_most() -> None:
    assert parse_wanted("https://hf.co/a/b/tree/v2", "v3").revision == "v3"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("gpt2", "not a model of a hub"),
        ("a/b:", "a quantisation is missing"),
        ("a/b/c.gguf:Q4", "not both"),
        ("a/b/../../c", "not a file's name"),
        ("https://evil.test/a/b", "not a model of a hub"),
        ("a\x1b/b", "not a model of a hub"),
    ],
)
def test_what_is_no_model_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why) as refused:
        parse_wanted(text)
    assert str(refused.value).isprintable()


def test_a_revision_that_is_a_path_is_refused() -> None:
    with pytest.raises(AddressRefused, match="not a branch"):
        parse_wanted("a/b", "../../x")


def test_addresses_are_quoted() -> None:
    hub = Hub.at("https://mirror.test/hf/")
    assert hub.endpoint == "https://mirror.test/hf"
    assert hub.host == "mirror.test"
    assert hub.repository_url("a/b", "refs/pr/1") == (
        "https://mirror.test/hf/api/models/a/b/revision/refs%2Fpr%2F1?blobs=true"
    )
    assert hub.file_url("a/b", "c0", "d e/f?g#h.gguf") == (
        "https://mirror.test/hf/a/b/resolve/c0/d%20e/f%3Fg%23h.gguf"
    )
    assert "search=x+%26y&filter=gguf&" in hub.search_url("x &y", "gguf", 5)
    assert Hub.at("").endpoint == PUBLIC_HUB


@pytest.mark.parametrize(
    "endpoint", ["hub.test", "ftp://hub.test", "https://user:pw@hub.test", "http://[", "https://"]
)
def test_an_endpoint_is_a_web_address(endpoint: str) -> None:
    with pytest.raises(AddressRefused, match="HF_ENDPOINT"):
        Hub.at(endpoint)


@pytest.mark.parametrize(
    ("endpoint", "url", "may"),
    [
        ("https://hub.test", "https://hub.test/a/b", True),
        ("https://hub.test", "https://HUB.test:443/a", True),
        ("https://hub.test", "https://hub.test:444/a", False),
        ("https://hub.test", "http://hub.test/a", False),
        ("https://hub.test", "https://cdn.hub.test/a", False),
        ("https://hub.test", "https://hub.test.evil.test/a", False),
        ("https://hub.test", "https://hub.test@evil.test/a", False),
        ("http://hub.test", "http://hub.test/a", False),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/a", True),
    ],
)
def test_the_token_is_for_the_hub_alone(endpoint: str, url: str, may: bool) -> None:
    assert Hub(endpoint).may_have_token(url) is may


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/c/d", "https://hub.test/c/d"),
        ("//cdn.test/x?y", "https://cdn.test/x?y"),
        ("https://cdn.test/x", "https://cdn.test/x"),
    ],
)
def test_a_redirect_leads_on(location: str, target: str) -> None:
    assert redirected("https://hub.test/a", location) == target


@pytest.mark.parametrize(
    "location",
    ["http://cdn.test/x", "file:///etc/passwd", "https://u@cdn.test/", "https://ö.test/",
     "https://[/", "javascript:1"],
)  # fmt: skip
def test_a_redirect_that_leads_astray_is_refused(location: str) -> None:
    with pytest.raises(AddressRefused):
        redirected("https://hub.test/a", location)


def test_a_local_hub_may_redirect_to_plain_http() -> None:
    assert redirected("http://127.0.0.1/a", "http://cdn.test/x") == "http://cdn.test/x"
