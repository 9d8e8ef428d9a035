"""One attempt of the simulated Claude Code, and the connection that it keeps for the next one.

The client reads everything that it is sent. It has patience for so long: without a head, and after
the head without one more byte; then it leaves by RST, as at Esc. One connection serves all turns.
A new one is made after an abort or a cut, when the kept one has been idle for long, and when it has
something to read, which means that the server has closed it.
"""

from __future__ import annotations

import attrs
import h11
import trio

from .claude_reply import Reply
from .client import READ_BYTES, Answer, AnswerEnding, send_request
from .network import VirtualNetwork
from .socket import VirtualSocket

HEAD_SECONDS = 362.0
IDLE_SECONDS = 300.0
WHOLE_SECONDS = 300.0
"""For a whole message, which is not streamed, from the question to its end."""
KEPT_SECONDS = 300.0
"""How long an idle connection is used again."""
TOOL_BEGINS_SECONDS = 0.05
"""From the end of a tool use to its being run. The real client, cut sooner, may ask again."""


@attrs.define(eq=False)
class Attempt(Answer):
    """An answer with what the client makes of it."""

    is_first_on_connection: bool = False
    is_impatient: bool = False
    """Whether the client left because nothing came for too long."""
    reply: Reply = attrs.field(factory=Reply)

    @property
    def is_answer(self) -> bool:
        """Whether it is the model's whole answer."""
        return self.status == 200 and self.reply.stopped

    @property
    def has_begun_tools(self) -> bool:
        """Whether tools of it were being run when it ended."""
        latest = self.ended_seconds - TOOL_BEGINS_SECONDS
        return any(tool.whole_seconds <= latest for tool in self.reply.tools)

    @property
    def is_stream(self) -> bool:
        """Whether what comes is a stream: it was asked for, and there is no error."""
        return self.streamed and self.status == 200

    def add(self, data: bytes) -> None:
        """See Answer.add."""
        super().add(data)
        if self.is_stream:
            self.reply.receive(data, trio.current_time())

    def end(self, ending: AnswerEnding) -> None:
        """See Answer.end."""
        if ending is AnswerEnding.COMPLETE and not self.is_stream:
            self.reply.receive_whole(self.body, trio.current_time())
        super().end(ending)

    def hang_up(self) -> None:
        """Leaves the connection to its keeper, who closes it unless it can be used again."""


@attrs.define(eq=False)
class Wire:
    """The connection. With `loses_resets` the server does not hear that the client has left."""

    network: VirtualNetwork
    port: int
    loses_resets: bool = False
    _idle: VirtualSocket | None = None
    _idle_since: float = 0.0
    _protocol: h11.Connection = attrs.field(factory=lambda: h11.Connection(h11.CLIENT))
    _lost: list[VirtualSocket] = attrs.field(factory=list[VirtualSocket])

    async def ask(self, attempt: Attempt, head: h11.Request, body: bytes) -> None:
        """Asks and reads; afterwards the attempt says how it ended. Cancelled, it leaves by RST."""
        try:
            with trio.CancelScope() as patience:
                await self._read(attempt, head, body, patience)
            attempt.is_impatient = patience.cancelled_caught
        except (OSError, h11.RemoteProtocolError):
            attempt.end(AnswerEnding.CUT)
        finally:
            attempt.press_esc()  # unless it has ended by itself
            if attempt.socket is not None:
                self._keep_or_close(attempt, attempt.socket)

    def close(self) -> None:
        """Closes what is not in use, by FIN."""
        for socket in [*self._lost, *([self._idle] if self._idle else [])]:
            socket.close()
        self._lost, self._idle = [], None

    async def _read(
        self, attempt: Attempt, head: h11.Request, body: bytes, patience: trio.CancelScope
    ) -> None:
        limit_seconds = HEAD_SECONDS if attempt.streamed else WHOLE_SECONDS
        patience.deadline = trio.current_time() + limit_seconds
        socket = attempt.socket = self._take_idle() or await self._connect(attempt)
        await send_request(socket, self._protocol, head, body)
        while not attempt.ended.is_set():
            self._protocol.receive_data(await socket.recv(READ_BYTES))
            attempt.take(self._protocol)
            if attempt.status and attempt.streamed:
                patience.deadline = trio.current_time() + IDLE_SECONDS

    def _take_idle(self) -> VirtualSocket | None:
        idle, self._idle = self._idle, None
        if idle is None:
            return None
        if trio.current_time() - self._idle_since >= KEPT_SECONDS or idle.is_readable():
            idle.close()
            return None
        self._protocol.start_next_cycle()
        return idle

    async def _connect(self, attempt: Attempt) -> VirtualSocket:
        attempt.is_first_on_connection = True
        self._protocol = h11.Connection(h11.CLIENT)
        return await self.network.open_connected("127.0.0.1", self.port)

    def _keep_or_close(self, attempt: Attempt, socket: VirtualSocket) -> None:
        states = {self._protocol.our_state, self._protocol.their_state}
        if attempt.ending is AnswerEnding.COMPLETE and states == {h11.DONE}:
            self._idle, self._idle_since = socket, trio.current_time()
        elif attempt.ending is not AnswerEnding.LEFT:
            socket.close()
        elif self.loses_resets:
            attempt.is_unheard = True
            self._lost.append(socket)
        else:
            socket.abort()
