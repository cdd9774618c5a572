"""A `Document` becomes a `Reading`: every table of the form, the sections, who reported, and what was odd.

Nothing is judged here: arithmetic is for `checks`. What is decided here is which edition each table is of, whether
the document is a report at all, and whether it is whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from pipeline.forms import SECTION_TABLES, STATISTICS, TABLES, Forms, load, simplify
from pipeline.parse.agreement import confirm
from pipeline.parse.align import PROSE, Words, align
from pipeline.parse.cut import separate
from pipeline.parse.glued import solve
from pipeline.parse.metadata import Metadata, read_metadata
from pipeline.parse.rows import FormCell, Oddity, TableReading, read_table
from pipeline.parse.sections import Heading, SectionText, find_headings, section_texts
from pipeline.parse.statistics import StatisticsReading, confirm_statistics, doubts, read_statistics
from pipeline.parse.support import support, support_metadata, support_statistics
from pipeline.readers import Document, Refused

_IS_REPORT = re.compile(r"信息公开.{0,12}(?:年度报告|年报|报告)|政府信息公开申请")


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd about a report: a rule's code, the place, and what was seen. `row` is a row code of the table."""

    rule: str
    table: str | None = None
    row: str | None = None
    observed: str = ""
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as it was read. `tables` holds those that are there, by name; `statistics` is the table before 2019."""

    document: Document
    tables: dict[str, TableReading]
    statistics: StatisticsReading | None
    sections: list[SectionText]
    notes: list[Note]
    agency_name: str | None
    stated_year: int | None
    period_start: date | None
    period_end: date | None
    published_on: date | None

    def edition(self, table: str) -> str | None:
        """The edition of a table, or None where it is absent."""
        reading = self.tables.get(table)
        return reading.form.edition if reading else None


def parse(documents: Sequence[Document], forms: Forms | None = None) -> Reading:
    """Read a document against every edition of the form; `documents` after the first are second readings of its source.

    A figure in which two readings differ is unreadable: the slip is ours, not the agency's. One of a recognised
    document is unreadable unless something supports it.

    Raises Refused: `not_a_report` when nothing says that it is one, `no_table_found` when it is one without tables,
    `truncated` when it ends inside its tables.
    """
    forms = forms or load()
    document = documents[0]
    headings, repeated = find_headings(document, forms.sections)
    tables = _tables(document, [*headings, *repeated], forms)
    statistics = read_statistics(document)
    whole = statistics is not None or all(name in tables and tables[name].has_figures for name in TABLES)
    if not whole and not document.recognised:
        apart = separate(document, forms)
        if apart is not None:
            document, (headings, repeated) = apart.document, find_headings(apart.document, forms.sections)
            tables = _tables(document, [*headings, *repeated], forms, apart.runs)
    if tables or statistics is None:
        _refuse_if_unfit(document, tables, headings)
    seconds = [_tables(second, [*chain(*find_headings(second, forms.sections))], forms) for second in documents[1:]]
    again = read_statistics(documents[1]) if statistics is not None and len(documents) > 1 else None
    if document.recognised:
        support(document, tables, seconds[0] if seconds else {}, forms)
        if statistics is not None:
            support_statistics(document, statistics, again)
    elif seconds:
        for second in seconds:
            confirm(tables, second)
        if statistics is not None:
            confirm_statistics(statistics, again)
    table_cells = _table_cells(tables, statistics)
    metadata = _metadata(document, table_cells)
    if document.recognised:
        again_cells = _table_cells(seconds[0], again) if seconds else set()
        metadata = support_metadata(metadata, _metadata(documents[1], again_cells) if again_cells else None)
    _, numbers = _prose(document, table_cells)
    signature = numbers[metadata.signature] if metadata.signature is not None else len(document.cells)
    if signature < max(table_cells):
        signature = len(document.cells)
    sections = section_texts(document, headings, repeated, table_cells, signature)
    old = statistics is not None and not tables
    return Reading(
        document,
        tables,
        statistics,
        sections,
        [
            *_notes(document, tables, sections, repeated, metadata.agency_name, forms, old=old),
            *_statistics_notes(document, statistics),
        ],
        metadata.agency_name,
        metadata.stated_year,
        metadata.period_start,
        metadata.period_end,
        metadata.published_on,
    )


def _tables(
    document: Document, headings: Sequence[Heading], forms: Forms, runs: frozenset[int] = frozenset()
) -> dict[str, TableReading]:
    """Each table that is there, in the edition that explains it best; of equals in that of the table before it.

    `runs` are the cells whose digits stuck to a label.
    """
    tables: dict[str, TableReading] = {}
    words = Words.of(document.cells)
    candidates = [edition.tables[name] for name in TABLES for edition in forms.editions.values()]
    for alignment in align(words, candidates, [heading.cell for heading in headings]):
        table = read_table(document, words, alignment)
        name = alignment.form.name
        if not table.is_there:
            continue
        best = tables.get(name)
        if best is None or alignment.score > best.alignment.score:
            tables[name] = table
        elif alignment.score == best.alignment.score and table.form.keys != best.form.keys:
            before = {other.form.edition for other in tables.values() if other is not best}
            chosen, other = (table, best) if table.form.edition in before else (best, table)
            chosen.oddities.append(Oddity("T9", None, chosen.form.edition, None))
            chosen.keep_shared(other.form)
            tables[name] = chosen
    solve(document.cells, tables, forms, runs)
    return tables


def _refuse_if_unfit(document: Document, tables: dict[str, TableReading], headings: list[Heading]) -> None:
    if not tables:
        if any(_IS_REPORT.search(simplify(re.sub(r"\s", "", cell.text))) for cell in document.cells):
            raise Refused(
                "no_table_found",
                "The text speaks of a report on open government information, but none of its tables is in it.",
                "The tables may be pictures or attachments of the page: fetch those.",
            )
        raise Refused(
            "not_a_report",
            "Nothing in the text says that it is an annual report on open government information.",
            "Check that this is the right file.",
        )
    if sum(table.is_twice for table in tables.values()) > 1:
        raise Refused(
            "several_reports",
            "The text holds more than one report: its tables are in it several times.",
            "Put each report into a file of its own.",
        )
    last = max(tables.values(), key=lambda table: table.last_cell)
    if last.form.name == TABLES[-1] and all(cell.figure.state != "lost" for cell in last.cells):
        return
    end = max([last.ground.stop - 1, *(heading.cell for heading in headings)])
    after = [cell for cell in document.cells[end + 1 :] if cell.text]
    later = [heading for heading in headings if heading.cell > last.last_cell and heading.section not in TABLES]
    if not later and len(after) <= 40 and not any(len(cell.text) > PROSE for cell in after):
        where = document.cells[-1].place
        raise Refused(
            "truncated",
            f"The text ends at {where}, in or just after {SECTION_TABLES[last.form.name]}: the rest is missing.",
            "Fetch the report again, whole.",
        )


def _table_cells(tables: dict[str, TableReading], statistics: StatisticsReading | None) -> set[int]:
    """The cells of a document that belong to its tables."""
    of_tables = {cell for table in tables.values() for cell in table.ground}
    return of_tables | set(statistics.ground if statistics else ())


def _metadata(document: Document, table_cells: set[int]) -> Metadata:
    lines, numbers = _prose(document, table_cells)
    return read_metadata(lines, opening=sum(number < min(table_cells) for number in numbers))


def _prose(document: Document, table_cells: set[int]) -> tuple[list[str], list[int]]:
    """The lines outside the tables, and for each the number of its first cell."""
    lines: list[str] = []
    numbers: list[int] = []
    number = 0
    for row in document.rows():
        if number not in table_cells and any(cell.text for cell in row):
            lines.append(" ".join(cell.text for cell in row if cell.text))
            numbers.append(number)
        number += len(row)
    return lines, numbers


def _notes(
    document: Document,
    tables: dict[str, TableReading],
    sections: list[SectionText],
    repeated: list[Heading],
    agency: str | None,
    forms: Forms,
    *,
    old: bool,
) -> Iterator[Note]:
    """`old`: a report with the statistics table alone, of years in which tables 2-4 and the six sections were not."""
    if agency is None:
        yield Note("A1")
    for name in () if old else TABLES:
        if name not in tables:
            yield Note("T1", name)
            continue
        reading = tables[name]
        for rule, state in (("T2", "lost"), ("T7", "unreadable"), ("T8", "text")):
            for row, cells in _rows_with(reading, state).items():
                observed = "; ".join(dict.fromkeys(cell.text for cell in cells if cell.text))
                numbers = [cell.cell for cell in cells if cell.cell is not None]
                where = document.cells[numbers[0]].place if numbers else None
                yield Note(rule, name, row, observed, where)
        for oddity in reading.oddities:
            where = document.cells[oddity.cell].place if oddity.cell is not None else None
            yield Note(oddity.rule, name, oddity.row, oddity.observed, where)
    present = {section.section for section in sections}
    for section in forms.sections.values():
        if section.titles and section.code not in present and not old:
            yield Note("S1", observed=section.titles[0])
    for heading in repeated:
        yield Note("S2", observed=heading.title, locator=document.cells[heading.cell].place)


def _statistics_notes(document: Document, statistics: StatisticsReading | None) -> Iterator[Note]:
    if statistics is None:
        return
    seen = [*doubts(statistics), *statistics.oddities]
    for rule, indicator, observed, cell in seen:
        where = document.cells[cell].place if cell is not None else None
        yield Note(rule, STATISTICS, indicator, observed, where)


def _rows_with(reading: TableReading, state: str) -> dict[str, list[FormCell]]:
    rows: dict[str, list[FormCell]] = {}
    for (row, _), cell in zip(reading.form.keys, reading.cells, strict=True):
        if cell.figure.state == state:
            rows.setdefault(row, []).append(cell)
    return rows
