"""What Codex needs in its `config.toml` to work with Understudy.

A provider of its own, which speaks the Responses API and gets the token from a command: no variable
has to be set, and no token is written. Codex runs the command without a shell, waits 5 s for it and
asks again after 5 minutes. The MCP server is a command for the same reason. Sources: OpenAI's
configuration reference (developers.openai.com/codex), and `ModelProviderAuthInfo` in openai/codex;
tried with version 0.169.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from .circumstances import Circumstances
from .merge import Wish
from .setup import Target

CLIENT: Final = "codex"
FOLDER_VARIABLE: Final = "CODEX_HOME"
NAME: Final = "understudy"
MODEL: Final = ("model",)
PROVIDER: Final = ("model_providers", NAME)
TOKEN_MILLISECONDS_MAX: Final = 10_000
"""A busy machine starts our command more slowly than Codex expects by itself."""


def settings_folder(environ: Mapping[str, str], named: Path | None) -> Path:
    """The folder of the client's settings."""
    written = environ.get(FOLDER_VARIABLE, "").strip()
    chosen = named or (Path(written) if written else Path.home() / ".codex")
    return chosen.expanduser().absolute()


def targets(circumstances: Circumstances, folder: Path) -> list[Target]:
    """The file with all that is wished for."""
    tokens = circumstances.window_tokens
    window = [Wish(("model_context_window",), tokens, "what that model holds")] if tokens else []
    wishes = (
        Wish(MODEL, circumstances.default, "where conversations start", circumstances.model_ids),
        Wish(("model_provider",), NAME, "the provider below"),
        *window,
        Wish(PROVIDER, _provider(circumstances), "where Understudy is"),
        Wish(
            ("mcp_servers", NAME),
            _server(circumstances),
            "the tools to list and switch endpoints, without a token",
        ),
    )
    return [Target(folder / "config.toml", wishes, PROVIDER)]


def notes(circumstances: Circumstances) -> list[str]:
    """What the user has to know of what was chosen."""
    default, tokens = circumstances.default, circumstances.window_tokens
    if not tokens:
        return [
            f"no context size is set: nobody has said how much {default} holds; "
            "`context_tokens = N` at its endpoint in the settings says it"
        ]
    return [
        f"Codex is told {tokens:,} tokens for every model: the window of {default}; for another "
        "one start it with -c model_context_window=N"
    ]


def _provider(circumstances: Circumstances) -> dict[str, Any]:
    command, arguments = circumstances.program.for_exec(*circumstances.token_words)
    return {
        "name": "Understudy",
        "base_url": f"{circumstances.address}/v1",
        "wire_api": "responses",
        "auth": {
            "command": command,
            "args": list(arguments),
            "timeout_ms": TOKEN_MILLISECONDS_MAX,
        },
    }


def _server(circumstances: Circumstances) -> dict[str, Any]:
    command, arguments = circumstances.program.for_exec("mcp")
    return {"command": command, "args": list(arguments)}
