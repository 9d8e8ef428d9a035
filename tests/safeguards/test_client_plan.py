"""The mode in which `understudy claude` starts the client, by who can judge what it runs."""

from __future__ import annotations

import attrs
import pytest
from understudy.io.cli.client import plan_client
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.secret import Secret
from understudy.protocols.settings_data import SafeguardsSettings, Settings

from ..actors.stage import HOME_ENDPOINT
from .answers import CHAT_ENDPOINT, GUARDED, UNGUARDED, private

MANUAL = ("--permission-mode", "default")
RELAYING = Settings(
    default="home/claude-y",
    endpoints=(HOME_ENDPOINT, CHAT_ENDPOINT),
    safeguards=SafeguardsSettings("work/claude-x"),
)
PRIVATE = attrs.evolve(GUARDED, endpoints=(private(CHAT_ENDPOINT), HOME_ENDPOINT))
TRUSTED = attrs.evolve(GUARDED, endpoints=(private(CHAT_ENDPOINT), private(HOME_ENDPOINT)))


@pytest.mark.parametrize(
    ("name", "settings", "expected"),
    [
        ("nobody judges", UNGUARDED, MANUAL),
        ("a classifier does", GUARDED, ()),
        ("an endpoint that is relayed to judges itself, or nobody does", RELAYING, MANUAL),
        ("private, and the classifier is remote", PRIVATE, MANUAL),
        ("private, and the classifier is, too", TRUSTED, ()),
    ],
)
def test_the_mode(name: str, settings: Settings, expected: tuple[str, ...]) -> None:
    table = RoutingTable.of(settings)
    plan = plan_client({}, (), "http://127.0.0.1:1", Secret("token"), table)
    assert plan.arguments == expected, name
