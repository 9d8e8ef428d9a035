"""`understudy endpoints find`: which model servers run here, and whether to use one.

Nothing is used that nobody has asked for: what was found is shown, with whose it is and what the
settings would say of it; then a terminal is asked for each, and elsewhere --add or --yes say it.
What runs as another user is never added but by --other-user: whoever has that port reads all that
is sent there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import click

from ...protocols.discovery.found import FoundModel, FoundServer
from ...protocols.discovery.kinds import OTHER, title_of
from ...protocols.providers.endpoints_toml import EndpointTable, endpoint_text
from ...protocols.settings_data import CONTEXT_TOKENS_MAX, CONTEXT_TOKENS_MIN, PORT_MAX
from ..discovery.finding import Finding, find
from ..folders import Folders
from .endpoint_shelf import EndpointShelf
from .errors import CannotRun
from .output import is_terminal, note, show_json, show_table, spinner, styled

MODELS_SHOWN: Final = 12
"""Of one server; --json has all."""


@click.command("find", short_help="Look for model servers on this machine, and add them.")
@click.option("--host", metavar="HOST", default="", help="Look there instead of on this machine.")
@click.option(
    "--port",
    "ports",
    type=click.IntRange(1, PORT_MAX),
    multiple=True,
    metavar="N",
    help="Look at this port instead of the usual ones; may be repeated.",
)
@click.option("--add", "names", multiple=True, metavar="NAME", help="Add this one; repeatable.")
@click.option("--yes", is_flag=True, help="Add all that are new and yours.")
@click.option("--other-user", is_flag=True, help="Add what runs as another user, too.")
@click.option(
    "--context",
    type=click.IntRange(CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX),
    metavar="N",
    help="Write this window; Ollama is then asked for it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="For this settings file."
)
def command(
    host: str,
    ports: tuple[int, ...],
    names: tuple[str, ...],
    yes: bool,
    other_user: bool,
    context: int | None,
    as_json: bool,
    config: Path | None,
) -> None:
    """Find Ollama, vLLM, LM Studio, llama-server, llama-swap, SGLang and MLX servers.

    Looks at their usual ports, on this machine unless --host names another. Shown is what each
    serves, and the [[endpoint]] that it would become: nothing is used before you say so, and models
    are listed live afterwards. Settings files of your own are not touched.

    \b
    Examples:
      understudy endpoints find
      understudy endpoints find --add ollama --context 32768
      understudy endpoints find --host 192.168.1.20 --port 11434
    """
    shelf = EndpointShelf.of(Folders.from_environment(os.environ), config)
    settings = shelf.settings()
    with spinner("looking"):
        found = find(settings, shelf.providers, host, ports, context)
    chosen = _chosen(found, names, yes=yes, other_user=other_user)
    if as_json:
        show_json(_as_json(found, [_add(shelf, each) for each in chosen]))
        return
    _show(found)
    if not (names or yes) and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        chosen = _asked(found, other_user=other_user)
    for each in chosen:
        click.echo(f"added {_add(shelf, each)} to {shelf.file.path}")
    if not chosen and any(each.is_new for each in found):
        note("nothing was added: name one with --add, or all of yours with --yes")


def _add(shelf: EndpointShelf, finding: Finding) -> str:
    """Writes what was found, and returns its name. Raises FileUnusable and CannotRun."""
    assert finding.entry is not None, "only what is new is added"
    shelf.settings_of(finding.entry)
    shelf.file.put(finding.entry)
    return finding.name


def _chosen(
    found: Sequence[Finding], names: Sequence[str], *, yes: bool, other_user: bool
) -> list[Finding]:
    """What the options name. Raises CannotRun for what cannot be added."""
    by_name = {each.name: each for each in found if each.is_new}
    for name in names:
        if name not in by_name:
            known = ", ".join(by_name) or "nothing that is new"
            raise CannotRun(f"no server was found that would be called {name}; found: {known}")
        if by_name[name].is_another_s and not other_user:
            raise CannotRun(
                f"{name} runs as {by_name[name].owner}: whoever that is reads all that is sent "
                "there; add --other-user if you trust them"
            )
    if names:
        return [by_name[name] for name in names]
    return [each for each in by_name.values() if yes and (other_user or not each.is_another_s)]


def _asked(found: Sequence[Finding], *, other_user: bool) -> list[Finding]:
    """What the person at the terminal wants of it."""
    chosen: list[Finding] = []
    for each in found:
        if not each.is_new:
            continue
        if each.is_another_s and not other_user:
            click.echo(f"{each.name} runs as {each.owner}: to add it, give --other-user")
        elif click.confirm(f"Use {each.name} ({each.address})?", default=False):
            chosen.append(each)
    return chosen


def _show(found: Sequence[Finding]) -> None:
    if not found:
        note("no model server was found at the usual ports; name others with --port")
    for each in found:
        if each.server is None:
            click.echo(f"{each.address}  {each.owner}, {each.words}")
            continue
        _show_server(each, each.server)


def _show_server(finding: Finding, server: FoundServer) -> None:
    version = f" {server.version}" if server.version else ""
    place = f"{finding.address}, {finding.owner}"
    state = f"in use as {finding.used_as}" if finding.used_as else "not in use"
    click.echo(f"{styled(title_of(server.kind) + version, '')} at {place}, {state}")
    rows = [_row(each) for each in server.models[:MODELS_SHOWN]]
    if rows:
        show_table(("model", "window", "made for", "can", "loaded"), rows)
    if len(server.models) > MODELS_SHOWN:
        click.echo(f"and {len(server.models) - MODELS_SHOWN} more")
    for warning in finding.warnings:
        click.echo(f"{styled('!', 'yellow')} {warning}")
    if finding.entry is not None:
        click.echo(f"would be written:\n{endpoint_text(finding.entry)}")


def _row(model: FoundModel) -> tuple[str, ...]:
    can = "?" if model.abilities is None else ", ".join(model.abilities) or "text"
    if model.embeds:
        can = "vectors"
    loaded = {True: "yes", False: "no", None: "?"}[model.is_loaded]
    window, trained = model.context_tokens, model.trained_tokens
    return (
        model.id,
        f"{window:,}" if window else "?",
        f"{trained:,}" if trained else "?",
        can,
        "remote" if model.is_remote else loaded,
    )


def _as_json(found: Sequence[Finding], added: Sequence[str]) -> dict[str, Any]:
    return {"servers": [_finding(each) for each in found], "added": list(added)}


def _finding(each: Finding) -> dict[str, Any]:
    server = each.server
    kind = OTHER if server is None else server.kind
    models = () if server is None else server.models
    entry: EndpointTable | None = each.entry
    return {
        "name": each.name,
        "kind": kind if server is not None else "",
        "version": "" if server is None else server.version,
        "address": each.address,
        "owner": attrs.asdict(each.owner),
        "used_as": each.used_as,
        "models": [attrs.asdict(model) for model in models],
        "warnings": list(each.warnings),
        "words": each.words,
        "entry": "" if entry is None else endpoint_text(entry),
    }
