"""Which column a figure of a statistics table belongs to: units and running numbers are no figures, and what neither a
header nor a count proves is not read. And which table it is: its labels say, not its year.
"""

from decimal import Decimal
from random import Random

import pytest

from pipeline.readers import Refused
from tests.parse.test_statistics import expected, found, read, wrong
from tests.planted import statistics as planted
from tests.planted.statistics import FUJIAN, NATIONAL, SHANGHAI

TEXT = [layout for layout in planted.LAYOUTS if layout != "html"]
DIVIDED = ["tab_rows", "one_cell_a_line", "pipes"]
"""Layouts that show blank cells."""

every_layout = pytest.mark.parametrize("layout", TEXT)


def like_numbers() -> planted.Figures:
    """Figures that are the running number of their row and the one of the next."""
    return {
        (line.code, column): str(line.number + place)
        for line in SHANGHAI.lines
        for place, column in enumerate(SHANGHAI.columns)
    }


def called(figures: planted.Figures, **names: str) -> planted.Figures:
    """The figures with their columns called otherwise."""
    return {(code, names.get(column, column)): text for (code, column), text in figures.items()}


BY_PLACE = {"本期实际": "第1列", "本年累计": "第2列", "本年度": "第1列", "历年累计": "第2列"}


@every_layout
def test_figures_like_running_numbers_are_read_beside_them(layout) -> None:
    figures = like_numbers()
    assert found(read(layout, planted.rows(figures, form=SHANGHAI))) == expected(figures)


@every_layout
def test_figures_like_running_numbers_are_not_read_where_numbers_may_be_lost(layout) -> None:
    figures = like_numbers()
    reading = read(layout, planted.rows(figures, form=SHANGHAI, numbered=False))
    assert {state for state, _ in found(reading).values()} == {"unreadable"}


@every_layout
def test_a_table_without_running_numbers_is_read(layout) -> None:
    figures = planted.distinct(31, form=SHANGHAI)
    assert found(read(layout, planted.rows(figures, form=SHANGHAI, numbered=False))) == expected(figures)


@every_layout
def test_a_row_that_lost_its_running_number_is_not_read(layout) -> None:
    figures = planted.distinct(32, form=SHANGHAI)
    printed = planted.rows(figures, form=SHANGHAI)
    lost = {"sh_recv_fax", "sh_review"}
    for line, row in zip(SHANGHAI.lines, printed[2:], strict=True):
        if line.code in lost:
            del row[2]
    cells = found(read(layout, printed))
    assert {cells.pop((code, column)) for code in lost for column in SHANGHAI.columns} == {("unreadable", None)}
    assert cells == {cell: value for cell, value in expected(figures).items() if cell[0] not in lost}


@pytest.mark.parametrize("layout", DIVIDED)
def test_a_row_that_lost_its_running_number_is_not_read_by_a_figure_like_it(layout) -> None:
    figures = planted.distinct(33, form=SHANGHAI) | {("sh_recv_fax", "本期实际"): "12"}
    printed = planted.rows(figures, form=SHANGHAI)
    row = next(row for row in printed if "传真" in row[0])
    del row[2]  # 2.传真申请数 条 12 <cumulative>: the number of the row, and one figure?
    reading = read(layout, printed)
    assert wrong(reading, figures) == {}
    assert found(reading)["sh_recv_fax", "本年累计"] == ("unreadable", None)


@every_layout
def test_numbers_that_copies_count_on_are_no_figures(layout) -> None:
    figures = planted.distinct(34, form=SHANGHAI)
    printed = planted.rows(figures, form=SHANGHAI)
    for row in printed[12:]:
        row[2] = str(int(row[2]) + 3)  # three rows of the city's own stood before it
    assert found(read(layout, printed)) == expected(figures)


@pytest.mark.parametrize("head", ["编码表", None])
@every_layout
def test_running_numbers_are_known_without_their_head(layout, head) -> None:
    figures = planted.distinct(35, form=SHANGHAI)
    printed = planted.rows(figures, form=SHANGHAI)
    printed[0] = ["指标名称", "计量单位", *([head] if head else []), *SHANGHAI.columns]
    assert found(read(layout, printed)) == expected(figures)


