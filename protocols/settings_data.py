"""The settings as data: what one good settings file says, checked and with defaults filled in.

Frozen, so that a turn which holds a `Settings` sees one snapshot however often the file changes.
No value here is a secret: a key is only ever named (`KeyReference`), never held.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import attrs

DIALECTS: Final = ("anthropic", "openai-chat", "openai-responses", "gemini", "ollama")
SEARCH_KINDS: Final = ("searxng", "brave", "tavily")
ENGINES: Final = ("llama.cpp", "llama-server", "mlx")
WORKERS: Final = ("auto", "direct", "server")
LISTEN_DIALECTS: Final = ("ollama",)
LISTEN_HOST: Final = "127.0.0.1"
KEY_STORES: Final = ("keychain", "file")
CHAT_COMMANDS: Final = ("on", "off", "prefix")
TRAITS: Final = ("background", "long-context", "vision", "sub-agent", "thinking", "plan")
SPREADS: Final = ("order", "affinity")
ABILITIES: Final = ("tools", "vision", "thinking", "caching")
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
KEYS_PER_ENDPOINT_MAX: Final = 16
RULES_MAX: Final = 64
PLACES_MAX: Final = 16
"""In one list of places: those of a rule, or those that an endpoint falls back to."""
TOKENS_PER_DAY_MAX: Final = 10**12
LONG_CONTEXT_TOKENS: Final = 60_000
COOLDOWN_SECONDS: Final = 15.0
COOLDOWN_SECONDS_MAX: Final = 3_600
FAILURES_TO_REST: Final = 3
RETRIES_MAX: Final = 5
PORT_MAX: Final = 65_535
MEMORY_GIBIBYTES_MAX: Final = 16_384
IDLE_MINUTES: Final = 10.0
IDLE_MINUTES_MAX: Final = 100_000
STATE_GIBIBYTES: Final = 8
STATE_GIBIBYTES_MAX: Final = 4_096
CHAT_PREFIX: Final = "understudy"
PREFIX_CHARACTERS_MAX: Final = 32
WEIGHT_MAX: Final = 10
"""Of one respect in which endpoints are compared."""
PRICE_MAX: Final = 1_000_000
"""For a million tokens; there are currencies of small units."""
SEARCH_RESULTS: Final = 5
SEARCH_RESULTS_MAX: Final = 20
"""Of one search: the most that Brave and Tavily give."""

Dialect = Literal["anthropic", "openai-chat", "openai-responses", "gemini", "ollama"]
ListenDialect = Literal["ollama"]
SearchKind = Literal["searxng", "brave", "tavily"]
EngineKind = Literal["llama.cpp", "llama-server", "mlx"]
WorkerKind = Literal["auto", "direct", "server"]
KeyStore = Literal["keychain", "file"]
ChatCommands = Literal["on", "off", "prefix"]
KeySource = Literal["env", "keychain", "none"]
Trait = Literal["background", "long-context", "vision", "sub-agent", "thinking", "plan"]
Spread = Literal["order", "affinity"]
Ability = Literal["tools", "vision", "thinking", "caching"]
VERSIONS: Final[Mapping[str, str]] = {
    "anthropic": "/v1",
    "openai-chat": "/v1",
    "openai-responses": "/v1",
    "gemini": "/v1beta",
}
"""What a dialect's own path begins with, and `paths` may replace."""
DialectPaths = tuple[tuple["Dialect", str], ...]
"""What stands in the version's place, by dialect."""


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
class KeysSettings:
    """Where named keys are kept: in the system's keychain, or in a file of ours, encrypted."""

    store: KeyStore = "keychain"


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
class RuleSettings:
    """One `[[rule]]`: turns that are like this go to these places, whatever id they name.

    `to` are `<endpoint>/<model>`, the first that can wins. `when` are traits that a turn must have,
    all of them; `model` is a pattern of the id that was asked for, with `*`. A rule with `origin`
    holds for what would have gone to those endpoints; private ones leave the machine by such a rule
    alone. With the spread "affinity" the places are replicas, and a conversation stays at one.
    """

    to: tuple[str, ...]
    name: str = ""
    when: tuple[Trait, ...] = ()
    model: str | None = None
    origin: tuple[str, ...] = ()
    above_tokens: int = LONG_CONTEXT_TOKENS
    spread: Spread = "order"

    @property
    def alias(self) -> str | None:
        """The id of its own that the rule makes: a `model` without `*`."""
        return None if self.model is None or "*" in self.model else self.model


@attrs.frozen
class RoutingSettings:
    """How often a failed turn is tried again, and how long a place that failed rests.

    `retries` are rounds over all places once each has failed; 0 leaves trying again to the client.
    """

    retries: int = 0
    cooldown_seconds: float = COOLDOWN_SECONDS
    failures_to_rest: int = FAILURES_TO_REST


