"""The table of providers: TOML text in, checked rows out, or every problem at once.

Ours comes with the package; a user's own, `providers.toml` beside the settings, has the same form.
Its rows replace ours of the same name, whole. It is read as strictly as the settings are: pure,
total, and with a place and a remedy for whatever is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

import attrs

from ..settings_addresses import is_variable_name, sends_in_the_clear
from ..settings_data import (
    DIALECTS,
    MODEL_CHARACTERS_MAX,
    MODELS_PER_ENDPOINT_MAX,
    Dialect,
    ModelFacts,
)
from ..settings_problems import Problems, shown
from ..settings_table import Table
from ..settings_toml import document
from ..settings_values import read_base_url, read_name
from .facts import read_facts
from .paths import read_paths
from .provider import Provider, Providers
from .quirks import QUIRKS

FILE_NAME: Final = "providers.toml"
PROVIDERS_MAX: Final = 256
PROVIDER_KEYS: Final = (
    "name",
    "title",
    "dialect",
    "base_url",
    "paths",
    "key_variable",
    "key_page",
    "lists_models",
    "quirks",
    "model",
)


def parse_providers(text: str, path: str) -> Providers:
    """Reads the table, by name and in the order of the file. Raises SettingsError."""
    text = text.removeprefix("\ufeff")
    problems = Problems(path, text)
    root = Table(document(text, path), (), problems)
    root.refuse_unknown(("provider",), {"below a [[provider]]": PROVIDER_KEYS})
    found: dict[str, Provider] = {}
    for table in root.tables("provider", PROVIDERS_MAX):
        provider = _provider(table)
        if provider.name in found:
            table.problem("name", f"{shown(provider.name)} stands here twice")
        elif provider.name:
            found[provider.name] = provider
    problems.raise_if_any()
    return found


def _provider(table: Table) -> Provider:
    table.refuse_unknown(PROVIDER_KEYS, {})
    dialects = cast(tuple[Dialect, ...], table.choices("dialect", DIALECTS))
    if not table.has("dialect"):
        table.problem("dialect", f'is missing; add it, like dialect = "{DIALECTS[0]}"')
    name = read_name(table, "acme")
    return Provider(
        name=name,
        title=table.text("title") or name,
        dialects=dialects,
        base_url=_base_url(table),
        models=tuple(_models(table)),
        key_variable=_key_variable(table),
        key_page=_key_page(table),
        lists_models=table.boolean("lists_models"),
        quirks=() if not table.has("quirks") else table.choices("quirks", tuple(QUIRKS)),
        paths=read_paths(table),
    )


def _base_url(table: Table) -> str:
    if not table.has("base_url"):
        table.problem("base_url", 'is missing; add it, like base_url = "https://..."')
    url = read_base_url(table) or ""
    if url and table.has("key_variable") and sends_in_the_clear(url):
        table.problem("base_url", "a key would go over a network in the clear; use https://")
    return url


def _key_variable(table: Table) -> str:
    name = table.text("key_variable") or ""
    if name and not is_variable_name(name):
        table.problem("key_variable", "(not shown) is not the name of an environment variable")
        return ""
    return name


def _key_page(table: Table) -> str:
    page = table.text("key_page") or ""
    if page and not page.startswith("https://"):
        table.problem("key_page", f"{shown(page)} is no page; allowed: https://...")
        return ""
    return page


def _models(table: Table) -> Iterator[ModelFacts]:
    seen = set[str]()
    for model in table.tables("model", MODELS_PER_ENDPOINT_MAX):
        facts = read_facts(model)
        written = model.text("id")
        if written is None:
            if not model.has("id"):
                model.problem("id", "is missing; add the model's id")
            continue
        if len(written) > MODEL_CHARACTERS_MAX or any(map(str.isspace, written)):
            model.problem("id", f"{shown(written)} is no model's id: white space, or too long")
        elif written in seen:
            model.problem("id", f"{shown(written)} stands here twice")
        seen.add(written)
        yield attrs.evolve(facts, id=written)
