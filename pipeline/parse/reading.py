"""A `Document` becomes a `Reading`: every table of the form, the sections, who reported, and what was odd.

Nothing is judged here: arithmetic is for `checks`. What is decided here is which edition each table is of, whether
the document is a report at all, and whether it is whole.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pipeline.forms import SECTION_TABLES, STATISTICS, TABLES, Forms, load, simplify
from pipeline.parse.agreement import confirm
from pipeline.parse.align import PROSE, Words, align
from pipeline.parse.cut import separate
from pipeline.parse.glued import solve
from pipeline.parse.metadata import Metadata, read_metadata
from pipeline.parse.rows import COUNT_TABLES, FormCell, Oddity, Sheets, TableReading, read_table
from pipeline.parse.sections import (
    Heading,
    Line,
    SectionText,
    headings_of,
    in_order,
    lines_of,
    prose_of,
    section_texts,
)
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


class Columns(NamedTuple):
    """A table column by column, each in the order of the form's cells, as `readings` lands it.

    `value` holds whole numbers in tables of counts, else decimals. `locator` is None for what was not found.
    """

    edition: str
    value: Sequence[Decimal | int | None]
    state: Sequence[str]
    text: Sequence[str | None]
    origin: Sequence[str]
    unit: Sequence[str | None]
    locator: Sequence[str | None]


class Outline(NamedTuple):
    """What stands outside the tables of a document: headings, the lines among which they are, and those without them.

    `opening` of the `prose` stand before the first table, `last` is the last cell of the tables.
    """

    headings: list[Heading]
    prose: list[Line]
    lines: list[Line]
    opening: int
    last: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as it was read. `tables` holds those that are there, by name, `columns` the same column by column.

    `statistics` is the table before 2019.
    """

    document: Document
    tables: Mapping[str, TableReading]
    columns: Mapping[str, Columns]
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
        columns = self.columns.get(table)
        return columns.edition if columns else None


def parse(documents: Sequence[Document], forms: Forms | None = None) -> Reading:
    """Read a document against every edition of the form; `documents` after the first are second readings of its source.

    A figure in which two readings differ is unreadable: the slip is ours, not the agency's. One of a recognised
    document is unreadable unless something supports it.

    Raises Refused: `not_a_report` when nothing says that it is one, `no_table_found` when it is one without tables,
    `truncated` when it ends inside its tables.
    """
    forms = forms or load()
    document = documents[0]
    headings = headings_of(document.cells, forms.sections)
    tables = _tables(document, headings, forms)
    statistics = read_statistics(document)
    whole = statistics is not None or all(name in tables and tables[name].has_figures for name in TABLES)
    if not whole and not document.recognised:
        apart = separate(document, forms)
        if apart is not None:
            document, headings = apart.document, headings_of(apart.document.cells, forms.sections)
            tables = _tables(document, headings, forms, apart.runs)
    if tables or statistics is None:
        _refuse_if_unfit(document, tables, in_order(headings, forms.sections)[0])
    seconds = [_tables(second, headings_of(second.cells, forms.sections), forms) for second in documents[1:]]
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
    outline = outline_of(document, headings, _table_cells(tables, statistics))
    metadata = metadata_of(outline)
    if document.recognised:
        again_cells = _table_cells(seconds[0], again) if seconds else set()
        other = metadata_of(outline_of(documents[1], [], again_cells)) if again_cells else None
        metadata = support_metadata(metadata, other)
    columns = {name: _columns(document, table) for name, table in tables.items()}
    notes = [
        note if cell is None else replace(note, locator=document.cells[cell].place)
        for note, cell in table_notes(tables)
    ]
    return reading_of(document, tables, columns, notes, outline, metadata, forms, statistics)


def outline_of(document: Document, headings: list[Heading], table_cells: set[int]) -> Outline:
    """The outline of a document, given all its headings and the cells of its tables."""
    prose = prose_of(document.cells, table_cells)
    lines = lines_of(document.cells, table_cells | {heading.cell for heading in headings})
    first = min(table_cells)
    return Outline(headings, prose, lines, sum(line.cell < first for line in prose), max(table_cells))


