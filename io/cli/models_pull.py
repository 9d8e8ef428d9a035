"""`understudy models pull`: a model from a hub, chosen, fetched, checked and made an endpoint."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
import trio

from ...protocols.models.hub_address import AddressRefused, Hub, Wanted, parse_wanted
from ...protocols.models.hub_api import HubFile
from ...protocols.models.hub_choice import Unclear, Variant, fits
from ..folders import Folders
from ..models.download_place import DownloadFailed
from ..models.hub_client import HubFailed
from ..models.hub_pull import Plan, fetch, make_plan
from ..models.hub_room import check_disk
from .errors import CannotRun, Failed
from .model_words import size_in_words
from .models_hub import hub_of_environment, open_client, room_for_weights
from .models_import import import_path
from .models_pull_stop import Stopped, run_until_stopped
from .models_pull_view import showing_pull
from .output import COLUMN_GAP, is_terminal, note, show_json, show_table, spinner

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C, as shells count it: 128 + SIGINT."""


@click.command("pull")
@click.argument("model")
@click.option("--rev", "revision", default="", metavar="R", help="A branch, tag or commit.")
@click.option("--as", "name", default="", metavar="NAME", help="The endpoint's name.")
@click.option("--no-import", is_flag=True, help="Fetch the files; add no endpoint.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched, and fetch nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_context
def command(
    ctx: click.Context,
    model: str,
    revision: str,
    name: str,
    no_import: bool,
    dry_run: bool,
    as_json: bool,
    yes: bool,
) -> None:
    """Fetch a model from Hugging Face, or from the hub that HF_ENDPOINT names.

    MODEL is OWNER/NAME, OWNER/NAME:QUANTISATION, OWNER/NAME/FILE, or a page's address. Without
    a quantisation it is Q4_K_M, or the best that fits this machine. Esc and Ctrl-C keep what has
    come: the same command goes on with it.

    \b
    Examples:
      understudy models pull Qwen/Qwen3-8B-GGUF
      understudy models pull Qwen/Qwen3-8B-GGUF:Q8_0 --as big
      understudy models pull mlx-community/Qwen3-8B-4bit --dry-run
    """
    hub = hub_of_environment()
    models_dir = Folders.from_environment(os.environ).models_dir
    try:
        wanted = parse_wanted(model, revision)
        plan = _plan(ctx, hub, wanted, as_json=as_json)
        plan = _agreed(plan, models_dir, yes=yes or dry_run)
        check_disk(models_dir, plan.size_bytes - plan.done_bytes(models_dir))
        if not dry_run:
            path = _fetch(hub, plan, models_dir, quiet=as_json)
            sees = len(plan.files) > len(plan.chosen.variant.files)  # its projector came along
            used = "" if no_import else import_path(path, name, images=sees)
            _show_result(plan, path, used, as_json=as_json)
        elif as_json:
            show_json(_as_json(plan))
    except AddressRefused as error:
        raise CannotRun(str(error)) from None
    except (HubFailed, DownloadFailed) as error:
        raise Failed(str(error)) from None
    except (Stopped, KeyboardInterrupt):
        note(f"stopped; what has come is kept, and this goes on with it: {_same_command()}")
        ctx.exit(INTERRUPTED)


def _plan(ctx: click.Context, hub: Hub, wanted: Wanted, *, as_json: bool) -> Plan:
    """What is to be fetched; without a clear answer it shows what there is, and ends."""

    room = room_for_weights()

    async def ask() -> Plan | Unclear:
        async with open_client(hub) as client:
            return await make_plan(client, wanted, room)

    with spinner(f"asking {hub.host}"):
        plan = trio.run(ask)
    if isinstance(plan, Plan):
        return plan
    if as_json:
        choices = [_variant_as_json(each) for each in plan.variants]
        show_json({"error": plan.why, "choices": choices})
        ctx.exit(CannotRun.exit_code)
    if plan.variants:
        _show_variants(wanted, plan.variants, room)
    raise CannotRun(plan.why)


def _show_variants(wanted: Wanted, variants: Sequence[Variant], room_bytes: int) -> None:
    quantisations = [each.quantisation for each in variants]
    rows = [
        (
            size_in_words(each.size_bytes),
            "yes" if fits(each, room_bytes) else "no",
            f"{wanted.repository}:{each.quantisation}"
            if each.quantisation and quantisations.count(each.quantisation) == 1
            else f"{wanted.repository}/{each.files[0].path}",
        )
        for each in variants
    ]
    show_table(("SIZE", "FITS", "understudy models pull ..."), rows)


def _agreed(plan: Plan, models_dir: Path, *, yes: bool) -> Plan:
    """Shows the plan and asks for consent, unless there is nothing to do or `yes`."""
    if plan.is_here(models_dir):
        return plan
    variant, projector = plan.chosen.variant, plan.chosen.projector
    here = plan.done_bytes(models_dir)
    details = [
        ("model", f"{plan.wanted.repository} at {plan.repository.commit[:12]}"),
        ("chosen", f"{variant.quantisation or variant.name}: {plan.chosen.why}"),
        ("files", _files_in_words(plan)),
        ("licence", plan.repository.model.licence or "not said"),
        ("goes into", str(plan.path(models_dir).parent)),
    ]
    if here:
        details.insert(3, ("here", f"{size_in_words(here)} from before"))
    for heading, text in details:
        click.echo(f"{COLUMN_GAP}{heading.ljust(9)}{COLUMN_GAP}{text}", err=True)
    if not plan.chosen.fits:
        note("it is larger than this machine's memory holds: it will be slow, or not load at all")
    if yes:
        return plan
    if not is_terminal(sys.stdin):
        raise CannotRun("nobody can be asked here: say --yes")
    if projector is not None:
        size = size_in_words(projector.size_bytes)
        question = f"Fetch its projector too, so that it reads images ({size})?"
        if not click.confirm(question, default=True, err=True):
            plan = plan.without_projector()
    left = size_in_words(plan.size_bytes - plan.done_bytes(models_dir))
    click.confirm(f"Fetch {left}?", default=True, abort=True, err=True)
    return plan


def _files_in_words(plan: Plan) -> str:
    count = len(plan.chosen.variant.files)
    files = "1 file" if count == 1 else f"{count} files"
    words = f"{files}, {size_in_words(plan.chosen.variant.size_bytes)}"
    if plan.chosen.projector is not None:
        words += f"; a projector for images, {size_in_words(plan.chosen.projector.size_bytes)}"
    return words


def _fetch(hub: Hub, plan: Plan, models_dir: Path, *, quiet: bool) -> Path:
    """Fetches it, and shows how far it is. Raises Stopped."""
    if plan.is_here(models_dir):
        note("it is here already, whole and checked")
        return plan.path(models_dir)

    async def work() -> Path:
        with showing_pull() as report:
            async with open_client(hub) as client:
                return await fetch(client, plan, models_dir, report)

    return run_until_stopped(work)


def _show_result(plan: Plan, path: Path, used: str, *, as_json: bool) -> None:
    if as_json:
        show_json({**_as_json(plan), "model": used or None, "path": str(path)})
        return
    click.echo(used or str(path))
    if used:
        note(f'use it: understudy ask --model {used} "Hello"')


def _as_json(plan: Plan) -> dict[str, Any]:
    return {
        "repository": plan.wanted.repository,
        "commit": plan.repository.commit,
        "licence": plan.repository.model.licence,
        "why": plan.chosen.why,
        "fits": plan.chosen.fits,
        "size_bytes": plan.size_bytes,
        **_variant_as_json(plan.chosen.variant),
        "files": _files_as_json(plan.files),
    }


def _variant_as_json(variant: Variant) -> dict[str, Any]:
    return {
        "format": variant.format,
        "quantisation": variant.quantisation,
        "files": _files_as_json(variant.files),
    }


def _files_as_json(files: Sequence[HubFile]) -> list[dict[str, Any]]:
    return [
        {"path": each.path, "size_bytes": each.size_bytes, "digest": each.digest} for each in files
    ]


def _same_command() -> str:
    return shlex.join(["understudy", *sys.argv[1:]])
