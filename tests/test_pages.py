"""The pages lead to each other: no link is dead, and each page can be found from the first."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
INDEX = ROOT / "docs" / "README.md"


def links(text: str) -> list[str]:
    """What a page links to or shows, but for addresses, without the heading that is meant."""
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link.partition("#")[0] for link in found if not re.match(r"https?:|#", link)]


def headings(text: str) -> set[str]:
    """The names by which a page's headings are linked to."""
    found = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def dead_links(page: Path, text: str) -> list[str]:
    """The links of a page that lead nowhere: no such file, or no such heading in it."""
    dead = [link for link in links(text) if not (page.parent / link).exists()]
    for link, heading in re.findall(r"\]\(([^)\s:#]*)#([^)\s]+)\)", text):
        there = page.parent / link if link else page
        if there.exists() and heading not in headings(there.read_text(encoding="utf-8")):
            dead.append(f"{link}#{heading}")
    return dead


def test_no_link_is_dead() -> None:
    assert {page.name: dead_links(page, page.read_text(encoding="utf-8")) for page in PAGES} == {
        page.name: [] for page in PAGES
    }


def test_each_page_is_in_the_index() -> None:
    listed = set(links(INDEX.read_text(encoding="utf-8")))
    assert {page.name for page in INDEX.parent.glob("*.md")} - {INDEX.name} == listed


def test_a_dead_link_is_seen() -> None:
    assert dead_links(INDEX, "[a](gone.md) [b](esc.md#gone) [c](esc.md) [d](https://x.y/z)") == [
        "gone.md",
        "esc.md#gone",
    ]