@pytest.mark.parametrize("layout", [layout for layout in TEXT if layout != "page_broken"])  # no header to print again
def test_columns_without_a_header_are_called_by_their_place(layout) -> None:
    for form in (SHANGHAI, FUJIAN):
        figures = planted.distinct(36, form=form)
        table = planted.rows(figures, form=form)[2 if form.guide else 1 :]
        assert found(read(layout, table)) == expected(called(figures, **BY_PLACE))


@every_layout
def test_swapped_columns_are_named_by_the_header(layout) -> None:
    figures = planted.distinct(37, form=SHANGHAI)
    printed = planted.rows(figures, tuple(reversed(SHANGHAI.columns)), form=SHANGHAI)
    assert found(read(layout, printed)) == expected(figures)


@every_layout
def test_a_header_cut_in_pieces_is_put_together(layout) -> None:
    figures = planted.distinct(38, form=FUJIAN)
    printed = planted.rows(figures, form=FUJIAN)
    printed[0] = ["指标名称", "计量", "单位", "2009", "年度", "历年", "累计"]
    assert found(read(layout, printed)) == expected(called(figures, 本年度="2009年度"))


@pytest.mark.parametrize("layout", DIVIDED)
def test_units_left_blank_move_no_figure(layout) -> None:
    figures = planted.distinct(39, form=FUJIAN) | dict.fromkeys(
        [("fj_recv_fax", "本年度"), ("fj_review", "历年累计"), ("fj_appeals", "本年度"), ("fj_appeals", "历年累计")]
    )
    header, *printed = planted.rows(figures, form=FUJIAN)
    reading = read(layout, [header, *([label, "", *cells] for label, _, *cells in printed)])
    assert found(reading) == expected(figures)
    assert {entry.unit for entry in reading.statistics.entries} == {None}


@pytest.mark.parametrize("layout", DIVIDED)
def test_a_unit_that_one_row_lacks_says_nothing_of_where_its_figures_begin(layout) -> None:
    figures = planted.distinct(40, planted.THREE) | {("received", "乡镇街道"): None}
    printed = planted.rows(figures, planted.THREE)
    row = next(row for row in printed if "收到申请数" in row[0])
    row[1:] = ["", *row[2:4], ""]  # blank unit, or a unit lost and a blank figure behind which two follow
    assert wrong(read(layout, printed), figures) == {}
    assert {found(read(layout, printed))["received", column] for column in planted.THREE} == {("unreadable", None)}


@every_layout
@pytest.mark.parametrize("number", range(3))
def test_a_column_name_that_is_lost_names_no_other_column(layout, number) -> None:
    figures = planted.distinct(41, planted.THREE)
    for code in NATIONAL.indicators[::2]:
        figures[code, "区直单位"] = None
    printed = planted.rows(figures, planted.THREE)
    del printed[0][2 + number]
    places = {"区政府": "第1列", "区直单位": "第2列", "乡镇街道": "第3列"}
    assert wrong(read(layout, printed), called(figures, **places)) == {}


@pytest.mark.parametrize("layout", [layout for layout in TEXT if layout != "blanks"])  # one cell with the label there
def test_numbers_that_lead_rows_are_no_figures(layout) -> None:
    for form in (NATIONAL, FUJIAN):
        figures = planted.distinct(42, form=form)
        header, *printed = planted.rows(figures, form=form)
        table = [["序号", *header], *([str(number), *row] for number, row in enumerate(printed, start=1))]
        assert found(read(layout, table)) == expected(figures)


@every_layout
def test_a_single_column_beside_running_numbers(layout) -> None:
    figures = planted.distinct(43, ("2010年度",), SHANGHAI)
    reading = read(layout, planted.rows(figures, ("2010年度",), form=SHANGHAI))
    assert found(reading) == expected(figures)


