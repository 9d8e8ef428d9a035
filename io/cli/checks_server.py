"""The checks of the settings file, the port and the running server."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from ... import __version__
from ..server_file import RunningServer
from ..service.holder import owner_of
from ..token import TokenError, load_token
from .errors import Failed
from .findings import Circumstances, Finding, fail, ok, warn
from .server import Refused, Server, ServerStatus, is_healthy, is_its_own, other_token

PORT_ADVICE = "stop that program, or set another port below [server] in the settings"


def check_settings(circumstances: Circumstances) -> Iterator[Finding]:
    """The settings file can be read; each problem in it is a finding of its own."""
    file = circumstances.settings_file
    for problem in circumstances.problems:
        yield fail("settings", str(problem), f"correct it in {file}; `serve` will not start so")
    if circumstances.problems:
        return
    if not file.exists():
        yield ok("settings", f"{file} (not there: the defaults hold)")
        return
    count = len(circumstances.settings.endpoints)
    default = circumstances.settings.default_model
    endpoints = "1 endpoint" if count == 1 else f"{count} endpoints"
    yield ok("settings", f"{file}: {endpoints}, default {default}")


def check_port(circumstances: Circumstances) -> Iterator[Finding]:
    """The port of the settings is free, or ours already."""
    host, port = circumstances.settings.server.host, circumstances.settings.server.port
    note = circumstances.note
    if port == 0:
        yield ok("port", "any free one (port 0)")
        return
    if note is not None and urlsplit(note.address).port == port and is_its_own(note):
        yield ok("port", f"{port}: Understudy itself (process {note.process_id})")
        return
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield fail("port", f"{port} on {host} is taken by {_listener(port)}", PORT_ADVICE)
        else:
            advice = "correct `host` and `port` below [server] in the settings"
            yield fail("port", f"{port} on {host}: {error.strerror or error}", advice)
    else:
        yield ok("port", f"{port} on {host} is free")


def check_server(circumstances: Circumstances) -> Iterator[Finding]:
    """The running server answers, knows the token, and is of this version."""
    note = circumstances.note
    if note is None:
        yield ok("server", "none runs; `understudy serve` starts one, `understudy claude` its own")
        return
    place = f"{note.address} (process {note.process_id})"
    if not is_its_own(note):
        advice = f"run: rm {circumstances.folders.server_file}"
        yield warn("server", f"a note names {place}, which does not listen there", advice)
        return
    if not is_healthy(note.address):
        advice = f"stop it (kill {note.process_id}) and start it again; its log may say why"
        yield fail("server", f"{place} does not answer /healthz", advice)
        return
    yield _check_inside(circumstances, note, place)


def _check_inside(circumstances: Circumstances, note: RunningServer, place: str) -> Finding:
    try:
        token = load_token(circumstances.environ, circumstances.folders.token_file)
        status = Server(note.address, token).read("/status.json", ServerStatus)
    except TokenError:
        return fail("server", f"{place}: no token to ask it with", "see the check `token`")
    except Refused as error:
        return fail("server", f"{place} refuses the token ({error.status})", other_token(note))
    except Failed as error:
        return fail("server", error.message, f"stop it (kill {note.process_id}) and start it again")
    if status.version != __version__:
        return warn(
            "server",
            f"{place} is version {status.version}, this command {__version__}",
            "start the server again, to have one version",
        )
    if status.problems:
        return warn("server", f"{place} says: {'; '.join(status.problems)}", "see there")
    return ok("server", f"{place} answers, token and version match")


def _listener(port: int) -> str:
    """The program that listens on a port, as far as the operating system tells."""
    import psutil

    try:
        for each in psutil.net_connections(kind="tcp"):
            listens = each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port
            if listens and each.pid:
                return f"process {each.pid} ({psutil.Process(each.pid).name()})"
    except psutil.Error:
        pass
    owner = owner_of(port)
    if owner.whose == "another's":
        return f"a program of another user{f' ({owner.user})' if owner.user else ''}"
    return "another program, whose name this system does not tell"
