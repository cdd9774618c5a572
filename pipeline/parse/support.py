"""What counts of recognised characters: a figure seen in a picture is a guess, and one guess is no number.

A cell of a recognised document is supported where the second reading has the same in it, or where the picture shows it
blank. Of the others the form's arithmetic can prove a figure that one reading saw: an identity whose other operands are
all supported leaves exactly one value, and it is this one. An identity over zeros proves nothing, and what breaks
another identity was not proved. All else is unreadable. So an identity that fails fails over figures seen twice.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.forms import Forms
from pipeline.parse.figures import UNREADABLE
from pipeline.parse.metadata import Metadata
from pipeline.parse.rows import FormCell, Oddity, TableReading
from pipeline.parse.statistics import Entry, StatisticsReading
from pipeline.readers import Document
from pipeline.readers.pdf_page import UNKNOWN

Seen = dict[Decimal, FormCell]
"""The figures that readings saw in a cell, each with the cell it would make."""


class _Sum(NamedTuple):
    """An identity over cells of a table, by their positions: both sides come to the same."""

    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def operands(self) -> tuple[int, ...]:
        return self.left + self.right


def support(
    document: Document, tables: Mapping[str, TableReading], seconds: Mapping[str, TableReading], forms: Forms
) -> None:
    """Make every cell of a recognised document's tables unreadable that nothing supports, in place.

    `tables` are those of the first reading, `seconds` those of the second one.
    """
    for name, table in tables.items():
        second = seconds.get(name)
        if second is None or second.form.edition != table.form.edition:
            table.oddities.append(Oddity("T11", None, "the second reading has not found the table", None))
            second = None
        others: Sequence[FormCell | None] = second.cells if second else [None] * len(table.cells)
        supported = [_is_supported(document, cell, other) for cell, other in zip(table.cells, others, strict=True)]
        proved = _proved(table, others, supported, list(_sums(table, forms)))
        for number, (cell, other) in enumerate(zip(table.cells, others, strict=True)):
            if number in proved:
                table.cells[number] = proved[number]
            elif not supported[number]:
                table.oddities += _doubt(table.form.keys[number], cell, other)
                table.cells[number] = FormCell(UNREADABLE, cell.text, cell.cell)


def support_statistics(document: Document, first: StatisticsReading, second: StatisticsReading | None) -> None:
    """Make every cell of a recognised statistics table unreadable that nothing supports, in place."""
    if second is None or second.columns != first.columns:
        first.oddities.append(Oddity("T11", None, "the second reading has not found the table", None))
        second = None
    others = [entry.cell for entry in second.entries] if second else [None] * len(first.entries)
    for number, (entry, other) in enumerate(zip(first.entries, others, strict=True)):
        if not _is_supported(document, entry.cell, other):
            first.oddities += _doubt((entry.indicator, entry.column), entry.cell, other)
            cell = FormCell(UNREADABLE, entry.cell.text, entry.cell.cell)
            first.entries[number] = Entry(entry.indicator, entry.column, cell, None)


def support_metadata(first: Metadata, second: Metadata | None) -> Metadata:
    """What both readings say of who reported, when and for which year; what they say differently is not said."""
    told = first._asdict()
    other = second._asdict() if second else {}
    differing = {name: None for name in told if name != "signature" and told[name] != other.get(name)}
    return first._replace(**differing)


def _is_supported(document: Document, cell: FormCell, other: FormCell | None) -> bool:
    """Whether both readings have the same in a cell, or the first finds it blank in the picture and the second nothing.

    The first reading of ruled cells goes by the picture: an empty cell of it has no ink.
    """
    if cell.figure.state == "unreadable":
        return True  # it claims nothing
    if UNKNOWN in (cell.text or ""):
        return False
    if other is not None and _has_read(other):
        return cell.figure == other.figure
    bare = document.marked and cell.cell is not None and not document.cells[cell.cell].text
    return cell.figure.state == "blank" and bare


def _has_read(cell: FormCell) -> bool:
    return cell.figure.state != "unreadable"


def _doubt(keys: tuple[str, str], cell: FormCell, other: FormCell | None) -> Iterator[Oddity]:
    if other is not None and _has_read(other) and other.figure.state != "lost":
        yield Oddity("T10", keys[0], f"{cell.text} / {other.text}", cell.cell)
    else:
        yield Oddity("T11", keys[0], f"{keys[1]} {cell.text}", cell.cell)


# What arithmetic proves


def _sums(table: TableReading, forms: Forms) -> Iterator[_Sum]:
    for identity in forms.editions[table.form.edition].identities:
        if identity.table == table.form.name and identity.relation == "=":
            yield from (_Sum(left, right) for _, left, right in identity.instances(table.form))


def _proved(
    table: TableReading, others: Sequence[FormCell | None], supported: Sequence[bool], sums: Sequence[_Sum]
) -> dict[int, FormCell]:
    """The cells that only one reading saw so, or each differently, and that the form's arithmetic proves."""
    known = {
        number: cell.figure.value
        for number, cell in enumerate(table.cells)
        if supported[number] and cell.figure.value is not None
    }
    seen = {
        number: _seen(cell, other)
        for number, (cell, other) in enumerate(zip(table.cells, others, strict=True))
        if number not in known and cell.cell is not None
    }
    proved: dict[int, FormCell] = {}
    while True:
        left_over: dict[int, set[Decimal]] = defaultdict(set)
        for each in sums:
            unknown = [number for number in each.operands if number not in known]
            if len(unknown) == 1 and any(known.get(number) for number in each.operands):
                left_over[unknown[0]].add(_missing(each, unknown[0], known))
        fresh = {
            number: seen[number][value]
            for number, (value, *rest) in left_over.items()
            if not rest and value in seen.get(number, {})
        }
        if not fresh:
            break
        proved |= fresh
        known |= {number: cell.figure.value for number, cell in fresh.items() if cell.figure.value is not None}
    broken = {number for each in sums if not _holds(each, known) for number in each.operands}
    return {number: cell for number, cell in proved.items() if number not in broken}


def _seen(cell: FormCell, other: FormCell | None) -> Seen:
    seen: Seen = {}
    for each in (cell, other):
        if each is not None and each.figure.value is not None:
            seen.setdefault(each.figure.value, each._replace(cell=cell.cell))
    return seen


def _missing(each: _Sum, number: int, known: Mapping[int, Decimal]) -> Decimal:
    """What an operand must be for an identity to hold."""
    left = sum((known[other] for other in each.left if other != number), Decimal(0))
    right = sum((known[other] for other in each.right if other != number), Decimal(0))
    return right - left if number in each.left else left - right


def _holds(each: _Sum, known: Mapping[int, Decimal]) -> bool:
    """Whether an identity holds, or cannot say."""
    if any(number not in known for number in each.operands):
        return True
    return sum(known[number] for number in each.left) == sum(known[number] for number in each.right)
