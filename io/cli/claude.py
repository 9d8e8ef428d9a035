"""`understudy claude`: the real client, pointed at Understudy by its environment alone."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from itertools import takewhile
from types import FrameType

import attrs
import click

from ...protocols.secret import Secret
from ..clients.program import OwnProgram
from ..folders import Folders
from ..token import load_token
from .catalogue import read_settings, table_of_server
from .client import ClientPlan, plan_client
from .client_settings import over_files, ruling_files
from .errors import CannotRun
from .key_variables import named_in
from .launch import open_server
from .output import note
from .server import find_server

CLIENT_VARIABLE = "UNDERSTUDY_CLAUDE"
INSTALL_COMMAND = "npm install -g @anthropic-ai/claude-code"
OWN_OPTIONS = ("--help", "--show-environment")
FORWARDED = (signal.SIGTERM, signal.SIGHUP)
FOR_THE_CLIENT = (signal.SIGINT, signal.SIGQUIT)
"""What the terminal sends to us and the client alike: only the client acts on it."""


class ClientCommand(click.Command):
    """Takes its own options in front alone; the first other argument and all after it are not."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keeps click from reading the client's options."""
        own = list(takewhile(lambda each: each in OWN_OPTIONS, args))
        rest = args[len(own) :]
        if rest[:1] == ["--"]:
            del rest[0]
        return super().parse_args(ctx, [*own, "--", *rest])


@click.command("claude", cls=ClientCommand, options_metavar="[--show-environment]")
@click.option("--show-environment", is_flag=True, help="Print what the client would get, and exit.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[CLIENT ARGUMENTS]...")
@click.pass_context
def command(ctx: click.Context, show_environment: bool, arguments: tuple[str, ...]) -> None:
    """Start Claude Code against Understudy.

    All arguments go to `claude` as they are (`understudy claude -- --help` is the client's own
    help). Uses the server that runs; else starts one, and stops it when the client has ended.
    Only the client's environment is set; none of its files are touched. The exit code is the
    client's. UNDERSTUDY_CLAUDE names another program than the `claude` on PATH.

    \b
    Examples:
      understudy claude
      understudy claude -p "Explain this folder" --model work/claude-x
      understudy claude --show-environment
    """
    if show_environment:
        _show(_over_files(_plan_without_a_start(arguments), arguments))
        return
    program = find_client(os.environ)
    with _signals_for_the_client() as clients, open_server(os.environ) as server:
        table = table_of_server(server)
        named = named_in(Folders.from_environment(os.environ).settings_file)
        plan = plan_client(os.environ, arguments, server.address, server.token, table, named)
        plan = _over_files(plan, arguments)
        for line in plan.notes:
            note(line)
        code = _run([program, *plan.arguments], plan.environment(os.environ), clients)
    ctx.exit(code)


def find_client(environ: Mapping[str, str]) -> str:
    """The client's program. Raises CannotRun with the command that installs it."""
    named = environ.get(CLIENT_VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise CannotRun(f"{CLIENT_VARIABLE}={named}: there is no such program")
        return found
    found = shutil.which("claude", path=environ.get("PATH"))
    if found is None:
        raise CannotRun(
            f"Claude Code (`claude`) is not on PATH; install it with `{INSTALL_COMMAND}`, "
            f"or set {CLIENT_VARIABLE} to where it is"
        )
    return found


def _run(
    command_line: Sequence[str],
    environment: Mapping[str, str],
    clients: Clients,
) -> int:
    """Runs the client to its end and returns its exit code, 128 + N if signal N ended it."""
    clients.starting = True
    try:
        client = subprocess.Popen(command_line, env=environment)  # noqa: S603 the user's client
    except OSError as error:
        raise CannotRun(f"{command_line[0]} cannot be run: {error.strerror}") from None
    clients.running.append(client)
    for number in clients.missed:
        client.send_signal(number)
    code = client.wait()
    return code if code >= 0 else 128 - code


@attrs.define(eq=False)
class Clients:
    """The client, once it runs. It may run before `Popen` has returned: `starting` tells so, and
    `missed` keeps what was to be sent on meanwhile."""

    running: list[subprocess.Popen[bytes]] = attrs.field(factory=list[subprocess.Popen[bytes]])
    starting: bool = False
    missed: list[int] = attrs.field(factory=list[int])


@contextmanager
def _signals_for_the_client() -> Generator[Clients]:
    """Once a client is started, no signal ends us before it; those sent to us go on to it.

    The signals stay so while the server is stopped: the Ctrl-C that ended the client may come
    twice. Before there is a client they end us as ever.
    """
    clients = Clients()

    def forward(number: int, _frame: FrameType | None) -> None:
        if not clients.starting:
            raise SystemExit(128 + number)
        if not clients.running:
            clients.missed.append(number)
        for client in clients.running:
            client.send_signal(number)

    def leave_to_the_client(number: int, _frame: FrameType | None) -> None:
        """Not SIG_IGN: the client would inherit that."""
        if not clients.starting:
            raise SystemExit(128 + number)

    previous = {number: signal.signal(number, forward) for number in FORWARDED}
    previous |= {number: signal.signal(number, leave_to_the_client) for number in FOR_THE_CLIENT}
    try:
        yield clients
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _over_files(plan: ClientPlan, arguments: Sequence[str]) -> ClientPlan:
    return over_files(plan, arguments, ruling_files(os.environ), OwnProgram.of(os.environ))


def _plan_without_a_start(arguments: Sequence[str]) -> ClientPlan:
    folders = Folders.from_environment(os.environ)
    running = None
    if folders.state_dir.exists():
        running = find_server(folders, load_token(os.environ, folders.token_file))
    if running is not None:
        table = table_of_server(running)
        named = named_in(folders.settings_file)
        return plan_client(os.environ, arguments, running.address, running.token, table, named)
    from ...protocols.routing.table import RoutingTable

    table = RoutingTable.of(read_settings(folders.settings_file))
    address = "http://127.0.0.1:PORT"
    plan = plan_client(os.environ, arguments, address, Secret(""), table)
    note("no server runs: `understudy claude` would start one on a free PORT")
    return plan


def _show(plan: ClientPlan) -> None:
    for name, value in plan.settings.items():
        shown = "(not shown)" if isinstance(value, Secret) else shlex.quote(value)
        click.echo(f"{name}={shown}")
    for name in plan.removed:
        click.echo(f"unset {name}")
    click.echo(shlex.join([os.environ.get(CLIENT_VARIABLE) or "claude", *plan.arguments]))
    for line in plan.notes:
        note(line)
