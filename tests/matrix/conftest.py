"""One set of scripted upstreams, and one server in front of them, for all cells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .cells import DIALECTS, JUDGES, SCRIPTS, Upstreams, scenes_of
from .judges.judge import Judge
from .understudy_server import open_server, settings
from .upstreams.script import KEY, TOKEN
from .upstreams.server import open_upstream

Judges = dict[str, Judge]


@pytest.fixture(scope="session")
def upstreams() -> Iterator[Upstreams]:
    with ExitStack() as stack:
        yield {
            dialect: stack.enter_context(open_upstream(SCRIPTS[dialect], scenes_of(dialect)))
            for dialect in DIALECTS
        }


@pytest.fixture(scope="session")
def direct_judges(upstreams: Upstreams) -> Iterator[Judges]:
    """Each judge in front of the upstream of its own dialect, with nothing between."""
    with ExitStack() as stack:
        yield {name: judge(name, upstreams[name].url, KEY, stack) for name in DIALECTS}


@pytest.fixture(scope="session")
def base_url(upstreams: Upstreams, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Understudy, which has an endpoint for each upstream."""
    folder: Path = tmp_path_factory.mktemp("understudy")
    with open_server(folder, settings(upstreams)) as url:
        yield url


@pytest.fixture(scope="session")
def judges(base_url: str) -> Iterator[Judges]:
    """Every judge in front of Understudy."""
    with ExitStack() as stack:
        yield {name: judge(name, base_url, TOKEN, stack) for name in DIALECTS}


def judge(dialect: str, base_url: str, token: str, stack: ExitStack) -> Judge:
    made = JUDGES[dialect](base_url, token)
    stack.callback(made.close)
    return made
