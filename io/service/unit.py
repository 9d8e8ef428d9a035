"""The systemd unit of the server.

Sources: systemd.unit(5), systemd.service(5) for the quoting of a command line, systemd.exec(5).

What is hardened is only what needs no namespace of its own. A user's manager can often make none
(kernels that forbid them to users), and then the service would not start at all. Nor are there
limits that would break a model: CUDA compiles at run time and maps devices, a browser makes its own
sandbox, the keychain is asked over the session's bus.
- `OOMPolicy=continue`: when the kernel kills a model's process, the others go on.
- `KillMode=mixed`: the server is asked to stop, and ends its models itself; who is left is killed.
- Of a start that fails it is tried ten times in five minutes: a port may be free a little later,
  settings with a mistake stay so.
"""

from __future__ import annotations

from typing import Final

from .plan import ServicePlan
from .steps import MARK, ServiceError

STOP_SECONDS: Final = 20
"""Turns in flight have five, models end after them."""
RESTART_SECONDS: Final = 3
STARTS_MAX: Final = 10
STARTS_WINDOW_SECONDS: Final = 300

_UNIT: Final = """\
# {mark}; `understudy service remove` takes it away.
# Changes of your own belong into a drop-in: `systemctl --user edit understudy.service`.
[Unit]
Description=Understudy: one local address with every model behind it
StartLimitIntervalSec={starts_window}
StartLimitBurst={starts}

[Service]
Type=exec
ExecStart={command}
{environment}Restart=on-failure
RestartSec={restart}
TimeoutStopSec={stop}
KillMode=mixed
OOMPolicy=continue
UMask=0077
LimitCORE=0
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK

[Install]
WantedBy=default.target
"""


def unit_text(plan: ServicePlan) -> str:
    """The unit's file. Raises ServiceError for a path that cannot stand in one."""
    environment = [f"{name}={value}" for name, value in sorted(plan.environment.items())]
    return _UNIT.format(
        mark=MARK,
        command=" ".join(_quoted(word.replace("$", "$$")) for word in plan.command),
        environment="".join(f"Environment={_quoted(each)}\n" for each in environment),
        restart=RESTART_SECONDS,
        stop=STOP_SECONDS,
        starts=STARTS_MAX,
        starts_window=STARTS_WINDOW_SECONDS,
    )


def _quoted(word: str) -> str:
    """One word in double quotes, with nothing in it that systemd would read."""
    if any(not character.isprintable() for character in word):
        raise ServiceError(f"{word!r}: a path with control characters cannot stand in a unit")
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
