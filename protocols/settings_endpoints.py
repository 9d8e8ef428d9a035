"""Reads one `[[endpoint]]` table: a peer with a dialect and a base URL, or an engine and a file.

Whatever is wrong is noted and read as absent, so that one pass finds every problem; the result
of a wrong table is never used, because the caller raises in the end.
"""

from __future__ import annotations

import re
from typing import Final, cast

from .settings_addresses import (
    Refused,
    checked_base_url,
    checked_key,
    sends_in_the_clear,
)
from .settings_data import (
    CONTEXT_TOKENS_MAX,
    CONTEXT_TOKENS_MIN,
    DIALECTS,
    ENGINES,
    MODEL_CHARACTERS_MAX,
    MODELS_PER_ENDPOINT_MAX,
    NAME_CHARACTERS_MAX,
    NO_KEY,
    RESERVED_NAMES,
    Dialect,
    EndpointSettings,
    EngineKind,
    KeyReference,
)
from .settings_memory import read_idle_minutes
from .settings_problems import shown
from .settings_table import Table

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
)
_PEER_ONLY_KEYS: Final = ("base_url", "key", "allow_plain_http")
_ENGINE_ONLY_KEYS: Final = ("file", "projector", "draft", "pinned", "idle_minutes")
_NAME: Final = re.compile(r"[a-z0-9._-]+")


def read_endpoint(table: Table, folder: str, home: str) -> EndpointSettings:
    """Reads one endpoint; relative files are looked for in `folder`, `~` stands for `home`."""
    is_engine = _is_engine(table)
    file = _file(table, folder, home) if is_engine else None
    base_url = None if is_engine else _base_url(table)
    key = NO_KEY if is_engine else _key(table, base_url)
    return EndpointSettings(
        name=_name(table),
        models=_models(table, file),
        dialects=() if is_engine else cast(tuple[Dialect, ...], table.choices("dialect", DIALECTS)),
        base_url=base_url,
        key=key,
        context_tokens=table.integer("context_tokens", CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX),
        engine=cast(EngineKind, table.choice("engine", ENGINES)) if is_engine else None,
        file=file,
        projector=_path(table, "projector", folder, home) if is_engine else None,
        draft=_path(table, "draft", folder, home) if is_engine else None,
        allow_plain_http=not is_engine and table.boolean("allow_plain_http"),
        pinned=is_engine and table.boolean("pinned"),
        idle_minutes=read_idle_minutes(table) if is_engine else None,
    )


def wrong_model(model: str) -> str:
    """Says what makes a text unusable as a model's id; empty if nothing does."""
    if any(character.isspace() for character in model):
        return f"{shown(model)} holds white space, which a model id cannot have"
    if len(model) > MODEL_CHARACTERS_MAX:
        return f"has {len(model)} characters; allowed: at most {MODEL_CHARACTERS_MAX}"
    return ""


def _is_engine(table: Table) -> bool:
    """Decides which of the two kinds is meant, and notes the keys that do not fit it."""
    is_engine = table.has("engine")
    if is_engine and table.has("dialect"):
        table.problem("dialect", "an endpoint has either a dialect or an engine, not both")
    elif not is_engine and not table.has("dialect"):
        table.problem(
            "dialect",
            f'is missing; allowed: dialect = "{DIALECTS[0]}" with a base_url, '
            f'or engine = "{ENGINES[0]}" with a file',
        )
    misplaced = _PEER_ONLY_KEYS if is_engine else _ENGINE_ONLY_KEYS
    for key in misplaced:
        if table.has(key) and (is_engine or table.has("dialect")):
            table.problem(key, f"has no meaning with {'an engine' if is_engine else 'a dialect'}")
    return is_engine


def _name(table: Table) -> str:
    name = table.text("name")
    if name is None:
        if not table.has("name"):
            table.problem("name", 'is missing; add one, like name = "work"')
        return ""
    if not _NAME.fullmatch(name) or len(name) > NAME_CHARACTERS_MAX:
        table.problem(
            "name",
            f"{shown(name)} is no usable name; "
            f"allowed: 1 to {NAME_CHARACTERS_MAX} of a-z, 0-9, '.', '_' and '-'",
        )
        return ""
    if name in RESERVED_NAMES:
        table.problem("name", f"{shown(name)} is reserved; choose another one")
        return ""
    return name


def _models(table: Table, file: str | None) -> tuple[str, ...]:
    models: list[str] = []
    for index, model in table.texts("models", MODELS_PER_ENDPOINT_MAX):
        wrong = f"{shown(model)} stands here twice" if model in models else wrong_model(model)
        if wrong:
            table.problems.add((*table.path, "models", index), wrong)
        else:
            models.append(model)
    if models or table.values.get("models"):
        return tuple(models)
    if file is None:
        if not table.has("engine"):
            table.problem("models", 'is missing or empty; add at least one, like models = ["..."]')
        return ()
    stem = _stem(file)
    if not stem or wrong_model(stem):
        table.problem("models", "the file's name is no usable model id; add models = [...]")
        return ()
    return (stem,)


def _base_url(table: Table) -> str | None:
    written = table.text("base_url")
    if written is None:
        if table.has("dialect") and not table.has("base_url"):
            table.problem("base_url", 'is missing; add it, like base_url = "https://..."')
        return None
    try:
        return checked_base_url(written)
    except Refused as refused:
        table.problem("base_url", str(refused))
        return None


def _key(table: Table, base_url: str | None) -> KeyReference:
    written = table.text("key")
    if written is None:
        return NO_KEY
    try:
        key = checked_key(written)
    except Refused as refused:
        table.problem("key", str(refused))
        return NO_KEY
    exposed = key != NO_KEY and base_url is not None and sends_in_the_clear(base_url)
    if exposed and not table.boolean("allow_plain_http"):
        table.problem(
            "base_url",
            "plain http to another machine would send the key in the clear; use https://, or, "
            "where the network is trusted, set allow_plain_http = true",
        )
    return key


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
