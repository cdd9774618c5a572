"""The tests of the planted numbers can fail: a label taken away or a figure moved does not go by unseen."""

from dataclasses import replace
from itertools import combinations

import pytest

from pipeline.forms import TABLES, load
from pipeline.parse.align import Words, align
from pipeline.parse.rows import FormCell
from pipeline.readers.text import arrange
from tests.parse.comparison import LAYOUTS, cells, mismatches, read, row, wrong_numbers
from tests.planted import form
from tests.planted.figures import distinct
from tests.planted.render import render, table_text

EDITIONS = form.EDITIONS


def planted_rows(edition):
    return [*{keys[:2]: None for keys in form.cells(edition, edition)}]


def planted_columns(edition):
    return [*{(keys[0], keys[2]): None for keys in form.cells(edition, edition)}]


ROWS = [(edition, *keys) for edition in EDITIONS for keys in planted_rows(edition)]
COLUMNS = [(edition, *keys) for edition in EDITIONS for keys in planted_columns(edition)]
COLUMNS = [column for column in COLUMNS if column[1:] != ("applications", "total")]
"""Without the total of table 3, which spans header rows: a text shows it out of order. The swaps below cover it."""

WIDE_ROWS = [keys for keys in ROWS if sum(cell[:2] == keys[1:] for cell in form.cells(keys[0], keys[0])) > 1]
"""Rows of one cell have no column to slip into."""


def only(edition):
    """The forms as if this edition were the only one, so that no other one can step in for it."""
    forms = load()
    return replace(forms, editions={edition: forms.editions[edition]})


def without_label(edition, table, kind, code):
    """The forms of one edition in which one label has no spelling at all."""
    forms = only(edition)
    whole = forms.editions[edition]
    script = tuple(
        replace(label, keys=frozenset()) if (label.kind, label.code) == (kind, code) else label
        for label in whole.tables[table].script
    )
    assert script != whole.tables[table].script
    tables = whole.tables | {table: replace(whole.tables[table], script=script)}
    return replace(forms, editions={edition: replace(whole, tables=tables)})


def noticed(reading, figures, table, code):
    told = any(note.table == table and note.row == code and note.rule in ("T3", "T5") for note in reading.notes)
    return told or bool(mismatches(reading, figures))


@pytest.mark.parametrize("layout", LAYOUTS[:2])
@pytest.mark.parametrize(("edition", "table", "code"), ROWS)
def test_a_row_label_taken_away_is_noticed(layout, edition, table, code):
    figures = distinct(edition, edition)
    text = render(layout, edition, edition, figures)
    assert not noticed(read(text, only(edition)), figures, table, code)
    assert noticed(read(text, without_label(edition, table, "row", code)), figures, table, code)


def spelled(text, forms, edition, table, code):
    """How many times the alignment found a column's label by its spelling."""
    (document,) = arrange(text)
    (alignment,) = align(Words.of(document.cells), [forms.editions[edition].tables[table]], [])
    labels = [alignment.form.script[hit.position] for hit in alignment.hits if hit.exact]
    return sum((label.kind, label.code) == ("column", code) for label in labels)


@pytest.mark.parametrize(("edition", "table", "code"), COLUMNS)
def test_a_column_label_taken_away_is_not_found(edition, table, code):
    text = render("tab_rows", edition, edition, distinct(edition, edition))
    assert spelled(text, only(edition), edition, table, code) > 0
    assert spelled(text, without_label(edition, table, "column", code), edition, table, code) == 0


def shifted(read_cells, places):
    """The figures of a row moved along its cells."""
    return [FormCell(*read_cells[(place - places) % len(read_cells)]) for place in range(len(read_cells))]


