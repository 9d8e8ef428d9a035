"""`understudy models search`: models at a hub, with what of each fits this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs
import click
import trio

from ...protocols.models.hub_address import Hub, Wanted
from ...protocols.models.hub_api import HubModel
from ...protocols.models.hub_choice import Variant, fits, variants_of
from ...protocols.models.local_model import GGUF, MLX
from ..models.hub_client import HubClient, HubFailed
from .errors import Failed
from .model_words import size_in_words
from .models_hub import hub_of_environment, open_client, room_for_weights
from .output import note, show_json, show_table, spinner

LIMIT: Final = 10
LIMIT_MAX: Final = 50
ASKED_AT_A_TIME: Final = 4
"""Models whose files are asked for at one time."""
USUAL: Final = ("Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0", "MXFP4")
"""Quantisations that are shown with their size; the others are listed by a pull."""
HEADINGS: Final = ("MODEL", "DOWNLOADS", "LIKES", "UPDATED", "LICENCE", "FITS HERE")


@attrs.define
class _Row:
    """One model; `variants` is None where the hub does not show the files."""

    model: HubModel
    variants: tuple[Variant, ...] | None = None


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice([GGUF, MLX]), default=GGUF, show_default=True,
    help="What is looked for.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(1, LIMIT_MAX), default=LIMIT, show_default=True, metavar="N",
    help="How many at most.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context, words: tuple[str, ...], form: str, limit: int, as_json: bool
) -> None:
    """Search Hugging Face, or the hub that HF_ENDPOINT names, the most fetched first.

    \b
    Examples:
      understudy models search qwen coder
      understudy models search gemma --format mlx --limit 5
    """
    asked = " ".join(" ".join(words).split())
    if not asked:
        raise click.UsageError("There is nothing to search for: write at least one word.", ctx)
    hub = hub_of_environment()
    room = room_for_weights()
    try:
        with spinner(f"asking {hub.host}"):
            rows = trio.run(_search, hub, asked, form, limit)
    except HubFailed as error:
        raise Failed(str(error)) from None
    except KeyboardInterrupt:
        ctx.exit(130)
    if as_json:
        show_json({"models": [_as_json(row, room) for row in rows]})
    elif rows:
        show_table(HEADINGS, [_cells(row, room) for row in rows])
    else:
        note(f"{hub.host} knows no such model for {form}; try fewer words, or another --format")


async def _search(hub: Hub, words: str, form: str, limit: int) -> list[_Row]:
    async with open_client(hub) as client:
        rows = [_Row(each) for each in await client.search(words, form, limit)]
        places = trio.CapacityLimiter(ASKED_AT_A_TIME)
        async with trio.open_nursery() as nursery:
            for row in rows:
                nursery.start_soon(_look, client, row, places)
    return rows


async def _look(client: HubClient, row: _Row, places: trio.CapacityLimiter) -> None:
    """Asks for one model's files; a model that is not shown to us stays without."""
    async with places:
        try:
            row.variants = variants_of(await client.repository(Wanted(row.model.id)))
        except HubFailed:
            row.variants = None


def _cells(row: _Row, room_bytes: int) -> Sequence[str]:
    model = row.model
    return (
        model.id,
        _short(model.downloads),
        _short(model.likes),
        model.updated,
        f"{model.licence}{' (gated)' if model.gated else ''}",
        _sizes(row.variants, room_bytes),
    )


def _sizes(variants: Sequence[Variant] | None, room_bytes: int) -> str:
    """The usual quantisations that fit, with their sizes."""
    if not variants:
        return "not shown" if variants is None else "nothing that runs here"
    fitting = [each for each in variants if fits(each, room_bytes)]
    if not fitting:
        return f"none; the smallest has {size_in_words(variants[0].size_bytes)}"
    usual = [each for each in fitting if each.quantisation in USUAL] or fitting[:3]
    names: dict[str, str] = {}
    for each in usual:
        names.setdefault(each.quantisation or each.name, size_in_words(each.size_bytes))
    return ", ".join(f"{name} {size}" for name, size in names.items())


def _short(count: int) -> str:
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f}M"
    return f"{count / 1_000:.1f}k" if count >= 1_000 else str(count)


def _as_json(row: _Row, room_bytes: int) -> dict[str, Any]:
    model = row.model
    return {
        "id": model.id,
        "downloads": model.downloads,
        "likes": model.likes,
        "updated": model.updated,
        "licence": model.licence,
        "gated": model.gated,
        "variants": [
            {
                "quantisation": each.quantisation,
                "format": each.format,
                "size_bytes": each.size_bytes,
                "fits": fits(each, room_bytes),
            }
            for each in row.variants or ()
        ],
    }
