"""The crosswalk from the statistics table of 2014-2018 to the form of 2019, as data: what goes on and what does not."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.forms.loader import FormError, Forms, load
from pipeline.forms.statistics import STATISTICS, load_statistics

COMPARABLE = ("yes", "sum", "approximate", "weak", "none")
"""How far a line may be compared, from wholly to not at all."""
_OLD_FAMILY = "national"


@dataclass(frozen=True)
class Term:
    """A figure that a line adds up: its table, its row and column by code, its sign. Indicators have no column code."""

    table: str
    row: str
    column: str | None
    sign: int


@dataclass(frozen=True)
class CrosswalkLine:
    """A quantity, what makes it up before 2019 and after, and how far the two may be compared."""

    concept: str
    comparable: str
    zh: str
    en: str
    note_zh: str
    note_en: str
    old: tuple[Term, ...]
    new: tuple[Term, ...]


@lru_cache(maxsize=1)
def load_crosswalk() -> tuple[CrosswalkLine, ...]:
    """Read and check `crosswalk.toml`; raises FormError with every fault found."""
    return build_crosswalk(tomllib.loads(files("pipeline.forms").joinpath("crosswalk.toml").read_text("utf-8")))


def build_crosswalk(source: dict[str, Any]) -> tuple[CrosswalkLine, ...]:
    """The lines from the parsed file; raises FormError as `load_crosswalk` does."""
    forms = load()
    lines, faults = [], []
    for entry in source["line"]:
        old = tuple(Term(STATISTICS, code, None, sign) for code, sign in entry.get("old", {}).items())
        new = tuple(_new_term(cell, sign, forms) for cell, sign in entry.get("new", {}).items())
        line = CrosswalkLine(**{**entry, "old": old, "new": new})
        lines.append(line)
        faults += [f"{line.concept}: {fault}" for fault in _faults(line)]
    concepts = [line.concept for line in lines]
    faults += [f"{concept} stands twice" for concept in sorted({*concepts}) if concepts.count(concept) > 1]
    if faults:
        raise FormError("crosswalk.toml does not fit the forms:\n" + "\n".join(f"- {fault}" for fault in faults))
    return tuple(lines)


def _new_term(cell: str, sign: int, forms: Forms) -> Term:
    """`granted_full/total`: the table is the one that has such a cell; none where no edition has it."""
    row, _, column = cell.partition("/")
    tables = [
        table.name
        for edition in forms.editions.values()
        for table in edition.tables.values()
        if (row, column) in table.keys
    ]
    return Term(tables[0] if tables else "", row, column, sign)


def _faults(line: CrosswalkLine) -> Iterator[str]:
    if line.comparable not in COMPARABLE:
        yield f"{line.comparable} is none of {', '.join(COMPARABLE)}"
    if not (line.old or line.new):
        yield "it has no term"
    if (line.comparable == "none") != (not line.old or not line.new):
        yield "it is comparable to none exactly where one side has no term"
    indicators = load_statistics().families[_OLD_FAMILY].indicators
    for term in (*line.old, *line.new):
        if not term.table or (term.table == STATISTICS and term.row not in indicators):
            yield f"{'/'.join(filter(None, (term.row, term.column)))} is in no table"
        if term.sign not in (1, -1):
            yield f"the sign of {term.row} is {term.sign}, and not 1 or -1"
