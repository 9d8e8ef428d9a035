"""What Claude Code needs in its own two files to work with Understudy, and why.

Both were measured with version 2.1.330: `settings.json` in the folder of its settings, and
`.claude.json`, which lies in the home folder, or in the folder that CLAUDE_CONFIG_DIR names. An
older client kept the latter as `.config.json` in the folder; one that is still there is used.
Names and meanings: the client's public settings reference and model configuration pages.

No token is written: `apiKeyHelper` is a command that prints it, and the MCP server is a command
too, `understudy mcp`, because one that is reached by HTTP would need the token in its headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ...protocols.routing.cards import client_id
from .circumstances import Circumstances
from .merge import Wish
from .setup import Target

CLIENT: Final = "claude-code"
FOLDER_VARIABLE: Final = "CLAUDE_CONFIG_DIR"
SERVER_NAME: Final = "understudy"
HELPER: Final = ("apiKeyHelper",)
MODE: Final = ("permissions", "defaultMode")
MODEL: Final = ("model",)
MODEL_ROW: Final = ("env", "ANTHROPIC_CUSTOM_MODEL_OPTION")
"""A row of its own in `/model`."""
OTHER_MODES: Final = frozenset({"acceptEdits", "bypassPermissions", "dontAsk", "plan"})
"""Modes that somebody has chosen in place of auto: they stay."""
STATUS_LINE: Final = ("statusLine",)


def settings_folder(environ: Mapping[str, str], named: Path | None) -> Path:
    """The folder of the client's settings."""
    written = environ.get(FOLDER_VARIABLE, "").strip()
    chosen = named or (Path(written) if written else Path.home() / ".claude")
    return chosen.expanduser().absolute()


def own_file(environ: Mapping[str, str], named: Path | None) -> Path:
    """The file that the client keeps for itself, with the MCP servers in it."""
    folder = settings_folder(environ, named)
    legacy = folder / ".config.json"
    if legacy.exists():
        return legacy
    has_folder = named is not None or environ.get(FOLDER_VARIABLE, "").strip()
    return (folder if has_folder else folder.parent) / ".claude.json"


def targets(
    circumstances: Circumstances, folder: Path, own: Path, *, statusline: bool, mode: bool
) -> list[Target]:
    """Both files with all that is wished for; with `mode` also a permission mode where it helps."""
    wishes = [*_address(circumstances), *_models(circumstances)]
    if mode and not circumstances.has_verdicts:
        wishes.append(_manual_mode())
    if statusline:
        wishes.append(_statusline(circumstances))
    server = _server(circumstances)
    return [
        Target(folder / "settings.json", tuple(wishes), HELPER),
        Target(own, (server,), server.path),
    ]


def notes(circumstances: Circumstances) -> list[str]:
    """What the user has to know of what was chosen."""
    told = [circumstances.number.why]
    lacking = circumstances.without_verdicts
    if circumstances.has_verdicts and lacking:
        told.append(
            f"auto mode needs a safety verdict on each action, and nobody gives one for "
            f"{', '.join(lacking)}: there the client stops and asks you. [safeguards] in the "
            "settings can name a classifier"
        )
    if not circumstances.has_verdicts:
        told.append(
            "Claude Code offers once, when it starts, to make auto mode its default: answer No. It "
            "would need a safety verdict on each action, which no endpoint here gives"
        )
    return told


def _address(circumstances: Circumstances) -> list[Wish]:
    token = circumstances.program.for_shell(*circumstances.token_words)
    return [
        _variable("ANTHROPIC_BASE_URL", circumstances.address, "where Understudy is"),
        Wish(HELPER, token, "prints the token; the token itself is in no file of yours"),
    ]


def _models(circumstances: Circumstances) -> list[Wish]:
    default, number = client_id(circumstances.default), circumstances.number
    why = "a row for the default model in /model"
    return [
        _variable(
            "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY",
            "1",
            "/model lists every endpoint's models",
        ),
        _variable(
            "ENABLE_TOOL_SEARCH",
            "true",
            "tools are sent once they are needed; Understudy does that for every model",
        ),
        Wish(MODEL_ROW, default, why),
        _variable("ANTHROPIC_CUSTOM_MODEL_OPTION_NAME", circumstances.default_name, why),
        _variable("ANTHROPIC_CUSTOM_MODEL_OPTION_DESCRIPTION", "Understudy's default", why),
        *(
            _variable(name, value, "the context size; explained below")
            for name, value in number.variables.items()
        ),
        Wish(
            MODEL,
            default,
            "for a model of its own the client would count with that one's size",
            circumstances.model_ids,
        ),
    ]


def _manual_mode() -> Wish:
    return Wish(
        MODE,
        "default",
        "you are asked before each action: auto mode needs a safety verdict on it, which no "
        "endpoint here gives, and Understudy makes none up (--keep-mode leaves the mode alone)",
        OTHER_MODES,
    )


def _statusline(circumstances: Circumstances) -> Wish:
    line = {"type": "command", "command": circumstances.program.for_shell("statusline")}
    return Wish(STATUS_LINE, line, "the endpoint, the context used and the speed")


def _server(circumstances: Circumstances) -> Wish:
    command, *arguments = *circumstances.program.words, "mcp"
    server = {
        "type": "stdio",
        "command": command,
        "args": arguments,
        "env": dict(circumstances.program.variables),
    }
    return Wish(
        ("mcpServers", SERVER_NAME),
        server,
        "the tools to list and switch endpoints, without a token",
    )


def _variable(name: str, value: str, why: str) -> Wish:
    return Wish(("env", name), value, why)
