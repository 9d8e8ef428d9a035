"""Citations: annotations of a text here, blocks of Anthropic's shape in the neutral form.

An annotation says which characters it is about; a neutral citation is about its whole block. What
is cited of a document that has no id can be said in no annotation, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..json_values import text_of

WEB = "web_search_result_location"


def annotations_of(citations: Iterable[dict[str, Any]], characters: int) -> list[dict[str, Any]]:
    """The citations of a text with so many characters, as its annotations."""
    found = (_annotation(citation, characters) for citation in citations)
    return [annotation for annotation in found if annotation is not None]


def citation_of(annotation: dict[str, Any]) -> dict[str, Any] | None:
    """A web annotation as a citation; None for what has no such form."""
    if annotation.get("type") != "url_citation":
        return None
    url, title = text_of(annotation.get("url")), text_of(annotation.get("title"))
    return {"type": WEB, "url": url, "title": title, "cited_text": "", "encrypted_index": ""}


def _annotation(citation: dict[str, Any], characters: int) -> dict[str, Any] | None:
    if citation.get("type") == WEB:
        return {
            "type": "url_citation",
            "url": text_of(citation.get("url")),
            "title": text_of(citation.get("title")),
            "start_index": 0,
            "end_index": characters,
        }
    file_id = text_of(citation.get("file_id"))
    if not file_id:
        return None
    title = text_of(citation.get("document_title"))
    return {"type": "file_citation", "file_id": file_id, "filename": title, "index": characters}
