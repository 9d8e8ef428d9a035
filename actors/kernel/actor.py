"""What an actor is: private state, and one method for each way of being spoken to.

An actor that can answer without awaiting makes `handle` a plain function: it then answers in the
asker's own step while it waits for mail, else inside the mailbox loop. A coroutine is served in a
task of its own, so that one slow call does not hold up the next; `concurrency` bounds how many.
"""

from __future__ import annotations

from typing import Any

import trio

from ...protocols.actor import Message, Note, Sink, StreamMessage


class Actor:
    """Base of all actors. One instance is one incarnation; a restart makes a new one."""

    concurrency: int = 1024
    """Calls served at once; more wait in the mailbox."""

    background: trio.Nursery
    """For the actor's own tasks. A crash in one of them is a crash of the actor."""

    async def start(self) -> None:
        """Prepares the actor before its first message; an error here is a crash."""

    async def stop(self) -> None:
        """Tidies up after the last call, within the kernel's stop bound."""

    def handle(self, message: Message[Any], /) -> Any:
        """Answers a question: returns the reply, or a coroutine that does."""
        raise NotImplementedError(f"{type(self).__name__} does not answer {type(message).__name__}")

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> Any:
        """Answers with items sent into `sink` and returns the reply that ends the stream."""
        raise NotImplementedError(f"{type(self).__name__} does not stream {type(message).__name__}")

    def note(self, note: Note, /) -> None:
        """Takes a note, at once."""
