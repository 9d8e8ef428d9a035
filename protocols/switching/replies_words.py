"""The words of our replies: what each language has to say, and nothing of when it is said.

Each is a whole sentence or more, with names in braces for what is put in. Between backticks stands
what a user can say; the matcher understands it in that language.
"""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Words:
    """One language. `facts` is where a place is and how much it holds."""

    switched: str
    switched_once: str
    switched_already: str
    replaces: str
    undo: str
    dropped_once: str
    returned: str
    nothing_to_undo: str
    ask_again: str

    stays_private: str
    rests: str
    lacks_vision: str
    lacks_tools: str
    is_shortened: str
    is_unsaved: str

    unchanged: str
    too_long: str
    larger: str
    barred: str
    barred_unknown: str
    spent: str
    gone: str
    nobody: str
    unread: str

    answers: str
    was_chosen: str
    was_led: str
    holds: str
    next_answer: str

    listed: str
    listed_more: str
    switch: str
    asked: str
    asked_more: str
    asked_end: str
    declined: str

    here: str
    remote: str
    window: str
    window_unknown: str
    chosen: str
    default: str
    private: str
    resting: str
