"""Which models there are: as the running server routes them, or as a settings file says.

Both give the server's own routing table, so that what is said here of a model is what happens to a
request for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from ...protocols.routing.table import ALIAS_PREFIX, EMBEDDED, RoutingTable
from ...protocols.settings import EndpointSettings, RuleSettings, Settings
from ...protocols.settings_data import (
    DIALECTS,
    NO_KEY,
    Dialect,
    EngineKind,
    KeyReference,
    ModelFacts,
)
from .errors import CannotRun
from .output import note
from .server import ModelList, Server, ServerEndpoint, ServerStatus


def read_settings(file: Path) -> Settings:
    """Reads a settings file as the server does, and tells of files beside it that are left out.

    Raises SettingsError.
    """
    from ..settings_file import SettingsFile  # brings Trio, which few commands need

    settings_file = SettingsFile(file.absolute(), home=str(Path.home()))
    settings = settings_file.load()
    for problem in settings_file.problems_beside:
        note(f"this file is left out: {problem}")
    return settings


def table_of_server(server: Server) -> RoutingTable:
    """The table by which the running server routes."""
    status = server.read("/status.json", ServerStatus)
    listed = server.read("/v1/models?limit=1000", ModelList)
    windows = {each.id: each.max_input_tokens for each in listed.data}
    endpoints = (each for each in status.endpoints if each.name != EMBEDDED.name)
    own = (name for name in status.aliases if not name.startswith(ALIAS_PREFIX))
    rules = tuple(RuleSettings((status.aliases[name],), model=name) for name in own)
    known = tuple(_settings_of(each, windows) for each in endpoints)
    settings = Settings(listed.first_id, endpoints=known, rules=rules)
    return RoutingTable.of(settings)


def known_model(table: RoutingTable, model: str) -> str:
    """Returns the model id if it names a model here. Raises CannotRun with near ones."""
    import difflib

    names = [f"{endpoint.name}/{each}" for endpoint in table.endpoints for each in endpoint.models]
    place = table.find(model)
    if model.removeprefix(ALIAS_PREFIX) in (f"{place.endpoint.name}/{place.model}", place.model):
        return model
    if table.alias(model) is not None:
        return model
    near = difflib.get_close_matches(model, names, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    raise CannotRun(f"no endpoint has the model {model}; {hint}`understudy endpoints` lists them")


def _settings_of(endpoint: ServerEndpoint, windows: Mapping[str, int | None]) -> EndpointSettings:
    """The endpoint with the window of each of its models, which it may list itself."""
    is_peer = endpoint.kind in DIALECTS
    keys = [_reference(written) for written in endpoint.key.split(", ")]
    return EndpointSettings(
        name=endpoint.name,
        models=endpoint.models,
        dialects=(cast(Dialect, endpoint.kind),) if is_peer else (),
        base_url=endpoint.address if is_peer else None,
        key=keys[0],
        spare_keys=tuple(keys[1:]),
        context_tokens=endpoint.context_tokens or None,
        listed=tuple(
            ModelFacts(model, windows.get(f"{endpoint.name}/{model}")) for model in endpoint.models
        ),
        engine=None if is_peer else cast(EngineKind, endpoint.kind),
        file=None if is_peer else endpoint.address,
    )


def _reference(written: str) -> KeyReference:
    """A key's reference as the server tells it; only those of the environment matter here."""
    source, _, name = written.partition(":")
    return KeyReference("env", name) if source == "env" else NO_KEY
