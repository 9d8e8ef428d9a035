"""A hub that says no: what its status and headers mean, for the user and for the next try.

A failure is `again` (the same request may succeed later), `elsewhere` (the address has lost its
validity, as signed ones do after an hour: ask the hub for another), or final. How long to wait is
the hub's to say, in `Retry-After` or in `RateLimit` as the IETF's draft has it; otherwise the wait
grows with each try and is drawn from zero to its bound, so that many clients do not come at once.

Sources: huggingface_hub.utils._http (X-Error-Code, parse_ratelimit_headers); the hub's
documentation, "Rate limits" (windows of 300 s) and "Gated models"; RFC 9110, 10.2.3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

from .hub_names import shown

TRIES_MAX: Final = 8
"""Tries in a row that bring nothing; a byte that came begins the count anew."""
WAIT_SECONDS_FIRST: Final = 0.5
WAIT_SECONDS_MAX: Final = 30.0
"""Of a wait whose length is ours to choose."""
HUB_WAIT_SECONDS_MAX: Final = 330.0
"""Of a wait that the hub asks for: its window of 300 s with some to spare."""

AGAIN: Final = frozenset((408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524))
"""Statuses after which the same request may succeed."""
LAPSED: Final = frozenset((400, 401, 403, 404, 410))
"""What a host that is not the hub answers to an address that it does not honour any more."""

_RATE_LIMIT = re.compile(r'"[^"]*"\s*;\s*r\s*=\s*(\d{1,9})\s*;\s*t\s*=\s*(\d{1,9})')

_WORDS: Final[Mapping[str, str]] = {
    "GatedRepo": (
        "{name} is gated: accept its terms at {page}, then make a token at {endpoint}/settings/"
        "tokens and set HF_TOKEN"
    ),
    "RepoNotFound": (
        "{host} has no model {name}, or does not show it to you; check the name (`understudy models"
        " search`), and set HF_TOKEN if it is a private one"
    ),
    "RevisionNotFound": "{name} has no revision {revision}; see {page}/tree/main for its branches",
    "EntryNotFound": "{name} has no file {path} at {revision}; see {page}/tree/main",
}
"""By the hub's own code for what is wrong."""
_CODES: Final[Mapping[int, str]] = {401: "RepoNotFound", 403: "GatedRepo", 404: "RepoNotFound"}
"""Where it gives none."""
BAD_CREDENTIALS: Final = "Invalid credentials in Authorization header"
"""The hub's words for a token that it does not know."""


@attrs.frozen
class Asked:
    """What was asked for, as messages name it."""

    host: str
    endpoint: str
    name: str = ""
    page: str = ""
    revision: str = ""
    path: str = ""


@attrs.frozen
class Refused:
    """An answer that is no success. `wait_seconds` is what the hub asks for, 0.0 for nothing."""

    message: str
    again: bool = False
    elsewhere: bool = False
    wait_seconds: float = 0.0


def refusal(
    status: int, headers: Mapping[str, str], asked: Asked, *, of_the_hub: bool, with_token: bool
) -> Refused:
    """What an answer without success means; `headers` have names in lower case.

    `of_the_hub` tells whether the hub itself answered, `with_token` whether it was sent one.
    """
    if status in AGAIN:
        wait = _wait_seconds(headers)
        word = "asks for fewer requests" if status == 429 else "has trouble"
        return Refused(f"{asked.host} {word} (status {status})", again=True, wait_seconds=wait)
    if not of_the_hub:
        where = f"the host that {asked.host} sends us to refuses {asked.path or 'the file'}"
        return Refused(f"{where} (status {status}); try again later", elsewhere=status in LAPSED)
    if status == 401 and (with_token and headers.get("x-error-message") == BAD_CREDENTIALS):
        return Refused(
            f"{asked.host} does not take this token; make another at {asked.endpoint}/settings/"
            "tokens and set HF_TOKEN"
        )
    words = _WORDS.get(headers.get("x-error-code", "") or _CODES.get(status, ""))
    if words is not None and asked.name:
        return Refused(words.format_map(attrs.asdict(asked)))
    told = headers.get("x-error-message", "")
    return Refused(f"{asked.host} answers {status}{f': {shown(told)}' if told else ''}")


def wait_seconds(tries: int, share: float, asked_seconds: float = 0.0) -> float:
    """How long to wait after so many tries in a row; `share` is drawn from 0 to 1.

    Never less than the hub asks for, which the caller has compared with `HUB_WAIT_SECONDS_MAX`.
    """
    bound = min(WAIT_SECONDS_MAX, WAIT_SECONDS_FIRST * 2.0 ** min(tries, 30))
    return asked_seconds + bound * share


def _wait_seconds(headers: Mapping[str, str]) -> float:
    """What the hub asks for; a date, or nonsense, counts as nothing."""
    written = headers.get("retry-after", "").strip()
    if written.isascii() and written.isdigit() and len(written) < 10:
        return float(written)
    limit = _RATE_LIMIT.search(headers.get("ratelimit", ""))
    return float(limit[2]) if limit is not None and int(limit[1]) == 0 else 0.0
