"""Columns of tables without rules: proven by where figures and heads stand, or left alone."""

from random import Random

import pytest

from pipeline.readers.pdf_cells import cells_document
from pipeline.readers.pdf_columns import with_columns
from pipeline.readers.pdf_lines import Piece, content, lines_of
from pipeline.readers.pdf_page import Glyph, Page, Rule
from tests.parse.comparison import mismatches, wrong_numbers
from tests.planted.figures import distinct
from tests.planted.form import APPLICANTS
from tests.planted.pdf import LOOKS, Look, pdf
from tests.readers.test_pdf import read

SEED = 5


def line(height, *pieces, page=1, size=10):
    """A row of a page: each piece a text and where it begins and ends."""
    return page, [Piece(text, (left, height - 5, right, height + 5), size) for text, left, right in pieces]


def texts(rows):
    return [[piece.text for piece in pieces] for _, pieces in with_columns(rows)]


HEADS = ("内容", 20, 40), ("甲", 150, 160), ("乙", 200, 210), ("丙", 250, 260)


def test_figures_below_heads_leave_the_other_cells_blank():
    rows = [line(0, *HEADS), line(20, ("规章", 0, 20), ("7", 203, 208)), line(40, ("文件", 0, 20), ("8", 253, 258))]
    assert texts(rows) == [["内容", "甲", "乙", "丙"], ["规章", "", "7", ""], ["文件", "", "", "8"]]


@pytest.mark.parametrize(
    ("third", "read_as"),
    [
        (220, [["规章", "7", "9"], ["文件", "8"]]),
        (270, [["规章", "7", "9", ""], ["文件", "", "", "8"]]),
        (120, [["规章", "", "7", "9"], ["文件", "8", "", ""]]),
        (235, [["规章", "7", "9"], ["文件", "8"]]),
    ],
    ids=["nothing says which", "right of all heads", "left of all heads", "one out of line"],
)
def test_figures_beside_heads_are_theirs_only_if_they_cannot_be_their_neighbour_s(third, read_as):
    rows = [line(0, *HEADS), line(20, ("规章", 0, 20), ("7", 170, 175), ("9", 220, 225))]
    rows += [line(40, ("文件", 0, 20), ("8", third, third + 5))]
    assert texts(rows)[1:] == read_as


def test_what_is_proven_of_another_table_proves_nothing():
    """The heading between them, in larger characters, says that they were set apart; theirs may be set otherwise."""
    proven = [line(0, *HEADS), line(20, ("规章", 0, 20), ("7", 170, 175), ("9", 270, 275))]
    other = [line(80, *HEADS), line(100, ("行政", 0, 20), ("5", 170, 175), ("6", 220, 225))]
    bar = [line(60, ("第六项", 0, 30))]
    assert texts([*proven, *bar, *other])[-1] == ["行政", "5", "6", ""]
    heading = [line(60, ("四、复议", 0, 60), size=16)]
    assert texts([*proven, *heading, *other])[-1] == ["行政", "5", "6"]


def test_a_full_row_shows_the_columns_without_a_header():
    rows = [line(0, ("甲", 0, 10), ("1", 100, 105), ("2", 150, 155)), line(20, ("乙", 0, 10), ("3", 151, 156))]
    assert texts(rows) == [["甲", "1", "2"], ["乙", "", "3"]]


@pytest.mark.parametrize(
    "row",
    [
        [("规章", 0, 20), ("本单位无", 140, 180), ("7", 253, 258)],
        [("没有现成信息需要另行制作的", 0, 170), ("7", 253, 258)],
        [("规章", 0, 20), ("1234567", 195, 255)],
        [("规章", 0, 20), ("1", 201, 204), ("2", 206, 209)],
    ],
    ids=["words in a column", "a label over a column", "a figure under two heads", "two figures under one head"],
)
def test_a_row_that_fits_no_columns_stays(row):
    rows = [line(0, *HEADS), line(20, *row)]
    assert texts(rows)[1] == [text for text, _, _ in row]


def test_a_figure_without_a_label_is_no_row_of_a_table_with_labels():
    rows = [line(0, *HEADS), line(20, ("规章", 0, 20), ("7", 203, 208)), line(40, ("4", 203, 208))]
    assert texts(rows)[1:] == [["规章", "", "7", ""], ["4"]]


