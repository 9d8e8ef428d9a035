"""The settings file: TOML text in, checked `Settings` out, or every problem at once.

The keys are a contract that other tools rely on; docs show it whole. Reading is pure and total:
whatever the text, the result is a `Settings` or a `SettingsError`. Nothing is guessed: an unknown
key, a wrong type and a value out of range are errors with their place and what is allowed.
`default` names a model id, `<endpoint>/<model>`, also written `anthropic/<endpoint>/<model>`.
"""

from __future__ import annotations

from typing import Final

from .providers.provider import Providers
from .settings_addresses import is_host, is_loopback
from .settings_changes import HOT_KEYS, RESTART_ONLY_KEYS, SettingsChanges, changes
from .settings_chat import CHAT_KEYS, read_chat
from .settings_data import (
    EMBEDDED_MODEL,
    ENDPOINTS_MAX,
    FILE_BYTES_MAX,
    LISTEN_MAX,
    MODELS_PER_ENDPOINT_MAX,
    NO_KEY,
    PORT_MAX,
    RULES_MAX,
    ChatSettings,
    EndpointSettings,
    EnginesSettings,
    KeyReference,
    KeysSettings,
    ListenSettings,
    McpSettings,
    MemorySettings,
    RecommendSettings,
    RoutingSettings,
    RuleSettings,
    SafeguardsSettings,
    SearchSettings,
    ServerSettings,
    Settings,
)
from .settings_endpoints import ENDPOINT_KEYS, read_endpoint
from .settings_engines import ENGINES_KEYS, read_engines
from .settings_keys import KEYS_KEYS, read_keys
from .settings_listen import LISTEN_KEYS, read_listen
from .settings_mcp import MCP_KEYS, read_mcp
from .settings_memory import MEMORY_KEYS, read_memory
from .settings_problems import (
    Problems,
    SettingsError,
    SettingsProblem,
    shown,
    suggestion,
)
from .settings_recommend import RECOMMEND_KEYS, read_recommend
from .settings_rules import (
    ROUTING_KEYS,
    RULE_KEYS,
    SAFEGUARDS_KEYS,
    read_routing,
    read_rule,
    read_safeguards,
    refuse_wrong_places,
)
from .settings_search import SEARCH_KEYS, read_search
from .settings_table import Table
from .settings_toml import document

__all__ = [
    "EMBEDDED_MODEL",
    "FILE_BYTES_MAX",
    "HOT_KEYS",
    "NO_KEY",
    "RESTART_ONLY_KEYS",
    "ROOT_KEYS",
    "SERVER_KEYS",
    "ChatSettings",
    "EndpointSettings",
    "EnginesSettings",
    "KeyReference",
    "KeysSettings",
    "ListenSettings",
    "McpSettings",
    "MemorySettings",
    "RecommendSettings",
    "RoutingSettings",
    "RuleSettings",
    "SafeguardsSettings",
    "SearchSettings",
    "ServerSettings",
    "Settings",
    "SettingsChanges",
    "SettingsError",
    "SettingsProblem",
    "changes",
    "parse_models",
    "parse_settings",
]

ROOT_KEYS: Final = (
    "default",
    "server",
    "listen",
    "endpoint",
    "search",
    "engines",
    "memory",
    "rule",
    "routing",
    "safeguards",
    "keys",
    "chat",
    "recommend",
    "mcp",
)
MODELS_KEYS: Final = ("endpoint",)
"""Of the file of imported models, which we write ourselves."""
SERVER_KEYS: Final = ("host", "port", "allow_remote")

_ROOT_PLACE: Final = "to the top of the file, above the first [table]"
_PLACES: Final = {
    _ROOT_PLACE: ROOT_KEYS,
    "below [server]": SERVER_KEYS,
    "below an [[endpoint]]": ENDPOINT_KEYS,
    "below a [[listen]]": LISTEN_KEYS,
    "below [search]": SEARCH_KEYS,
    "below [engines]": ENGINES_KEYS,
    "below [memory]": MEMORY_KEYS,
    "below a [[rule]]": RULE_KEYS,
    "below [routing]": ROUTING_KEYS,
    "below [safeguards]": SAFEGUARDS_KEYS,
    "below [keys]": KEYS_KEYS,
    "below [chat]": CHAT_KEYS,
    "below [recommend]": RECOMMEND_KEYS,
    "below [mcp]": MCP_KEYS,
}
_DEFAULT_PREFIX: Final = "anthropic/"


