"""systemd and launchd as programs on PATH: the calls in their order, and what stops us."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from understudy.io.service import steps, systemd
from understudy.io.service.agent import LABEL
from understudy.io.service.launchd import Launchd
from understudy.io.service.manager import choose_manager
from understudy.io.service.plan import ServicePlan
from understudy.io.service.steps import ServiceError, apply, described
from understudy.io.service.systemd import Systemd

from .programs import calls, scripted

PLAN = ServicePlan(("/bin/sleep", "0.01"), {"UNDERSTUDY_HOME": "/srv/me"}, Path("/none/s.log"))


def test_each_system_has_its_manager() -> None:
    assert choose_manager({}, "linux", Path("/l")).name == "systemd"
    assert choose_manager({}, "darwin", Path("/l")).name == "launchd"
    with pytest.raises(ServiceError, match="no service for win32 yet; `understudy serve` runs it"):
        choose_manager({}, "win32", Path("/l"))


def test_systemd_reads_the_unit_before_it_starts_it(tmp_path: Path) -> None:
    environ = scripted(tmp_path, "fake_systemctl", "systemctl", "loginctl")
    manager = Systemd(environ)
    manager.check()
    apply(manager.install(PLAN), environ)
    assert calls(tmp_path)[1:] == [
        "systemctl --user daemon-reload",
        "systemctl --user reset-failed understudy.service",
        "systemctl --user enable understudy.service",
        "systemctl --user restart understudy.service",
    ]
    assert manager.state().installed
    assert manager.state().enabled
    assert "enable-linger" in manager.hint()
    apply(manager.remove(), environ)
    assert not manager.file.exists()
    assert manager.remove() == ()


@pytest.mark.parametrize(
    ("environ", "sign", "step"),
    [
        ({"WSL_DISTRO_NAME": "Debian", "XDG_RUNTIME_DIR": "/r"}, False, "/etc/wsl.conf"),
        ({"XDG_RUNTIME_DIR": "/r"}, True, "make `understudy serve` its command"),
        ({}, False, "log in as this user (ssh, not su)"),
        ({"XDG_RUNTIME_DIR": "/r"}, False, "go without: `understudy serve` runs it"),
    ],
)
def test_where_no_systemd_runs_for_the_user_the_next_step_is_told(
    environ: dict[str, str],
    sign: bool,
    step: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signs = (tmp_path,) if sign else ()
    monkeypatch.setattr(systemd, "CONTAINER_SIGNS", signs)
    with pytest.raises(ServiceError) as none:
        Systemd(environ | {"PATH": str(tmp_path)}).check()
    assert str(none.value).startswith("there is no systemd here (no systemctl on PATH); ")
    assert step in str(none.value)
    environ = environ | scripted(tmp_path, "fake_systemctl", "systemctl") | {"FAKE_NO_BUS": "1"}
    with pytest.raises(ServiceError) as no_bus:
        Systemd(environ).check()
    assert "(Failed to connect to bus: No medium found)" in str(no_bus.value)
    assert step in str(no_bus.value)


def test_launchd_lets_the_old_one_leave_before_the_new_one_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "AGAIN_SECONDS", 0.01)
    environ = scripted(tmp_path, "fake_launchctl", "launchctl")
    manager, gui = Launchd(environ, tmp_path / "s.log"), f"gui/{os.getuid()}"
    plan = ServicePlan(PLAN.command, {}, tmp_path / "logs" / "s.log")
    manager.check()
    (tmp_path / "kept" / "leaving").write_text("2")
    apply(manager.install(plan), environ)
    load = f"bootstrap {gui} {manager.file}"
    assert calls(tmp_path)[1:] == [
        f"bootout {gui}/{LABEL}",
        f"enable {gui}/{LABEL}",
        *[load] * 3,
    ]
    assert plan.log_file.parent.is_dir()
    assert (manager.state().running, manager.state().process_id) == (True, 4711)
    assert manager.install(plan) == (), "what runs as it should is left alone"
    apply(manager.restart(), environ)
    apply(manager.remove(), environ)
    assert not manager.file.exists()
    assert manager.state().words == "stopped"


def test_launchd_tells_of_a_crash_and_of_a_session_that_is_not_there(tmp_path: Path) -> None:
    environ = scripted(tmp_path, "fake_launchctl", "launchctl")
    manager = Launchd(environ | {"FAKE_CRASHED": "1"}, tmp_path / "s.log")
    apply(manager.install(PLAN)[1:], environ)
    assert manager.state().words == "not running, last exit code 2"
    with pytest.raises(ServiceError, match="nothing has been logged yet"):
        manager.log_command(5, follow=False)
    with pytest.raises(ServiceError, match="log in at the screen once"):
        Launchd(environ | {"FAKE_NO_SESSION": "1"}, tmp_path / "s.log").check()
    (tmp_path / "s.log").touch()
    assert manager.log_command(5, follow=True) == ("tail", "-n", "5", "-F", str(tmp_path / "s.log"))


def test_systemd_tells_of_a_service_that_has_ended_by_itself(tmp_path: Path) -> None:
    environ = scripted(tmp_path, "fake_systemctl", "systemctl")
    manager = Systemd(environ)
    assert not manager.state().failing
    (tmp_path / "kept" / "pid").write_text("999999999")
    state = manager.state()
    assert (state.failing, state.running, state.words) == (True, False, "failed (dead): exit-code")


def test_the_log_is_asked_of_every_journal_that_may_be_read(tmp_path: Path) -> None:
    words = Systemd({"HOME": str(tmp_path)}).log_command(7, follow=False)
    assert words[:3] == ("journalctl", "--user-unit=understudy.service", "--lines=7")
    assert "--user" not in words, "it leaves out the journal that all users share"


@pytest.mark.parametrize(
    ("platform", "way"), [("linux", "systemctl --user edit"), ("darwin", "launchctl setenv")]
)
def test_each_manager_says_how_a_variable_is_given(platform: str, way: str, tmp_path: Path) -> None:
    hint = choose_manager({}, platform, tmp_path / "s.log").variable_hint("HTTPS_PROXY")
    assert way in hint
    assert "HTTPS_PROXY" in hint


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_file_of_somebody_else_s_is_left_alone(platform: str, tmp_path: Path) -> None:
    environ = scripted(tmp_path, "fake_systemctl", "systemctl")
    manager = choose_manager(environ, platform, tmp_path / "s.log")
    manager.file.parent.mkdir(parents=True)
    manager.file.write_text("[Service]\nExecStart=/mine\n")
    with pytest.raises(ServiceError, match="was not written by Understudy, and is left alone"):
        manager.install(PLAN)
    with pytest.raises(ServiceError, match="was not written by Understudy, and is left alone"):
        manager.remove()
    assert manager.file.read_text().endswith("/mine\n")


def test_a_dry_run_shows_the_difference_and_does_nothing(tmp_path: Path) -> None:
    environ = scripted(tmp_path, "fake_systemctl", "systemctl")
    manager = Systemd(environ)
    shown = list(described(manager.install(PLAN)))
    assert shown[:2] == ["--- /dev/null", f"+++ {manager.file}"]
    assert '+ExecStart="/bin/sleep" "0.01"' in shown
    assert shown[-1] == "run: systemctl --user restart understudy.service"
    assert not manager.file.exists()
    assert not (tmp_path / "kept" / "calls").exists()


def test_a_program_that_fails_is_named_with_its_words(tmp_path: Path) -> None:
    environ = scripted(tmp_path, "fake_systemctl", "systemctl") | {"FAKE_NO_BUS": "1"}
    with pytest.raises(ServiceError, match="daemon-reload` failed: Failed to connect to bus"):
        apply(Systemd(environ).install(PLAN), environ)
