"""What a reload has to tell the router, and what waits for a restart."""

from __future__ import annotations

import attrs
from understudy.protocols.settings import (
    HOT_KEYS,
    RESTART_ONLY_KEYS,
    ROOT_KEYS,
    SERVER_KEYS,
    EndpointSettings,
    ServerSettings,
    Settings,
    changes,
)

A = EndpointSettings(name="a", models=("x",), dialects=("anthropic",), base_url="https://a")
B = EndpointSettings(name="b", models=("x",), dialects=("anthropic",), base_url="https://b")
C = EndpointSettings(name="c", models=("x",), engine="llama-server", file="/c.gguf")


def test_nothing_changed() -> None:
    assert changes(Settings(endpoints=(A, B)), Settings(endpoints=(A, B))).is_empty


def test_endpoints_come_go_and_change() -> None:
    changed = changes(
        Settings(default="a/x", endpoints=(A, B)),
        Settings(default="a/x", endpoints=(attrs.evolve(A, context_tokens=1024), C)),
    )
    assert (changed.added, changed.removed, changed.changed) == (("c",), ("b",), ("a",))
    assert not changed.default_model_changed
    assert not changed.is_empty


def test_the_default_moves_with_the_order_too() -> None:
    changed = changes(Settings(endpoints=(A, B)), Settings(endpoints=(B, A)))
    assert changed.default_model_changed
    assert changed.changed == ()


def test_what_needs_a_restart_is_named() -> None:
    new = Settings(server=ServerSettings(host="0.0.0.0", port=1, allow_remote=True))
    assert changes(Settings(), new).restart_keys == (
        "server.allow_remote",
        "server.host",
        "server.port",
    )


def test_every_key_is_either_hot_or_for_a_restart() -> None:
    every = {f"server.{key}" for key in SERVER_KEYS} | set(ROOT_KEYS) - {"server"}
    assert every == HOT_KEYS | RESTART_ONLY_KEYS
    assert not HOT_KEYS & RESTART_ONLY_KEYS
