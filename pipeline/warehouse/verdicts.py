"""What must hold of a table before anyone sees it, and what is only worth saying.

Blocking: the declaration (types, domains, key), and conservation — no file and no cell of the form disappears. Not
blocking: identities that fail in the reports themselves, which are kept as printed.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.forms import load, load_statistics
from pipeline.tables import CELL_TABLES, CHECKS, FINDINGS, QUARANTINE, REPORTS, STATISTICS_2014, InvalidTable, Table
from pipeline.warehouse.decisions import undismissed

if TYPE_CHECKING:
    from pipeline.warehouse.lake import Lake


class Verdict(NamedTuple):
    """What a rule says of a table: `numbers` are what it counted."""

    rule: str
    passed: bool
    blocking: bool
    message: str
    numbers: dict[str, int]


class HardRuleBroken(RuntimeError):
    """A table was not published because a hard rule does not hold; `found` holds every verdict."""

    def __init__(self, table: str, year: int | None, broken: list[Verdict], found: list[Verdict]) -> None:
        reasons = "\n".join(f"- {verdict.rule}: {verdict.message}" for verdict in broken)
        super().__init__(f"{table} of {year} was not published; the files before it stay as they are.\n{reasons}")
        self.found = found


def rule_names(table: Table) -> list[tuple[str, bool]]:
    """The rules a table is held to, and whether each blocks."""
    return [("schema", True), ("key", True), *((name, blocking) for name, blocking, _ in _OWN.get(table.name, ()))]


def verdicts(table: Table, data: pa.Table, lake: "Lake", year: int | None) -> list[Verdict]:
    """Hold a table's rows of a year against all its rules."""
    found = [_schema(table, data), _key(table, data)]
    for name, blocking, rule in _OWN.get(table.name, ()):
        passed, message, numbers = rule(data, lake, year)
        found.append(Verdict(name, passed, blocking, message, numbers))
    return found


def _schema(table: Table, data: pa.Table) -> Verdict:
    try:
        table.validate(data)
    except InvalidTable as error:
        return Verdict("schema", False, True, str(error), {"rows": len(data)})
    return Verdict("schema", True, True, "Every column is as declared.", {"rows": len(data)})


def _key(table: Table, data: pa.Table) -> Verdict:
    distinct = len(data.group_by(list(table.key)).aggregate([]))
    message = f"{', '.join(table.key)} names {distinct} of {len(data)} rows."
    return Verdict("key", distinct == len(data), True, message, {"rows": len(data), "distinct": distinct})


Rule = Callable[[pa.Table, "Lake", int | None], tuple[bool, str, dict[str, int]]]


def _files_conserved(data: pa.Table, lake: "Lake", year: int | None) -> tuple[bool, str, dict[str, int]]:
    """Every file is a report or in quarantine. Asked of `reports`, which is made after `quarantine`."""
    if year is None:
        return True, "Files without a year are all in quarantine.", {}
    files, refused = len(lake.load("raw_documents", year)), len(lake.load(QUARANTINE.name, year))
    numbers = {"files": files, "reports": len(data), "quarantine": refused}
    return files == len(data) + refused, f"{files} files, {len(data)} reports, {refused} in quarantine.", numbers


def _cells_conserved(table: Table) -> Rule:
    def rule(data: pa.Table, lake: "Lake", year: int | None) -> tuple[bool, str, dict[str, int]]:
        assert year is not None
        read = pc.drop_null(pc.struct_field(lake.load("readings", year)[table.name], "edition")).to_pylist()
        cells = {edition.edition: len(edition.tables[table.name].cells) for edition in load().editions.values()}
        expected = sum(cells[edition] for edition in read)
        return (
            len(data) == expected,
            f"{expected} cells of the form, {len(data)} rows.",
            {"cells": expected, "rows": len(data)},
        )

    return rule


def _statistics_conserved(data: pa.Table, lake: "Lake", year: int | None) -> tuple[bool, str, dict[str, int]]:
    """Every indicator of the form is there in every figure column of every report that has the table."""
    assert year is not None
    lists = pc.drop_null(lake.load("readings", year)[STATISTICS_2014.name]).to_pylist()
    columns = [len({entry["column_label"] for entry in entries}) for entries in lists]
    rows = [len(load_statistics().family_of(entries[0]["indicator"]).indicators) for entries in lists]
    expected = sum(width * height for width, height in zip(columns, rows, strict=True))
    message = f"{expected} cells of the form, {len(data)} rows."
    return len(data) == expected, message, {"cells": expected, "rows": len(data)}


def _identities(data: pa.Table, lake: "Lake", year: int | None) -> tuple[bool, str, dict[str, int]]:
    failed = pc.sum(data["failed"]).as_py() or 0
    return failed == 0, f"{failed} instances of rules fail in the reports as printed.", {"failed": failed}


def _errors(data: pa.Table, lake: "Lake", year: int | None) -> tuple[bool, str, dict[str, int]]:
    errors = pc.sum(pc.equal(undismissed(data)["severity"], "error")).as_py() or 0
    return errors == 0, f"{errors} findings call for a look before use.", {"errors": errors}


_OWN: dict[str, list[tuple[str, bool, Rule]]] = {
    REPORTS.name: [("files_conserved", True, _files_conserved)],
    CHECKS.name: [("rules_hold", False, _identities)],
    FINDINGS.name: [("no_errors", False, _errors)],
    STATISTICS_2014.name: [("cells_conserved", True, _statistics_conserved)],
    **{table.name: [("cells_conserved", True, _cells_conserved(table))] for table in CELL_TABLES},
}
