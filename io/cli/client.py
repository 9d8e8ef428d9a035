"""How Claude Code is started against Understudy: its environment and arguments, nothing else.

Decided here from values alone; none of the client's files are read or touched. Sources: the
client's public settings reference, and what it was seen to do:
- an id that it does not know counts as 1,000,000 tokens, unless the environment says otherwise
  (protocols/context_number.py chooses the number);
- auto mode asks the endpoint for a verdict on each action. Anthropic's own API gives one, and a
  classifier of the settings does; one must never be made up, and without it the client stops and
  asks. So elsewhere the mode is manual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import attrs

from ...protocols.context_number import ANSWER_VARIABLE, CONTEXT_VARIABLE, context_number
from ...protocols.routing.cards import client_id
from ...protocols.routing.table import EMBEDDED, Place, RoutingTable
from ...protocols.secret import Secret
from ..clients.circumstances import gives_verdicts
from ..clients.shell import CLOUDS
from ..keys import PASSPHRASE_VARIABLE
from .key_variables import key_variables

TOKEN_SETTING: Final = "ANTHROPIC_AUTH_TOKEN"  # noqa: S105 the name of a variable, not a secret
TAKEN_AWAY: Final = {
    "ANTHROPIC_API_KEY": "your key would be sent instead of Understudy's token",
    PASSPHRASE_VARIABLE: "it opens your keys, and the client's tools could read it",
    **dict.fromkeys(CLOUDS, "the client would not use Understudy"),
}
"""What the client does not get to see, and why."""

_PROXY_SETTINGS: Final = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_MODE_ARGUMENTS: Final = ("--permission-mode", "--dangerously-skip-permissions")
DISCOVERY_VARIABLE: Final = "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY"
OVERRIDABLE: Final = (DISCOVERY_VARIABLE, CONTEXT_VARIABLE, ANSWER_VARIABLE)
"""What the user's own environment decides, if it does."""


@attrs.frozen
class ClientPlan:
    """What the client gets. `notes` are for the user, one line each."""

    settings: Mapping[str, str | Secret]
    removed: tuple[str, ...]
    arguments: tuple[str, ...]
    notes: tuple[str, ...]

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The client's whole environment, the token in it."""
        kept = {name: value for name, value in environ.items() if name not in self.removed}
        given = {
            name: value.reveal() if isinstance(value, Secret) else value
            for name, value in self.settings.items()
        }
        return kept | given


def plan_client(
    environ: Mapping[str, str],
    arguments: Sequence[str],
    address: str,
    token: Secret,
    table: RoutingTable,
    written: Mapping[str, str] | None = None,
) -> ClientPlan:
    """Decides how the client is started, from the user's environment and arguments.

    `written` are the variables of keys that the settings file names, beside the table's.
    """
    chosen = argument(arguments, "--model") or environ.get("ANTHROPIC_MODEL")
    model = chosen or table.settings.default_model
    place = table.first(model)
    settings: dict[str, str | Secret] = {
        "ANTHROPIC_BASE_URL": address,
        TOKEN_SETTING: token,
        DISCOVERY_VARIABLE: "1",
    }
    if chosen is None:
        settings["ANTHROPIC_MODEL"] = client_id(model)  # the id that its picker marks as chosen
    context = context_number(table, model)
    settings.update(context.variables)
    for name in OVERRIDABLE:
        if environ.get(name):
            settings.pop(name, None)
    settings.update(_without_proxy(environ, address))
    reasons = TAKEN_AWAY | {
        name: f"it is the key of {owner}, and the client's tools could read it"
        for name, owner in {**(written or {}), **key_variables(table.settings)}.items()
    }
    removed = tuple(name for name in reasons if name in environ)
    mode, notes = _permission_mode(arguments, place, table)
    return ClientPlan(
        settings,
        removed,
        (*mode, *arguments),
        (
            *(f"{name} is not passed on to the client: {reasons[name]}" for name in removed),
            *_about_the_model(place),
            *((context.why,) if context.is_mixed and CONTEXT_VARIABLE in settings else ()),
            *notes,
        ),
    )


def argument(arguments: Sequence[str], name: str) -> str | None:
    """The value of one of the client's options, written `--name value` or `--name=value`."""
    for index, each in enumerate(arguments):
        if each == "--":
            return None
        if each == name:
            return arguments[index + 1] if index + 1 < len(arguments) else None
        if each.startswith(f"{name}="):
            return each.partition("=")[2]
    return None


def _permission_mode(
    arguments: Sequence[str], place: Place, table: RoutingTable
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if gives_verdicts(place, table):
        return (), ()
    if any(each.partition("=")[0] in _MODE_ARGUMENTS for each in arguments):
        return (), ()
    return ("--permission-mode", "default"), (
        f"permission mode is manual: auto mode needs a safety verdict on each action, and "
        f"{place.endpoint.name} cannot give one (--permission-mode MODE overrides this)",
    )


def _about_the_model(place: Place) -> tuple[str, ...]:
    if place.endpoint != EMBEDDED:
        return ()
    return (
        "the embedded model `rehearsal` answers: it is tiny and only good for trying things out; "
        "`understudy doctor` says where the settings for other models go",
    )


def _without_proxy(environ: Mapping[str, str], address: str) -> dict[str, str]:
    """Keeps requests to us from a proxy, where one is set."""
    host = urlsplit(address).hostname
    if not host or not any(environ.get(name) for name in _PROXY_SETTINGS):
        return {}
    written = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    if written.strip() == "*" or host in (each.strip() for each in written.split(",")):
        return {}
    extended = f"{written},{host}" if written else host
    return {"NO_PROXY": extended, "no_proxy": extended}
