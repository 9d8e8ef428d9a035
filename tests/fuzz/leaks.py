"""Covering secrets, as a function of bytes: what comes out is as long, and has none of them."""

from __future__ import annotations

import base64
from collections.abc import Callable

from understudy.protocols.scrub import Secrets
from understudy.protocols.scrub_stream import covering

KEY = 'sk-Qz7+x9/Wm4Kd9%41Lr2"Tv8s\\E4'
FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda key: base64.b64encode(f"u:{key}".encode()).decode(),
    lambda key: key.encode().hex(),
    lambda key: "".join(f"\\u{ord(one):04x}" for one in key),
    lambda key: "".join(f"%{ord(one):02X}" for one in key),
    lambda key: key[:11] + "***" + key[-9:],
)
CORPUS = (
    *(b'{"error":{"message":"bad %b","code":401}}' % form(KEY).encode() for form in FORMS),
    *(
        b'data: {"text":"one"}\n\nevent: error\ndata: {"type":"error","error":{"message":"%b"}}\n\n'
        b'data: {"text":"two"}\n\n' % form(KEY).encode()
        for form in FORMS
    ),
)
TYPES = (b"application/json", b"text/event-stream", b"application/x-ndjson")
PIECEMEAL = 10
"""One input of so many is also cut up, which takes ten times as long as all at once."""
_SECRETS = Secrets()
_SECRETS.add(KEY)


def covered(data: bytes, choice: int) -> None:
    """Covers a text at once, and as the body of an error and of an answer, in pieces."""
    once = _SECRETS.cover(data)
    assert len(once) == len(data)
    assert not _SECRETS.find(once)
    if choice % PIECEMEAL:
        return
    size = 1 + choice // PIECEMEAL % 37
    for status in (200, 500):
        body = covering(
            _SECRETS, status, ((b"content-type", TYPES[choice // PIECEMEAL % len(TYPES)]),)
        )
        pieces = [body.receive_data(data[at : at + size]) for at in range(0, len(data), size)]
        sent = b"".join(pieces) + body.receive_end()
        assert len(sent) == len(data)
        if status == 500:
            assert not _SECRETS.find(sent)
        elif b"error" not in data:
            assert sent == data
