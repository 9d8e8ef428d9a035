"""Grounding, both ways: which web page supports which words, and citations.

Gemini tells at the end which segments of the answer rest on which pages; a neutral citation belongs
to a whole text block. So a citation's `cited_text` is the segment that it supports: the page's own
words are not told.
"""

from __future__ import annotations

from typing import Any

from ..json_values import list_of, object_of, objects_of, text_of
from .members import member, members_of, whole

CITATIONS_MAX = 256
"""Of one answer, in either direction."""


def read_citations(candidate: dict[str, Any]) -> list[dict[str, Any]]:
    """The citations in a candidate's grounding and citation metadata, in Anthropic's shape."""
    metadata = object_of(member(candidate, "groundingMetadata"))
    pages = [
        object_of(chunk.get("web")) for chunk in objects_of(member(metadata, "groundingChunks"))
    ]
    found: list[dict[str, Any]] = []
    for support in objects_of(member(metadata, "groundingSupports")):
        words = text_of(object_of(support.get("segment")).get("text"))
        for place in list_of(member(support, "groundingChunkIndices")):
            index = whole(place)
            if index is not None and 0 <= index < len(pages) and len(found) < CITATIONS_MAX:
                found.append(_citation(pages[index], words))
    sources = object_of(member(candidate, "citationMetadata"))
    listed = members_of(member(sources, "citationSources")) + members_of(sources.get("citations"))
    found += [_citation(source, "") for source in listed]
    return [citation for citation in found if citation["url"]][:CITATIONS_MAX]


def grounding_metadata(citations: list[dict[str, Any]]) -> dict[str, Any]:
    """Grounding for citations of web pages; others have no place here."""
    pages: dict[str, int] = {}
    chunks: list[dict[str, Any]] = []
    supports: list[dict[str, Any]] = []
    for citation in citations[:CITATIONS_MAX]:
        url = text_of(citation.get("url"))
        if not url:
            continue
        if url not in pages:
            pages[url] = len(chunks)
            chunks.append({"web": {"uri": url, "title": text_of(citation.get("title"))}})
        segment = {"text": text_of(citation.get("cited_text"))}
        supports.append({"segment": segment, "groundingChunkIndices": [pages[url]]})
    return {"groundingChunks": chunks, "groundingSupports": supports} if chunks else {}


def _citation(source: dict[str, Any], words: str) -> dict[str, Any]:
    return {
        "type": "web_search_result_location",
        "url": text_of(source.get("uri")),
        "title": text_of(source.get("title")),
        "cited_text": words,
        "encrypted_index": "",
    }
