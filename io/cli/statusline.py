"""`understudy statusline`: one line below the prompt of Claude Code, about the conversation.

The client runs it again and again, gives it JSON on stdin (code.claude.com/docs/en/statusline), and
shows what it prints, colours too. So it starts fast, waits no longer than a moment, and says in a
few words what is wrong, rather than fail. It asks the running server alone, and shows the token to
no other user's program.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import click
import msgspec

from ...protocols.window_words import in_kilos, kilo_of
from ..folders import Folders
from ..listeners import TABLES, user_listens
from ..server_file import RunningServer, ServerFile
from ..token import load_token
from .errors import expected_errors

DEADLINE_SECONDS: Final = 0.3
"""For everything that is asked of the server."""
INPUT_BYTES_MAX: Final = 2**20
ANSWER_BYTES_MAX: Final = 65_536
READ_BYTES: Final = 16_384
COLUMNS_MAX: Final = 80
PLACE_COLUMNS_MIN: Final = 12
SESSION_CHARACTERS_MAX: Final = 128
MANY_PERCENT: Final = 70
FULL_PERCENT: Final = 90
FAST_TOKENS_PER_SECOND: Final = 10.0
"""From here on a speed is told without its fraction."""
BETWEEN: Final = " \N{MIDDLE DOT} "
NOT_RUNNING: Final = "understudy: not running"
NO_ANSWER: Final = "understudy: no answer"
BAD_INPUT: Final = "understudy: no session on stdin"
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._:-]")
"""What the server leaves out of a session's id (protocols/identity.py)."""
YELLOW, RED, PLAIN, DIM = "\x1b[33m", "\x1b[31m", "\x1b[0m", "\x1b[2m"


class Usage(msgspec.Struct, frozen=True):
    """The tokens of the client's last request, as it has counted them."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_creation_input_tokens: int = 0
    cache_read_input_tokens: int = 0

    @property
    def read_tokens(self) -> int:
        """All of the input."""
        cached = self.cache_creation_input_tokens + self.cache_read_input_tokens
        return self.input_tokens + cached


class ContextWindow(msgspec.Struct, frozen=True):
    """What the client says of its window; `current_usage` is null before the first answer."""

    current_usage: Usage | None = None


class Input(msgspec.Struct, frozen=True):
    """What the client writes to stdin, as far as it is read."""

    session_id: str
    context_window: ContextWindow | None = None

    @property
    def usage(self) -> Usage:
        """The tokens of its last request."""
        return (self.context_window and self.context_window.current_usage) or Usage()


class Conversation(msgspec.Struct, frozen=True):
    """What the server says (io/serving/statusline.py)."""

    place: str
    once: bool = False
    context_tokens: int = 0
    used_tokens: int = 0
    tokens_per_second: float = 0.0
    state: str = ""
    private: bool = False


@click.command("statusline")
def command() -> None:
    """Print one line about a Claude Code session: who answers, how full it is, how fast it is.

    For the client's `statusLine` setting, which `understudy install claude-code --statusline` sets;
    it reads the session's JSON on stdin.

    \b
    Examples:
      echo '{"session_id": "abc"}' | understudy statusline
    """
    click.echo(status_line(os.environ, _piped()), color=True)


def status_line(environ: Mapping[str, str], piped: bytes) -> str:
    """The line. Never raises for what may be wrong outside."""
    try:
        asked = msgspec.json.decode(piped, type=Input)
    except msgspec.MsgspecError:
        return BAD_INPUT
    try:
        folders = Folders.from_environment(environ)
        note = ServerFile(folders.server_file).running()
        if note is None or not _is_ours(note):
            return NOT_RUNNING
        token = load_token(environ, folders.token_file).reveal()
        told = _ask(note, token, asked)
    except (OSError, ValueError, msgspec.MsgspecError):
        return NO_ANSWER
    except expected_errors() as error:
        return _shortened(f"understudy: {error}".partition("\n")[0], COLUMNS_MAX)
    return line(told, asked.usage, coloured=_is_coloured(environ))


def line(told: Conversation, usage: Usage, *, coloured: bool) -> str:
    """The line's words: at most so many columns, of which the place gives way first."""
    used = usage.read_tokens + usage.output_tokens or told.used_tokens
    percent = 100 * used // told.context_tokens if told.context_tokens else 0
    context = _context(used, told.context_tokens, percent)
    marks = [told.state] if told.state in ("resting", "on trial") else []
    marks += ["once"] if told.once else []
    marks += ["private"] if told.private else []
    rest = [part for part in (context, _speed(told.tokens_per_second), *marks) if part]
    room = COLUMNS_MAX - len(BETWEEN.join(["", *rest]))
    place = _shortened(_printable(told.place), max(room, PLACE_COLUMNS_MIN))
    if coloured:
        colour = RED if percent >= FULL_PERCENT else YELLOW if percent >= MANY_PERCENT else ""
        rest = [_painted(each, colour if each == context else _colour_of(each)) for each in rest]
    return BETWEEN.join([place, *rest])