@attrs.frozen
class RecommendSettings:
    """How much each respect counts when an endpoint is recommended; 0 leaves it out."""

    speed: float = 1.0
    price: float = 1.0
    privacy: float = 1.0
    context: float = 1.0
    reliability: float = 1.0


@attrs.frozen
class SafeguardsSettings:
    """Who judges what a model of another maker wants to run; None: nobody, and no verdict."""

    classifier: str | None = None


@attrs.frozen
class ChatSettings:
    """Whether a message may be a command to us: any, none, or what has `prefix` in front.

    With `offer` a better endpoint is offered unasked, once in a conversation; with `follow_offer`
    the conversation then goes there by itself, at its next turn.
    """

    commands: ChatCommands = "on"
    prefix: str = CHAT_PREFIX
    offer: bool = True
    follow_offer: bool = False


@attrs.frozen
class McpSettings:
    """Whether a model may set everybody's default, by a tool."""

    set_default: bool = False


@attrs.frozen
class ModelFacts:
    """What is known of one model: its window, and what it can do; None where nobody has said.

    A `remote` one is computed elsewhere, though its endpoint may be on this machine.
    """

    id: str
    context_tokens: int | None = None
    abilities: tuple[Ability, ...] | None = None
    remote: bool = False


def placed(paths: DialectPaths, dialect: str, path: str) -> str:
    """A dialect's own path, which begins with its version, as `paths` have it."""
    version = VERSIONS.get(dialect, "")
    found = next((found for name, found in paths if name == dialect), None)
    if found is None or not path.startswith(f"{version}/"):
        return path
    return found + path.removeprefix(version)


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
    `spare_keys` are further keys of the same account's kind, used when one is refused or has to
    rest. What is asked of a `private` endpoint goes to no place that is remote and not private
    itself. `fallback` are the places that are asked when this one fails. `price` is for a million
    tokens read and a million written, in the user's own currency. `provider` is the name of
    the row that filled in what the file leaves out, `facts` what it says of single models, and
    `quirks` what is special about it. `abilities` are those of all its models, whatever else is
    known of them, and so is `context_tokens`. `paths` are those of its dialects that are not where
    they usually are. `listed` is what it says of its models itself while the server runs.
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
    spare_keys: tuple[KeyReference, ...] = ()
    private: bool = False
    fallback: tuple[str, ...] = ()
    tokens_per_day: int | None = None
    provider: str | None = None
    facts: tuple[ModelFacts, ...] = ()
    quirks: tuple[str, ...] = ()
    abilities: tuple[Ability, ...] | None = None
    paths: DialectPaths = ()
    listed: tuple[ModelFacts, ...] = ()
    price: tuple[float, float] | None = None

    @property
    def kind(self) -> str:
        """What it is, in a word: its first dialect, or its engine."""
        return self.dialects[0] if self.dialects else self.engine or ""

    @property
    def keys(self) -> tuple[KeyReference, ...]:
        """All keys, in the order of the file; `none` is one, too."""
        return (self.key, *self.spare_keys)

    def window(self, model: str) -> int:
        """The tokens of a model's window; 0 where nobody has said.

        What the endpoint lists may be less than what was said of it, and then holds; but Ollama, in
        its own dialect, is asked for what was said.
        """
        said = self.context_tokens or _facts_of(self.facts, model).context_tokens
        listed = _facts_of(self.listed, model).context_tokens
        if said and listed and self.kind != "ollama":
            return min(said, listed)
        return said or listed or 0

    def can(self, model: str, ability: Ability) -> bool | None:
        """Whether a model has an ability; None where nobody has said."""
        said = (self.abilities, _facts_of(self.facts, model).abilities)
        listed = _facts_of(self.listed, model).abilities
        known = next((each for each in (*said, listed) if each is not None), None)
        return None if known is None else ability in known

    def sends_on(self, model: str) -> bool:
        """Whether the endpoint itself lists this model as computed elsewhere."""
        return _facts_of(self.listed, model).remote

    def path(self, dialect: str, path: str) -> str:
        """A path of a dialect's, `/v1/models`, as it is behind this endpoint's base URL."""
        return placed(self.paths, dialect, path)


_NOTHING_KNOWN: Final = ModelFacts("")


def _facts_of(facts: tuple[ModelFacts, ...], model: str) -> ModelFacts:
    return next((each for each in facts if each.id == model), _NOTHING_KNOWN)


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
    rules: tuple[RuleSettings, ...] = ()
    routing: RoutingSettings = RoutingSettings()
    safeguards: SafeguardsSettings = SafeguardsSettings()
    keys: KeysSettings = KeysSettings()
    chat: ChatSettings = ChatSettings()
    recommend: RecommendSettings = RecommendSettings()
    mcp: McpSettings = McpSettings()

    @property
    def default_model(self) -> str:
        """The model id that a request with an unknown id goes to."""
        if self.default is not None:
            return self.default
        for endpoint in self.endpoints:
            if endpoint.models:
                return f"{endpoint.name}/{endpoint.models[0]}"
        return EMBEDDED_MODEL
