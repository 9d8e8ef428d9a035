"""What `understudy claude` says on the client's command line because a settings file would rule.

The client takes variables from its settings files before those of its environment, so that once
`install` has written an address, or the user another gateway's, a start by the environment alone
would lead there. `--settings` rules over all files but an organisation's (measured with version
2.1.330). The token stands on no command line: where a file names another one, that is emptied, and
a command of ours prints the right one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from ...protocols.secret import Secret
from ..clients import claude_code
from ..clients.program import OwnProgram
from ..clients.ruling_files import RulingFile, RulingPlaces
from ..clients.shell import CLOUDS
from .client import TOKEN_SETTING, ClientPlan, argument

ADDRESS_SETTING: Final = "ANTHROPIC_BASE_URL"
OPTION: Final = "--settings"
EMPTIED: Final[Mapping[str, str]] = {
    TOKEN_SETTING: "",
    "ANTHROPIC_API_KEY": "",
    **dict.fromkeys(CLOUDS, "0"),
}
"""What a file may not say, and what has no effect in its place."""


def ruling_files(environ: Mapping[str, str]) -> Sequence[RulingFile]:
    """The settings files that the client will read here."""
    folder = claude_code.settings_folder(environ, None)
    return RulingPlaces.here().files(folder / "settings.json")


def over_files(
    plan: ClientPlan, arguments: Sequence[str], files: Sequence[RulingFile], program: OwnProgram
) -> ClientPlan:
    """The plan with what has to be said on the command line; the same if no file is in its way."""
    address = str(plan.settings[ADDRESS_SETTING])
    values: dict[str, Any] = {}
    notes: list[str] = []
    for name, file in _in_the_way(plan, files):
        if file.rank == "managed" or argument(arguments, OPTION) is not None:
            notes.append(_cannot(name, file))
        else:
            values[name] = address if name == ADDRESS_SETTING else EMPTIED[name]
    if not values:
        return attrs.evolve(plan, notes=(*plan.notes, *notes))
    said: dict[str, Any] = {"env": values}
    if TOKEN_SETTING in values:
        said["apiKeyHelper"] = program.for_shell("token", "--for", address)
    arguments = (OPTION, json.dumps(said, ensure_ascii=False), *plan.arguments)
    return attrs.evolve(plan, arguments=arguments, notes=(*plan.notes, *notes))


def _in_the_way(plan: ClientPlan, files: Sequence[RulingFile]) -> Iterator[tuple[str, RulingFile]]:
    """The variables that a file gives another value than ours, with the first such file."""
    for name in (ADDRESS_SETTING, *EMPTIED):
        saying = (each for each in files if each.value(("env", name)) is not None)
        file = next(saying, None)
        if file is None:
            continue
        wanted = plan.settings.get(name, "")
        ours = wanted.reveal() if isinstance(wanted, Secret) else wanted
        if file.value(("env", name)) not in (ours, EMPTIED.get(name)):
            yield name, file


def _cannot(name: str, file: RulingFile) -> str:
    whose = "whoever manages this machine can change it"
    other = f"take it out there, or say {name} in your {OPTION} as well"
    why = whose if file.rank == "managed" else other
    return f"{file.path}: env.{name} leads the client past Understudy; {why}"
