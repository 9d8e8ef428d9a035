"""The user's token for a hub, where the hub's own programs keep it.

It is read when a hub is asked, is sent to the hub's own host alone (`Hub.may_have_token`), and is
shown nowhere. A file that cannot be read is no token: what is public needs none.

Source: huggingface_hub.utils._auth and constants.py (HF_TOKEN, HF_TOKEN_PATH, HF_HOME).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

TOKEN_VARIABLES: Final = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
IMPLICIT_OFF_VARIABLE: Final = "HF_HUB_DISABLE_IMPLICIT_TOKEN"
TOKEN_BYTES_MAX: Final = 4_096


def find_token(environ: Mapping[str, str]) -> str:
    """The token; "" if there is none."""
    for name in TOKEN_VARIABLES:
        if token := _cleaned(environ.get(name, "")):
            return token
    if environ.get(IMPLICIT_OFF_VARIABLE, "").upper() in ("1", "ON", "YES", "TRUE"):
        return ""
    try:
        with _token_file(environ).open("rb") as file:
            return _cleaned(file.read(TOKEN_BYTES_MAX).decode("ascii"))
    except (OSError, UnicodeDecodeError, RuntimeError):
        return ""


def _token_file(environ: Mapping[str, str]) -> Path:
    if named := environ.get("HF_TOKEN_PATH"):
        return Path(named).expanduser()
    cache = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(environ.get("HF_HOME") or f"{cache}/huggingface").expanduser() / "token"


def _cleaned(text: str) -> str:
    """Without white space; what could not be a header's value is no token."""
    token = text.strip()
    return token if token.isascii() and token.isprintable() and " " not in token else ""
