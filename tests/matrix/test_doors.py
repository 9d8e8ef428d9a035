"""How clients of each dialect come in: with the token in the path, and never with a wrong one.

A wrong token is a 403: told 401, Claude Code tries again for minutes, which looks like a hang.
"""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from .answer import Seen
from .cells import DIALECTS, JUDGES
from .conftest import judge
from .questions import PLAIN
from .understudy_server import endpoint
from .upstreams.script import TOKEN

MODEL = f"{endpoint('anthropic')}/text"


def asked(dialect: str, base_url: str, token: str) -> Seen:
    """What a client with this base URL and token sees."""
    with ExitStack() as stack:
        return judge(dialect, base_url, token, stack).ask(PLAIN, MODEL, streamed=False)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_token_in_the_path_opens(dialect: str, base_url: str) -> None:
    seen = asked(dialect, f"{base_url}/t/{TOKEN}", "unused")
    assert (seen.failure, seen.text) == (None, "Paris.")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_wrong_token_is_refused_in_the_dialect_s_words(dialect: str, base_url: str) -> None:
    failure = asked(dialect, base_url, "wrong").failure
    assert failure
    assert (failure.place, failure.status) == ("response", 403)
    assert failure.message


def test_each_dialect_has_a_judge() -> None:
    assert set(JUDGES) == set(DIALECTS)
