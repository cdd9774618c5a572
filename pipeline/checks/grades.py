"""The grade of a report: what a user should expect of it, from its tables, its cells and its findings."""

from collections.abc import Iterable


def grade(*, missing_table: bool, severities: Iterable[str]) -> str:
    """A: all checks that could speak passed; B: with warnings; C: unread cells or failed checks; D: a table missing."""
    found = set(severities)
    if missing_table:
        return "D"
    if "error" in found:
        return "C"
    return "B" if "warning" in found else "A"
