"""A real systemd that keeps one user's services, with a journal, closed off from the machine's own.

systemd as a user's manager needs the sign that the machine runs systemd, a folder for its sockets
and a branch of the control groups; `journalctl` needs a journald. They get them in namespaces of
their own (mounts, processes, control groups): so it works in a container, touches nothing outside,
and what it starts ends with it. The journal is in memory. The branch has the name that logind would
give it, for journald tells a user's units by that name.

The manager and all below it have no capabilities, as a user's have none: a unit that only starts
for an administrator does not start here. Making the namespaces takes an administrator, though.
Sources: systemd(1), systemd-journald.service(8), unshare(1), cgroup_namespaces(7).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import attrs
import psutil

PROGRAMS = ("systemctl", "journalctl", "unshare", "nsenter", "setpriv")
SECONDS_MAX = 60.0
LINE_BYTES_MAX = 4_096

_BRANCH = """\
set -eu
groups=$XDG_RUNTIME_DIR/groups
mkdir -p "$groups"
mount -t cgroup2 none "$groups"
own=$(sed -n s/^0:://p /proc/self/cgroup)
branch=$groups${own%/}/understudy-test-$$
mkdir "$branch"
trap 'find "$branch" -depth -type d -exec rmdir {} +' EXIT
(
  echo 0 > "$branch/cgroup.procs"
  exec unshare --cgroup --mount --pid --fork --kill-child --mount-proc sh -c "$1"
) || true
"""
"""Enters a branch of its own; what is closed off after that has it for the root of all groups."""

_MANAGER = """\
set -eu
mount -t cgroup2 none /sys/fs/cgroup
for folder in /run/systemd /run/log /var/log; do
  mkdir -p "$folder"
  mount -t tmpfs none "$folder"
done
mkdir /run/systemd/system
start() {
  mkdir -p "/sys/fs/cgroup/$1"
  ( echo 0 > "/sys/fs/cgroup/$1/cgroup.procs"; shift; exec "$@" ) &
}
start system.slice/systemd-journald.service /lib/systemd/systemd-journald
start "user.slice/user-$(id -u).slice/user@$(id -u).service" \
  setpriv --bounding-set -all --inh-caps -all /lib/systemd/systemd --user --log-target=null
until [ -S /run/systemd/journal/stdout ] && [ -S "$XDG_RUNTIME_DIR/systemd/private" ]; do
  sleep 0.02
done
echo ready
wait
"""


def why_not() -> str:
    """Why there can be no such systemd here; "" where there can."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if sys.platform != "linux" or missing:
        return f"not installed here: {', '.join(missing) or 'Linux'}"
    if os.geteuid() != 0:
        return "only an administrator may close a systemd off from the machine's own"
    groups = ["mount", "-t", "cgroup2", "none", "/mnt"]
    words = ["unshare", "--mount", "--cgroup", "--pid", "--fork", *groups]
    tried = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    return tried.stderr.strip()


@attrs.frozen
class UserSystemd:
    """One that runs. `environ` is that of a login; `inside` is the process that holds it all."""

    environ: Mapping[str, str]
    inside: int

    def run(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Runs a program where the user is logged in, to its end."""
        return subprocess.run(
            ["nsenter", f"--target={self.inside}", "--mount", "--cgroup", "--pid", *words],
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )


@contextmanager
def open_user_systemd(home: Path, variables: Mapping[str, str]) -> Generator[UserSystemd]:
    """A user's systemd in a home, with nothing in it yet but what the machine's packages bring."""
    sockets = home / "run"
    sockets.mkdir(mode=0o700)
    environ = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(sockets),
        **variables,
    }
    complaints = home / "systemd.err"
    words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _BRANCH, "sh", _MANAGER]
    with complaints.open("wb") as errors:
        outside = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, env=environ)
    try:
        assert outside.stdout is not None
        said = outside.stdout.readline(LINE_BYTES_MAX)
        assert said == b"ready\n", complaints.read_text()
        yield UserSystemd(environ, _first_inside(outside.pid))
    finally:
        _stop(outside)
    assert outside.returncode == 0, complaints.read_text()


def _first_inside(outside: int) -> int:
    """The process that is the first one in its own namespace, as it is numbered outside."""
    below = psutil.Process(outside).children(recursive=True)
    return next(each.pid for each in below if _number_inside(each.pid) == 1)


def _number_inside(process: int) -> int:
    [numbers] = [
        line.split()[1:]
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if line.startswith("NSpid:")
    ]
    return int(numbers[-1]) if len(numbers) > 1 else 0


def _stop(outside: subprocess.Popen[bytes]) -> None:
    """Ends the first process inside, and so all others; then the branch is taken away."""
    for child in psutil.Process(outside.pid).children(recursive=True):
        if _number_inside(child.pid) == 1:
            child.kill()
            break
    assert outside.stdout is not None
    outside.stdout.close()
    outside.wait(SECONDS_MAX)
