"""The grade of a report: what a user should expect of it, from its tables and its findings, and for which reasons."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.checks.places import table_place
from pipeline.checks.rules import Severity, rules

_NAMES: dict[Severity, str] = {"error": "错误 error", "warning": "警告 warning"}
"""The severities that lower a grade, the worst first."""


class Grade(NamedTuple):
    """A: all checks that could speak passed; B: with warnings; C: unread cells or failed checks; D: a table missing.

    `reasons` are for people, `缺表 missing: 表四 · 错误 error: H4 ×2 · 警告 warning: T1`; None for an A.
    """

    grade: str
    reasons: str | None


def grade(missing: Iterable[str], found: Iterable[str]) -> Grade:
    """The grade of a report; `missing` are its missing tables by name, `found` the rules of the findings that count."""
    times = Counter(found)
    doubts = {
        name: [
            _counted(code, times[code]) for code, rule in rules().items() if times[code] and rule.severity == severity
        ]
        for severity, name in _NAMES.items()
    }
    said = {"缺表 missing": [table_place(table) for table in missing]} | doubts
    letter = next((letter for letter, reasons in zip("DCB", said.values(), strict=True) if reasons), "A")
    return Grade(
        letter, " · ".join(f"{name}: {', '.join(reasons)}" for name, reasons in said.items() if reasons) or None
    )


def _counted(code: str, times: int) -> str:
    return f"{code} ×{times}" if times > 1 else code
