"""Variables of the user's shell that would lead a client past what its settings say.

Which of them win was measured with Claude Code 2.1.330, but for Vertex and Foundry, which are taken
from its documentation: the `env` of its settings wins over the shell, but a key, a token or a model
of the shell is sent beside or instead of ours, and a variable for another cloud leads away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..token import TOKEN_VARIABLE

CLAUDE_CODE: Final = {
    "ANTHROPIC_API_KEY": "the client sends that key to Understudy beside the token; unset it",
    "ANTHROPIC_AUTH_TOKEN": "the client sends it instead of Understudy's token, and is refused; "
    "unset it",
    "ANTHROPIC_MODEL": "it decides the model, not the settings; unset it",
    "CLAUDE_CODE_USE_BEDROCK": "the client does not use Understudy while it is set; unset it",
    "CLAUDE_CODE_USE_VERTEX": "the client does not use Understudy while it is set; unset it",
    "CLAUDE_CODE_USE_FOUNDRY": "the client does not use Understudy while it is set; unset it",
}
BASE_URL: Final = "ANTHROPIC_BASE_URL"
PROXIES: Final = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def warnings(environ: Mapping[str, str], client: str, address: str) -> list[str]:
    """What to tell of this shell's variables; no value is shown."""
    table = CLAUDE_CODE if client == "claude-code" else {}
    told = [
        f"{name} is set in this shell: {why}" for name, why in table.items() if environ.get(name)
    ]
    if client == "claude-code" and environ.get(BASE_URL, address) != address:
        told.append(
            f"{BASE_URL} is set in this shell to another address: Claude Code takes the one of its "
            "settings, other programs do not"
        )
    if environ.get(TOKEN_VARIABLE):
        told.append(
            f"{TOKEN_VARIABLE} is set in this shell: the client's helper prints the token that is "
            "set where the client is started, or else the one in the token file; the server "
            "has to have the same"
        )
    if any(environ.get(name) for name in PROXIES) and not _spares(environ, address):
        told.append(
            "an HTTP proxy is set in this shell: add 127.0.0.1 to NO_PROXY, or the client asks the "
            "proxy for Understudy"
        )
    return told


def _spares(environ: Mapping[str, str], address: str) -> bool:
    from urllib.parse import urlsplit

    written = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    hosts = [each.strip() for each in written.split(",")]
    return "*" in hosts or (urlsplit(address).hostname or "") in hosts
