"""A plain client of the served address, over a virtual socket, which sees exactly what came.

Esc is what Claude Code does: the connection is closed by RST. An answer has one ending: complete
as HTTP defines it, cut in the middle, left by Esc, or never begun. A plain client asks once, over
a connection of its own; `claude` has one that asks as the real one does.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import attrs
import h11
import msgspec
import trio

from .chronicle import Tell, tell_nobody
from .marker import marked_user
from .network import VirtualNetwork
from .socket import VirtualSocket

READ_BYTES = 65_536


class AnswerEnding(Enum):
    """How an answer ended, as its client saw it."""

    OPEN = "open"
    COMPLETE = "complete"
    CUT = "cut"
    LEFT = "left"


@attrs.define(eq=False)
class Answer:
    """What has come so far; `ended` is set once and for all."""

    marker: str = ""
    streamed: bool = True
    model: str = ""
    """Whom it is asked of, as the client names it."""
    request: bytes = attrs.field(default=b"", repr=False)
    """The body of what was asked."""
    dialect: str = "anthropic"
    """That of its client."""
    prompt: str = ""
    """What its user has typed last, and `number` which of their prompts that was."""
    number: int = 0
    status: int = 0
    headers: dict[bytes, bytes] = attrs.field(factory=dict[bytes, bytes])
    ending: AnswerEnding = AnswerEnding.OPEN
    begun_seconds: float = attrs.field(factory=trio.current_time)
    left_seconds: float = -1.0
    is_unheard: bool = False
    """Whether it was left without the server's being told: the RST was lost."""
    ended_seconds: float = -1.0
    tell: Tell = tell_nobody
    ended: trio.Event = attrs.field(factory=trio.Event)
    reads: trio.Event = attrs.field(factory=trio.Event)
    """Nothing is read before it is set."""
    socket: VirtualSocket | None = None
    """Its connection, which is closed when the answer ends."""
    _received: bytearray = attrs.field(factory=bytearray, repr=False)
    _changed: trio.lowlevel.ParkingLot = attrs.field(factory=trio.lowlevel.ParkingLot)

    @property
    def body(self) -> bytes:
        """The body, so far as it has come."""
        return bytes(self._received)

    @property
    def state(self) -> str:
        """How far the turn is, while it is not over."""
        if self.ended.is_set():
            return "over"
        if not self.status:
            return "before the head"
        in_tool = self.body.rfind(b'"type":"tool_use"') > self.body.rfind(b"content_block_stop")
        return "in a tool call" if in_tool else "mid-stream"

    async def wait_until(self, condition: Callable[[], bool]) -> bool:
        """Waits until it is true of what has come, or for the end; says whether it is true."""
        while not condition() and not self.ended.is_set():
            await self._changed.park()
        return condition()

    def press_esc(self) -> None:
        """Leaves, by RST."""
        if not self.ended.is_set():
            self.left_seconds = trio.current_time()
            self.tell("presses Esc")
            self.end(AnswerEnding.LEFT)

    async def read(
        self, network: VirtualNetwork, port: int, request: h11.Request, body: bytes
    ) -> None:
        """Sends the request and reads until the end."""
        connection = h11.Connection(h11.CLIENT)
        try:
            self.socket = await network.open_connected("127.0.0.1", port)
            if self.ended.is_set():  # by Esc, while it was connecting
                self.hang_up()
            await send_request(self.socket, connection, request, body)
            await self.reads.wait()
            while not self.ended.is_set():
                connection.receive_data(await self.socket.recv(READ_BYTES))
                self.take(connection)
        except (OSError, trio.ClosedResourceError, h11.RemoteProtocolError):
            self.end(AnswerEnding.CUT)

    def take(self, connection: h11.Connection) -> None:
        """Takes all that has come over the connection."""
        while (event := connection.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.Response):
                self.status, self.headers = event.status_code, dict(event.headers)
            elif isinstance(event, h11.Data):
                self.add(bytes(event.data))
            else:
                self.end(AnswerEnding.COMPLETE)
                return
        self._changed.unpark_all()

    def add(self, data: bytes) -> None:
        """Takes more of the body."""
        self._received += data

    def end(self, ending: AnswerEnding) -> None:
        """Ends it, unless it has ended: once and for all."""
        if self.ended.is_set():
            return
        self.ending, self.ended_seconds = ending, trio.current_time()
        self.ended.set()
        if ending is not AnswerEnding.LEFT:
            self.tell(f"sees it {ending.value}, status {self.status}")
        self._changed.unpark_all()
        self.hang_up()

    def hang_up(self) -> None:
        """Closes the connection, by RST if the answer was left."""
        if self.socket is not None and self.ending is AnswerEnding.LEFT:
            self.socket.abort()
        elif self.socket is not None:
            self.socket.close()


async def send_request(
    socket: VirtualSocket, connection: h11.Connection, request: h11.Request, body: bytes
) -> None:
    """Sends a whole request. Raises OSError."""
    pieces = [connection.send(event) for event in (request, h11.Data(data=body))]
    unsent = b"".join(piece or b"" for piece in (*pieces, connection.send(h11.EndOfMessage())))
    while unsent:
        unsent = unsent[await socket.send(unsent) :]


@attrs.define(eq=False)
class Client:
    """Someone with a session of their own; `name` is theirs alone, the session may not be."""

    network: VirtualNetwork
    nursery: trio.Nursery
    port: int
    token: str
    session: str
    model: str
    name: str
    tell: Tell = tell_nobody
    answers: list[Answer] = attrs.field(factory=list[Answer])

    def start(self, text: str, *, reads: bool = True) -> Answer:
        """Asks, and reads in a task of its own, at once or when `answer.reads` is set."""
        answer = Answer(f"{self.name}#{len(self.answers) + 1}", tell=self.tell)
        self.tell("asks")
        if reads:
            answer.reads.set()
        self.answers.append(answer)
        request, body = self._request(text, answer.marker)
        answer.model, answer.request = self.model, body
        answer.prompt, answer.number = text, len(self.answers)
        self.nursery.start_soon(
            answer.read, self.network, self.port, request, body, name=f"client:{self.session}"
        )
        return answer

    async def ask(self, text: str) -> Answer:
        """Asks, and reads to the end."""
        answer = self.start(text)
        await answer.ended.wait()
        return answer

    def _request(self, text: str, marker: str) -> tuple[h11.Request, bytes]:
        messages = [{"role": "user", "content": text}]
        request = {
            "model": self.model,
            "max_tokens": 64,
            "stream": True,
            "messages": messages,
            "metadata": {"user_id": marked_user(marker, self.session)},
        }
        body = msgspec.json.encode(request)
        headers = [
            ("host", f"127.0.0.1:{self.port}"),
            ("authorization", f"Bearer {self.token}"),
            ("x-claude-code-session-id", self.session),
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
        ]
        return h11.Request(method="POST", target="/v1/messages", headers=headers), body
