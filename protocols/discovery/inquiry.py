"""What a server is asked, and what it answers: the pure half of looking at somebody else's port.

An *inquiry* is a generator: it yields questions that may be asked at the same time, is sent their
answers, and returns what it has found. So the probe of the command line, the server's own listings
and the tests follow the same inquiries, each with a transport of its own. A question is a GET
unless it has a body. Whatever comes back is read without trust: too much of it, a redirect, a page
for a browser or another program's JSON ends an inquiry with `NotFound`, in words, and with nothing
else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from ..json_decoding import NotJson, decode_json
from ..json_values import object_of
from ..settings_data import CONTEXT_TOKENS_MAX, MODEL_CHARACTERS_MAX, MODELS_PER_ENDPOINT_MAX

ANSWER_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of one answer: a thousand models of Ollama's take less than one million."""
MODELS_MAX: Final = MODELS_PER_ENDPOINT_MAX
VERSION_CHARACTERS_MAX: Final = 64
KEY_STATUSES: Final = (401, 403)
LOADING_STATUS: Final = 503


class NotFound(Exception):
    """There is no server that we know, or it cannot be read; the message says what there is."""


class OwnAddress(NotFound):
    """It is an address of Understudy's own."""


@attrs.frozen
class Question:
    """One request: a path, and a JSON body for those few questions that are asked with one."""

    path: str
    body: bytes = b""


@attrs.frozen
class Answer:
    """What came. Status 0: nothing did, and `trouble` says why."""

    status: int
    body: bytes = attrs.field(default=b"", repr=False)
    trouble: str = ""

    def value(self) -> Any:
        """The JSON of a good answer. Raises NotFound, with what there is instead."""
        if self.status == 0:
            raise NotFound(self.trouble)
        if self.status in KEY_STATUSES:
            raise NotFound("asks for a key, which is not known here")
        if 300 <= self.status < 400:
            raise NotFound(f"redirects (status {self.status}), which is not followed")
        if self.status == LOADING_STATUS:
            raise NotFound("is starting, or loads a model (status 503)")
        if self.status != 200:
            raise NotFound(f"answers with status {self.status}")
        if self.body.lstrip()[:1] == b"<":
            raise NotFound("answers with a page for a browser")
        try:
            return decode_json(self.body)
        except NotJson:
            raise NotFound("answers with something that is no JSON") from None

    def members(self) -> dict[str, Any]:
        """The members of a good answer; {} where there is none."""
        try:
            return object_of(self.value())
        except NotFound:
            return {}


Answers = Mapping[Question, Answer]


def tokens_of(value: Any) -> int | None:
    """A window in tokens; None for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= CONTEXT_TOKENS_MAX else None


def is_model_id(value: Any) -> bool:
    """Whether a value can be the id of a model: it is shown in terminals and written to files."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MODEL_CHARACTERS_MAX
        and value.isprintable()
        and not any(character.isspace() for character in value)
    )


def version_of(value: Any) -> str:
    """A version as it is shown; "" for what is none."""
    if not isinstance(value, str) or not value.isprintable():
        return ""
    return value[:VERSION_CHARACTERS_MAX]
