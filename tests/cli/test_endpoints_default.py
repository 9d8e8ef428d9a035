"""`understudy endpoints default`: shown, set and cleared, and never in the user's own file."""

from __future__ import annotations

from .stage import Stage, endpoint


def test_it_is_shown_set_and_cleared(stage: Stage) -> None:
    file = stage.write_settings(endpoint("https://a.example"))
    before = file.read_text()
    assert stage.run("endpoints", "default").stdout == "work/claude-x\n"
    ran = stage.run("endpoints", "default", "rehearsal")
    assert "the default is rehearsal from now on" in ran.stdout
    ran = stage.run("endpoints", "default")
    assert ran.stdout == "rehearsal\n"
    assert "to undo: understudy endpoints default --clear" in ran.stderr
    assert (
        "the settings say the default again" in stage.run("endpoints", "default", "--clear").stdout
    )
    assert stage.run("endpoints", "default").stdout == "work/claude-x\n"
    assert file.read_text() == before


def test_what_is_not_there_is_no_default(stage: Stage) -> None:
    file = stage.write_settings(endpoint("https://a.example"))
    ran = stage.run("endpoints", "default", "claude-z")
    assert ran.returncode == 2
    assert "no endpoint has the model claude-z" in ran.stderr
    assert not file.with_name("default.toml").exists()
