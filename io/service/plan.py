"""What is to be kept running: this installation's own program, and where its files are.

The environment holds folders alone. A unit or a property list lies in the open and is copied into
backups: no token, no passphrase and no key may stand in it. The server makes its token in a file of
its own, and keys come from the keychain.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

from ..folders import HOME_VARIABLE, Folders

PROGRAM: Final = "understudy"
FOLDER_VARIABLES: Final = (
    HOME_VARIABLE,
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
)
"""What of the environment is carried over: where our folders are, as they were for who installs."""
LOG_NAME: Final = "service.log"


@attrs.frozen
class ServicePlan:
    """The command with absolute paths, its environment, and where a log may be written."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    log_file: Path


def make_plan(folders: Folders, environ: Mapping[str, str], config: Path | None) -> ServicePlan:
    """The plan for the server of these folders; `config` is another settings file than theirs."""
    options = () if config is None else ("--config", str(config.absolute()))
    carried = {name: environ[name] for name in FOLDER_VARIABLES if environ.get(name, "").strip()}
    if HOME_VARIABLE in carried:
        carried[HOME_VARIABLE] = str(folders.settings_file.parent)
    return ServicePlan((*program(), "serve", *options), carried, folders.log_dir / LOG_NAME)


def program() -> tuple[str, ...]:
    """How this installation is started from anywhere, whatever PATH says there."""
    script = Path(sys.executable).with_name(PROGRAM)
    if os.access(script, os.X_OK):
        return (str(script),)
    return (sys.executable, "-P", "-m", __name__.partition(".")[0])
