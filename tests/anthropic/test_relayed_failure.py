"""An error of an endpoint that is told in our words, as when an offer stands in them."""

from __future__ import annotations

import pytest
from understudy.protocols.anthropic.passage import AnthropicRelay


@pytest.mark.parametrize(("told", "seconds"), [(b"7", 7), (b"1.5", 1), (b"soon", None)])
def test_the_time_to_wait_is_kept(told: bytes, seconds: int | None) -> None:
    relay = AnthropicRelay("1", "m", streamed=True)
    failure = relay.failure(502, ((b"retry-after", told),), b"")
    assert (failure.status, failure.retry_after_seconds) == (502, seconds)
