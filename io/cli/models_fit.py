"""`understudy models fit`: which of the models here fit this machine, and with what window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import click

from ...protocols.models.local_model import MLX
from ...protocols.models.offer import Offer, find_offer
from ...protocols.resources.words import describe_size
from ...protocols.settings_data import CONTEXT_TOKENS_MAX, CONTEXT_TOKENS_MIN
from ..models.recommended_file import recommended_beside
from .model_fit import WINDOWS, Fit, Room, fits_of, room_of
from .model_shelf import config_option, open_shelf
from .model_words import UNKNOWN, size_in_words, tokens_in_words
from .output import note, show_json, show_table, spinner

NONE: Final = "none"


@click.command("fit", short_help="Say which fit into memory, and with what window.")
@click.option(
    "--context",
    type=click.IntRange(CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX),
    metavar="N",
    help="Only whether this window fits, in tokens.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def command(context: int | None, as_json: bool, config: Path | None) -> None:
    """Say which models fit into memory here, and with how large a window.

    `now` is the largest window beside what else is running (models of a running server, which
    would make room, count as free), `at most` if nothing else ran. `needs` is what the model takes
    with the latter, or with the smallest one if none fits. A model for coding is recommended that
    suits so much memory.

    \b
    Examples:
      understudy models fit
      understudy models fit --context 65536
    """
    shelf = open_shelf(config)
    models = [each for each in shelf.library.models if not each.problem]
    windows = WINDOWS if context is None else (context,)
    with spinner("reckoning"):
        fits = fits_of(shelf, models, windows)
    room = fits[0].room if fits else room_of(shelf)
    recommended = recommended_beside(shelf.settings_file)
    if recommended.problem:
        note(f"{recommended.problem}; the table that comes with Understudy is used")
    offer = find_offer(room.report.reading.total_bytes, recommended.table)
    if as_json:
        show_json(_as_json(fits, room, offer))
        return
    click.echo(_room_in_words(room))
    if fits:
        headings = ("id", "weights", "needs", "now", "at most")
        show_table(headings, [_row(each) for each in fits])
    else:
        note("no model that can be run is here; `understudy models list` shows all")
    if offer is not None:
        note(f"for coding on this machine: `{offer.command}` ({offer.words})")


def _room_in_words(room: Room) -> str:
    reading = room.report.reading
    return (
        f"{describe_size(reading.total_bytes)} on {reading.limit}: models may have "
        f"{describe_size(room.now_bytes)} now, {describe_size(room.most_bytes)} at most"
    )


def _row(fit: Fit) -> Sequence[str]:
    need = _shown_need(fit)
    return (
        fit.model.id,
        size_in_words(fit.model.size_bytes),
        describe_size(need) if need else UNKNOWN,
        _window(fit, fit.now_tokens),
        _window(fit, fit.most_tokens),
    )


def _window(fit: Fit, tokens: int) -> str:
    if fit.model.facts.format == MLX and not fit.needs:
        return UNKNOWN
    return tokens_in_words(tokens) if tokens else NONE


def _shown_need(fit: Fit) -> int:
    """What it takes with the largest window that fits, or with the smallest."""
    by_window = {need.context_tokens: need.total_bytes for need in fit.needs}
    return by_window.get(fit.most_tokens) or min(by_window.values(), default=0)


def _as_json(fits: Sequence[Fit], room: Room, offer: Offer | None) -> dict[str, Any]:
    return {
        "total_bytes": room.report.reading.total_bytes,
        "now_bytes": room.now_bytes,
        "most_bytes": room.most_bytes,
        "recommended": _offer_as_json(offer),
        "models": [
            {
                "id": each.model.id,
                "size_bytes": each.model.size_bytes,
                "now_tokens": each.now_tokens,
                "most_tokens": each.most_tokens,
                "needs": [
                    {"context_tokens": need.context_tokens, "total_bytes": need.total_bytes}
                    for need in each.needs
                ],
            }
            for each in fits
        ],
    }


def _offer_as_json(offer: Offer | None) -> dict[str, Any] | None:
    return None if offer is None else {**attrs.asdict(offer), "command": offer.command}
