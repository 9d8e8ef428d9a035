"""The questions of `understudy endpoints add`, one after the other.

Each returns what was answered and writes nothing, so that whoever leaves in the middle, by Ctrl-C,
by Esc and Enter, or at the end of the input, leaves nothing behind. A key itself is never asked
for: what is written is where it is kept, and a key that is pasted there is refused unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from ...protocols.providers.provider import Provider, Providers
from ...protocols.settings_addresses import Refused, checked_base_url, checked_key
from .output import show_table

ESCAPE = "\x1b"
SHOWN_MAX = 30
"""Models of a list that are shown; more are named by typing."""


def ask_provider(providers: Providers) -> Provider | str:
    """A provider, chosen by its number or by letters of its name; or the URL of something else."""
    rows = shown = list(providers.values())
    _show_rows(rows, shown)
    while True:
        said = _ask("Provider (a number, letters of its name, or any URL)")
        if said.startswith(("http://", "https://")):
            try:
                return checked_base_url(said)
            except Refused as refused:
                click.echo(str(refused))
            continue
        if said.isdigit() and 0 < int(said) <= len(rows):
            return rows[int(said) - 1]
        exact = [row for row in rows if row.name == said.lower()]
        shown = exact or [row for row in rows if said.lower() in f"{row.name} {row.title}".lower()]
        if len(shown) == 1:
            return shown[0]
        click.echo("none of them is called so" if not shown else "several are called so:")
        _show_rows(rows, shown or rows)


def ask_name(offered: str, taken: Sequence[str]) -> str:
    """The endpoint's name."""
    while True:
        name = _ask("Name of the endpoint", offered)
        if name not in taken:
            return name
        click.echo(f"there is an endpoint {name} already; choose another name")


def ask_key(name: str, variable: str, key_page: str, environ: Mapping[str, str]) -> str:
    """Where the key is kept, as it is written in the settings."""
    if not variable:
        return _checked_key("none")
    if environ.get(variable):
        click.echo(f"The key is in {variable}, in this shell.")
        return _checked_key(f"env:{variable}")
    made = f" A key is made at {key_page}" if key_page else ""
    click.echo(f"{variable} is not set in this shell.{made}")
    click.echo("The keychain keeps it under a name of yours; a variable has to be set each time.")
    return _checked_key(f"keychain:{name}")


def ask_models(listed: Sequence[str], known: Sequence[str]) -> list[str]:
    """The models to use, by number or id, with commas or spaces between; Enter takes the offer."""
    offered = list(known or listed[:1])
    shown = list(dict.fromkeys([*known, *listed]))[:SHOWN_MAX]
    for number, model in enumerate(shown, 1):
        click.echo(f"  {number:3}  {model}")
    if len(listed) > len(shown):
        click.echo(f"       ... and {len(listed) - len(shown)} more: name them by their ids")
    while True:
        said = _ask("Models (numbers or ids)", " ".join(offered) or None)
        words = said.replace(",", " ").split()
        chosen = [_numbered(word, shown) for word in words]
        if chosen:
            return list(dict.fromkeys(chosen))


def confirm(question: str, *, default: bool) -> bool:
    """A question with yes or no."""
    return click.confirm(question, default=default)


def _checked_key(offered: str) -> str:
    while True:
        said = _ask("Where the key is (env:NAME, keychain:NAME or none)", offered)
        try:
            return str(checked_key(said))
        except Refused as refused:
            click.echo(str(refused))


def _numbered(word: str, shown: Sequence[str]) -> str:
    if word.isdigit() and 0 < int(word) <= len(shown):
        return shown[int(word) - 1]
    return word


def _ask(question: str, default: str | None = None) -> str:
    answer: str = click.prompt(question, default=default, type=str).strip()
    if ESCAPE in answer:
        raise click.Abort
    return answer


def _show_rows(rows: Sequence[Provider], shown: Sequence[Provider]) -> None:
    numbers = {row.name: str(number) for number, row in enumerate(rows, 1)}
    show_table(
        ("", "name", "provider", "address"),
        [(numbers[row.name], row.name, row.title, row.base_url) for row in shown],
    )
