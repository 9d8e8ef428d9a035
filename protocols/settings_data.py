"""The settings as data: what one good settings file says, checked and with defaults filled in.

Frozen, so that a turn which holds a `Settings` sees one snapshot however often the file changes.
No value here is a secret: a key is only ever named (`KeyReference`), never held.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

DIALECTS: Final = ("anthropic",)
ENGINES: Final = ("llama-server",)
RESERVED_NAMES: Final = ("anthropic", "rehearsal")
EMBEDDED_MODEL: Final = "rehearsal"
"""The embedded model's id, always there, named by no endpoint."""

FILE_BYTES_MAX: Final = 1_048_576
ENDPOINTS_MAX: Final = 256
MODELS_PER_ENDPOINT_MAX: Final = 1_024
NAME_CHARACTERS_MAX: Final = 64
MODEL_CHARACTERS_MAX: Final = 256
TEXT_CHARACTERS_MAX: Final = 4_096
CONTEXT_TOKENS_MIN: Final = 512
CONTEXT_TOKENS_MAX: Final = 16_777_216
PORT_MAX: Final = 65_535

Dialect = Literal["anthropic"]
EngineKind = Literal["llama-server"]
KeySource = Literal["env", "keychain", "none"]


@attrs.frozen
class KeyReference:
    """Where a key is kept: `env:NAME`, `keychain:NAME`, or `none`. Never the key itself."""

    source: KeySource = "none"
    name: str = ""

    def __str__(self) -> str:
        return self.source if self.source == "none" else f"{self.source}:{self.name}"


NO_KEY: Final = KeyReference()


@attrs.frozen
class ServerSettings:
    """Where our own server listens. `port` 0 means any free one."""

    host: str = "127.0.0.1"
    port: int = 7337
    allow_remote: bool = False


@attrs.frozen
class EndpointSettings:
    """One endpoint: either a peer (`dialect` and `base_url`) or an engine (`engine` and `file`).

    `base_url` has no trailing slash and no trailing `/v1`. `file` is absolute when the settings
    file's own path is. `context_tokens` is the whole window; None means that nobody has said.
    """

    name: str
    models: tuple[str, ...]
    dialect: Dialect | None = None
    base_url: str | None = None
    key: KeyReference = NO_KEY
    context_tokens: int | None = None
    engine: EngineKind | None = None
    file: str | None = None
    allow_plain_http: bool = False


@attrs.frozen
class Settings:
    """Everything one settings file says. `Settings()` is what holds without a file."""

    default: str | None = None
    server: ServerSettings = ServerSettings()
    endpoints: tuple[EndpointSettings, ...] = ()

    @property
    def default_model(self) -> str:
        """The model id that a request with an unknown id goes to."""
        if self.default is not None:
            return self.default
        for endpoint in self.endpoints:
            return f"{endpoint.name}/{endpoint.models[0]}"
        return EMBEDDED_MODEL