def test_a_row_cut_between_label_and_figures_is_whole():
    above = [line(0, *HEADS), line(20, ("规章", 0, 20), ("7", 203, 208)), line(40, ("文件", 0, 20))]
    header = [line(0, *HEADS, page=2)]
    figures = line(20, ("8", 153, 158), ("9", 253, 258), page=2)
    assert texts([*above, *header, figures])[2:] == [["文件", "8", "", "9"], ["内容", "甲", "乙", "丙"]]
    number = line(20, ("8", 253, 258), page=2)
    assert ["文件", "", "", "8"] not in texts([*above, *header, number])


# Lines that are no content


def glyphs(text, left, middle, step, size=10.0):
    return [Glyph(one, left + step * n, left + step * n + size / 2, middle, size) for n, one in enumerate(text)]


@pytest.mark.parametrize(("step", "kept"), [(5.0, 0), (45.0, 1)], ids=["a page number", "a row of marks"])
def test_marks_in_columns_are_no_page_number(step, kept):
    page = Page(1, 595.0, 842.0, glyphs("--3--", 200.0, 800.0, step), [])
    ((*lines,),) = content([page], [lines_of(page.glyphs)])
    assert len(lines) == kept


# Ruled tables


def ruled(printed, xs, ys):
    rules = [Rule(False, x, 100.0, 120.0) for x in xs] + [Rule(True, y, xs[0], xs[-1]) for y in ys]
    document = cells_document([Page(1, 595.0, 842.0, printed, rules)])
    return document and [cell.text for cell in document.cells]


def test_upright_lines_alone_make_one_row():
    one = glyphs("7", 120.0, 110.0, 5.0) + glyphs("9", 170.0, 110.0, 5.0)
    assert ruled(one, [100.0, 150.0, 200.0], []) == ["7", "9"]
    below = [glyph._replace(middle=glyph.middle + 6) for glyph in one]
    assert ruled([glyph._replace(middle=104.0) for glyph in one] + below, [100.0, 150.0, 200.0], []) is None


@pytest.mark.parametrize(
    ("left", "read_as"),
    [(135.0, ["123\ufffd", "456\ufffd"]), (190.0, ["", "12\ufffd", "3456"])],
    ids=["over a line", "out of the table"],
)
def test_digits_that_run_on_out_of_their_cell_are_not_certain(left, read_as):
    """What stands beside the table is read as a line of text."""
    assert sorted(ruled(glyphs("123456", left, 110.0, 5.0), [100.0, 150.0, 200.0], [100.0, 120.0])) == sorted(read_as)


# Whole reports


def half_blank(seed):
    random = Random(seed)
    return {keys: None if random.random() < 0.5 else text for keys, text in distinct("2021", "2021", seed).items()}


@pytest.mark.parametrize("look", [look for look in LOOKS if look.startswith("unruled_") and "_under_" in look])
def test_blanks_have_their_places_however_figures_stand_under_their_heads(look):
    figures = half_blank(SEED)
    assert mismatches(read(pdf("2021", "2021", figures, LOOKS[look], SEED)), figures) == []


@pytest.mark.parametrize("look", ["full_grid", "merged_cells", "cut_open", "cut_before_figures_closed"])
def test_blanks_of_ruled_tables_are_read_whatever_squares_a_grid_has(look):
    figures = half_blank(SEED)
    reading = read(pdf("2021", "2021", figures, LOOKS[look], SEED))
    assert mismatches(reading, figures) == []
    assert "T10" not in {note.rule for note in reading.notes}


@pytest.mark.parametrize("look", ["unruled", "merged_cells"])
def test_columns_that_are_blank_in_all_rows_are_known_from_their_heads(look):
    printed = {APPLICANTS[0].code, APPLICANTS[-1].code}
    figures = {
        keys: text if keys[0] != "applications" or keys[2] in printed else None
        for keys, text in distinct("2021", "2021", SEED).items()
    }
    reading = read(pdf("2021", "2021", figures, LOOKS[look], SEED))
    assert mismatches(reading, figures) == []
    assert not {note.rule for note in reading.notes} & {"T10", "T11"}


@pytest.mark.parametrize("shift", [2, 6, 15])
@pytest.mark.parametrize("heads", ["left", "right", "centre"])
@pytest.mark.parametrize("stand", ["left", "right", "centre"])
def test_figures_out_of_line_are_never_put_into_another_column(stand, heads, shift):
    figures = half_blank(shift)
    look = Look(rules=None, figures=stand, heads=heads, shift=shift, cut="between")
    assert wrong_numbers(read(pdf("2021", "2021", figures, look, shift)), figures) == []
