"""The server that runs: found by its note, proved to be ours before it is shown the token.

A note may outlive its server, its process id may be another program's by now, and its port may be
another user's. So the token is sent only to a port on which the noted process itself listens, if
it is this user's. On Linux the server keeps its descriptors to itself (`process_hardening`): there
a listener of this user is as good, who could read the token's file as well. Each connection looks
once more, when it is open and nothing was sent: a server may have ended meanwhile.
"""

from __future__ import annotations

import http.client
import os
from typing import Any, TypeVar
from urllib.parse import urlsplit

import attrs
import msgspec

from ..folders import Folders
from ..listeners import others_listen, user_listens
from ..server_file import RunningServer, ServerFile
from ..token import ServerToken
from .errors import CannotRun, Failed

ANSWER_SECONDS_MAX = 5.0
"""For the short answers about the server itself."""
ANSWER_BYTES_MAX = 16 * 2**20

Answer = TypeVar("Answer")


class ServerEndpoint(msgspec.Struct, frozen=True):
    """An endpoint as the server tells of it."""

    name: str
    kind: str
    address: str
    models: tuple[str, ...]
    context_tokens: int
    default: bool
    state: str
    turns: int
    key: str = "none"


class ServerStatus(msgspec.Struct, frozen=True):
    """What `/status.json` says, as far as the command line reads it."""

    version: str
    problems: tuple[str, ...]
    endpoints: tuple[ServerEndpoint, ...]
    aliases: dict[str, str] = {}
    """Ids that rules make, and where each leads first."""


class ListedModel(msgspec.Struct, frozen=True):
    """One model of `/v1/models`; its window is None where nobody knows it."""

    id: str
    max_input_tokens: int | None = None


class ModelList(msgspec.Struct, frozen=True):
    """What `/v1/models` says, as far as the command line reads it."""

    first_id: str
    data: tuple[ListedModel, ...] = ()


class Link(msgspec.Struct, frozen=True):
    """What `/link` says: the path that opens the pages."""

    path: str


class ForeignListener(OSError):
    """Another user's program listens where the server did."""


class CheckedConnection(http.client.HTTPConnection):
    """A connection on which nothing is sent to another user's program."""

    def connect(self) -> None:
        """Connects, and looks who listens there. Raises ForeignListener."""
        super().connect()
        if others_listen(self.port):
            self.close()
            raise ForeignListener(f"another user's program listens at port {self.port}")


class Refused(Exception):
    """The server answered with an error status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@attrs.frozen
class Server:
    """A running server and the token for it."""

    address: str
    token: ServerToken

    def read(
        self, path: str, kind: type[Answer], *, method: str = "GET", body: bytes | None = None
    ) -> Answer:
        """Asks for a short answer. Raises Refused, or Failed when there is none."""
        connection = self.connect(ANSWER_SECONDS_MAX)
        try:
            connection.request(method, path, body=body, headers=self.headers())
            response = connection.getresponse()
            content = response.read(ANSWER_BYTES_MAX)
            if response.status != 200:
                raise Refused(response.status, error_message(response.status, content))
            return msgspec.json.decode(content, type=kind)
        except (OSError, http.client.HTTPException, msgspec.MsgspecError) as error:
            raise Failed(
                f"the server at {self.address} does not answer as Understudy does: {error}; "
                "`understudy doctor` looks closer"
            ) from None
        finally:
            connection.close()

    def connect(self, timeout_seconds: float | None) -> http.client.HTTPConnection:
        """A connection to the server, opened by its first request; no proxy in between."""
        parts = urlsplit(self.address)
        return CheckedConnection(parts.hostname or "", parts.port, timeout=timeout_seconds)

    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"authorization": f"Bearer {self.token.reveal()}"}


def find_server(folders: Folders, token: ServerToken) -> Server | None:
    """Finds the running server; None if there is none. Raises CannotRun on another token."""
    note = ServerFile(folders.server_file).running()
    if note is None or not is_its_own(note) or not is_healthy(note.address):
        return None
    server = Server(note.address, token)
    try:
        server.read("/status.json", ServerStatus)
    except Refused as error:
        if error.status != 403:
            raise Failed(f"the server at {note.address} says: {error}") from None
        raise CannotRun(other_token(note)) from None
    return server


def other_token(note: RunningServer) -> str:
    """Says that the running server has another token, and what to do."""
    return (
        f"the server at {note.address} (process {note.process_id}) was started with another "
        "token; set UNDERSTUDY_TOKEN as it was there, or stop that server"
    )


def is_its_own(note: RunningServer) -> bool:
    """Tells whether the noted process itself listens on the noted port."""
    import psutil  # native code that only some commands need

    port = urlsplit(note.address).port or 0
    try:
        process = psutil.Process(note.process_id)
        if process.uids().effective != os.geteuid():
            return False
        sockets = process.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return user_listens(port)
    except psutil.Error:
        return False
    return any(
        each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port
        for each in sockets
    )


def is_healthy(address: str) -> bool:
    """Asks `/healthz`, without a token."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=ANSWER_SECONDS_MAX
    )
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        answer: Any = msgspec.json.decode(response.read(1_000))
    except (OSError, http.client.HTTPException, msgspec.MsgspecError):
        return False
    finally:
        connection.close()
    return response.status == 200 and answer == {"status": "ok"}


def error_message(status: int, content: bytes) -> str:
    """The message in an error body of the Anthropic dialect, or what can be said without it."""
    try:
        error: Any = msgspec.json.decode(content)
        return str(error["error"]["message"])
    except (msgspec.MsgspecError, KeyError, TypeError):
        return f"status {status}"