def _tables(
    document: Document, headings: Sequence[Heading], forms: Forms, runs: frozenset[int] = frozenset()
) -> dict[str, TableReading]:
    """Each table that is there, in the edition that explains it best; of equals in that of the table before it.

    The likeliest edition is read first, another only where it may explain the table as well. `runs` are the
    cells whose digits stuck to a label.
    """
    tables: dict[str, TableReading] = {}
    words, sheets = Words.of(document.cells), Sheets.of(document.cells)
    candidates = [edition.tables[name] for name in TABLES for edition in forms.editions.values()]
    alignments = align(words, candidates, [heading.cell for heading in headings])
    for alignment in sorted(alignments, key=lambda each: (TABLES.index(each.form.name), -each.score)):
        name = alignment.form.name
        best = tables.get(name)
        if best and (alignment.score < best.alignment.score or alignment.form.keys == best.form.keys):
            continue
        table = read_table(document, words, sheets, alignment)
        if not table.is_there:
            continue
        if best is None:
            tables[name] = table
        else:
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


def metadata_of(outline: Outline) -> Metadata:
    """What the lines of an outline say of who reported and when."""
    return read_metadata([line.text for line in outline.prose], outline.opening)


def reading_of(
    document: Document,
    tables: Mapping[str, TableReading],
    columns: Mapping[str, Columns],
    of_tables: Sequence[Note],
    outline: Outline,
    metadata: Metadata,
    forms: Forms,
    statistics: StatisticsReading | None = None,
) -> Reading:
    """Put together what was read in the tables, with the notes on them, and outside of them."""
    size = len(document.cells)
    signature = outline.prose[metadata.signature].cell if metadata.signature is not None else None
    if signature is not None and signature < outline.last:
        signature = None
    headings, repeated = in_order(outline.headings, forms.sections)
    sections = section_texts(outline.lines, headings, signature, size)
    notes = [Note("A1")] if metadata.agency_name is None else []
    old = statistics is not None and not columns
    if not old:
        notes += of_tables
        notes += _missing_sections(sections, forms)
    notes += (Note("S2", observed=again.title, locator=document.cells[again.cell].place) for again in repeated)
    notes += _statistics_notes(document, statistics)
    return Reading(
        document,
        tables,
        columns,
        statistics,
        sections,
        notes,
        metadata.agency_name,
        metadata.stated_year,
        metadata.period_start,
        metadata.period_end,
        metadata.published_on,
    )


def _columns(document: Document, table: TableReading) -> Columns:
    is_counted = table.form.name in COUNT_TABLES
    figures = [cell.figure for cell in table.cells]
    return Columns(
        table.form.edition,
        [int(figure.value) if is_counted and figure.value is not None else figure.value for figure in figures],
        [figure.state for figure in figures],
        [cell.text for cell in table.cells],
        [cell.origin for cell in table.cells],
        [
            figure.unit or (column.unit if figure.value is not None else None)
            for figure, (_, column) in zip(figures, table.form.cells, strict=True)
        ],
        [document.cells[cell.cell].place if cell.cell is not None else None for cell in table.cells],
    )


def table_notes(tables: Mapping[str, TableReading]) -> Iterator[tuple[Note, int | None]]:
    """What is odd about the tables, each with the cell where it is seen."""
    for name in TABLES:
        if name not in tables:
            yield Note("T1", name), None
            continue
        reading = tables[name]
        for rule, state in (("T2", "lost"), ("T7", "unreadable"), ("T8", "text")):
            for row, cells in _rows_with(reading, state).items():
                observed = "; ".join(dict.fromkeys(cell.text for cell in cells if cell.text))
                where = next((cell.cell for cell in cells if cell.cell is not None), None)
                yield Note(rule, name, row, observed), where
        for oddity in reading.oddities:
            yield Note(oddity.rule, name, oddity.row, oddity.observed), oddity.cell


def _missing_sections(sections: Sequence[SectionText], forms: Forms) -> Iterator[Note]:
    present = {section.section for section in sections}
    for section in forms.sections.values():
        if section.titles and section.code not in present:
            yield Note("S1", observed=section.titles[0])


def _statistics_notes(document: Document, statistics: StatisticsReading | None) -> Iterator[Note]:
    """A report with this table alone is of years in which tables 2-4 and the six sections were not."""
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
