"""Rows that stand alone on a sheet of tabbed rows: no other row shows where their figures begin.

Their tabs are all there, so their cells stand in order. But the row is filled up with empty cells, which may stand
before the figures or behind them. What is the same either way is read. Here a row is its seven figures, a dot a blank.
"""

from itertools import product

import pytest

from tests.parse.comparison import cells, read, row, wrong_numbers
from tests.planted import form
from tests.planted.figures import distinct
from tests.planted.render import render

COLUMNS = [applicant.code for applicant in form.APPLICANTS]
LONE = [("other_total", "2019"), ("processed_total", "2021"), ("carried_out", "2021")]
"""An empty cell stands between their label and their figures, which reach the edge of the sheet."""
CUT = "denied_internal_affairs"
"""A page break cuts its label. An empty cell stands before its figures, and one behind them."""


def of_row(code, printed):
    figures = [None if figure == "." else figure for figure in printed.split()]
    return {("applications", code, column): figure for column, figure in zip(COLUMNS, figures, strict=True)}


def shown(reading, code):
    """A row as it was read, a question mark for what is unreadable."""
    signs = {"blank": ".", "unreadable": "?", "lost": "lost"}
    found = row(reading, "applications", code)
    return " ".join(signs.get(cell.figure.state) or str(cell.figure.value) for cell in found)


def false_blanks(reading, figures):
    """Cells called blank in which a figure is printed."""
    return [keys for keys, cell in cells(reading).items() if cell.figure.state == "blank" and figures.get(keys)]


@pytest.mark.parametrize(("code", "edition"), LONE)
@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (". 7 8 9 10 11 12", ". 7 8 9 10 11 12"),  # the last figure reaches the edge: there is one way
        (". 7 8 9 10 11 .", ". ? ? ? ? ? ?"),
        (". . 0 0 0 . .", ". . ? 0 0 ? ."),
        ("5 5 5 5 5 5 .", "? 5 5 5 5 5 ?"),
        (". . . 6 . . .", ". . . ? ? . ."),
        (". . . . . . .", ". . . . . . ."),
    ],
)
def test_what_is_the_same_whether_an_empty_cell_stands_before_or_behind_is_read(code, edition, printed, expected):
    figures = distinct(edition, edition) | of_row(code, printed)
    reading = read(render("page_broken", edition, edition, figures))
    assert shown(reading, code) == expected
    assert wrong_numbers(reading, figures) == []


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("1 . 3 4 5 . 7", "1 . 3 4 5 . 7"),
        ("8 . . . . . 9", "8 . . . . . 9"),
        (". . 0 0 0 . .", ". ? ? 0 ? ? ."),
        ("6 . . . . . .", "? ? . . . . ."),
        (". . . . . . 6", ". . . . . ? ?"),
    ],
)
def test_a_row_with_an_empty_cell_on_either_side_lies_one_of_three_ways(edition, printed, expected):
    figures = distinct(edition, edition) | of_row(CUT, printed)
    reading = read(render("page_broken", edition, edition, figures))
    assert shown(reading, CUT) == expected


def test_an_unreadable_cell_shows_all_that_is_printed_of_its_row():
    figures = distinct("2021", "2021") | of_row("carried_out", ". 41 . 42 42 . .")
    reading = read(render("page_broken", "2021", "2021", figures))
    assert shown(reading, "carried_out") == ". ? ? ? 42 ? ."
    assert {cell.text for cell in row(reading, "applications", "carried_out")} == {"", "41 42 42", "42"}
    assert [note.observed for note in reading.notes if note.rule == "T7"] == ["41 42 42"]


@pytest.mark.parametrize(("code", "edition"), [*LONE, (CUT, "2019"), (CUT, "2021")])
@pytest.mark.parametrize("tabs", ["", "\t\t"], ids=["lost", "doubled"])
def test_of_a_lone_row_that_is_not_as_wide_as_its_sheet_nothing_is_read(code, edition, tabs):
    figures = distinct(edition, edition) | of_row(code, ". . 77 . 77 77 .")
    text = render("page_broken", edition, edition, figures)
    (line,) = (line for line in text.split("\n") if "\t77\t\t77\t77\t" in line)
    for place in (place for place, character in enumerate(line) if character == "\t"):
        reading = read(text.replace(line, line[:place] + tabs + line[place + 1 :]))
        assert wrong_numbers(reading, figures) == []
        assert false_blanks(reading, figures) == []
        assert {cell.figure.state for cell in row(reading, "applications", code)} <= {"unreadable", "lost"}


@pytest.mark.parametrize(("code", "edition"), LONE)
@pytest.mark.parametrize("shift", [*product((0, 1), (0, 1, 2))])
@pytest.mark.parametrize("printed", [". . 7 . 7 . .", "0 0 . . . . .", ". . . . 4 . 4", "1 . 1 . 1 . 2"])
def test_wherever_the_label_of_a_lone_row_slid_no_figure_moves(code, edition, shift, printed):
    figures = distinct(edition, edition) | of_row(code, printed)
    reading = read(render("page_broken", edition, edition, figures, shifted={code: shift}))
    assert wrong_numbers(reading, figures) == []
    assert false_blanks(reading, figures) == []


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_the_second_half_of_a_label_is_no_blank_row_of_its_own(edition):
    """The first half and its figures are lost at the end of a page; the next one begins with the rest of the label."""
    figures = distinct(edition, edition)
    text = render("page_broken", edition, edition, figures)
    (line,) = (line for line in text.split("\n") if line.startswith("5. 属于三类内\t"))
    assert "\t部事务信息\t\t" in text
    assert shown(read(text), CUT) == " ".join(figures["applications", CUT, column] for column in COLUMNS)
    assert shown(read(text.replace(f"{line}\n", "")), CUT) == "lost lost lost lost lost lost lost"