def parse_settings(
    text: str,
    path: str,
    *,
    home: str = "",
    imported: tuple[EndpointSettings, ...] = (),
    providers: Providers | None = None,
) -> Settings:
    """Reads a settings file's text.

    `path` is the file's own path: errors show it, and relative model files start from its folder.
    `home` is what a leading `~` stands for. `imported` are endpoints that follow the file's own,
    but for those of a name that the file uses itself. `providers` are those that an endpoint may
    name. Raises SettingsError, with all problems found.
    """
    text = text.removeprefix("\ufeff")
    problems = Problems(path, text)
    root = Table(document(text, path), (), problems)
    root.refuse_unknown(ROOT_KEYS, _PLACES)
    server = _server(root)
    listen = _listen(root, server)
    own = _endpoints(root, folder=_folder(path), home=home, providers=providers)
    names = {endpoint.name for endpoint in own}
    endpoints = (*own, *(each for each in imported if each.name not in names))
    search = _search(root)
    engines = _engines(root)
    memory = _memory(root)
    rules = _rules(root)
    routing = read_routing(_table(root, "routing", ROUTING_KEYS))
    safeguards = read_safeguards(_table(root, "safeguards", SAFEGUARDS_KEYS))
    keys = read_keys(_table(root, "keys", KEYS_KEYS))
    chat = read_chat(_table(root, "chat", CHAT_KEYS))
    recommended = read_recommend(_table(root, "recommend", RECOMMEND_KEYS))
    mcp = read_mcp(_table(root, "mcp", MCP_KEYS))
    refuse_wrong_places(problems, endpoints, rules, safeguards)
    default = _default(root, endpoints, rules)
    problems.raise_if_any()
    return Settings(
        default,
        server,
        listen,
        endpoints,
        search,
        engines,
        memory,
        rules,
        routing,
        safeguards,
        keys,
        chat,
        mcp=mcp,
        recommend=recommended,
    )


def parse_models(
    text: str, path: str, providers: Providers | None = None
) -> tuple[EndpointSettings, ...]:
    """Reads the text of a file of endpoints that we write ourselves. Raises SettingsError."""
    problems = Problems(path, text)
    root = Table(document(text, path), (), problems)
    root.refuse_unknown(MODELS_KEYS, {})
    endpoints = _endpoints(root, folder=_folder(path), home="", providers=providers)
    problems.raise_if_any()
    return endpoints


def _server(root: Table) -> ServerSettings:
    table = root.table("server")
    table.refuse_unknown(SERVER_KEYS, _PLACES)
    unset = ServerSettings()
    allow_remote = table.boolean("allow_remote")
    host = table.text("host") or unset.host
    if not is_host(host):
        table.problem("host", f"{shown(host)} is neither an IP address nor a host name")
    elif not is_loopback(host) and not allow_remote:
        table.problem(
            "host",
            f"{shown(host)} can be reached from other machines: whoever has the token could use "
            "your keys and models, and it would travel unencrypted; use 127.0.0.1, or set "
            "allow_remote = true",
        )
    port = table.integer("port", 0, PORT_MAX)
    return ServerSettings(host, unset.port if port is None else port, allow_remote)


def _listen(root: Table, server: ServerSettings) -> tuple[ListenSettings, ...]:
    found: list[ListenSettings] = []
    for table in root.tables("listen", LISTEN_MAX):
        table.refuse_unknown(LISTEN_KEYS, _PLACES)
        listen = read_listen(table, server)
        if listen in found:
            table.problem("port", f"{listen.port} is already listen[{found.index(listen)}]'s port")
        found.append(listen)
    return tuple(found)


def _endpoints(
    root: Table, folder: str, home: str, providers: Providers | None
) -> tuple[EndpointSettings, ...]:
    endpoints: list[EndpointSettings] = []
    index_of_name: dict[str, int] = {}
    for index, table in enumerate(root.tables("endpoint", ENDPOINTS_MAX)):
        table.refuse_unknown(ENDPOINT_KEYS, _PLACES)
        endpoint = read_endpoint(table, folder, home, providers)
        first = index_of_name.setdefault(endpoint.name, index)
        if endpoint.name and first != index:
            table.problem("name", f"{shown(endpoint.name)} is already endpoint[{first}]'s name")
        endpoints.append(endpoint)
    return tuple(endpoints)


def _search(root: Table) -> SearchSettings | None:
    if not root.has("search"):
        return None
    table = root.table("search")
    table.refuse_unknown(SEARCH_KEYS, _PLACES)
    return read_search(table)


def _engines(root: Table) -> EnginesSettings:
    return read_engines(_table(root, "engines", ENGINES_KEYS))


def _memory(root: Table) -> MemorySettings:
    return read_memory(_table(root, "memory", MEMORY_KEYS))


def _table(root: Table, key: str, known: tuple[str, ...]) -> Table:
    table = root.table(key)
    table.refuse_unknown(known, _PLACES)
    return table


def _rules(root: Table) -> tuple[RuleSettings, ...]:
    rules: list[RuleSettings] = []
    for table in root.tables("rule", RULES_MAX):
        table.refuse_unknown(RULE_KEYS, _PLACES)
        rules.append(read_rule(table))
    return tuple(rules)


def _default(
    root: Table, endpoints: tuple[EndpointSettings, ...], rules: tuple[RuleSettings, ...]
) -> str | None:
    written = root.text("default")
    if written is None:
        return None
    default = written.removeprefix(_DEFAULT_PREFIX)
    name = default.partition("/")[0]
    if default == EMBEDDED_MODEL or default in {rule.alias for rule in rules}:
        return default
    models = [f"{endpoint.name}/{each}" for endpoint in endpoints for each in endpoint.models]
    unread = any(e.name in ("", name) and not e.models for e in endpoints)
    if default not in models and not unread:
        near = suggestion(default, models[:MODELS_PER_ENDPOINT_MAX]) or ";"
        root.problem(
            "default",
            f"no endpoint of this file has {shown(written)}{near} "
            f"allowed: <endpoint>/<model>, or {EMBEDDED_MODEL}",
        )
    return default


def _folder(path: str) -> str:
    folder, slash, _ = path.rpartition("/")
    return folder or slash
