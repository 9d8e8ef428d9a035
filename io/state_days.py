"""Schema step 2: when and why a turn went where, and the sums of each day, which outlive its lines.

The table `days` has a row for each day, endpoint and model. Triggers keep it: a new line of `turns`
is added; a line that is settled again is taken out as it was and added as it is, so that it counts
once; a line that is pruned stays counted. Lines without a day, which older versions wrote, count
nowhere, and what no endpoint took has no model here: clients name any. Each column counts as the
property of the same name of `protocols/usage/sums.py`, and a test holds them together.

Released steps are never changed: another sum is another step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DAYS_MAX: Final = 400
"""So many days are kept, the newest: a year, and what it takes to compare it with the last."""
DAY_ROWS_MAX: Final = 50_000
"""Of all days together: some hundred endpoints and models on each day."""

PRUNE_DAYS: Final = """
    DELETE FROM days WHERE day IN (
        SELECT DISTINCT day FROM days ORDER BY day DESC LIMIT -1 OFFSET ?
    )
"""
PRUNE_DAY_ROWS: Final = "DELETE FROM days WHERE ordinal <= (SELECT max(ordinal) FROM days) - ?"
"""Quick however many there are. Where days have left gaps a little more goes: all of it is old."""

RATE_TOKENS_PER_SECOND_MAX: Final = 5_000
"""An answer that came faster came in one piece, and says nothing of how fast it was made."""

_HEARD: Final = "({0}.first_byte_seconds >= 0 AND {0}.outcome <> 'refused')"
"""A refusal comes quickly, and says nothing of how long an answer is waited for."""
_TIMED: Final = (
    f"({_HEARD} AND {{0}}.output_tokens > 0 AND "
    "{0}.output_tokens <= ({0}.total_seconds - {0}.first_byte_seconds) * "
    f"{RATE_TOKENS_PER_SECOND_MAX})"
)
SUMS: Final[Mapping[str, str]] = {
    "turns": "instr({0}.turn, '~') = 0",
    "attempts": "1",
    "answered": "{0}.outcome = 'answered'",
    "refused": "{0}.outcome = 'refused'",
    "cancelled": "{0}.outcome = 'cancelled'",
    "broken": "{0}.outcome = 'broken'",
    "input_tokens": "{0}.input_tokens",
    "output_tokens": "{0}.output_tokens",
    "cache_read_tokens": "{0}.cache_read_tokens",
    "cache_creation_tokens": "{0}.cache_creation_tokens",
    "first_bytes": _HEARD,
    "first_byte_seconds": f"{_HEARD} * {{0}}.first_byte_seconds",
    "timed_tokens": f"{_TIMED} * {{0}}.output_tokens",
    "timed_seconds": f"{_TIMED} * ({{0}}.total_seconds - {{0}}.first_byte_seconds)",
}
"""What each column adds up, of a line of `turns` that is called {0}."""

_MODEL: Final = "CASE WHEN {0}.endpoint = '' THEN '' ELSE {0}.model END"
_ADD: Final = f"""
    INSERT INTO days (day, endpoint, model, {", ".join(SUMS)})
    SELECT NEW.day, NEW.endpoint, {_MODEL.format("NEW")},
        {", ".join(term.format("NEW") for term in SUMS.values())}
    WHERE NEW.day <> ''
    ON CONFLICT (day, endpoint, model) DO UPDATE
    SET {", ".join(f"{name} = {name} + excluded.{name}" for name in SUMS)};
"""  # noqa: S608 our own names alone
_TAKE_OUT: Final = f"""
    UPDATE days SET {", ".join(f"{name} = {name} - ({SUMS[name].format('OLD')})" for name in SUMS)}
    WHERE day = OLD.day AND endpoint = OLD.endpoint AND model = {_MODEL.format("OLD")};
"""  # noqa: S608 our own names alone

STEP_2: Final = (
    "ALTER TABLE conversations ADD COLUMN home TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN began_at REAL NOT NULL DEFAULT 0.0",
    "ALTER TABLE turns ADD COLUMN day TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN why TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN home TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN reasoning_tokens INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE turns ADD COLUMN key_number INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX turns_by_day ON turns (day)",
    """
    CREATE TABLE days (
        ordinal INTEGER PRIMARY KEY, day TEXT NOT NULL, endpoint TEXT NOT NULL,
        model TEXT NOT NULL, turns INTEGER NOT NULL, attempts INTEGER NOT NULL,
        answered INTEGER NOT NULL, refused INTEGER NOT NULL, cancelled INTEGER NOT NULL,
        broken INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
        cache_read_tokens INTEGER NOT NULL, cache_creation_tokens INTEGER NOT NULL,
        first_bytes INTEGER NOT NULL, first_byte_seconds REAL NOT NULL,
        timed_tokens INTEGER NOT NULL, timed_seconds REAL NOT NULL,
        UNIQUE (day, endpoint, model)
    )
    """,
    f"CREATE TRIGGER turn_settled AFTER INSERT ON turns BEGIN {_ADD} END",
    f"CREATE TRIGGER turn_settled_again AFTER UPDATE ON turns BEGIN {_TAKE_OUT} {_ADD} END",
)
