"""The settings as data: what one good settings file says, checked and with defaults filled in.

Frozen, so that a turn which holds a `Settings` sees one snapshot however often the file changes.
No value here is a secret: a key is only ever named (`KeyReference`), never held.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs

DIALECTS: Final = ("anthropic", "openai-chat", "openai-responses", "gemini", "ollama")
SEARCH_KINDS: Final = ("searxng", "brave", "tavily")
ENGINES: Final = ("llama.cpp", "llama-server", "mlx")
WORKERS: Final = ("auto", "direct", "server")
LISTEN_DIALECTS: Final = ("ollama",)
LISTEN_HOST: Final = "127.0.0.1"
RESERVED_NAMES: Final = ("anthropic", "rehearsal")
EMBEDDED_MODEL: Final = "rehearsal"
"""The embedded model's id, always there, named by no endpoint."""

FILE_BYTES_MAX: Final = 1_048_576
ENDPOINTS_MAX: Final = 256
LISTEN_MAX: Final = 4
MODELS_PER_ENDPOINT_MAX: Final = 1_024
NAME_CHARACTERS_MAX: Final = 64
MODEL_CHARACTERS_MAX: Final = 256
TEXT_CHARACTERS_MAX: Final = 4_096
CONTEXT_TOKENS_MIN: Final = 512
CONTEXT_TOKENS_MAX: Final = 16_777_216
PORT_MAX: Final = 65_535
MEMORY_GIBIBYTES_MAX: Final = 16_384
IDLE_MINUTES: Final = 10.0
IDLE_MINUTES_MAX: Final = 100_000
STATE_GIBIBYTES: Final = 8
STATE_GIBIBYTES_MAX: Final = 4_096
SEARCH_RESULTS: Final = 5
SEARCH_RESULTS_MAX: Final = 20
"""Of one search: the most that Brave and Tavily give."""

Dialect = Literal["anthropic", "openai-chat", "openai-responses", "gemini", "ollama"]
ListenDialect = Literal["ollama"]
SearchKind = Literal["searxng", "brave", "tavily"]
EngineKind = Literal["llama.cpp", "llama-server", "mlx"]
WorkerKind = Literal["auto", "direct", "server"]
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
class ListenSettings:
    """A further address, which serves one dialect's routes without a token; loopback alone."""

    port: int
    dialect: ListenDialect = "ollama"
    host: str = LISTEN_HOST


@attrs.frozen
class SearchSettings:
    """The endpoint that searches the web; `base_url` has no trailing slash, `results` a search."""

    kind: SearchKind
    base_url: str
    key: KeyReference = NO_KEY
    results: int = SEARCH_RESULTS


@attrs.frozen
class EnginesSettings:
    """How models on this machine are run.

    `worker` is what the engine `llama.cpp` is: a worker of our own ("direct"), its own server, or
    the former where it can be. `state_gibibytes` bounds what is kept of prompts on disk; 0 keeps
    nothing.
    """

    worker: WorkerKind = "auto"
    state_gibibytes: int = STATE_GIBIBYTES


@attrs.frozen
class MemorySettings:
    """What the models on this machine may have of its memory, and for how long.

    `budget_gibibytes` is for all of them together, `keep_free_gibibytes` is left to everything else
    whatever is asked for; None leaves either to the size of the machine. A model that has been idle
    for `idle_minutes` goes; 0 lets it stay. With `worker_limit` the process of a model is given a
    limit of its own.
    """

    budget_gibibytes: float | None = None
    keep_free_gibibytes: float | None = None
    idle_minutes: float = IDLE_MINUTES
    worker_limit: bool = True


@attrs.frozen
class EndpointSettings:
    """One endpoint: either a peer (`dialects` and `base_url`) or an engine (`engine` and `file`).

    A peer of several dialects is relayed to in each of them, and translated to in the first.
    `base_url` has no trailing slash and no trailing `/v1`. `file`, a folder for the engine `mlx`,
    is absolute when the settings file's own path is, and so are `projector`, with which a model
    sees images, and `draft`, a smaller model that guesses its next tokens. `context_tokens` is the
    whole window; None means that nobody has said.
    An engine that is `pinned` never makes room for another; `idle_minutes` is its own, None is what
    the table `[memory]` says.
    """

    name: str
    models: tuple[str, ...]
    dialects: tuple[Dialect, ...] = ()
    base_url: str | None = None
    key: KeyReference = NO_KEY
    context_tokens: int | None = None
    engine: EngineKind | None = None
    file: str | None = None
    projector: str | None = None
    draft: str | None = None
    allow_plain_http: bool = False
    pinned: bool = False
    idle_minutes: float | None = None

    @property
    def kind(self) -> str:
        """What it is, in a word: its first dialect, or its engine."""
        return self.dialects[0] if self.dialects else self.engine or ""


@attrs.frozen
class Settings:
    """Everything one settings file says. `Settings()` is what holds without a file."""

    default: str | None = None
    server: ServerSettings = ServerSettings()
    listen: tuple[ListenSettings, ...] = ()
    endpoints: tuple[EndpointSettings, ...] = ()
    search: SearchSettings | None = None
    engines: EnginesSettings = EnginesSettings()
    memory: MemorySettings = MemorySettings()

    @property
    def default_model(self) -> str:
        """The model id that a request with an unknown id goes to."""
        if self.default is not None:
            return self.default
        for endpoint in self.endpoints:
            return f"{endpoint.name}/{endpoint.models[0]}"
        return EMBEDDED_MODEL
