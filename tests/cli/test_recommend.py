"""`understudy recommend`: what the running server says of its endpoints, and what without one."""

from __future__ import annotations

import json

from .stage import Stage, endpoint

WORK = endpoint("https://work.invalid").replace("200000", "60000")
HOME = endpoint("http://127.0.0.1:9", name="home", key="none")


def test_the_running_server_is_asked(stage: Stage) -> None:
    stage.write_settings(f"{WORK}\n{HOME}\nprivate = true\n[recommend]\nspeed = 2\n")
    with stage.serving():
        shown = stage.run("recommend", "private")
        told = json.loads(stage.run("recommend", "long", "--json").stdout)
    assert shown.stdout.splitlines()[0].startswith("home/claude-x holds 200K")
    assert "work/claude-x is remote, and this stays private." in " ".join(shown.stdout.split())
    assert told["best"] == "home/claude-x"
    assert [each["place"] for each in told["ranking"]] == ["home/claude-x", "work/claude-x"]
    assert [each["cause"] for each in told["left_out"]] == ["embedded"]


def test_without_a_server_nobody_knows(stage: Stage) -> None:
    refused = stage.run("recommend", "long")
    assert refused.returncode == 2
    assert "no server is running" in refused.stderr
    assert "understudy serve" in refused.stderr
