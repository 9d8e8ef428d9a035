"""Settings files in pieces, and what reading them comes to."""

from __future__ import annotations

import pytest
from understudy.protocols.settings import EndpointSettings, SettingsError, parse_settings

PEER = """\
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "https://example.com"
models = ["claude-x"]
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, "settings.toml")
    return [str(problem) for problem in caught.value.problems]


def the_problem_of(text: str) -> str:
    problems = problems_of(text)
    assert len(problems) == 1, problems
    return problems[0]


def the_endpoint_of(text: str, path: str = "/home/ann/settings.toml") -> EndpointSettings:
    (endpoint,) = parse_settings(text, path, home="/home/ann").endpoints
    return endpoint


def peer(line: str) -> str:
    """The good endpoint with one key's line replaced, or added as line 6."""
    key = line.split(" ")[0]
    kept = [each for each in PEER.splitlines() if not each.startswith(f"{key} ")]
    return "\n".join([*kept, line])
