"""Variables of the user's shell that would lead a client past what its settings say.

Which of them win was measured with Claude Code 2.1.330: the `env` of its settings wins over the
shell, but a key, a token or a model of the shell is sent beside or instead of ours, and a variable
for another cloud leads away, unless it is "0" or "false". They do the same in the `env` of a
settings file (`precedence`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..token import TOKEN_VARIABLE

ELSEWHERE: Final = "the client does not use Understudy while it is set"
CLOUDS: Final = (
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "CLAUDE_CODE_USE_FOUNDRY",
    "CLAUDE_CODE_USE_MANTLE",
    "CLAUDE_CODE_USE_ANTHROPIC_AWS",
    "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD",
)
CLAUDE_CODE: Final[Mapping[str, str]] = {
    "ANTHROPIC_API_KEY": "the client sends that key to Understudy beside the token",
    "ANTHROPIC_AUTH_TOKEN": "the client sends it instead of Understudy's token, and is refused",
    "ANTHROPIC_MODEL": "it decides the model, not the settings",
    **dict.fromkeys(CLOUDS, ELSEWHERE),
}
"""What comes of each."""
BASE_URL: Final = "ANTHROPIC_BASE_URL"
PROXIES: Final = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def warnings(environ: Mapping[str, str], client: str, address: str) -> list[str]:
    """What to tell of this shell's variables; no value is shown."""
    table = CLAUDE_CODE if client == "claude-code" else {}
    told = [
        f"{name} is set in this shell: {comes_of_it}; unset it"
        for name, comes_of_it in table.items()
        if is_set(name, environ.get(name, ""))
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


def is_set(name: str, value: str) -> bool:
    """Whether a variable of that table has an effect."""
    return bool(value) and not (name in CLOUDS and value.lower() in ("0", "false"))


def _spares(environ: Mapping[str, str], address: str) -> bool:
    from urllib.parse import urlsplit

    written = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    hosts = [each.strip() for each in written.split(",")]
    return "*" in hosts or (urlsplit(address).hostname or "") in hosts
