"""What was typed after a turn that has failed, or was left: a text that was added to its message.

Some clients put all that their user has typed since the last answer into one message, and beside
the results of tools where these came last. Which of its texts is new the request does not say, and
what stands beside a prompt may be pasted, or a skill's. But a message that was here before without
its last text was sent in vain, and has been typed on: no tool can do that, nor any page.

Told by what a session has seen itself. What it has not is not heard, and heard when it is said once
more. Only for the client that was seen to do so, Claude Code (2.1.330): another one may put a file
that its user attaches at a second try behind the same prompt.
"""

from __future__ import annotations

from typing import Final

import attrs

from ..turn import Turn
from .typed import Typed

DIALECT: Final = "anthropic"


@attrs.define
class LastMessage:
    """The last message of one conversation, as it was last seen."""

    _message: str = ""
    _is_added: bool = False
    """Whether its last text was added to what had been seen before: when it is sent again, too."""

    def follow(self, turn: Turn, said: Typed) -> Typed:
        """Takes that of the next turn, and tells what was typed in it."""
        if not (said.message and turn.named and turn.request.dialect == DIALECT):
            return said
        is_again = said.message == self._message
        self._is_added = self._is_added if is_again else said.added_to == self._message != ""
        self._message = said.message
        heard = said.added if self._is_added and not said.text else said.text
        return attrs.evolve(said, text=heard)
