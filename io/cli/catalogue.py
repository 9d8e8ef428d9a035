"""Which models there are: as the running server routes them, or as a settings file says.

Both give the server's own routing table, so that what is said here of a model is what happens to a
request for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from ...protocols.routing.table import ALIAS_PREFIX, EMBEDDED, RoutingTable
from ...protocols.settings import EndpointSettings, RuleSettings, Settings
from ...protocols.settings_data import DIALECTS, NO_KEY, Dialect, EngineKind, KeyReference
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
    first = server.read("/v1/models?limit=1000", ModelList).first_id
    endpoints = (each for each in status.endpoints if each.name != EMBEDDED.name)
    own = (name for name in status.aliases if not name.startswith(ALIAS_PREFIX))
    rules = tuple(RuleSettings((status.aliases[name],), model=name) for name in own)
    settings = Settings(first, endpoints=tuple(map(_settings_of, endpoints)), rules=rules)
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


def _settings_of(endpoint: ServerEndpoint) -> EndpointSettings:
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
        engine=None if is_peer else cast(EngineKind, endpoint.kind),
        file=None if is_peer else endpoint.address,
    )


def _reference(written: str) -> KeyReference:
    """A key's reference as the server tells it; only those of the environment matter here."""
    source, _, name = written.partition(":")
    return KeyReference("env", name) if source == "env" else NO_KEY
