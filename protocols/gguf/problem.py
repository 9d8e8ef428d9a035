"""What is wrong with a GGUF file, in words for the person who has it."""

from __future__ import annotations

from typing import Final

FETCH_AGAIN: Final = "it is damaged or was cut short: fetch it again"
CONVERT_AGAIN: Final = "convert the model again with a current tool, or fetch another file of it"
UPDATE: Final = "update Understudy, or fetch the model in a common quantisation"


class GgufProblem(ValueError):
    """The file cannot be used. The message says what, at which byte of the file, and what to do."""

    def __init__(self, what: str, offset: int, advice: str = FETCH_AGAIN) -> None:
        super().__init__(f"{what} (at byte {offset}); {advice}")
        self.offset = offset
