"""What must hold of a table before anyone sees it, and what is only worth saying.

Blocking: the declaration (types, domains, key), and conservation — no file and no cell of the form disappears. Not
blocking: identities that fail in the reports themselves, which are kept as printed.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.forms import load, load_statistics
from pipeline.tables import CELL_TABLES, CHECKS, FINDINGS, QUARANTINE, REPORTS, STATISTICS_2014, InvalidTable, Table
from pipeline.warehouse.decisions import undismissed
from pipeline.warehouse.parts import WHOLE, Part

if TYPE_CHECKING:
    from pipeline.warehouse.lake import Lake


class Verdict(NamedTuple):
    """What a rule says of a table, or of a part of one: `numbers` are what it counted, `says` shows them in words."""

    rule: str
    passed: bool
    blocking: bool
    says: str
    numbers: dict[str, int]

    @property
    def message(self) -> str:
        """What it says, with its numbers."""
        return self.says.format(**self.numbers)


def sum_up(parts: Sequence[Sequence[Verdict]]) -> list[Verdict]:
    """What the rules say of a table, from what they say of its parts; of a rule that fails, as it failed first."""
    found: dict[str, Verdict] = {}
    for verdict in (verdict for part in parts for verdict in part):
        before = found.get(verdict.rule)
        if before is None:
            found[verdict.rule] = verdict
            continue
        numbers = {name: number + verdict.numbers[name] for name, number in before.numbers.items()}
        worse = before if not before.passed else verdict
        found[verdict.rule] = worse._replace(numbers=numbers)
    return list(found.values())


class HardRuleBroken(RuntimeError):
    """A table was not published because a hard rule does not hold; `found` holds every verdict."""

    def __init__(self, table: str, year: int | None, broken: list[Verdict], found: list[Verdict]) -> None:
        reasons = "\n".join(f"- {verdict.rule}: {verdict.message}" for verdict in broken)
        super().__init__(f"{table} of {year} was not published; the files before it stay as they are.\n{reasons}")
        self.found = found


def rule_names(table: Table) -> list[tuple[str, bool]]:
    """The rules a table is held to, and whether each blocks."""
    return [("schema", True), ("key", True), *((name, blocking) for name, blocking, _ in _OWN.get(table.name, ()))]


def verdicts(table: Table, data: pa.Table, lake: "Lake", year: int | None, part: Part = WHOLE) -> list[Verdict]:
    """Hold the rows of a part of a table against all its rules."""
    found = [_schema(table, data), _key(table, data)]
    for name, blocking, rule in _OWN.get(table.name, ()):
        passed, says, numbers = rule(data, lake, year, part)
        found.append(Verdict(name, passed, blocking, says, numbers))
    return found


def _schema(table: Table, data: pa.Table) -> Verdict:
    try:
        table.validate(data)
    except InvalidTable as error:
        return Verdict("schema", False, True, str(error).replace("{", "{{").replace("}", "}}"), {"rows": len(data)})
    return Verdict("schema", True, True, "Every column is as declared.", {"rows": len(data)})


def _key(table: Table, data: pa.Table) -> Verdict:
    """The key is held part by part: what a row is of, its report, is of one part alone."""
    distinct = _distinct(data.select(table.key).columns)
    says = f"{', '.join(table.key)} names {{distinct}} of {{rows}} rows."
    return Verdict("key", distinct == len(data), True, says, {"rows": len(data), "distinct": distinct})


def _distinct(columns: Sequence[pa.ChunkedArray]) -> int:
    """How many rows differ in these columns: each row gets a number, and numbers are sorted; hashing takes memory."""
    numbers, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
        kinds = max(len(encoded.dictionary), 1)
        if size * kinds > _MOST:
            _, numbers = np.unique(numbers, return_inverse=True)
            size = int(numbers.max(initial=0)) + 1
        numbers, size = numbers * kinds + encoded.indices.to_numpy(), size * kinds
    return len(np.unique(numbers))


_MOST = 2**62


Rule = Callable[[pa.Table, "Lake", int | None, Part], tuple[bool, str, dict[str, int]]]


def _files_conserved(data: pa.Table, lake: "Lake", year: int | None, part: Part) -> tuple[bool, str, dict[str, int]]:
    """Every file is a report or in quarantine. Asked of `reports`, which is made after `quarantine`."""
    files = len(lake.load("raw_documents", year, part, ["source_path"]))
    refused = len(lake.load(QUARANTINE.name, year, part, ["source_path"]))
    numbers = {"files": files, "reports": len(data), "quarantine": refused}
    return files == len(data) + refused, "{files} files, {reports} reports, {quarantine} in quarantine.", numbers


def _cells_conserved(table: Table) -> Rule:
    def rule(data: pa.Table, lake: "Lake", year: int | None, part: Part) -> tuple[bool, str, dict[str, int]]:
        tables = lake.load("readings", year, part, [f"{table.name}.edition"])[table.name]
        read = pc.drop_null(pc.struct_field(tables.combine_chunks(), "edition")).to_pylist()
        cells = {edition.edition: len(edition.tables[table.name].cells) for edition in load().editions.values()}
        expected = sum(cells[edition] for edition in read)
        return len(data) == expected, _CELLS, {"cells": expected, "rows": len(data)}

    return rule


_CELLS = "{cells} cells of the form, {rows} rows."


def _statistics_conserved(
    data: pa.Table, lake: "Lake", year: int | None, part: Part
) -> tuple[bool, str, dict[str, int]]:
    """Every indicator of the form is there in every figure column of every report that has the table."""
    read = lake.load("readings", year, part, [STATISTICS_2014.name])[STATISTICS_2014.name]
    lists = pc.drop_null(read).to_pylist()
    columns = [len({entry["column_label"] for entry in entries}) for entries in lists]
    rows = [len(load_statistics().family_of(entries[0]["indicator"]).indicators) for entries in lists]
    expected = sum(width * height for width, height in zip(columns, rows, strict=True))
    return len(data) == expected, _CELLS, {"cells": expected, "rows": len(data)}


def _identities(data: pa.Table, lake: "Lake", year: int | None, part: Part) -> tuple[bool, str, dict[str, int]]:
    failed = pc.sum(data["failed"]).as_py() or 0
    return failed == 0, "{failed} instances of rules fail in the reports as printed.", {"failed": failed}


def _errors(data: pa.Table, lake: "Lake", year: int | None, part: Part) -> tuple[bool, str, dict[str, int]]:
    errors = pc.sum(pc.equal(undismissed(data)["severity"], "error")).as_py() or 0
    return errors == 0, "{errors} findings call for a look before use.", {"errors": errors}


_OWN: dict[str, list[tuple[str, bool, Rule]]] = {
    REPORTS.name: [("files_conserved", True, _files_conserved)],
    CHECKS.name: [("rules_hold", False, _identities)],
    FINDINGS.name: [("no_errors", False, _errors)],
    STATISTICS_2014.name: [("cells_conserved", True, _statistics_conserved)],
    **{table.name: [("cells_conserved", True, _cells_conserved(table))] for table in CELL_TABLES},
}
