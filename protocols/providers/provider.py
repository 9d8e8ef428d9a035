"""One provider: what an endpoint that names it needs not say itself."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from ..settings_data import Dialect, DialectPaths, ModelFacts


@attrs.frozen
class Provider:
    """A row of the table of providers.

    `base_url` has no trailing slash and no trailing `/v1`; all its dialects are at that host, since
    a key is bound to it. `paths` are what stands between the base URL and a dialect's own path
    where that is not the usual version. `key_variable` is the environment variable that its own
    tools read, `key_page` where a user makes a key; "" where none is needed. One that
    `lists_models` is asked for them while the server runs.
    """

    name: str
    title: str
    dialects: tuple[Dialect, ...]
    base_url: str
    models: tuple[ModelFacts, ...] = ()
    key_variable: str = ""
    key_page: str = ""
    lists_models: bool = False
    quirks: tuple[str, ...] = ()
    paths: DialectPaths = ()


Providers = Mapping[str, Provider]
