"""Our own commands as other programs start them: from any folder, with any PATH.

Where our files are is part of it: a client that is started elsewhere has another environment, and
`understudy token` would then make a token of its own, which the server does not know.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from ..folders import HOME_VARIABLE
from ..service.plan import FOLDER_VARIABLES

ENV = "/usr/bin/env"


@attrs.frozen
class OwnProgram:
    """The words that start us, and the variables without which we would be somebody else."""

    words: tuple[str, ...]
    variables: Mapping[str, str] = attrs.field(factory=dict[str, str])

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> OwnProgram:
        """This installation: its script if it has one, else its interpreter and package."""
        script = Path(sys.executable).with_name("understudy")
        module = (sys.executable, "-P", "-m", __name__.partition(".")[0])
        words = (str(script),) if os.access(script, os.X_OK) else module
        home = environ.get(HOME_VARIABLE, "").strip()
        if home:
            return cls(words, {HOME_VARIABLE: str(Path(home).expanduser().absolute())})
        named = {name: environ.get(name, "").strip() for name in FOLDER_VARIABLES}
        return cls(words, {name: value for name, value in named.items() if value.startswith("/")})

    def for_shell(self, *arguments: str) -> str:
        """A line for a shell."""
        assigned = [f"{name}={shlex.quote(value)}" for name, value in self.variables.items()]
        return " ".join([*assigned, shlex.join([*self.words, *arguments])])

    def for_exec(self, *arguments: str) -> tuple[str, Sequence[str]]:
        """A program and its arguments, for what starts it without a shell or variables."""
        assigned = [f"{name}={value}" for name, value in self.variables.items()]
        first, *rest = [*([ENV, *assigned] if assigned else []), *self.words, *arguments]
        return first, rest
