"""Reads one `[[endpoint]]` table: a peer with a dialect and a base URL, or an engine and a file.

Whatever is wrong is noted and read as absent, so that one pass finds every problem; the result
of a wrong table is never used, because the caller raises in the end.
"""

from __future__ import annotations

from typing import Final, cast

from .providers.facts import read_abilities
from .providers.paths import read_paths
from .providers.provider import Provider, Providers
from .settings_addresses import (
    Refused,
    checked_key,
    sends_in_the_clear,
)
from .settings_data import (
    CONTEXT_TOKENS_MAX,
    CONTEXT_TOKENS_MIN,
    DIALECTS,
    ENGINES,
    KEYS_PER_ENDPOINT_MAX,
    MODEL_CHARACTERS_MAX,
    MODELS_PER_ENDPOINT_MAX,
    NO_KEY,
    RESERVED_NAMES,
    TOKENS_PER_DAY_MAX,
    Dialect,
    DialectPaths,
    EndpointSettings,
    EngineKind,
    KeyReference,
)
from .settings_memory import read_idle_minutes
from .settings_problems import shown
from .settings_recommend import read_price
from .settings_rules import read_places
from .settings_table import Table
from .settings_values import read_base_url, read_name

ENDPOINT_KEYS: Final = (
    "name",
    "dialect",
    "base_url",
    "models",
    "key",
    "context_tokens",
    "allow_plain_http",
    "engine",
    "file",
    "projector",
    "draft",
    "pinned",
    "idle_minutes",
    "provider",
    "private",
    "fallback",
    "tokens_per_day",
    "abilities",
    "paths",
    "price",
)
_PEER_ONLY_KEYS: Final = (
    "base_url",
    "key",
    "allow_plain_http",
    "provider",
    "tokens_per_day",
    "paths",
    "price",
)
_ENGINE_ONLY_KEYS: Final = ("file", "projector", "draft", "pinned", "idle_minutes")


def read_endpoint(
    table: Table, folder: str, home: str, providers: Providers | None = None
) -> EndpointSettings:
    """Reads one endpoint; relative files are looked for in `folder`, `~` stands for `home`.

    What it leaves out is its provider's.
    """
    provider = _provider(table, providers or {})
    is_engine = _is_engine(table, provider)
    file = _file(table, folder, home) if is_engine else None
    base_url = None if is_engine else _base_url(table, provider)
    keys = (NO_KEY,) if is_engine else _keys(table, base_url)
    dialects = cast(tuple[Dialect, ...], () if is_engine else table.choices("dialect", DIALECTS))
    return EndpointSettings(
        name=_name(table),
        models=_models(table, file, provider),
        dialects=dialects or (() if provider is None else provider.dialects),
        base_url=base_url,
        key=keys[0],
        context_tokens=table.integer("context_tokens", CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX),
        engine=cast(EngineKind, table.choice("engine", ENGINES)) if is_engine else None,
        file=file,
        projector=_path(table, "projector", folder, home) if is_engine else None,
        draft=_path(table, "draft", folder, home) if is_engine else None,
        allow_plain_http=not is_engine and table.boolean("allow_plain_http"),
        pinned=is_engine and table.boolean("pinned"),
        idle_minutes=read_idle_minutes(table) if is_engine else None,
        spare_keys=keys[1:],
        private=table.boolean("private"),
        fallback=read_places(table, "fallback"),
        tokens_per_day=table.integer("tokens_per_day", 1, TOKENS_PER_DAY_MAX),
        provider=None if provider is None else provider.name,
        facts=() if provider is None else provider.models,
        quirks=() if provider is None else provider.quirks,
        abilities=read_abilities(table),
        paths=_paths(table, provider),
        price=read_price(table),
    )


def wrong_model(model: str) -> str:
    """Says what makes a text unusable as a model's id; empty if nothing does."""
    if any(character.isspace() for character in model):
        return f"{shown(model)} holds white space, which a model id cannot have"
    if len(model) > MODEL_CHARACTERS_MAX:
        return f"has {len(model)} characters; allowed: at most {MODEL_CHARACTERS_MAX}"
    return ""


def _provider(table: Table, providers: Providers) -> Provider | None:
    name = table.choice("provider", sorted(providers)) if table.has("provider") else None
    return None if name is None else providers[name]


