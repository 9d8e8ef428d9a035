"""The text of the file of imported models: `[[endpoint]]` tables as in the settings, and no more.

It is written by us alone, whole each time; a header tells whoever opens it so. What it can hold is
an engine's endpoint with values that need hardly any of TOML: names, paths, numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..settings_data import EndpointSettings

HEADER: Final = """\
# Models that were imported or pulled. Understudy writes this file by itself and keeps nothing that
# is changed here by hand: use `understudy models import` and `understudy models rm`. Endpoints of
# your own belong into settings.toml beside it, which has the last word where names are equal.
"""


def models_text(endpoints: Iterable[EndpointSettings]) -> str:
    """The whole file for these endpoints, in this order."""
    return "\n".join([HEADER, *(_table(each) for each in endpoints)])


def _table(endpoint: EndpointSettings) -> str:
    assert endpoint.engine is not None, "what is imported is run by an engine"
    assert endpoint.file is not None, "an engine has a model file"
    lines = [
        "[[endpoint]]",
        f"name = {_quoted(endpoint.name)}",
        f"engine = {_quoted(endpoint.engine)}",
        f"file = {_quoted(endpoint.file)}",
        f"models = [{', '.join(map(_quoted, endpoint.models))}]",
    ]
    if endpoint.projector is not None:
        lines.append(f"projector = {_quoted(endpoint.projector)}")
    if endpoint.context_tokens is not None:
        lines.append(f"context_tokens = {endpoint.context_tokens}")
    if endpoint.pinned:
        lines.append("pinned = true")
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    """A basic string of TOML. What cannot be printed is refused before it comes here."""
    assert text.isprintable(), "unprintable text does not reach a settings file"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
