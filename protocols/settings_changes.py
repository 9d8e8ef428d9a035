"""What differs between two settings, and which keys take effect only when the server starts.

Hot keys apply to the next turn; a turn in flight keeps the snapshot it began with. Where we
listen cannot be hot: clients were told the old addresses, and a socket once bound stays bound. What
runs models is found out once, before the first of them is started, and so is where keys are kept.
"""

from __future__ import annotations

from typing import Final

import attrs

from .settings_data import Settings

HOT_KEYS: Final = frozenset(
    {"default", "endpoint", "search", "memory", "rule", "routing", "safeguards", "chat"}
    | {"recommend", "mcp"}
)
RESTART_ONLY_KEYS: Final = frozenset(
    {"server.host", "server.port", "server.allow_remote", "listen", "engines", "keys"}
)


@attrs.frozen
class SettingsChanges:
    """Endpoints by name, in the order of the new file (removed ones: of the old file).

    `default_model_changed` also when only the order of endpoints moved the default. `restart_keys`
    changed in the file but not in the running server. `rules_changed` when turns may go
    elsewhere, or commands mean something else.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    default_model_changed: bool
    search_changed: bool
    memory_changed: bool
    rules_changed: bool
    restart_keys: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Tells whether nothing differs that anyone could notice."""
        lists = (self.added, self.removed, self.changed, self.restart_keys)
        hot = (
            self.default_model_changed,
            self.search_changed,
            self.memory_changed,
            self.rules_changed,
        )
        return not any(lists) and not any(hot)


def changes(old: Settings, new: Settings) -> SettingsChanges:
    """Compares two settings; endpoints are the same one if they have the same name."""
    before = {endpoint.name: endpoint for endpoint in old.endpoints}
    after = {endpoint.name: endpoint for endpoint in new.endpoints}
    return SettingsChanges(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(name for name in after if name in before and before[name] != after[name]),
        default_model_changed=old.default_model != new.default_model,
        search_changed=old.search != new.search,
        memory_changed=old.memory != new.memory,
        rules_changed=_rules(old) != _rules(new),
        restart_keys=tuple(
            key for key in sorted(RESTART_ONLY_KEYS) if _value(old, key) != _value(new, key)
        ),
    )


def _rules(settings: Settings) -> object:
    deciding = (settings.rules, settings.routing, settings.safeguards, settings.chat)
    return deciding, settings.recommend


def _value(settings: Settings, key: str) -> object:
    value: object = settings
    for name in key.split("."):
        value = getattr(value, name)
    return value
