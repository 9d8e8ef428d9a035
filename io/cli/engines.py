"""`understudy engines`: what runs models on this machine, and how the better of the two is got."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from ..engines.build_output import Progress
from ..engines.llama_install import (
    Installer,
    InstallFailed,
    InstallRuns,
    log_file_of,
    work_folder_of,
)
from ..engines.llama_installed import LibraryUnusable, installed_version, load_once
from ..engines.llama_recipe import (
    INSTALLED_BYTES,
    SOURCE_BYTES,
    VERSION,
    WORK_BYTES,
    Recipe,
    serves,
)
from ..engines.toolchain import Toolchain, problems, toolchain
from ..folders import Folders
from ..server_file import ServerFile
from .build_view import duration, showing_progress, stopwatch
from .catalogue import read_settings
from .checks_engines import GAIN
from .engine_rows import TITLES, engine_rows
from .errors import CannotRun, Failed
from .key_variables import without_keys
from .output import is_terminal, note, show_details, show_json, spinner, styled

LLAMA: Final = "llama.cpp"
INTERRUPTED: Final = 130
MEGABYTE: Final = 1_000_000
_engine = click.argument("engine", type=click.Choice([LLAMA]))
_config = click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Read this settings file."
)
_yes = click.option("--yes", "-y", is_flag=True, help="Do not ask.")


@click.group("engines")
def command() -> None:
    """Show what runs models here; install or remove llama.cpp.

    A model in a file is run by a worker of Understudy's own, which needs llama.cpp built for this
    machine; or else by the llama.cpp server that comes with Understudy.

    \b
    Examples:
      understudy engines list
      understudy engines install llama.cpp
      understudy engines remove llama.cpp
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_config
def list_engines(as_json: bool, config: Path | None) -> None:
    """List the engines: which is used, which version, and what it can use of this machine.

    \b
    Examples:
      understudy engines list
      understudy engines list --json
    """
    folders = Folders.from_environment(os.environ)
    settings = read_settings((config or folders.settings_file).absolute())
    with spinner("loading llama.cpp once"):
        rows = engine_rows(settings.engines)
    if as_json:
        show_json({"engines": [row.as_json() for row in rows]})
        return
    for row in rows:
        title = TITLES[row.kind]
        click.echo(f"{styled(title, 'green') if row.used else title}: {row.state}")
        show_details(row.details)
    if not any(row.used and row.kind == "direct" for row in rows):
        note(f"`understudy engines install {LLAMA}`: {GAIN}")


