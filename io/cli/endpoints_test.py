"""`understudy endpoints test`: whether an endpoint does what the client needs, tried for real."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
import click

from ...protocols.settings import EndpointSettings
from ..folders import Folders
from ..keys import KeyUnavailable
from ..providers.trial import Trial
from .endpoint_shelf import EndpointShelf, run_trial
from .errors import CannotRun, Failed
from .output import show_details, show_json, spinner


@click.command("test")
@click.argument("name")
@click.option("--model", default="", metavar="ID", help="Try this model, not the first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Use this settings file."
)
def command(name: str, model: str, as_json: bool, config: Path | None) -> None:
    """Try an endpoint: its list of models, and one short streamed message with a tool.

    It costs a few tokens there. Exits with 1 if something is wrong, and says what to do.

    \b
    Examples:
      understudy endpoints test work
      understudy endpoints test work --model claude-haiku-4-5 --json
    """
    shelf = EndpointShelf.of(Folders.from_environment(os.environ), config)
    endpoints = {each.name: each for each in shelf.settings().endpoints}
    if name not in endpoints:
        known = ", ".join(endpoints) or "none is set up yet"
        raise CannotRun(f"there is no endpoint {name}; known: {known}")
    trial = tried(endpoints[name], shelf, model)
    if as_json:
        show_json({"endpoint": name, **attrs.asdict(trial)})
    else:
        show_trial(trial)
    if trial.failure:
        raise Failed(f"{name}: {trial.failure}")


def tried(endpoint: EndpointSettings, shelf: EndpointShelf, model: str = "") -> Trial:
    """What a trial of an endpoint gives; a key that cannot be had is a failure of it, too."""
    if endpoint.base_url is None:
        command = f"understudy ask --model {endpoint.name}/{endpoint.models[0]} hello"
        raise CannotRun(f"{endpoint.name} is an engine on this machine; try: {command}")
    try:
        with spinner(f"trying {endpoint.name} at {endpoint.base_url}"):
            return run_trial(endpoint, shelf, model)
    except KeyUnavailable as error:
        return Trial(model, str(error))


def show_trial(trial: Trial) -> None:
    """Prints what was seen; what was wrong is told by who called."""
    listed = "none" if trial.listed is None else f"{len(trial.listed)} listed"
    details = [("models", listed)]
    if trial.model:
        details.append(("tried", trial.model))
    if trial.first_seconds is not None:
        details.append(("first word", f"{trial.first_seconds:.1f} s"))
    if trial.total_seconds is not None:
        details.append(("whole answer", f"{trial.total_seconds:.1f} s, streamed"))
        called = "called" if trial.called_tool else "not called: the model may not know tools"
        details.append(("tool", called))
    show_details(details)
    if not trial.failure:
        click.echo("It works.")
