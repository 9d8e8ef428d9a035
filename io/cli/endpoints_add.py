"""`understudy endpoints add`: a new endpoint, asked for, tried, shown, and written.

The order is such that nothing is written before everything is known and agreed to; a running server
reads the file by itself.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs
import click

from ...protocols.key_host import host_of
from ...protocols.providers.endpoints_toml import Value, endpoint_text
from ...protocols.providers.provider import Provider
from ...protocols.settings import EndpointSettings, Settings
from ...protocols.settings_addresses import Refused, checked_base_url, is_loopback
from ...protocols.settings_data import DIALECTS, RESERVED_NAMES
from ..folders import Folders
from ..keys import KeyUnavailable
from ..ports import UpstreamError
from . import endpoint_form as form
from .endpoint_shelf import EndpointShelf, run_listing, run_probe
from .endpoints_test import show_trial, tried
from .errors import CannotRun, Failed
from .output import note, show_json, spinner

KEYCHAIN = "keychain:"
NAME_OF_A_URL = "added"
"""What an endpoint is called that is no provider's, if nobody says otherwise."""


@attrs.define
class Wishes:
    """What the command line says, and whether there is somebody to ask for the rest."""

    provider: str | None
    name: str | None
    base_url: str | None
    dialects: tuple[str, ...]
    models: tuple[str, ...]
    key: str | None
    paths: tuple[str, ...]
    private: bool
    asking: bool
    test: bool


@click.command("add")
@click.option("--provider", metavar="NAME", help="One of `understudy endpoints providers`.")
@click.option("--base-url", metavar="URL", help="The address, if it is no provider's own.")
@click.option(
    "--dialect", "dialects", multiple=True, type=click.Choice(DIALECTS), help="What it speaks."
)
@click.option("--path", "paths", multiple=True, metavar="DIALECT=PATH", help="Stands for its /v1.")
@click.option("--name", metavar="NAME", help="What the endpoint is to be called.")
@click.option("--key", metavar="PLACE", help="env:NAME, keychain:NAME or none.")
@click.option("--model", "models", multiple=True, metavar="ID", help="A model to use; repeatable.")
@click.option("--private", is_flag=True, help="Private text may go there, and stays with such.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--no-test", is_flag=True, help="Do not try it first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; asks nothing.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Use this settings file."
)
def command(
    yes: bool, dry_run: bool, no_test: bool, as_json: bool, config: Path | None, **said: Any
) -> None:
    """Add an endpoint: choose a provider, say where the key is, try it, write it.

    It is written into endpoints.toml beside the settings, which stay as they are; a running server
    takes it up by itself. `understudy endpoints remove` is the way back.

    \b
    Examples:
      understudy endpoints add
      understudy endpoints add --provider groq --model openai/gpt-oss-120b --yes
      understudy endpoints add --base-url http://10.0.0.5:8000 --key none --name box --yes
    """
    asking = not (yes or as_json) and is_terminal_read()
    wishes = Wishes(**said, asking=asking, test=not no_test)
    shelf = EndpointShelf.of(Folders.from_environment(os.environ), config)
    settings = shelf.settings()
    table = _table(wishes, shelf, settings)
    endpoint = shelf.settings_of(table)
    trial = tried(endpoint, shelf) if wishes.test else None
    text = endpoint_text(table)
    if not as_json:
        if trial is not None:
            show_trial(trial)
        click.echo(text)
    if trial is not None and trial.failure:
        note(trial.failure)
        if not asking or not form.confirm("Write it all the same?", default=False):
            raise Failed("nothing was written; --no-test writes it untried")
    elif asking and not dry_run:
        file = shelf.file.path
        if not form.confirm(f"Write this into {file}?", default=True):
            raise Failed("nothing was written")
    if not dry_run:
        shelf.file.put(table)
    if as_json:
        tested = None if trial is None else attrs.asdict(trial)
        show_json({"written": not dry_run, "endpoint": dict(table), "test": tested})
    elif not dry_run:
        _tell(shelf, endpoint)


def is_terminal_read() -> bool:
    """Whether there is somebody who can answer."""
    return sys.stdin.isatty()


def _table(wishes: Wishes, shelf: EndpointShelf, settings: Settings) -> dict[str, Value]:
    """The endpoint as it will be written: what was said, and no more. Raises CannotRun."""
    provider, base_url = _place(wishes, shelf)
    taken = [each.name for each in settings.endpoints]
    place = base_url or ("" if provider is None else provider.base_url)
    name = _name(wishes, provider, taken)
    table: dict[str, Value] = {"name": name}
    if provider is not None:
        table["provider"] = provider.name
    if wishes.dialects:
        table["dialect"] = list(wishes.dialects)
    if base_url is not None:
        table["base_url"] = base_url
    if wishes.paths:
        table["paths"] = dict(_pair(each) for each in wishes.paths)
    key = _key(wishes, name, provider)
    if key != "none":
        table["key"] = key
        if wishes.asking and key.startswith(KEYCHAIN):
            _keep_key(key.removeprefix(KEYCHAIN), host_of(place), shelf)
    if "dialect" not in table and provider is None:
        table.update(_probed(shelf, table))
    models = _models(wishes, shelf, table, provider)
    if models:
        table["models"] = models
    if wishes.private or (wishes.asking and _is_private(place)):
        table["private"] = True
    return table