@pytest.mark.parametrize("places", [1, -1])
@pytest.mark.parametrize(("edition", "table", "code"), WIDE_ROWS)
def test_a_row_read_one_column_off_is_a_mismatch(edition, table, code, places):
    figures = distinct(edition, edition)
    reading = read(render("tab_rows", edition, edition, figures))
    codes = [keys[0] for keys in reading.tables[table].form.keys]
    first, width = codes.index(code), codes.count(code)
    found = reading.tables[table].cells
    found[first : first + width] = shifted(found[first : first + width], places)
    assert len(mismatches(reading, figures)) == width


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("places", [1, -1])
def test_figures_moved_in_the_source_are_read_where_they_stand(layout, edition, places):
    figures = distinct(edition, edition)
    for table, code in planted_rows(edition):
        mine = [keys for keys in figures if keys[:2] == (table, code)]
        moved = figures | {keys: figures[mine[(at - places) % len(mine)]] for at, keys in enumerate(mine)}
        reading = read(render(layout, edition, edition, moved))
        assert mismatches(reading, moved) == []
        assert bool(mismatches(reading, figures)) == (len(mine) > 1)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("places", [1, -1])
def test_a_row_that_begins_or_ends_with_a_blank_is_never_filled_up(layout, edition, places):
    figures = distinct(edition, edition)
    for table, code in planted_rows(edition):
        mine = [keys for keys in figures if keys[:2] == (table, code)]
        places_of = dict(enumerate(mine))
        moved = figures | {
            keys: figures[places_of[at - places]] if at - places in places_of else None for at, keys in enumerate(mine)
        }
        reading = read(render(layout, edition, edition, moved))
        assert wrong_numbers(reading, moved) == []
        states = {cell.figure.state for cell in row(reading, table, code)}
        assert mismatches(reading, moved) == [] or states == {"unreadable"}


def swapped(layout, edition, table, one, other):
    """A report in which two column headers of one table have changed places, and its figures."""
    figures = distinct(edition, edition)
    text = render(layout, edition, edition, figures)
    before = table_text(layout, table, edition, figures)
    after = table_text(layout, table, edition, figures, labels={one: other, other: one})
    assert text.count(before) == 1
    assert before != after
    return text.replace(before, after)


def readable(reading, table):
    return [keys for keys, cell in cells(reading).items() if keys[0] == table and cell.figure.value is not None]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("one", "other"), [*combinations([column.label for column in form.APPLICANTS], 2)])
def test_swapped_headers_make_table_3_unreadable(layout, edition, one, other):
    if layout == "page_broken":  # this layout prints shorter names of its own
        shorter = {"商业企业": "企业", "社会公益组织": "社会组织"}
        labels = {one: shorter.get(other, other), other: shorter.get(one, one)}
        text = render(layout, edition, edition, distinct(edition, edition), labels=labels)
    else:
        text = swapped(layout, edition, "applications", one, other)
    assert readable(read(text), "applications") == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("one", "other"), [*combinations([outcome.label for outcome in form.OUTCOMES], 2)])
def test_swapped_headers_make_table_4_unreadable(layout, one, other):
    assert readable(read(swapped(layout, "2021", "review_litigation", one, other)), "review_litigation") == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_swapped_suits_make_table_4_unreadable(layout):
    direct, after_review = (channel.label for channel in form.LITIGATION_CHANNELS)
    assert readable(read(swapped(layout, "2021", "review_litigation", direct, after_review)), "review_litigation") == []


SWAPS = [
    (edition, one.label, other.label)
    for edition in EDITIONS
    for measures in dict.fromkeys(block.measures for block in form.BLOCKS[edition])
    for one, other in combinations(measures, 2)
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("edition", "one", "other"), SWAPS)
def test_swapped_headers_make_table_2_unreadable(layout, edition, one, other):
    text = swapped(layout, edition, "proactive_disclosure", one, other)
    assert readable(read(text), "proactive_disclosure") == []


@pytest.mark.parametrize("table", TABLES)
def test_a_swap_in_one_table_leaves_the_others_alone(table):
    columns = {
        "proactive_disclosure": ("本年制发件数", "现行有效件数"),
        "applications": ("自然人", "科研机构"),
        "review_litigation": ("结果维持", "其他结果"),
    }
    reading = read(swapped("tab_rows", "2021", table, *columns[table]))
    others = {keys: figure for keys, figure in distinct("2021", "2021").items() if keys[0] != table}
    assert {keys[0] for keys, cell in cells(reading).items() if cell.figure.value is not None} == {
        keys[0] for keys in others
    }
    assert wrong_numbers(reading, others) == []
