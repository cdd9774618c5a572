"""The statistics tables before 2019: every planted cell in every layout, and no number where none is certain."""

from decimal import Decimal
from random import Random

import pytest

from pipeline.parse import Reading, parse
from pipeline.readers import reader_of
from tests.planted import statistics as planted
from tests.planted.figures import distinct
from tests.planted.render import render

every_layout = pytest.mark.parametrize("layout", planted.LAYOUTS)
every_table = pytest.mark.parametrize(
    ("form", "columns"),
    [
        pytest.param(planted.NATIONAL, planted.ONE, id="national"),
        pytest.param(planted.NATIONAL, planted.THREE, id="national, three columns"),
        pytest.param(planted.SHANGHAI, planted.SHANGHAI.columns, id="shanghai"),
        pytest.param(planted.FUJIAN, planted.FUJIAN.columns, id="fujian"),
    ],
)


def read(layout: str, printed: list[planted.Row]) -> Reading:
    text, source_format = planted.render(layout, printed)
    reader = reader_of(source_format)
    return parse(reader.arrange(reader.extract(text.encode())))


def found(reading: Reading) -> dict[tuple[str, str], tuple[str, Decimal | None]]:
    assert reading.statistics is not None
    cells = {(e.indicator, e.column): (e.cell.figure.state, e.cell.figure.value) for e in reading.statistics.entries}
    assert len(cells) == len(reading.statistics.entries)
    return cells


def expected(figures: planted.Figures) -> dict[tuple[str, str], tuple[str, Decimal | None]]:
    return {cell: ("number", Decimal(text)) if text else ("blank", None) for cell, text in figures.items()}


def wrong(reading: Reading, figures: planted.Figures) -> dict:
    """Values that were not planted in their cell."""
    truth = expected(figures)
    return {cell: value for cell, (_, value) in found(reading).items() if value is not None and truth[cell][1] != value}


@every_layout
@every_table
def test_every_cell_is_the_planted_number(layout, form, columns) -> None:
    figures = planted.distinct(7, columns, form)
    reading = read(layout, planted.rows(figures, columns, form=form))
    assert found(reading) == expected(figures)
    assert reading.statistics.family == form.family
    assert reading.tables == {}
    assert {note.rule for note in reading.notes} <= {"A1"}
    assert {entry.indicator: entry.unit for entry in reading.statistics.entries} == form.units