def _place(wishes: Wishes, shelf: EndpointShelf) -> tuple[Provider | None, str | None]:
    """The provider, or the address of something else, or both."""
    try:
        base_url = None if wishes.base_url is None else checked_base_url(wishes.base_url)
    except Refused as refused:
        raise CannotRun(f"--base-url: {refused}") from None
    if wishes.provider is not None:
        if wishes.provider not in shelf.providers:
            known = ", ".join(shelf.providers)
            raise CannotRun(f"--provider: {wishes.provider} is not known; allowed: {known}")
        return shelf.providers[wishes.provider], base_url
    if base_url is not None:
        return None, base_url
    if not wishes.asking:
        raise CannotRun(
            "say --provider NAME or --base-url URL; or run it on a terminal, to be asked"
        )
    chosen = form.ask_provider(shelf.providers)
    return (None, chosen) if isinstance(chosen, str) else (chosen, None)


def _name(wishes: Wishes, provider: Provider | None, taken: list[str]) -> str:
    if wishes.name is not None:
        if wishes.name in taken:
            raise CannotRun(f"--name: there is an endpoint {wishes.name} already")
        return wishes.name
    stem = NAME_OF_A_URL if provider is None else provider.name
    stem = f"{stem}-api" if stem in RESERVED_NAMES else stem
    numbered = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    offered = next(name for name in numbered if name not in taken)
    return form.ask_name(offered, taken) if wishes.asking else offered


def _key(wishes: Wishes, name: str, provider: Provider | None) -> str:
    variable = "" if provider is None else provider.key_variable
    if wishes.key is not None:
        return wishes.key
    if wishes.asking:
        page = "" if provider is None else provider.key_page
        return form.ask_key(name, variable, page, os.environ)
    return f"env:{variable}" if variable else "none"


def _keep_key(name: str, host: str, shelf: EndpointShelf) -> None:
    """Has the key typed now, if the user wants that: it is kept for this host, and no other."""
    if not form.confirm(f"Type the key {name} for {host} now, into the keychain?", default=True):
        return
    from .keys_add import command as add_key

    click.get_current_context().invoke(
        add_key,
        name=name,
        host=host,
        endpoint=None,
        provider=None,
        stdin=False,
        config=shelf.settings_file,
    )
    note(f"if nothing comes of the endpoint, the key stays: understudy keys remove {name}")


def _probed(shelf: EndpointShelf, table: dict[str, Value]) -> dict[str, Value]:
    """What an address speaks, which nobody has said. Raises CannotRun."""
    draft = {**table, "dialect": ["openai-chat"], "models": ["unknown"]}
    try:
        with spinner("finding out what it speaks"):
            dialects, unversioned = run_probe(shelf.settings_of(draft), shelf)
    except (KeyUnavailable, UpstreamError) as error:
        raise CannotRun(f"{table['base_url']}: {error}; or say --dialect") from None
    if not dialects:
        raise CannotRun(f"{table['base_url']} speaks no known dialect there; say --dialect")
    found: dict[str, Value] = {"dialect": list(dialects)}
    return {**found, "paths": {"openai-chat": "/"}} if unversioned else found


def _models(
    wishes: Wishes, shelf: EndpointShelf, table: dict[str, Value], provider: Provider | None
) -> list[str]:
    """The models to name; [] leaves them to the provider's row, or to its own list."""
    if wishes.models:
        return list(wishes.models)
    known = [] if provider is None else [each.id for each in provider.models]
    if not wishes.asking and provider is not None and (known or provider.lists_models):
        return []
    draft = shelf.settings_of({**table, "models": ["unknown"]})
    listed = _listed(draft, shelf) if wishes.test else ()
    if wishes.asking:
        return form.ask_models(listed, known)
    if not listed:
        raise CannotRun("no model is named, and it lists none: say --model ID")
    return list(listed)


def _listed(endpoint: EndpointSettings, shelf: EndpointShelf) -> tuple[str, ...]:
    try:
        with spinner("asking for its models"):
            return run_listing(endpoint, shelf)
    except (KeyUnavailable, UpstreamError):
        return ()  # the trial that follows says what is wrong


def _is_private(base_url: str) -> bool:
    """Asked only of what is elsewhere: this machine is trusted anyway."""
    if is_loopback(urlsplit(base_url).hostname or ""):
        return False
    return form.confirm("May private text go there, and stay with such endpoints?", default=False)


def _pair(written: str) -> tuple[str, str]:
    dialect, sign, path = written.partition("=")
    if not sign:
        raise CannotRun(f"--path: {written} is not DIALECT=PATH, like openai-chat=/api/v4")
    return dialect, path


def _tell(shelf: EndpointShelf, endpoint: EndpointSettings) -> None:
    """What has been done, how it is used, and how it is undone."""
    click.echo(f"added {endpoint.name} to {shelf.file.path}")
    if endpoint.models:
        model = f"{endpoint.name}/{endpoint.models[0]}"
        click.echo(f'use it as {model}; always: default = "{model}" in {shelf.settings_file}')
    click.echo(f"to undo: understudy endpoints remove {endpoint.name}")
