"""The statistics tables before 2019 in HTML, office documents and PDFs: every planted cell, and every blank."""

from random import Random

import pytest

from pipeline.parse import Reading, parse
from pipeline.readers import reader_of
from tests.parse.test_statistics import expected, found
from tests.planted import pdf
from tests.planted import statistics as planted
from tests.planted.statistics import NATIONAL

MARKED = [kind for kind in planted.FILES if not kind.startswith("pdf")]
RULED = [f"pdf {look}" for look in (*pdf.RULED, *pdf.CUT)]
UNRULED = [f"pdf {look}" for look in pdf.UNRULED]
FORMS = list(planted.FORMS.values())

# pages and documents in every family; the looks of PDFs take turns
FILES = [(kind, form) for kind in MARKED for form in FORMS]
FILES += [(kind, FORMS[number % len(FORMS)]) for number, kind in enumerate(RULED)]
UNRULED_FILES = [(kind, form) for kind in UNRULED for form in FORMS[1:]] + [(UNRULED[0], NATIONAL)]


def _names(files: list[tuple[str, planted.Form]]) -> list[str]:
    return [f"{kind}, {form.family}" for kind, form in files]


def read(kind: str, printed: list[planted.Row]) -> Reading:
    data, source_format = planted.file(kind, printed)
    reader = reader_of(source_format)
    return parse(reader.arrange(reader.extract(data)))


def columns_of(form: planted.Form) -> tuple[str, ...]:
    """Three figure columns where the form leaves them to the agency, its own where it does not."""
    return planted.THREE if form is NATIONAL else form.columns


@pytest.mark.parametrize(("kind", "form"), FILES, ids=_names(FILES))
def test_every_cell_is_the_planted_number_or_blank(kind, form) -> None:
    figures = planted.distinct(61, columns_of(form), form)
    for cell in Random(5).sample(sorted(figures), len(figures) // 5):
        figures[cell] = None
    reading = read(kind, planted.rows(figures, columns_of(form), form=form))
    assert found(reading) == expected(figures)
    assert reading.statistics.family == form.family
    units = {entry.indicator: entry.unit for entry in reading.statistics.entries if entry.cell.figure.value is not None}
    assert units.items() <= form.units.items()


@pytest.mark.parametrize(("kind", "form"), UNRULED_FILES, ids=_names(UNRULED_FILES))
def test_without_rules_every_cell_is_read_and_every_blank(kind, form) -> None:
    """A PDF without rules shows a blank cell by where the figures beside it stand."""
    columns = columns_of(form)
    figures = planted.distinct(63, columns, form)
    assert found(read(kind, planted.rows(figures, columns, form=form))) == expected(figures)
    for cell in Random(7).sample(sorted(figures), len(figures) // 5):
        figures[cell] = None
    assert found(read(kind, planted.rows(figures, columns, form=form))) == expected(figures)


@pytest.mark.parametrize("kind", ["html word", "docx merged", "pdf full_grid", "pdf unruled"])
def test_a_single_column_in_files(kind) -> None:
    figures = planted.distinct(62)
    for cell in Random(6).sample(sorted(figures), 15):
        figures[cell] = None
    cells = found(read(kind, planted.rows(figures)))
    assert {cell: value for cell, (_, value) in cells.items()} == {
        cell: value for cell, (_, value) in expected(figures).items()
    }
