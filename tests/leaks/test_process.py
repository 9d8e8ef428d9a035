"""The server's memory is closed to others; its children inherit no key and stay readable to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from understudy.io.cli.client import plan_client
from understudy.io.cli.key_variables import key_variables, named_in, without_keys
from understudy.io.engines import child
from understudy.io.keys import PASSPHRASE_VARIABLE
from understudy.io.process_hardening import OPEN_VARIABLE
from understudy.io.token import TOKEN_VARIABLE
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.secret import Secret
from understudy.protocols.settings_data import (
    EndpointSettings,
    KeyReference,
    SearchSettings,
    Settings,
)

from .searched import KEY, leaks_in

SECONDS_MAX = 30
PROGRAM = """
import ctypes, os, resource, subprocess
from pathlib import Path
from understudy.io.process_hardening import harden
if os.geteuid() == 0:
    os.setresuid(65534, 65534, 65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # which a change of user has taken away
harden(dict(os.environ))
def readable(process):
    try:
        return bool(Path(f"/proc/{process}/smaps_rollup").read_text())
    except OSError:
        return False
def environment(process):
    try:
        return bool(Path(f"/proc/{process}/environ").read_bytes())
    except OSError:
        return False
child = subprocess.Popen(["sleep", "30"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while Path(f"/proc/{child.pid}/comm").read_text() != "sleep\\n":
    pass
other = subprocess.run(["cat", f"/proc/{os.getpid()}/environ"], capture_output=True)
print(resource.getrlimit(resource.RLIMIT_CORE), readable("self"), readable(child.pid),
      environment(child.pid), other.returncode == 0)
child.kill()
child.wait()
"""
ENDPOINT = EndpointSettings(
    "work",
    ("claude-x",),
    ("anthropic",),
    "http://work.test",
    KeyReference("env", "WORK_KEY"),
    spare_keys=(KeyReference("env", "SPARE_KEY"), KeyReference("keychain", "other")),
)
SETTINGS = Settings(
    endpoints=(ENDPOINT,),
    search=SearchSettings("brave", "http://search.test", KeyReference("env", "SEARCH_KEY")),
)
NAMES = ("WORK_KEY", "SPARE_KEY", "SEARCH_KEY")
ENVIRONMENT = {"PATH": "/bin", "HOME": "/", **dict.fromkeys(NAMES, KEY)}


def run(*extra: tuple[str, str]) -> str:
    """Runs the program, as nobody where this is root."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        timeout=SECONDS_MAX,
        check=True,
        env={"PATH": "/usr/bin:/bin", **dict(extra)},
    )
    return done.stdout.decode().strip()


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux' /proc")
def test_the_server_is_closed_and_its_children_are_open_to_it() -> None:
    assert run() == "(0, 0) True True True False"


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux' /proc")
def test_a_debugger_is_let_in_where_the_user_says_so() -> None:
    assert run((OPEN_VARIABLE, "1")).endswith(" True True True True")


def test_the_variables_of_keys_are_known() -> None:
    assert set(key_variables(SETTINGS)) == set(NAMES)
    kept = without_keys({**ENVIRONMENT, TOKEN_VARIABLE: KEY, PASSPHRASE_VARIABLE: KEY}, SETTINGS)
    assert kept == {"PATH": "/bin", "HOME": "/"}


@pytest.mark.parametrize("text", ['key = "env:A"\n[x]\nkey = ["none", "env:B"]\nname = "env"'])
def test_the_variables_that_a_file_names_are_known(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    assert named_in(file) == {}
    file.write_text(text)
    assert set(named_in(file)) == {"A", "B"}
    file.write_text("key = ")
    assert named_in(file) == {}


def test_the_client_gets_no_key() -> None:
    table = RoutingTable.of(SETTINGS)
    plan = plan_client(ENVIRONMENT, [], "http://127.0.0.1:1", Secret("token"), table)
    assert leaks_in(repr(plan.environment(ENVIRONMENT))) == []
    ours = {**ENVIRONMENT, "OLD_KEY": KEY}
    written = {"OLD_KEY": "settings.toml"}
    plan = plan_client(ours, [], "http://127.0.0.1:1", Secret("token"), table, written)
    assert leaks_in(repr(plan.environment(ours))) == []
    assert "OLD_KEY" in plan.removed


def test_an_engine_gets_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert leaks_in(repr(child.child_environment(ENVIRONMENT))) == []
    monkeypatch.setattr(child, "ENVIRONMENT_KEPT", child.ENVIRONMENT_KEPT | {"WORK_KEY"})
    assert leaks_in(repr(child.child_environment(ENVIRONMENT))) == ["plain"]
