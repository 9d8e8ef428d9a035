"""The server's own token: what a client must present, on loopback too.

Taken from `$UNDERSTUDY_TOKEN`, else from a file that the first start makes. The file appears whole
or not at all: it is written under another name and then linked into place, and a link never
replaces what is there, so that of two servers starting at once both use the token of the first.
A file that others can read or own is refused: whoever knows the token can use every key.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ..protocols.secret import Secret
from .folders import FolderUnusable, make_folder

TOKEN_VARIABLE: Final = "UNDERSTUDY_TOKEN"  # noqa: S105 the name of a variable, not a secret
TOKEN_BYTES: Final = 32
TOKEN_CHARACTERS_MIN: Final = 8
TOKEN_CHARACTERS_MAX: Final = 256

_FORM: Final = re.compile(rf"[A-Za-z0-9._~-]{{{TOKEN_CHARACTERS_MIN},{TOKEN_CHARACTERS_MAX}}}")
_FORM_IN_WORDS: Final = (
    f"allowed: {TOKEN_CHARACTERS_MIN} to {TOKEN_CHARACTERS_MAX} of letters, digits and ._~- "
    "(it must fit into a header and a URL)"
)


class TokenError(Exception):
    """There is no token that could be used; the message says why and what to do."""


class ServerToken(Secret):
    """The token, never shown."""

    __slots__ = ()

    def matches(self, candidate: str) -> bool:
        """Compares in a time that does not depend on where the first difference is."""
        import hmac  # here and not above: who shows the token compares none

        given = candidate.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(self.reveal().encode("ascii"), given)


def load_token(environ: Mapping[str, str], file: Path) -> ServerToken:
    """Reads the token from the environment or the file, or makes the file. Raises TokenError."""
    given = environ.get(TOKEN_VARIABLE, "").strip()
    if given:
        if not _FORM.fullmatch(given):
            raise TokenError(f"${TOKEN_VARIABLE} (not shown) is no usable token; {_FORM_IN_WORDS}")
        return ServerToken(given)
    try:
        if not os.path.lexists(file):
            _make(file)
        return _read(file)
    except FolderUnusable as error:
        raise TokenError(str(error)) from None
    except OSError as error:
        raise TokenError(
            f"{file}: the token file cannot be used: {error.strerror}; "
            f"make its folder writable, or set {TOKEN_VARIABLE}"
        ) from None


def _make(file: Path) -> None:
    import base64

    make_folder(file.parent)
    token = base64.urlsafe_b64encode(os.urandom(TOKEN_BYTES)).rstrip(b"=")
    draft = file.with_name(f"{file.name}.{os.urandom(8).hex()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as writer:
            writer.write(token + b"\n")
            writer.flush()
            os.fsync(descriptor)
        os.link(draft, file)
    except FileExistsError:
        return  # another server was first: its token is as good, and is read next
    finally:
        draft.unlink()


def _read(file: Path) -> ServerToken:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        _check_privacy(file, os.fstat(descriptor))
        content = os.read(descriptor, TOKEN_CHARACTERS_MAX + 2)
    finally:
        os.close(descriptor)
    token = content.decode("ascii", "replace").strip()
    if not _FORM.fullmatch(token):
        raise TokenError(
            f"{file}: what the file holds (not shown) is no usable token; {_FORM_IN_WORDS}; "
            "remove the file, and the next start makes a new one"
        )
    return ServerToken(token)


def _check_privacy(file: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise TokenError(f"{file}: the token file is not a regular file; remove it")
    if found.st_uid != os.geteuid():
        raise TokenError(
            f"{file}: the token file belongs to another user (id {found.st_uid}), who could know "
            "the token; remove it, and the next start makes a new one"
        )
    if found.st_mode & 0o077:
        raise TokenError(
            f"{file}: other users may read or change the token file; the token may be known: "
            "remove it, and the next start makes a new one"
        )
