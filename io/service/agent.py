"""The launchd agent of the server, as a property list.

Source: launchd.plist(5). An agent of the user's graphical session may ask the login keychain.
`KeepAlive` with `SuccessfulExit` false starts it again after a crash, and leaves it stopped when it
was stopped. `ProcessType` is Interactive: launchd slows the processes of other types down, and
models with them. launchd bounds no log, so the server keeps its own, with a limit; what is printed
beside it (a start that fails) goes to a file next to it.
"""

from __future__ import annotations

import plistlib
from typing import Any, Final

from .plan import ServicePlan
from .steps import MARK

LABEL: Final = "local.understudy.serve"
STOP_SECONDS: Final = 20
THROTTLE_SECONDS: Final = 10
"""Between two starts."""
UMASK: Final = 0o077

_HEAD: Final = b'<plist version="1.0">'


def agent_text(plan: ServicePlan) -> str:
    """The property list's text, with our mark in a comment."""
    printed = str(plan.log_file.with_suffix(".err"))
    agent: dict[str, Any] = {
        "Label": LABEL,
        "ProgramArguments": [*plan.command, "--log-file", str(plan.log_file)],
        "EnvironmentVariables": dict(sorted(plan.environment.items())),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": THROTTLE_SECONDS,
        "ExitTimeOut": STOP_SECONDS,
        "ProcessType": "Interactive",
        "Umask": UMASK,
        "HardResourceLimits": {"Core": 0},
        "StandardOutPath": printed,
        "StandardErrorPath": printed,
    }
    comment = f"<!-- {MARK}; `understudy service remove` takes it away. -->\n".encode()
    return plistlib.dumps(agent, sort_keys=False).replace(_HEAD, comment + _HEAD, 1).decode()