@command.command("install")
@_engine
@click.option("--cuda", is_flag=True, help="For NVIDIA's GPUs; needs the CUDA toolkit.")
@click.option("--vulkan", is_flag=True, help="For GPUs by way of Vulkan; needs glslc.")
@click.option("--rebuild", is_flag=True, help="Build it again, though it is here.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@_yes
@click.pass_context
def install(
    ctx: click.Context,
    engine: str,
    cuda: bool,
    vulkan: bool,
    rebuild: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Build llama.cpp for this machine, for workers of Understudy's own.

    Compiles llama-cpp-python into the environment that Understudy runs in. Needs a C++ compiler. An
    interrupted or failed build leaves the environment as it was. What CMAKE_ARGS, CC and CXX say is
    heeded.

    \b
    Examples:
      understudy engines install llama.cpp
      understudy engines install llama.cpp --dry-run
      understudy engines install llama.cpp --cuda --yes
    """
    recipe = Recipe(cuda=cuda, vulkan=vulkan)
    if not rebuild and (present := _present(recipe)):
        click.echo(present)
        return
    folders = Folders.from_environment(os.environ)
    environ = _environment_of_a_build(folders)
    if found := list(problems(environ, work_folder_of(folders), recipe)):
        raise CannotRun("\n".join(f"{each.found}; {each.remedy}" for each in found))
    tools = toolchain(environ)
    click.echo(f"{LLAMA} will be built for this machine:")
    show_details(_plan(recipe, tools, folders))
    if dry_run:
        return
    _confirm("Build it?", yes=yes)
    seconds = stopwatch()
    with _told_when_it_fails(ctx, folders), showing_progress() as report:
        about = Installer(folders, environ, report).install(recipe, tools)
    click.echo(f"{LLAMA} is ready after {duration(seconds())}: {about.build}")
    show_details([("built for", about.features_in_words), ("place", about.place)])
    _tell_of_the_server(folders)


@command.command("remove")
@_engine
@_yes
@click.pass_context
def remove(ctx: click.Context, engine: str, yes: bool) -> None:
    """Take llama.cpp out of the environment; models then run in its server.

    \b
    Example:
      understudy engines remove llama.cpp
    """
    version = installed_version()
    if version is None:
        click.echo(f"{LLAMA} is not installed; there is nothing to remove")
        return
    folders = Folders.from_environment(os.environ)
    _confirm(f"Remove llama-cpp-python {version}?", yes=yes)
    environ = _environment_of_a_build(folders)
    with _told_when_it_fails(ctx, folders):
        Installer(folders, environ, _tell_nobody).remove()
    click.echo(f"llama-cpp-python {version} is removed; numpy and what else came with it stays")
    _tell_of_the_server(folders)


def _present(recipe: Recipe) -> str:
    """What to say where nothing need be built; "" where something must."""
    version = installed_version()
    if version is None or not serves(version):
        return ""
    try:
        with spinner("loading llama.cpp once"):
            about = load_once()
    except LibraryUnusable as error:
        note(f"{LLAMA} is installed and cannot be loaded, so it is built again: {error}")
        return ""
    if not set(recipe.gpus) <= set(about.features):
        return ""
    return f"{LLAMA} is installed already: {about.build} in {about.place}"


def _plan(recipe: Recipe, tools: Toolchain, folders: Folders) -> list[tuple[str, str]]:
    megabytes = round(SOURCE_BYTES / MEGABYTE)
    kinds = " and ".join(("this processor", *recipe.gpus))
    files = "1 file" if tools.jobs == 1 else f"{tools.jobs} files"
    return [
        ("source", f"llama-cpp-python {VERSION}, {megabytes} MB, pinned by its hash"),
        ("compiler", f"{tools.compiler}, {files} at a time"),
        ("built for", kinds),
        ("takes", f"{recipe.minutes_in_words(tools.jobs)} where nothing else runs"),
        (
            "disk",
            f"{WORK_BYTES // MEGABYTE} MB meanwhile in {work_folder_of(folders)}, "
            f"then {INSTALLED_BYTES // MEGABYTE} MB at most",
        ),
        ("goes into", sys.prefix),
        ("log", str(log_file_of(folders))),
    ]


def _environment_of_a_build(folders: Folders) -> dict[str, str]:
    """Ours without keys: what is built and what builds it is the work of others."""
    return without_keys(os.environ, read_settings(folders.settings_file))


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not is_terminal(sys.stdin):
        raise CannotRun("nobody can be asked here: say --yes")
    click.confirm(question, default=True, abort=True, err=True)


@contextmanager
def _told_when_it_fails(ctx: click.Context, folders: Folders) -> Generator[None]:
    """Says what went wrong, where the log is, and what to do."""
    try:
        yield
    except KeyboardInterrupt:
        note("stopped; the environment is as it was")
        ctx.exit(INTERRUPTED)
    except InstallRuns:
        raise CannotRun("another process builds or removes it just now; wait for that") from None
    except InstallFailed as error:
        for line in error.lines:
            click.echo(f"  {line}", err=True)
        advice = error.advice or "look into the log for the first error"
        log = f"the whole log: {log_file_of(folders)}"
        whole = "is as it was" if error.is_whole else "is not as it was"
        raise Failed(f"{error}; the environment {whole}\n{log}\n-> {advice}") from None


def _tell_of_the_server(folders: Folders) -> None:
    running = ServerFile(folders.server_file).running()
    if running is not None:
        note(f"the server at {running.address} goes on as it is until it is started again")


def _tell_nobody(_progress: Progress) -> None:
    """Takes no interest in how far it is."""
