"""What is logged when an actor fails: where it was, never what it was asked."""

from __future__ import annotations

import logging
from typing import Any

import attrs
import pytest
import trio
from understudy.actors.kernel import Actor, open_system
from understudy.app import FailureLog
from understudy.protocols.actor import CallFailed, Message, Rank


@attrs.frozen
class Say(Message[None]):
    """Something private."""

    words: str


class Fragile(Actor):
    """Crashes with the words that it was told, as a decoder does."""

    def handle(self, message: Message[Any], /) -> Any:
        assert isinstance(message, Say)
        raise KeyError(message.words)


async def test_a_failed_call_is_logged_without_what_was_said(
    caplog: pytest.LogCaptureFixture, autojump_clock: trio.testing.MockClock
) -> None:
    words = "-".join(["what", "was", "said"])
    with caplog.at_level(logging.DEBUG):
        async with open_system(trouble_observers=[FailureLog()]) as system:
            ref = system.spawn("fragile", Rank.BACKEND, Fragile)
            for _ in range(4):  # the fourth within a minute makes it anew
                with pytest.raises(CallFailed, match="fragile failed on Say: KeyError") as caught:
                    await ref.ask(Say(words))
                assert words not in repr(caught.value)
            await trio.sleep(1)
    assert "fragile failed a call" in caplog.text
    assert "fragile is made anew after" in caplog.text
    assert "test_failure_log.py" in caplog.text
    assert words not in caplog.text