def _context(used: int, window: int, percent: int) -> str:
    """Both numbers in the window's own kilo: 64K are 65,536 and 200K are 200,000."""
    kilo = kilo_of(window)
    if not used:
        return f"{in_kilos(window, kilo)} window" if window else ""
    if not window:
        return f"{in_kilos(used, kilo)} used"
    return f"{in_kilos(used, kilo)} of {in_kilos(window, kilo)} ({percent}%)"


def _speed(tokens_per_second: float) -> str:
    if not tokens_per_second:
        return ""
    digits = 0 if tokens_per_second >= FAST_TOKENS_PER_SECOND else 1
    return f"{tokens_per_second:.{digits}f} tok/s"


def _colour_of(part: str) -> str:
    return RED if part == "resting" else DIM


def _painted(text: str, colour: str) -> str:
    return f"{colour}{text}{PLAIN}" if colour else text


def _shortened(text: str, columns: int) -> str:
    """Without its middle where it is too long: the endpoint and the model's ending stay."""
    if len(text) <= columns:
        return text
    end = (columns - 1) // 2
    return f"{text[: columns - 1 - end]}\N{HORIZONTAL ELLIPSIS}{text[len(text) - end :]}"


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)


def _is_coloured(environ: Mapping[str, str]) -> bool:
    """The client draws colours, where its terminal has any; stdout is a pipe to it."""
    return not environ.get("NO_COLOR") and environ.get("TERM", "dumb") != "dumb"


def _is_ours(note: RunningServer) -> bool:
    if TABLES[0].exists():
        return user_listens(urlsplit(note.address).port or 0)
    from .server import is_its_own  # asks psutil, which costs a moment

    return is_its_own(note)


def _ask(note: RunningServer, token: str, asked: Input) -> Conversation:
    """One request on a bare socket: an HTTP library would cost more than the answer.

    Raises OSError, ValueError or MsgspecError.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    parts = urlsplit(note.address)
    session = _UNFIT.sub("", asked.session_id)[:SESSION_CHARACTERS_MAX]
    target = f"/conversation.json?session={session}&read={max(asked.usage.read_tokens, 0)}"
    request = (
        f"GET {target} HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: Bearer {token}\r\n"
        "connection: close\r\n\r\n"
    )
    answer, where = b"", (parts.hostname or "", parts.port or 0)
    with socket.create_connection(where, DEADLINE_SECONDS) as peer:
        if not _is_ours(note):
            raise OSError("another program listens there now")
        peer.sendall(request.encode("ascii"))
        while len(answer) < ANSWER_BYTES_MAX:
            peer.settimeout(max(deadline - time.monotonic(), 0.001))
            data = peer.recv(READ_BYTES)
            if not data:
                break
            answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1:2] != [b"200"]:
        raise ValueError("the server did not answer as it should")
    return msgspec.json.decode(body, type=Conversation)


def _piped() -> bytes:
    """What the client has written; nothing is waited for on a terminal."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return b""
    return sys.stdin.buffer.read(INPUT_BYTES_MAX)