@pytest.mark.parametrize("seed", range(48))
def test_cells_and_lines_that_are_lost_give_no_wrong_number(seed) -> None:
    random = Random(seed)
    layout, form = random.choice(TEXT), random.choice(list(planted.FORMS.values()))
    columns = form.columns if form is not NATIONAL else random.choice([planted.ONE, planted.THREE])
    figures = planted.distinct(seed, columns, form)
    for cell in random.sample(sorted(figures), len(figures) * random.choice([0, 1, 4]) // 10):
        figures[cell] = None
    kept = [[cell for cell in row if random.random() > 0.03] for row in planted.rows(figures, columns, form=form)]
    cells = found(read(layout, [row for row in kept if row]))
    names = {column: f"第{place}列" for place, column in enumerate(columns, start=1)}
    truth = expected(figures | called(figures, **names))
    assert {cell: value for cell, (_, value) in cells.items() if value not in (None, truth[cell][1])} == {}


def test_rows_that_are_not_printed_are_lost_in_every_family() -> None:
    for form in (SHANGHAI, FUJIAN):
        figures = planted.distinct(44, form=form)
        gone = form.indicators[3::6]
        cells = found(read("tab_rows", planted.rows(figures, without=gone, form=form)))
        assert {cells.pop((code, column)) for code in gone for column in form.columns} == {("lost", None)}
        assert cells == {cell: value for cell, value in expected(figures).items() if cell[0] not in gone}


@pytest.mark.parametrize("form", planted.FORMS.values(), ids=list(planted.FORMS))
def test_the_labels_say_which_table_it_is(form) -> None:
    """All are printed in a report of 2016."""
    figures = planted.distinct(45, form=form)
    assert read("pipes", planted.rows(figures, form=form)).statistics.family == form.family
    wordings = {"《规定》": "《条例》", "免予": "不予", "其它": "其他"}
    printed = planted.rows(figures, form=form)
    for row in printed:
        for old, new in wordings.items():
            row[0] = row[0].replace(old, new)
    reading = read("pipes", printed)
    assert reading.statistics.family == form.family
    assert found(reading) == expected(figures)


def test_labels_of_two_families_are_told_apart_by_the_columns_or_not_at_all() -> None:
    shared = ["当面", "传真", "电子邮件", "网上", "信函", "同意公开", "部分公开", "否决", "复议", "诉讼", "申诉数"]

    def table(columns: tuple[str, ...]) -> list[planted.Row]:
        figures = planted.distinct(46, columns, FUJIAN)
        header, *printed = planted.rows(figures, columns, form=FUJIAN)
        return [header, *(row for row in printed if any(word in row[0] for word in shared))]

    known = read("tab_rows", table(("本年度", "历年累计")))
    assert known.statistics.family == "fujian"
    assert "T9" not in {note.rule for note in known.notes}
    unknown = read("tab_rows", table(("2009年", "2010年")))
    assert [note.observed for note in unknown.notes if note.rule == "T9"] == [unknown.statistics.family]


def test_words_of_any_page_are_no_table() -> None:
    lines = ["政府网站", "政府公报", "政府网站", "政府公报", "检索费", "行政复议数", "2"] * 3
    printed = [[word] for word in lines]
    with pytest.raises(Refused, match="none of its tables"):
        read("bare_lines", printed)


def test_fees_are_sums_of_money_in_the_unit_their_row_prints() -> None:
    figures = planted.distinct(47, form=SHANGHAI) | {("sh_fee_search", "本期实际"): "35.50"}
    reading = read("tab_rows", planted.rows(figures, form=SHANGHAI))
    (fee,) = [e for e in reading.statistics.entries if (e.indicator, e.column) == ("sh_fee_search", "本期实际")]
    assert (fee.cell.figure.value, fee.unit) == (Decimal("35.50"), "元")


def test_a_row_whose_figures_a_page_cut_off_is_not_blank() -> None:
    """Its label ends a page, its figures begin the next one, below the header: they are no other row's."""
    figures = planted.distinct(38, form=FUJIAN)
    header, *printed = planted.rows(figures, form=FUJIAN)
    label, *behind = printed[4]
    printed[4:5] = [[label, *[""] * len(behind)], header, ["", *behind]]
    cells = found(read("tab_rows", [header, *printed]))
    cut = {column: cells["fj_recv_in_person", column][0] for column in FUJIAN.columns}
    assert cut == dict.fromkeys(FUJIAN.columns, "unreadable")
    assert [state for state, _ in cells.values()].count("number") == len(cells) - len(cut)
