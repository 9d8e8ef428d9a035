"""A page that a search of the web has found. Apart from the reading of it, which few need."""

from __future__ import annotations

import attrs


@attrs.frozen
class SearchResult:
    """One page. `text` is an excerpt; `age` is how old the page is, as the endpoint says."""

    title: str
    url: str
    text: str
    age: str = ""
