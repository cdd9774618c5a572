"""Every figure of a report is read into its own cell: a different number is planted in each."""

import pytest

from tests.parse.comparison import EDITION_PAIRS, LAYOUTS, ODD, cells, mismatches, read, without
from tests.planted.figures import consistent, distinct
from tests.planted.render import Oddities, render

pytestmark = [
    pytest.mark.parametrize("layout", LAYOUTS),
    pytest.mark.parametrize(("edition_t2", "edition_t3"), EDITION_PAIRS),
]

all_oddities = pytest.mark.parametrize("oddity", ODD)


def planted(edition_t2, edition_t3, oddity, seed=0):
    figures = distinct(edition_t2, edition_t3, seed)
    return figures, without(figures, rows=tuple(Oddities(**ODD[oddity]).missing))


@all_oddities
def test_every_cell_is_the_planted_number(layout, edition_t2, edition_t3, oddity):
    figures, printed = planted(edition_t2, edition_t3, oddity)
    reading = read(render(layout, edition_t2, edition_t3, figures, **ODD[oddity]))
    assert mismatches(reading, printed) == []


@all_oddities
def test_each_table_has_its_own_edition(layout, edition_t2, edition_t3, oddity):
    figures, _ = planted(edition_t2, edition_t3, oddity)
    reading = read(render(layout, edition_t2, edition_t3, figures, **ODD[oddity]))
    assert reading.edition("proactive_disclosure") == edition_t2
    assert reading.edition("applications") == edition_t3
    assert reading.edition("review_litigation") is not None


@all_oddities
def test_the_locator_leads_to_the_figure(layout, edition_t2, edition_t3, oddity):
    figures, printed = planted(edition_t2, edition_t3, oddity)
    text = render(layout, edition_t2, edition_t3, figures, **ODD[oddity])
    reading, lines = read(text), text.split("\n")
    for keys, cell in cells(reading).items():
        if keys not in printed:
            continue
        words = reading.document.cells[cell.cell].place.split()
        fields = lines[int(words[1]) - 1].split("\t")
        if words[2:]:
            assert words[2] == "cell"
            assert fields[int(words[3]) - 1].strip() == printed[keys]
        else:
            assert [field.strip() for field in fields if field.strip()] == [printed[keys]]


def test_a_consistent_report_is_read_as_printed_too(layout, edition_t2, edition_t3):
    figures = consistent(edition_t2, edition_t3, seed=7)
    assert mismatches(read(render(layout, edition_t2, edition_t3, figures)), figures) == []


def test_zeros_are_numbers_and_not_blanks(layout, edition_t2, edition_t3):
    figures = dict.fromkeys(distinct(edition_t2, edition_t3), "0")
    assert mismatches(read(render(layout, edition_t2, edition_t3, figures)), figures) == []


@pytest.mark.parametrize("table", ["proactive_disclosure", "applications", "review_litigation"])
def test_a_table_that_is_not_there_is_absent_and_the_others_are_whole(layout, edition_t2, edition_t3, table):
    figures = distinct(edition_t2, edition_t3)
    reading = read(render(layout, edition_t2, edition_t3, figures, missing=(table,)))
    assert table not in reading.tables
    assert reading.edition(table) is None
    assert [note.table for note in reading.notes if note.rule == "T1"] == [table]
    assert mismatches(reading, without(figures, tables=(table,))) == []
