"""What rules over the settings that `install` writes for Claude Code, and what comes of it.

Three things can make them idle: a file that rules over the user's own (`ruling_files`) and gives a
key of ours another value; a key that we do not set and that defeats one which we do, in any of the
files, the user's own too; and a list of what the client may use, on which ours is not. Each is told
with file, key, consequence and what to do; no value is shown, for it may be a secret.

All of it was measured with version 2.1.330, each key in each file. An empty value of ours rules,
too; an empty variable that would defeat ours does not, nor does a cloud's that is "0" or "false".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from ...protocols.json_values import list_of, object_of, strings_of, text_of
from .document import KeyPath, shown
from .merge import Wish
from .ruling_files import NO_SETTINGS, NOT_READ, Rank, RulingFile, RulingPlaces
from .setup import Target
from .shell import CLAUDE_CODE, is_set

SERVERS: Final = "mcpServers"
BASE_URL: Final = ("env", "ANTHROPIC_BASE_URL")
COMES_OF_IT: Final[Mapping[KeyPath, str]] = {
    BASE_URL: "the client asks the address that is named there, and shows it Understudy's token",
    ("apiKeyHelper",): "the client sends what that prints instead of Understudy's token, and is "
    "refused",
    ("model",): "conversations start with that model",
    ("permissions", "defaultMode"): "the client starts in that mode",
    ("statusLine",): "that line is shown instead of Understudy's",
}
REMEDIES: Final[Mapping[Rank, str]] = {
    "managed": "whoever manages this machine can change it",
    "local": "take it out there, or start the client in another folder",
    "project": "take it out there, or start the client in another folder",
    "own": "take it out there",
}
PROBLEMS: Final[Mapping[str, str]] = {
    NOT_READ: "what it says is not known here, and it rules over your settings",
    NO_SETTINGS: "the client does not start while it is so",
}
LOGIN_KEYS: Final = ("forceLoginMethod", "forceLoginOrgUUID")
HOOK_KEYS: Final[Mapping[str, Sequence[Rank]]] = {
    "disableAllHooks": tuple(REMEDIES),
    "allowManagedHooksOnly": ("managed",),
}
"""What takes the status line away, and in which files."""
WITHOUT_SERVER: Final = (
    "the client does not start Understudy's MCP server; saying so in the chat still switches"
)


@attrs.frozen
class Ruling:
    """A key that makes a setting of ours idle, or what is wrong with a whole file."""

    file: RulingFile
    key: str
    consequence: str

    @property
    def remedy(self) -> str:
        """What to do."""
        return REMEDIES[self.file.rank]

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return f"{self.file.path}: {self.key}: {self.consequence}; {self.remedy}"


def find_rulings(targets: Sequence[Target]) -> list[Ruling]:
    """What makes any of these settings idle on this machine, in the current folder."""
    places = RulingPlaces.here()
    wishes = [wish for target in targets for wish in target.wishes]
    return list(rulings(wishes, places.files(targets[0].path), places.servers()))


def rulings(
    wishes: Sequence[Wish], files: Sequence[RulingFile], servers: RulingFile | None
) -> Iterator[Ruling]:
    """What makes any of the wishes idle; `files` are in their order, the user's own the last."""
    for file in files:
        if file.problem and file.rank == "managed":
            yield Ruling(file, file.problem, PROBLEMS[file.problem])
    yield from _ruled_out(wishes, files)
    yield from _defeated(files)
    yield from _held_back(wishes, files)
    yield from _without_server(wishes, files, servers)


def _ruled_out(wishes: Sequence[Wish], files: Sequence[RulingFile]) -> Iterator[Ruling]:
    """Keys of ours that a file in front of the user's own gives another value."""
    for wish in wishes:
        saying = (each for each in files if each.value(wish.path) is not None)
        first = next(saying, None)
        if first is None or first.rank == "own" or wish.is_granted(first.value(wish.path)):
            continue
        if wish.path[0] != SERVERS:
            comes_of_it = COMES_OF_IT.get(wish.path, "the client uses that value and not ours")
            yield Ruling(first, shown(wish.path), comes_of_it)


def _defeated(files: Sequence[RulingFile]) -> Iterator[Ruling]:
    """Variables that are sent beside ours or lead elsewhere."""
    for name, consequence in CLAUDE_CODE.items():
        path = ("env", name)
        first = next((each for each in files if each.value(path) is not None), None)
        if first is not None and is_set(name, text_of(first.value(path))):
            yield Ruling(first, shown(path), consequence)


def _held_back(wishes: Sequence[Wish], files: Sequence[RulingFile]) -> Iterator[Ruling]:
    """What an organisation or a list forbids."""
    for file in files:
        for key in LOGIN_KEYS if file.rank == "managed" else ():
            if file.value((key,)):
                yield Ruling(file, key, "the client does not start with a token of another's")
    listing = [each for each in files if each.value(("availableModels",)) is not None]
    models = [each.value for each in wishes if each.path == ("model",)]
    listed = {model for each in listing for model in strings_of(each.values["availableModels"])}
    if listing and models and not listed & set(models):
        lacks = f"{models[0]} is not in this list, and the client takes another model"
        yield Ruling(listing[0], "availableModels", lacks)
    if any(each.path == ("statusLine",) for each in wishes):
        for key, ranks in HOOK_KEYS.items():
            first = next(
                (each for each in files if each.rank in ranks and each.value((key,))), None
            )
            if first is not None:
                yield Ruling(first, key, "no status line is shown")


def _without_server(
    wishes: Sequence[Wish], files: Sequence[RulingFile], servers: RulingFile | None
) -> Iterator[Ruling]:
    """What keeps our MCP server from being started."""
    wish = next((each for each in wishes if each.path[0] == SERVERS), None)
    if wish is None:
        return
    name, command = wish.path[1], [wish.value["command"], *wish.value["args"]]
    if servers is not None and name not in object_of(servers.value((SERVERS,))):
        yield Ruling(servers, SERVERS, WITHOUT_SERVER)
    denying = [each for each in files if _names(each, "deniedMcpServers", name, command)]
    if denying:
        yield Ruling(denying[0], "deniedMcpServers", WITHOUT_SERVER)
    managed = [each for each in files if each.rank == "managed"]
    alone = any(each.value(("allowManagedMcpServersOnly",)) for each in managed)
    allowing = [
        each
        for each in (managed if alone else files)
        if each.value(("allowedMcpServers",)) is not None
    ]
    if allowing and not _is_allowed(allowing, name, command):
        yield Ruling(allowing[0], "allowedMcpServers", WITHOUT_SERVER)


def _names(file: RulingFile, key: str, name: str, command: Sequence[str]) -> bool:
    return any(
        entry.get("serverName") == name or entry.get("serverCommand") == command
        for entry in map(object_of, list_of(file.value((key,))))
    )


def _is_allowed(files: Sequence[RulingFile], name: str, command: Sequence[str]) -> bool:
    """Whether the lists together allow it: once one names a command, names no longer count."""
    entries: list[dict[str, Any]] = [
        object_of(each) for file in files for each in list_of(file.value(("allowedMcpServers",)))
    ]
    commands = [each["serverCommand"] for each in entries if "serverCommand" in each]
    return (
        command in commands if commands else any(each.get("serverName") == name for each in entries)
    )
