"""`understudy endpoints`, from the server and from the file."""

from __future__ import annotations

import json
from typing import Any

from .stage import KEY, Stage, endpoint, wait_until


def listed(output: str) -> list[list[str]]:
    return [line.split() for line in output.splitlines()[1:]]


def test_without_a_server_the_settings_file_is_listed(stage: Stage) -> None:
    file = stage.write_settings(endpoint("https://a.example"))
    ran = stage.run("endpoints", WORK_KEY=KEY)
    work = ["*", "work/claude-x", "anthropic", "https://a.example", "200,000", "env:WORK_KEY"]
    assert listed(ran.stdout) == [
        [*work, "(set)", "no", "server"],
        ["rehearsal/rehearsal", "llama.cpp", "embedded", "32,768", "-", "no", "server"],
    ]
    assert f"from {file}" in ran.stderr
    assert KEY not in ran.stdout + ran.stderr


def test_the_running_server_is_asked(stage: Stage) -> None:
    settings = endpoint("https://a.example") + endpoint("https://b.example", name="b", key="none")
    stage.write_settings(f'default = "b/claude-x"\n{settings}')
    with stage.serving() as server:
        ran = stage.run("endpoints", "--json")
        answer: Any = json.loads(ran.stdout)
    assert answer["source"] == server.address
    assert [(row["name"], row["default_model"]) for row in answer["endpoints"]] == [
        ("work", None),
        ("b", "claude-x"),
        ("rehearsal", None),
    ]
    assert answer["endpoints"][0] == {
        "name": "work",
        "kind": "anthropic",
        "address": "https://a.example",
        "models": ["claude-x"],
        "default_model": None,
        "context_tokens": 200_000,
        "key": "env:WORK_KEY",
        "key_set": False,
        "state": "idle",
    }


def test_a_server_on_old_settings_says_so(stage: Stage) -> None:
    file = stage.write_settings(endpoint("https://a.example"))
    with stage.serving():
        file.write_text("nonsense")
        wait_until(lambda: stage.run("endpoints").stderr)
        ran = stage.run("endpoints")
    assert f"{file}:1:" in ran.stderr
    assert "work/claude-x" in ran.stdout
    assert "env:WORK_KEY" not in ran.stdout


def test_another_file_can_be_named(stage: Stage) -> None:
    named = stage.folder / "named.toml"
    named.write_text(endpoint("https://named.example"))
    assert "https://named.example" in stage.run("endpoints", "--config", str(named)).stdout


def test_a_bad_file_is_told(stage: Stage) -> None:
    file = stage.write_settings("default = 1\n")
    ran = stage.run("endpoints")
    assert ran.returncode == 2
    assert f"understudy: {file}:1: default: must be a string" in ran.stderr
