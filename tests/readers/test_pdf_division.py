"""Figures that nearly touch, or run over their cells or each other: told apart by where they stand, or no number."""

from dataclasses import replace
from decimal import Decimal
from random import Random
from unicodedata import normalize

import pytest

from pipeline.parse import parse
from pipeline.parse.figures import read_figure
from pipeline.readers import pdf as reader
from pipeline.readers.pdf_cells import cells_document
from pipeline.readers.pdf_columns import with_columns
from pipeline.readers.pdf_lines import Piece, content, lines_in_pieces, lines_of
from pipeline.readers.pdf_page import Glyph, Page, Rule
from tests.parse.comparison import cells
from tests.parse.test_statistics import expected, found
from tests.planted import pdf, statistics
from tests.planted.figures import distinct

SIZE = 10.0
DIGIT = SIZE / 2


def glyphs(text, left, middle=100.0):
    return [Glyph(one, left + DIGIT * n, left + DIGIT * (n + 1), middle, SIZE) for n, one in enumerate(text)]


def rows_of(*printed):
    """Rows of a page, 20 points apart: texts with where they begin; all characters are half a size wide."""
    page = [glyph for row, texts in enumerate(printed) for text in texts for glyph in glyphs(*text, 100.0 + 20 * row)]
    return [(1, pieces) for pieces in lines_in_pieces(lines_of(page))]


def texts(*printed):
    return [[piece.text for piece in pieces] for _, pieces in with_columns(rows_of(*printed))]


HEADER = [("内容", 20.0), ("甲甲", 110.0), ("乙乙", 140.0), ("丙丙", 170.0)]
RIGHT_ALIGNED = [("规章", 10.0), ("71", 112.0), ("82", 142.0), ("9", 177.0)]
"""Figures that end at 122, 152 and 182."""


@pytest.mark.parametrize(
    ("second", "read_as"),
    [(127.0, ["文件", "1234", "56789", ""]), (127.5, ["文件", "1234", "56789", ""]), (123.5, ["文件", "123456789"])],
    ids=["near", "nearer", "out of line"],
)
def test_figures_that_nearly_touch_are_two_if_both_stand_as_the_others_do(second, read_as):
    assert texts(HEADER, RIGHT_ALIGNED, [("文件", 10.0), ("1234", 102.0), ("56789", second)])[2] == read_as


def test_a_figure_too_wide_for_its_column_is_not_divided():
    wide = [("文件", 10.0), ("123456789", 107.0)]
    assert texts(HEADER, RIGHT_ALIGNED, wide)[2] == ["文件", "123456789"]


@pytest.mark.parametrize(
    ("first", "read_as"),
    [([("71", 112.0)], ["文件", "1234", "567890", ""]), ([("7", 110.0), ("1", 117.0)], ["文件", "1234567890"])],
    ids=["in one piece", "in two"],
)
def test_digits_no_further_apart_than_those_of_one_figure_are_not_divided(first, read_as):
    above = [("规章", 10.0), *first, ("82", 144.0), ("9", 177.0)]
    assert texts(HEADER, above, [("文件", 10.0), ("1234", 102.0), ("567890", 124.0)])[2] == read_as


def test_the_only_row_of_a_table_tells_itself_apart_only_if_each_head_has_a_figure():
    heads = [*HEADER[1:], ("丁丁", 230.0)]
    full = [("1", 117.0), ("23456", 127.0), ("78", 172.0), ("9", 237.0)]
    assert texts(heads, full)[1] == ["1", "23456", "78", "9"]
    assert texts(heads, full[:-1])[1] == ["1 23456", "78"]


def test_digits_printed_over_others_are_no_number():
    ((piece,),) = lines_in_pieces(lines_of(glyphs("12", 100.0) + glyphs("345", 106.5)))
    assert read_figure(piece.text).state == "unreadable"


