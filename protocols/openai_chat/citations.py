"""Where an answer's text stands, and citations of it in Chat Completions' shape.

An answer's text is one string there, made of all its text blocks. Blocks that follow each other
directly are one text (Anthropic splits a text where a citation begins); between blocks with
something else in between, a call or thinking, stands an empty line.
"""

from __future__ import annotations

from typing import Any

import attrs

from ..json_values import object_of, text_of

APART = "\n\n"


@attrs.define
class Place:
    """How far the text has come. `start` is where its open block began, in characters."""

    start: int = 0
    end: int = 0
    _left: bool = False

    def text(self, text: str) -> str:
        """Takes the next text and returns it as it is to be written."""
        if self._left:
            self._left = False
            text = APART + text
            self.start = self.end + len(APART)
        self.end += len(text)
        return text

    def leave(self) -> None:
        """Something that is not text comes."""
        self._left = self.end > 0

    def end_block(self) -> None:
        """The open block has ended."""
        self.start = self.end


def annotation(citation: dict[str, Any], place: Place) -> dict[str, Any] | None:
    """A citation of a web page; None for one of a document, which the dialect cannot say."""
    url = text_of(citation.get("url")) or text_of(citation.get("source"))
    if not url:
        return None
    inner = {
        "start_index": place.start,
        "end_index": place.end,
        "title": text_of(citation.get("title")),
        "url": url,
    }
    return {"type": "url_citation", "url_citation": inner}


def citation_of(found: dict[str, Any]) -> dict[str, Any] | None:
    """An annotation of an answer as a citation in Anthropic's shape; None if it names no page."""
    inner = object_of(found.get("url_citation"))
    url = text_of(inner.get("url"))
    if not url:
        return None
    return {
        "type": "web_search_result_location",
        "url": url,
        "title": text_of(inner.get("title")),
        "cited_text": text_of(inner.get("content")),
        "encrypted_index": "",
    }