@pytest.mark.parametrize("layout", planted.SHOWS_BLANKS)
@every_table
def test_a_blank_is_blank_and_moves_no_figure(layout, form, columns) -> None:
    figures = planted.distinct(8, columns, form)
    for cell in Random(3).sample(sorted(figures), len(figures) // 3):
        figures[cell] = None
    assert found(read(layout, planted.rows(figures, columns, form=form))) == expected(figures)


@pytest.mark.parametrize("layout", sorted(planted.LAYOUTS.keys() - planted.SHOWS_BLANKS))
@every_table
def test_blanks_that_a_layout_does_not_show_give_no_number_a_wrong_place(layout, form, columns) -> None:
    figures = planted.distinct(9, columns, form)
    last = form.indicators[-1]  # behind a blank one of bare lines stands what follows the table
    for cell in Random(4).sample(sorted(cell for cell in figures if cell[0] != last), len(figures) // 4):
        figures[cell] = None
    cells = found(read(layout, planted.rows(figures, columns, form=form)))
    for code in form.indicators:
        row = {(code, column): figures[code, column] for column in columns}
        printed = [text for text in row.values() if text]
        states = {cells[cell][0] for cell in row}
        if len(printed) == len(columns):
            assert {cell: cells[cell] for cell in row} == expected(row)
        else:
            assert states == ({"unreadable"} if printed else {"blank"}), code


def test_blanks_of_a_single_column_stay_blank_on_bare_lines() -> None:
    figures = planted.distinct(10)
    for cell in Random(5).sample(sorted(figures)[:-1], 20):
        figures[cell] = None
    figures["trainees", "统计数"] = "17"
    assert found(read("bare_lines", planted.rows(figures))) == expected(figures)


@every_layout
@pytest.mark.parametrize("seed", range(4))
def test_rows_that_are_not_printed_are_lost_and_no_other_takes_their_figures(layout, seed) -> None:
    figures = planted.distinct(seed)
    gone = Random(seed).sample(planted.INDICATORS, 12)
    reading = read(layout, planted.rows(figures, without=gone))
    assert wrong(reading, figures) == {}
    states = {code: state for (code, _), (state, _) in found(reading).items()}
    assert all(states[code] == "lost" for code in gone)
    twice = {"review_corrected": "review", "review_other": "review"}
    twice |= {"lit_corrected": "litigation", "lit_other": "litigation"}
    for code in set(planted.INDICATORS) - {*gone}:
        assert states[code] == ("unreadable" if twice.get(code) in gone else "number"), code
    assert {note.row for note in reading.notes if note.rule == "T2"} == {*gone}


@every_layout
def test_a_local_row_is_no_indicator(layout) -> None:
    figures = planted.distinct(11)
    printed = planted.rows(figures)
    place = next(number for number, row in enumerate(printed) if row[0].startswith("2.传真"))
    printed.insert(place, ["本地增加的电话咨询接待人次统计", "件", "777777"])
    reading = read(layout, printed)
    assert wrong(reading, figures) == {}
    missed = {code for (code, _), (state, _) in found(reading).items() if state != "number"}
    assert missed <= {"recv_in_person"}
    seen = [note.observed for note in reading.notes if note.rule in ("T6", "T7")]
    assert any("777777" in text for text in seen)


def test_labels_without_numbers_and_notes_are_known() -> None:
    figures = planted.distinct(12)
    printed = planted.rows(figures)
    for row in printed:
        row[0] = row[0].split("（不")[0].removeprefix("其中：").lstrip("123456789.")
    assert found(read("tab_rows", printed)) == expected(figures)


def test_two_header_rows_name_the_columns() -> None:
    figures = planted.distinct(13, planted.THREE)
    printed = planted.rows(figures, planted.THREE)
    printed[0:1] = [["统计指标", "单位", "统计数", "", ""], ["", "", *planted.THREE]]
    assert found(read("tab_rows", printed)) == expected(figures)


def test_columns_without_names_are_called_by_their_place() -> None:
    columns = ("第1列", "第2列", "第3列")
    figures = planted.distinct(14, columns)
    assert found(read("tab_rows", planted.rows(figures, columns)[1:])) == expected(figures)


def test_a_column_of_remarks_is_no_figure_column() -> None:
    figures = planted.distinct(15)
    printed = [[*row, "备注" if number == 0 else ""] for number, row in enumerate(planted.rows(figures))]
    printed[3][-1] = "含下属单位"
    assert found(read("tab_rows", printed)) == expected(figures)


def test_a_figure_too_many_spoils_its_row() -> None:
    figures = planted.distinct(16)
    printed = planted.rows(figures)
    place = next(number for number, row in enumerate(printed) if "传真" in row[0])
    printed.insert(place + 1, ["", "", "4"])
    cells = found(read("tab_rows", printed))
    assert cells.pop(("recv_fax", "统计数")) == ("unreadable", None)
    assert cells == {cell: value for cell, value in expected(figures).items() if cell[0] != "recv_fax"}


def test_a_row_printed_twice_is_nobodys() -> None:
    figures = planted.distinct(19)
    printed = planted.rows(figures)
    fax = next(row for row in printed if "传真" in row[0])
    cells = found(read("tab_rows", [*printed, [*fax[:2], "31"]]))
    assert cells.pop(("recv_fax", "统计数")) == ("unreadable", None)
    assert cells == {cell: value for cell, value in expected(figures).items() if cell[0] != "recv_fax"}


@every_layout
def test_of_two_tables_none_is_taken(layout) -> None:
    printed = [*planted.rows(planted.distinct(20)), *planted.rows(planted.distinct(21))]
    assert {value for _, value in found(read(layout, printed)).values()} == {None}


def test_likeness_does_not_make_a_local_row_one_of_the_labels_that_stand_twice() -> None:
    figures = planted.distinct(22)
    printed = planted.rows(figures, without=["review_other"])
    place = next(number for number, row in enumerate(printed) if row[0].startswith("五、行政诉讼"))
    printed.insert(place, ["本地其他情形数", "件", "888888"])
    reading = read("tab_rows", printed)
    assert wrong(reading, figures) == {}
    assert found(reading)["review_other", "统计数"] == ("lost", None)


def test_marks_words_and_units_in_cells() -> None:
    figures = planted.distinct(17)
    printed = {"received": "无", "recv_fax": "/", "recv_online": "12件", "recv_letter": "未统计", "fees_wan": "3500元"}
    table = planted.rows(figures | {(code, "统计数"): text for code, text in printed.items()})
    reading = read("tab_rows", table)
    cells = found(reading)
    assert cells["received", "统计数"] == ("nil_word", Decimal(0))
    assert cells["recv_fax", "统计数"] == ("na", None)
    assert cells["recv_online", "统计数"] == ("number", Decimal(12))
    assert cells["recv_letter", "统计数"] == ("text", None)
    (fee,) = [entry for entry in reading.statistics.entries if entry.indicator == "fees_wan"]
    assert (fee.cell.figure.value, fee.unit) == (Decimal(3500), "元")


def test_a_report_of_today_has_no_statistics_table() -> None:
    reader = reader_of("txt")
    for layout in ("tab_rows", "one_cell_a_line"):
        text = render(layout, "2021", "2021", distinct("2021", "2021", 5))
        reading = parse(reader.arrange(text))
        assert reading.statistics is None
        assert len(reading.tables) == 3


def test_a_second_reading_that_differs_makes_the_cell_unreadable() -> None:
    figures = planted.distinct(18)
    documents = []
    for figure in (figures["staff", "统计数"], "123456"):
        text, _ = planted.render("tab_rows", planted.rows(figures | {("staff", "统计数"): figure}))
        documents.append(reader_of("txt").arrange(text)[0])
    cells = found(parse(documents))
    assert cells.pop(("staff", "统计数")) == ("unreadable", None)
    assert cells == {cell: value for cell, value in expected(figures).items() if cell[0] != "staff"}