def test_digits_beside_a_full_line_of_a_label_are_its_figure():
    label = [("不再处理其信息", 10.0), ("63897", 49.0)]
    assert texts(label, [("一行文字到页边为止的正文", 10.0), ("正文正文正文正文正文", 70.0)])[0] == [
        "不再处理其信息",
        "63897",
    ]


@pytest.mark.parametrize(("below", "kept"), [([], 1), ([("益", 30.0)], 2)], ids=["a page number", "a label goes on"])
def test_a_number_is_the_page_s_only_at_its_edge(below, kept):
    lines = [[("保护第三方权", 30.0)], [("1", 300.0)], below]
    printed = [glyph for row, line in enumerate(lines) for text in line for glyph in glyphs(*text, 780.0 + 6 * row)]
    ((*left,),) = content([Page(1, 595.0, 842.0, printed, [])], [lines_of(printed)])
    assert [line.text for line in left].count("1") == kept - 1


# Tables whose header has a word over every column


def line(height, *pieces, page=1):
    return page, [Piece(text, (left, height - 5, right, height + 5), 10) for text, left, right in pieces]


UNIT_HEADER = ("指标", 0, 20), ("单位", 100, 120), ("本年", 150, 170), ("累计", 200, 220)


def test_units_have_a_column_of_their_own_and_rows_without_figures_their_blanks():
    rows = [
        line(0, *UNIT_HEADER),
        line(20, ("一、公开", 0, 40), ("——", 100, 120), ("——", 150, 170), ("——", 200, 220)),
        line(40, ("公开数", 0, 30), ("条", 100, 110), ("7", 205, 210)),
        line(60, ("申请数", 0, 30), ("件", 100, 110), ("8", 155, 160)),
        line(80, ("答复数", 0, 30), ("件", 100, 110)),
        line(100, ("负责人", 0, 30)),
    ]
    assert [[piece.text for piece in pieces] for _, pieces in with_columns(rows)] == [
        ["指标", "单位", "本年", "累计"],
        ["一、公开", "——", "——", "——"],
        ["公开数", "条", "", "7"],
        ["申请数", "件", "8", ""],
        ["答复数", "件", "", ""],
        ["负责人"],
    ]


def test_a_row_cut_before_its_unit_is_whole():
    rows = [
        line(0, *UNIT_HEADER),
        line(20, ("公开数", 0, 30), ("条", 100, 110), ("7", 205, 210)),
        line(40, ("申请数", 0, 30)),
        line(0, *UNIT_HEADER, page=2),
        line(20, ("件", 100, 110), ("8", 155, 160), page=2),
        line(40, ("答复数", 0, 30), ("件", 100, 110), ("9", 155, 160), page=2),
    ]
    assert ["申请数", "件", "8", ""] in [[piece.text for piece in pieces] for _, pieces in with_columns(rows)]


