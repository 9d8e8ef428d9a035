"""Reading what a search endpoint answers: a stranger's texts, none of them trusted."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.search_result import SearchResult
from understudy.protocols.settings_data import SEARCH_KINDS, SEARCH_RESULTS_MAX, SearchKind
from understudy.protocols.web_search import (
    QUERY_CHARACTERS_MAX,
    QUERY_WORDS_MAX,
    TEXT_CHARACTERS_MAX,
    URL_CHARACTERS_MAX,
    read_results,
    search_call,
)


def searxng(*items: Any) -> tuple[SearchResult, ...]:
    """What is read of a SearXNG's results."""
    return read_results("searxng", msgspec.json.encode({"results": items}), SEARCH_RESULTS_MAX)


def page(url: str = "https://a.example/", **members: Any) -> dict[str, Any]:
    return {"url": url, "title": "Title", "content": "Text", **members}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example",
        "//a.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https://a b",
        'https://a"b',
        "https://a\nb",
        "https://" + "a" * URL_CHARACTERS_MAX,
        None,
        7,
    ],
)
def test_what_no_person_could_open_is_left_out(url: Any) -> None:
    assert [found.url for found in searxng(page(url), page())] == ["https://a.example/"]


def test_an_address_comes_once_at_its_best_place() -> None:
    found = searxng(page("https://a", title="1"), page("https://b"), page("https://a", title="2"))
    assert [(each.url, each.title) for each in found] == [
        ("https://a", "1"),
        ("https://b", "Title"),
    ]


def test_texts_have_a_limit_and_one_line() -> None:
    (found,) = searxng(page(content="word\n\t " * TEXT_CHARACTERS_MAX))
    assert len(found.text) == TEXT_CHARACTERS_MAX
    assert found.text.startswith("word word word")


def test_a_page_without_a_title_is_called_by_its_address() -> None:
    assert searxng({"url": "https://a"}) == (SearchResult("https://a", "https://a", ""),)


def test_what_is_no_page_is_left_out() -> None:
    assert searxng(
        None, 1, "x", [], {}, {"url": {}}, page(title=1, content=[], publishedDate=3)
    ) == (SearchResult("https://a.example/", "https://a.example/", ""),)


def test_the_markup_of_brave_is_taken_for_what_it_says() -> None:
    shown = {
        "url": "https://a",
        "title": "R&amp;D",
        "description": "<strong>a</strong> &lt; b<br/>",
    }
    body = msgspec.json.encode({"web": {"results": [shown]}})
    assert read_results("brave", body, 1) == (SearchResult("R&D", "https://a", "a < b"),)


def test_the_others_write_none_and_keep_their_signs() -> None:
    (found,) = searxng(page(content="if a <b> c &amp; d"))
    assert found.text == "if a <b> c &amp; d"


def test_brave_leaves_the_list_out_where_it_finds_nothing() -> None:
    assert read_results("brave", b'{"type":"search"}', 5) == ()
    for kind in ("searxng", "tavily"):
        with pytest.raises(UpstreamNonsense, match="has no list `results`"):
            read_results(kind, b'{"detail":"x"}', 5)


@pytest.mark.parametrize("kind", SEARCH_KINDS)
def test_a_query_has_a_limit(kind: SearchKind) -> None:
    words = search_call(kind, "w " * 2 * QUERY_WORDS_MAX, 5)
    letters = search_call(kind, "x" * 2 * QUERY_CHARACTERS_MAX, 5)
    for call, sign, most in ((words, "w", QUERY_WORDS_MAX), (letters, "x", QUERY_CHARACTERS_MAX)):
        sent = f"{call.path.partition('q=')[2].partition('&')[0]}{call.body.decode()}"
        assert sent.replace("max_", "").count(sign) == most


@pytest.mark.parametrize("kind", SEARCH_KINDS)
def test_without_a_key_no_header_has_one(kind: SearchKind) -> None:
    names = {name for name, _ in search_call(kind, "q", 5).headers}
    assert names <= {b"accept", b"accept-encoding", b"content-type"}


MEMBERS = ["web", "results", "url", "title", "content", "description", "age", "published_date"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9) | st.just("https://a/b"),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(MEMBERS),
            inner,
            max_size=5,
        )
    ),
)


@given(st.sampled_from(SEARCH_KINDS), JSON.map(msgspec.json.encode) | st.binary(max_size=40))
def test_whatever_comes_is_read_or_refused(kind: SearchKind, body: bytes) -> None:
    try:
        found = read_results(kind, body, 2)
    except UpstreamNonsense:
        return
    assert len(found) <= 2
    assert all(each.url.startswith("http") and each.title for each in found)
