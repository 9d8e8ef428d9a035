"""What bench/engines.py has measured: rows of a name, a value of each subject, and a goal."""

from __future__ import annotations

SUBJECTS = ("understudy", "llama-server")


class Report:
    """What was measured: rows of a name, a value for each subject, and a goal in words."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def add(self, name: str, goal: str, met: bool | None, **values: float | None) -> None:
        """Adds one row and prints it."""
        self.rows.append({"name": name, "goal": goal, "met": met, **values})
        told = (
            f"{value:>12.4g}" if value is not None else f"{'-':>12}" for value in values.values()
        )
        verdict = {True: "met", False: "MISSED", None: ""}[met]
        print(f"{name:<62}{''.join(told)}   {goal:<34}{verdict}", flush=True)

    def compare(self, name: str, least: float | None, found: dict[str, float | None]) -> None:
        """Adds one row of both subjects and what ours is of theirs, at `least` the goal."""
        ours, theirs = found[SUBJECTS[0]], found[SUBJECTS[1]]
        ratio = ours / theirs if ours and theirs else None
        goal = "" if least is None else f"understudy >= {least:g} x"
        met = None if ratio is None or least is None else ratio >= least
        self.add(name, goal, met, **found, ratio=ratio)


def ours_only(
    report: Report, name: str, value: float, goal: float, *, at_least: bool = False
) -> None:
    """A row about Understudy alone."""
    met = value >= goal if at_least else value <= goal
    sign = ">=" if at_least else "<="
    values: dict[str, float | None] = {SUBJECTS[0]: value, SUBJECTS[1]: None}
    report.add(name, f"{sign} {goal:g}", met, **values, ratio=None)
