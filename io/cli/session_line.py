"""One line below the prompt of Claude Code, about the conversation: `understudy statusline`.

The client runs it again and again, gives it JSON on stdin (code.claude.com/docs/en/statusline), and
shows what it prints, colours too. So it waits no longer than a moment, and says in a few words what
is wrong, rather than fail. It asks the running server alone, and shows the token to no other user's
program. Most of its time goes into starting Python, and then into imports: click, attrs and msgspec
would cost more than all the rest, so neither this module nor one that it imports has need of them.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import time
from collections.abc import Mapping
from typing import Final, NamedTuple

from ...protocols.json_values import object_of
from ...protocols.window_words import in_kilos, kilo_of
from ..folders import Folders, FolderUnusable
from ..listeners import TABLES, user_listens
from ..server_file import RunningServer, ServerFile
from ..token import TokenError, load_token

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


class Usage(NamedTuple):
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


class Session(NamedTuple):
    """What the client writes to stdin, as far as it is read."""

    name: str
    usage: Usage

    @classmethod
    def read(cls, piped: bytes) -> Session:
        """Reads it; no usage is told before the first answer. Raises ValueError."""
        said = object_of(json.loads(piped))
        name = said.get("session_id")
        if not isinstance(name, str):
            raise ValueError("a session has an id")
        usage = object_of(object_of(said.get("context_window")).get("current_usage"))
        return cls(name, Usage(*(_number(usage.get(name)) for name in Usage._fields)))


class Conversation(NamedTuple):
    """What the server says (io/serving/statusline.py)."""

    place: str
    once: bool = False
    context_tokens: int = 0
    used_tokens: int = 0
    tokens_per_second: float = 0.0
    state: str = ""
    private: bool = False

    @classmethod
    def read(cls, body: bytes) -> Conversation:
        """Reads the server's answer. Raises ValueError."""
        said = object_of(json.loads(body))
        place, state = said.get("place"), said.get("state", "")
        speed = said.get("tokens_per_second", 0.0)
        if not isinstance(place, str) or not isinstance(state, str):
            raise ValueError("a conversation has a place")
        return cls(
            place,
            said.get("once") is True,
            _number(said.get("context_tokens")),
            _number(said.get("used_tokens")),
            float(speed) if isinstance(speed, int | float) else 0.0,
            state,
            said.get("private") is True,
        )


def main() -> None:
    """Prints the line for what is piped in: as UTF-8, which the client reads in any locale."""
    shown = f"{status_line(os.environ, _piped())}\n"
    sys.stdout.buffer.write(shown.encode("utf-8", "replace"))
    sys.stdout.flush()


def status_line(environ: Mapping[str, str], piped: bytes) -> str:
    """The line. Never raises for what may be wrong outside."""
    try:
        asked = Session.read(piped)
    except (ValueError, RecursionError):
        return BAD_INPUT
    try:
        folders = Folders.from_environment(environ)
        note = ServerFile(folders.server_file).running()
        if note is None or not _is_ours(note):
            return NOT_RUNNING
        token = load_token(environ, folders.token_file).reveal()
        told = _ask(note, token, asked)
    except (OSError, ValueError, RecursionError):
        return NO_ANSWER
    except (FolderUnusable, TokenError) as error:
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
        return user_listens(_place(note.address)[1])
    from .server import is_its_own  # asks psutil, which costs a moment

    return is_its_own(note)


def _ask(note: RunningServer, token: str, asked: Session) -> Conversation:
    """One request on a bare socket: an HTTP library would cost more than the answer.

    Raises OSError or ValueError.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    session = _UNFIT.sub("", asked.name)[:SESSION_CHARACTERS_MAX]
    target = f"/conversation.json?session={session}&read={max(asked.usage.read_tokens, 0)}"
    request = (
        f"GET {target} HTTP/1.1\r\nhost: {_host(note.address)}\r\nauthorization: Bearer {token}\r\n"
        "connection: close\r\n\r\n"
    )
    answer = b""
    with socket.create_connection(_place(note.address), DEADLINE_SECONDS) as peer:
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
    return Conversation.read(body)


def _host(address: str) -> str:
    return address.partition("://")[2]


def _place(address: str) -> tuple[str, int]:
    """Host and port of an address as servers note it. Raises ValueError."""
    host, _, port = _host(address).rpartition(":")
    return host.strip("[]"), int(port)


def _piped() -> bytes:
    """What the client has written; nothing is waited for on a terminal."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return b""
    return sys.stdin.buffer.read(INPUT_BYTES_MAX)


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