@pytest.mark.parametrize("look", ["unruled_wrapped", "unruled_cut", "unruled_backgrounds", "unruled_left_under_centre"])
@pytest.mark.parametrize("form", statistics.FORMS.values(), ids=statistics.FORMS)
def test_every_blank_of_a_statistics_table_without_rules_has_its_place(look, form):
    columns = statistics.THREE if form is statistics.NATIONAL else form.columns
    figures = statistics.distinct(64, columns, form)
    for cell in Random(8).sample(sorted(figures), len(figures) // 3):
        figures[cell] = None
    data, _ = statistics.file(f"pdf {look}", statistics.rows(figures, columns, form=form))
    assert found(parse(reader.arrange(reader.extract(data)))) == expected(figures)


# Ruled tables


def ruled(*printed):
    """Three cells of 30 points a row, beside a label's; each row its texts with where they begin."""
    page = [glyph for row, texts in enumerate(printed) for text in texts for glyph in glyphs(*text, 110.0 + 20 * row)]
    xs, foot = (40.0, 100.0, 130.0, 160.0, 190.0), 100.0 + 20 * len(printed)
    rules = [Rule(False, x, 100.0, foot) for x in xs]
    rules += [Rule(True, 100.0 + 20 * row, xs[0], xs[-1]) for row in range(len(printed) + 1)]
    return [[cell.text for cell in row] for row in cells_document([Page(1, 595.0, 842.0, page, rules)]).rows()]


IN_CELLS = [("规章", 42.0), ("71", 117.0), ("823", 142.0), ("9", 182.0)]
"""Figures that end three points before the line behind them."""


def test_digits_that_run_on_from_cell_to_cell_are_of_both_if_printed_apart_and_in_line():
    in_line = [("文件", 42.0), ("1234", 107.0), ("567890", 128.0)]
    assert ruled(IN_CELLS, IN_CELLS, in_line)[2] == ["文件", "1234", "567890", ""]
    out_of_line = [("文件", 42.0), ("1234", 107.0), ("56789", 128.0)]
    assert ruled(IN_CELLS, IN_CELLS, out_of_line)[2] == ["文件", "1234\ufffd", "56789\ufffd", ""]
    in_one_piece = [("文件", 42.0), ("1234567890", 107.0)]
    assert ruled(IN_CELLS, IN_CELLS, in_one_piece)[2] == ["文件", "12345\ufffd", "67890\ufffd", ""]


def test_a_figure_that_begins_in_a_label_s_cell_leaves_its_row_without_a_certain_one():
    over = [("文件", 42.0), ("123456789", 82.0), ("4", 152.0)]
    row = ruled(IN_CELLS, IN_CELLS, over)[2]
    assert row[0] == "文件"
    assert all("\ufffd" in text for text in row[1:])


# Whole reports


def wide(text):
    return "".join(chr(ord(digit) + 0xFEE0) if digit.isdecimal() else digit for digit in text)


def crowded(seed):
    """Figures that fill their cells: of three digits, all as wide as Chinese characters, and of five with a comma."""
    random = Random(seed)
    return {
        cell: figure
        if cell[2] in ("amount", "items_change")
        else wide(figure)
        if len(figure) < 4
        else f"{int(figure):,}"
        for cell, figure in distinct("2021", "2021", random.randrange(999)).items()
    }


@pytest.mark.parametrize(
    "look", ["unruled", "unruled_cut", "unruled_backgrounds", "unruled_right_under_centre", "unruled_left_under_left"]
)
@pytest.mark.parametrize("seed", [3, 4])
def test_figures_that_fill_their_cells_are_read(look, seed):
    figures = crowded(seed)
    read = cells(parse(reader.arrange(reader.extract(pdf.pdf("2021", "2021", figures, pdf.LOOKS[look], seed)))))
    assert {cell: read[cell].figure.value for cell in figures} == {
        cell: Decimal(normalize("NFKC", figure).replace(",", "")) for cell, figure in figures.items()
    }


@pytest.mark.parametrize("look", ["full_grid", "unruled", "unruled_wrapped", "unruled_left_under_left"])
@pytest.mark.parametrize("seed", [1, 2])
def test_figures_too_wide_for_their_cells_are_never_another_number(look, seed):
    """Half of them are blank, so that the others run over into cells without figures."""
    random = Random(seed)
    figures = {
        cell: None if random.random() < 0.5 else wide(figure) * (1 + (len(figure) < 3))
        for cell, figure in distinct("2021", "2021", seed).items()
    }
    printed = replace(pdf.LOOKS[look], figures=random.choice(["left", "right", "centre"]))
    read = cells(parse(reader.arrange(reader.extract(pdf.pdf("2021", "2021", figures, printed, seed)))))
    for cell, (figure, text, *_) in read.items():
        planted = figures[cell] and Decimal(normalize("NFKC", figures[cell]))
        assert figure.value is None or figure.value == planted, (cell, text)
        assert figure.state != "blank" or planted is None, cell
