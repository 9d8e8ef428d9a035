"""HTTP/1.1 as hypercorn speaks it, without the two things that would hurt us.

Hypercorn's `H11Protocol` parks its reader when a client pipelines, and so no longer sees the
client leave; and it hands a connection over to HTTP/2 or WebSocket when the client says so, past
every guard of ours. Here reading never parks: `receive` parses what it can and returns, and
`resume` goes on with a pipelined request once the response before it has ended. No other
protocol is spoken: HTTP/2 with prior knowledge is answered 505, a WebSocket upgrade 400, CONNECT
501, and `Upgrade: h2c` is passed over, as RFC 9110 section 7.8 lets a server do.

Nothing here touches a socket, so no method suspends; hypercorn's callbacks are only async in form.
tests/serving/test_connection_canary.py pins what is relied upon.
"""

from __future__ import annotations

import h11
from hypercorn.events import Closed
from hypercorn.protocol.events import Body, EndBody
from hypercorn.protocol.h11 import STREAM_ID, H11Protocol

SPOKEN_VERSIONS = (b"1.1", b"1.0")
WHOLE = (h11.IDLE, h11.DONE, h11.MUST_CLOSE, h11.CLOSED)


class Http11(H11Protocol):
    """One connection's HTTP/1.1, bytes in and hypercorn events out (through its `send`)."""

    @property
    def idle(self) -> bool:
        """No request is being answered."""
        return self.stream is None

    @property
    def read_ahead_bytes(self) -> int:
        """Bytes received and not parsed: part of a head, or what follows a complete request."""
        return len(self.connection.trailing_data[0])

    @property
    def response_cut(self) -> bool:
        """A response has been begun and cannot be brought to its end."""
        return self.connection.our_state in (h11.SEND_BODY, h11.ERROR)

    @property
    def quiet(self) -> bool:
        """The client has sent whole requests and nothing else, as far as we know."""
        return self.connection.their_state in WHOLE and not self.read_ahead_bytes

    async def receive(self, data: bytes) -> None:
        """Takes bytes from the client; b"" is for the connection to handle, not for this."""
        self.connection.receive_data(data)
        await self._handle_events()

    async def resume(self) -> None:
        """Goes on with what was received behind the request just answered."""
        await self._handle_events()

    async def time_out(self) -> None:
        """Answers 408 to a head that did not arrive in time."""
        await self._send_error_response(408)
        await self.send(Closed())

    async def _handle_events(self) -> None:
        connection = self.connection
        assert isinstance(connection, h11.Connection), "no other protocol is ever spoken"
        while True:
            if connection.they_are_waiting_for_100_continue:
                await self._send_h11_event(h11.InformationalResponse(status_code=100, headers=[]))
            try:
                event = connection.next_event()
                if isinstance(event, h11.Request):
                    refuse_other_protocols(event)
            except h11.RemoteProtocolError as error:
                if connection.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                    await self._send_error_response(error.error_status_hint)
                await self.send(Closed())
                return
            if isinstance(event, h11.Request):
                await self._create_stream(event)
            elif isinstance(event, h11.Data) and self.stream is not None:
                await self.stream.handle(Body(stream_id=STREAM_ID, data=bytes(event.data)))
            elif isinstance(event, h11.EndOfMessage) and self.stream is not None:
                await self.stream.handle(EndBody(stream_id=STREAM_ID))
            else:
                return


def refuse_other_protocols(request: h11.Request) -> None:
    """Raises h11.RemoteProtocolError, with the status to answer, unless this is HTTP/1.x."""
    if request.http_version not in SPOKEN_VERSIONS:
        raise h11.RemoteProtocolError("HTTP/1.1 is spoken here", error_status_hint=505)
    if request.method == b"CONNECT":
        raise h11.RemoteProtocolError("no tunnels are made here", error_status_hint=501)
    for name, value in request.headers:
        if name == b"upgrade" and value.strip().lower() == b"websocket":
            raise h11.RemoteProtocolError("WebSocket is not spoken here", error_status_hint=400)
