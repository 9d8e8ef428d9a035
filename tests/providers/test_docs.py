"""The page about providers says what the table says."""

from __future__ import annotations

from pathlib import Path

from understudy.io.cli.endpoints import SUBCOMMANDS
from understudy.io.providers.providers_file import shipped_providers
from understudy.protocols.providers.provider import Provider
from understudy.protocols.providers.quirks import QUIRKS

PAGE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text()
LINES = PAGE.splitlines()


def row_of(provider: Provider) -> str:
    """The provider's line of the page."""
    ids = ", ".join(f"`{model.id}`" for model in provider.models)
    cells = (
        f"`{provider.name}`",
        provider.title,
        ", ".join(provider.dialects),
        f"`{provider.base_url}`",
        f"`{provider.key_variable}`" if provider.key_variable else "-",
        ids or ("its own list" if provider.lists_models else "say them"),
        ", ".join(f"`{quirk}`" for quirk in provider.quirks) or "-",
    )
    return f"| {' | '.join(cells)} |"


def test_the_page_has_the_table_in_its_order() -> None:
    rows = [row_of(provider) for provider in shipped_providers().values()]
    start = LINES.index(rows[0])
    assert LINES[start : start + len(rows) + 1] == [*rows, ""]


def test_the_page_has_every_quirk() -> None:
    for quirk, meaning in QUIRKS.items():
        assert f"| `{quirk}` | {meaning} |" in LINES


def test_the_page_has_every_command() -> None:
    for name in SUBCOMMANDS:
        assert f"`understudy endpoints {name}" in PAGE or name == "list"