def _paths(table: Table, provider: Provider | None) -> DialectPaths:
    """What the endpoint says itself comes before what its provider says of the same dialect."""
    known = dict(() if provider is None else provider.paths)
    return tuple((known | dict(read_paths(table))).items())


def _is_engine(table: Table, provider: Provider | None) -> bool:
    """Decides which of the two kinds is meant, and notes the keys that do not fit it."""
    is_engine = table.has("engine")
    if is_engine and table.has("dialect"):
        table.problem("dialect", "an endpoint has either a dialect or an engine, not both")
    elif not is_engine and not table.has("dialect") and not table.has("provider"):
        table.problem(
            "dialect",
            f'is missing; allowed: dialect = "{DIALECTS[0]}" with a base_url, '
            f'or engine = "{ENGINES[0]}" with a file',
        )
    misplaced = _PEER_ONLY_KEYS if is_engine else _ENGINE_ONLY_KEYS
    for key in misplaced:
        if table.has(key) and (is_engine or table.has("dialect") or provider is not None):
            table.problem(key, f"has no meaning with {'an engine' if is_engine else 'a dialect'}")
    return is_engine


def _name(table: Table) -> str:
    name = read_name(table, "work")
    if name in RESERVED_NAMES:
        table.problem("name", f"{shown(name)} is reserved; choose another one")
        return ""
    return name


def _models(table: Table, file: str | None, provider: Provider | None) -> tuple[str, ...]:
    models: list[str] = []
    for index, model in table.texts("models", MODELS_PER_ENDPOINT_MAX):
        wrong = f"{shown(model)} stands here twice" if model in models else wrong_model(model)
        if wrong:
            table.problems.add((*table.path, "models", index), wrong)
        else:
            models.append(model)
    if models or table.values.get("models"):
        return tuple(models)
    if provider is not None and (provider.models or provider.lists_models):
        return tuple(each.id for each in provider.models)
    if file is None:
        if not table.has("engine") and (provider is not None or not table.has("provider")):
            table.problem("models", 'is missing or empty; add at least one, like models = ["..."]')
        return ()
    stem = _stem(file)
    if not stem or wrong_model(stem):
        table.problem("models", "the file's name is no usable model id; add models = [...]")
        return ()
    return (stem,)


def _base_url(table: Table, provider: Provider | None) -> str | None:
    if table.has("base_url"):
        return read_base_url(table)
    if provider is not None:
        return provider.base_url
    if table.has("dialect"):
        table.problem("base_url", 'is missing; add it, like base_url = "https://..."')
    return None


def _keys(table: Table, base_url: str | None) -> tuple[KeyReference, ...]:
    """Reads the key, or the keys of a pool; at least one, which may be `none`."""
    keys: list[KeyReference] = []
    for path, written in table.text_or_texts("key", KEYS_PER_ENDPOINT_MAX):
        try:
            key = checked_key(written)
        except Refused as refused:
            table.problems.add(path, str(refused))
            continue
        if key in keys:
            table.problems.add(path, "names a key that stands here already")
        keys.append(key)
    exposed = any(key != NO_KEY for key in keys)
    exposed = exposed and base_url is not None and sends_in_the_clear(base_url)
    if exposed and not table.boolean("allow_plain_http"):
        table.problem(
            "base_url",
            "plain http to another machine would send the key in the clear; use https://, or, "
            "where the network is trusted, set allow_plain_http = true",
        )
    return tuple(keys) or (NO_KEY,)


def _file(table: Table, folder: str, home: str) -> str | None:
    if not table.has("file"):
        table.problem("file", 'is missing; add the model\'s file, like file = "model.gguf"')
    return _path(table, "file", folder, home)


def _path(table: Table, key: str, folder: str, home: str) -> str | None:
    written = table.text(key)
    if written is None:
        return None
    if written.startswith("~/") and home:
        return f"{home.rstrip('/')}/{written[2:]}"
    if written.startswith("~"):
        table.problem(key, "~ cannot be expanded here; write the whole path")
        return None
    if written.startswith("/") or not folder:
        return written
    return f"{folder.rstrip('/')}/{written}"


def _stem(file: str) -> str:
    name = file.rpartition("/")[2]
    stem, dot, _ = name.rpartition(".")
    return stem if dot and stem else name
