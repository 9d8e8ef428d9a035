"""What an engine's process is given, and what is kept of its log."""

from __future__ import annotations

from understudy.io.engines.child import LogTail, child_environment, engine_threads


def test_no_key_reaches_the_engine() -> None:
    environment = {
        "PATH": "/bin",
        "HOME": "/home/user",
        "DYLD_LIBRARY_PATH": "/lib",
        "WORK_KEY": "secret",
        "ANTHROPIC_API_KEY": "secret",
        "UNDERSTUDY_TOKEN": "secret",
        "LD_PRELOAD": "/other.so",
    }
    assert child_environment(environment) == {
        "PATH": "/bin",
        "HOME": "/home/user",
        "DYLD_LIBRARY_PATH": "/lib",
        "GGML_NO_BACKTRACE": "1",
    }


def test_an_engine_has_at_least_one_thread() -> None:
    assert engine_threads() >= 1


def test_the_log_keeps_its_newest_bytes() -> None:
    log = LogTail(10)
    for number in range(100):
        log.append(b"line %d\n" % number)
    assert log.lines(9) == ["8", "line 99"]
    assert log.lines(1) == ["line 99"]


def test_a_log_in_one_piece_is_cut_too() -> None:
    log = LogTail(4)
    log.append(b"a long line\nend\n")
    log.append(b"\n")
    assert log.lines(3) == ["nd"]
