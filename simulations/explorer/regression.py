"""A failing case as a short file, to be read by people and run for ever after.

JSON with one key a line, in the order of `Regression`:

    {
      "found": "A client that left in a tool call kept its upstream.",
      "finds": "sockets are open",
      "scenario": "crowd",
      "seed": 17,
      "policy": "walk",
      "strikes": ["peer.cut#2"],
      "schedule": {"peer:connection#2@5": [3, 0]}
    }

Whoever writes a file may not know yet what was found: `found` may be empty until then. A schedule
is a tape (see `world/scheduler.py`): here the second task of that name waits, before its fifth
step, for three batches, and then takes its turn by age. Bytes go in and out; where they lie is the
caller's business.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, get_args

import msgspec

from ..scenarios.catalogue import SCENARIOS
from ..world.scheduler import Policy
from .case import Case

LINES_MAX = 20
FILE_BYTES_MAX = 1_000_000
"""A tape that was not shrunk is long; anything longer is no regression file."""

WORDS_CHARACTERS_MAX = 400

Words = Annotated[str, msgspec.Meta(max_length=WORDS_CHARACTERS_MAX)]
Strike = Annotated[str, msgspec.Meta(pattern=r"^.+#[1-9][0-9]*$")]
Step = Annotated[str, msgspec.Meta(pattern=r"^.+#[1-9][0-9]*@[1-9][0-9]*$")]
Waits = Annotated[int, msgspec.Meta(ge=0)]


class RegressionError(ValueError):
    """A file is no regression file; the message says where and what is allowed."""


class Regression(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`found` is a sentence on what was wrong, `finds` the words of the invariant it broke."""

    found: Words = ""
    finds: Annotated[Words, msgspec.Meta(min_length=1)]
    scenario: str
    seed: int
    policy: Policy = "walk"
    strikes: tuple[Strike, ...] | None = None
    schedule: dict[Step, tuple[Waits, int]] | None = None

    @property
    def case(self) -> Case:
        """What to run."""
        return Case(self.scenario, self.seed, self.policy, self.strikes, self.schedule)


ALLOWED = {
    "found": "a sentence, or nothing",
    "finds": "the words of a complaint",
    "scenario": f"one of {', '.join(SCENARIOS)}",
    "seed": "a whole number",
    "policy": f"one of {', '.join(get_args(Policy))}",
    "strikes": 'a list of "site#number", or null for what the seed draws',
    "schedule": 'an object of "task#number@step": [batches, turn], or null for the policy\'s own',
}


def encode(case: Case, finds: str, found: str = "") -> bytes:
    """The file of a case; long words are cut."""
    values = {
        "found": found[:WORDS_CHARACTERS_MAX],
        "finds": finds[:WORDS_CHARACTERS_MAX],
        "scenario": case.scenario,
        "seed": case.seed,
        "policy": case.policy,
        "strikes": case.strikes,
        "schedule": case.schedule,
    }
    lines = [f'  "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in values.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def decode(data: bytes, file: str) -> Regression:
    """Reads a file of this name. Raises RegressionError."""
    if len(data) > FILE_BYTES_MAX:
        raise RegressionError(f"{file}: at most {FILE_BYTES_MAX:,} bytes are allowed")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RegressionError(f"{file}:{line}: only UTF-8 is allowed") from None
    try:
        regression = msgspec.convert(json.loads(text), Regression)
    except json.JSONDecodeError as error:
        raise RegressionError(f"{file}:{error.lineno}: not JSON: {error.msg}") from None
    except msgspec.ValidationError as error:
        raise _refusal(file, text, str(error)) from None
    if regression.scenario not in SCENARIOS:
        raise _refusal(file, text, f"{regression.scenario!r} is unknown - at `$.scenario`")
    return regression


def _refusal(file: str, text: str, words: str) -> RegressionError:
    """Finds the line of the key that is complained of; 1 for one that is missing."""
    what, _, place = words.partition(" - at ")
    key = (re.search(r"(?<=\$\.)\w+", place) or re.search(r"(?<=field `)\w+", what) or [""])[0]
    at = text.find(f'"{key}"')
    line = text.count("\n", 0, max(at, 0)) + 1
    allowed = ALLOWED.get(key, f"the keys {', '.join(ALLOWED)}")
    return RegressionError(f"{file}:{line}: {what}; allowed: {allowed}")
