"""What clients say themselves in a user's message: texts that nobody has typed.

Claude Code puts beside the next prompt the local commands that were run before it (`/model`,
`/compact`, a shell's), the summary that a compacted conversation goes on from, and the notice that
an agent has ended. What is none of a known form is taken for the user's. A slash command whose text
is a file's has no caveat before it: its name stays, and so nothing beside it is heard.

A client's own work is a message of the same form as a prompt: it has the conversation summed up, or
guesses what its user may say next. That is no word of the user's, and changes nothing.

All of it was seen in requests of version 2.1.330, or stands in its program; what Codex, OpenCode,
Gemini CLI and Open WebUI ask for stands in theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

COMPACTED: Final = "This session is being continued from a previous conversation"
"""How a summary begins that a conversation goes on from."""
OWN_WORK: Final = (
    "Your task is to create a detailed summary of",
    "[SUGGESTION MODE:",
    "The user stepped away and is coming back",
    "CONTEXT CHECKPOINT COMPACTION",
    "Provide a detailed prompt for continuing our conversation above",
    "generate the <state_snapshot>",
)
"""In the message of a client's own work: compactions, a guess at the next prompt, a recap."""
OWN_TASK: Final = "### Task:\n"
"""How one of Open WebUI's begins: titles, tags, follow-ups."""
_SUMMED_UP: Final = re.compile(r" (?:the conversation so far|this conversation|the RECENT portion)")
"""After the first of these words: a user may ask for a summary in the same ones."""
OWN_WORK_CHARACTERS_MAX: Final = 2_000
"""Of a message, in which they stand."""


def _element(*names: str) -> re.Pattern[str]:
    """A text that is one element, or several in a row."""
    parts = (rf"<{name}>.*</{name}>\s*" for name in names)
    return re.compile("".join(parts), re.DOTALL)


_CAVEAT: Final = _element("local-command-caveat")
_NAME: Final = _element("command-name", "command-message", "command-args")
_OUTPUTS: Final = (
    _element("local-command-stdout"),
    _element("local-command-stderr"),
    _element("bash-input"),
    _element("bash-stdout"),
    _element("bash-stdout", "bash-stderr"),
    _element("bash-stderr"),
    _element("task-notification"),
)


def is_summary(text: str) -> bool:
    """Whether a text is what a compacted conversation goes on from."""
    return text.lstrip().startswith(COMPACTED)


def is_own_work(text: str) -> bool:
    """Whether a text asks for a client's own work."""
    said = text.lstrip()[:OWN_WORK_CHARACTERS_MAX]
    if said.startswith(OWN_TASK):
        return True
    words = next((each for each in OWN_WORK if each in said), "")
    if words != OWN_WORK[0]:
        return bool(words)
    return _SUMMED_UP.match(said, said.index(words) + len(words)) is not None


def without_client_words(texts: Sequence[str]) -> Iterator[str]:
    """The texts of a message without those that the client has said itself."""
    after_caveat = False
    for text in texts:
        said = text.strip()
        is_named = after_caveat and _NAME.fullmatch(said)
        after_caveat = _CAVEAT.fullmatch(said) is not None
        if not (after_caveat or is_named or is_summary(said) or _is_output(said)):
            yield text


def _is_output(said: str) -> bool:
    return said.startswith("<") and any(form.fullmatch(said) for form in _OUTPUTS)
