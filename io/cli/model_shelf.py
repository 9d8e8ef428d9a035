"""The models of this machine beside the settings: which of them are endpoints, and under what id.

A model is an endpoint's if that names its file, also by way of a link, or of another program's
place of the same model.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import attrs
import click
from click.shell_completion import CompletionItem

from ...protocols.models.local_model import LocalModel
from ...protocols.routing.table import RoutingTable
from ...protocols.settings import EndpointSettings, Settings, SettingsError
from ..folders import Folders, FolderUnusable
from ..models.library import Library, find_models
from ..models.models_file import ModelsFile
from ..settings_file import models_file_of
from .catalogue import read_settings
from .errors import CannotRun
from .output import spinner

NEAR_MAX = 3
COMPLETIONS_MAX = 200


@attrs.frozen
class Shelf:
    """The library and the settings that it is seen with."""

    library: Library
    settings: Settings
    settings_file: Path
    folders: Folders
    by_file: Mapping[str, EndpointSettings]
    """Endpoints by where their files are in the end; of two, the user's own."""

    @property
    def models_file(self) -> ModelsFile:
        """Where imports are kept. Raises CannotRun if the settings have no place beside them."""
        path = models_file_of(self.settings_file)
        if path is None:
            raise CannotRun(
                f"{self.settings_file}: a settings file cannot have this name; rename it"
            )
        return ModelsFile(path, self.folders.models_lock)

    def endpoint_of(self, model: LocalModel) -> EndpointSettings | None:
        """The endpoint that runs the model, the user's own first; None if none does."""
        paths = (model.path, *(place.path for place in model.elsewhere))
        found = [self.by_file.get(os.path.realpath(path)) for path in paths]
        return next((each for each in self.settings.endpoints if each in found), None)

    def id_of(self, endpoint: EndpointSettings) -> str:
        """The shortest id by which clients can ask for an endpoint's first model."""
        return shortest_id(self.settings, endpoint)

    def model(self, name: str) -> LocalModel:
        """The model of this id, path, or name in its program. Raises CannotRun with near ones."""
        found = self.library.model(name) or self._of_endpoint(name)
        if found is None:
            raise CannotRun(f"there is no model {name}; {self._near(name)}")
        return found

    def _of_endpoint(self, name: str) -> LocalModel | None:
        """The model that is run by the endpoint of this name, or has this id there."""
        for model in self.library.models:
            endpoint = self.endpoint_of(model)
            if endpoint and name in (endpoint.name, f"{endpoint.name}/{endpoint.models[0]}"):
                return model
        return None

    def _near(self, name: str) -> str:
        import difflib

        ids = [model.id for model in self.library.models]
        close = difflib.get_close_matches(name.lower(), ids, n=NEAR_MAX, cutoff=0.4)
        within = [each for each in ids if name.lower() in each and each not in close]
        near = (close + within)[:NEAR_MAX]
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        return f"{hint}`understudy models list` shows all"


def shortest_id(settings: Settings, endpoint: EndpointSettings) -> str:
    """The bare name of an endpoint's first model where that leads to it, else its whole id."""
    model = endpoint.models[0]
    place = RoutingTable.of(settings).find(model)
    bare = place.named and place.endpoint.name == endpoint.name
    return model if bare else f"{endpoint.name}/{model}"


def open_shelf(config: Path | None = None, *, names_only: bool = False) -> Shelf:
    """Looks at the settings and around. Raises SettingsError and FolderUnusable."""
    folders = Folders.from_environment(os.environ)
    file = (config or folders.settings_file).absolute()
    settings = read_settings(file)
    with spinner("looking for models"):
        library = find_models(os.environ, Path.home(), folders, names_only=names_only)
    by_file: dict[str, EndpointSettings] = {}
    for endpoint in settings.endpoints:
        if endpoint.file is not None:
            by_file.setdefault(os.path.realpath(endpoint.file), endpoint)
    return Shelf(library, settings, file, folders, by_file)


def complete_ids(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The ids that begin so, for the shell; none where the settings cannot be read."""
    try:
        models = open_shelf(names_only=True).library.models
    except (SettingsError, FolderUnusable):
        return []
    found = [model for model in models if model.id.startswith(incomplete.lower())]
    return [CompletionItem(each.id, help=each.source) for each in found[:COMPLETIONS_MAX]]


model_argument = click.argument("name", metavar="ID", shell_complete=complete_ids)
config_option = click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="With this settings file."
)
