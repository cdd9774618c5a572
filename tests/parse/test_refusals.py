"""A file that is no whole report is refused by name; none is read as something it is not."""

import pytest

from pipeline.readers import Refused
from tests.parse.comparison import EDITION_PAIRS, LAYOUTS, mismatches, read, wrong_numbers
from tests.planted.figures import distinct
from tests.planted.render import render, table_text

FIGURES = distinct("2021", "2021")


def refusal(text):
    with pytest.raises(Refused) as refused:
        read(text)
    assert refused.value.message
    assert refused.value.hint
    return refused.value.code


NOT_REPORTS = {
    "nothing": "",
    "blank lines": "\n\n \n\t\n",
    "a notice": "关于召开会议的通知\n\n各村：\n定于3月5日开会。\n青石镇人民政府\n2024年3月1日\n",
    "a table of something else": "序号\t名称\t数量\n1\t笔记本\t12\n2\t钢笔\t7\n",
    "a page that was not found": "404 Not Found\nnginx\n",
    "a poem": "床前明月光\n疑是地上霜\n",
}


@pytest.mark.parametrize("what", NOT_REPORTS)
def test_what_is_no_report_is_refused(what):
    assert refusal(NOT_REPORTS[what]) == "not_a_report"


TABLES = ("proactive_disclosure", "applications", "review_litigation")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_whose_tables_are_pictures_is_refused(layout):
    assert refusal(render(layout, "2021", "2021", FIGURES, missing=TABLES)) == "no_table_found"


def test_a_report_with_another_table_than_the_form_s_is_refused():
    text = render("tab_rows", "2021", "2021", FIGURES, missing=TABLES)
    assert refusal(text + "\n项目\t单位\t数量\n公开信息\t条\t120\n") == "no_table_found"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("first", "second"), EDITION_PAIRS)
def test_two_reports_in_one_text_are_refused(layout, first, second):
    one = render(layout, first, first, distinct(first, first, 1), agency="示例县青石镇人民政府")
    other = render(layout, second, second, distinct(second, second, 2), agency="示例县白石镇人民政府")
    assert refusal(one + "\n" + other) == "several_reports"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_of_another_year_leaves_none_of_the_two(layout):
    text = render(layout, "2021", "2021", FIGURES)
    table = table_text(layout, "applications", "2021", distinct("2021", "2021", 9))
    reading = read(text.replace("五、存在的主要", "附：上年情况\n\n" + table + "\n\n五、存在的主要", 1))
    assert {cell.figure.state for cell in reading.tables["applications"].cells} == {"unreadable"}
    assert {cell.figure.state for cell in reading.tables["review_litigation"].cells} == {"number"}


def test_prose_that_names_the_rows_of_the_tables_is_no_table():
    prose = "\n".join(["全年行政许可920件，行政处罚15件。", "行政许可", "行政处罚", "规章", "本年没有新收申请。"])
    text = render("tab_rows", "2021", "2021", FIGURES, missing=TABLES, narrative={2: prose})
    assert refusal(text) == "no_table_found"


def cut_points(text, shares):
    lines = text.split("\n")
    return ["\n".join(lines[: int(len(lines) * share)]) for share in shares]


@pytest.mark.parametrize(("edition_t2", "edition_t3"), EDITION_PAIRS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_cut_anywhere_is_refused_or_has_no_wrong_number(layout, edition_t2, edition_t3):
    figures = distinct(edition_t2, edition_t3)
    text = render(layout, edition_t2, edition_t3, figures)
    refused = 0
    for cut in cut_points(text, [share / 40 for share in range(40)]):
        try:
            reading = read(cut)
        except Refused:
            refused += 1
        else:
            assert wrong_numbers(reading, figures) == []
    assert refused > 20


def ends_with(layout, label):
    """A report that ends with the row of a label of table 3."""
    lines = render(layout, "2021", "2021", FIGURES).split("\n")
    end = next(number for number, line in enumerate(lines) if label in line and "\t" in line)
    return "\n".join(lines[: end + (8 if layout == "one_cell_a_line" else 1)]) + "\n"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("label", ["上年结转", "第三方合法权益", "要求提供", "结转下年度"])
def test_a_report_that_ends_in_table_3_is_truncated(layout, label):
    assert refusal(ends_with(layout, label)) == "truncated"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_that_ends_in_the_header_of_table_3_is_truncated(layout):
    text = render(layout, "2021", "2021", FIGURES)
    assert refusal(text[: text.index("法律服务机构")]) == "truncated"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("label", ["行政规范性文件", "行政处罚"])
def test_a_report_that_ends_in_table_2_is_truncated(layout, label):
    assert refusal(ends_with(layout, label)) == "truncated"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_that_ends_in_the_header_of_table_4_is_truncated(layout):
    text = render(layout, "2021", "2021", FIGURES)
    printed = table_text(layout, "review_litigation", "2021", FIGURES)
    last_row = printed.rstrip("\n").rindex("\n\n" if layout == "one_cell_a_line" else "\n")
    assert refusal(text[: text.index(printed)] + printed[:last_row]) == "truncated"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_that_ends_with_table_4_is_whole(layout):
    text = render(layout, "2021", "2021", FIGURES)
    printed = table_text(layout, "review_litigation", "2021", FIGURES)
    reading = read(text[: text.index(printed)] + printed + "\n")
    assert mismatches(reading, FIGURES) == []
    assert [note.observed for note in reading.notes if note.rule == "S1"] == [
        "存在的主要问题及改进情况",
        "其他需要报告的事项",
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_left_out_before_the_other_sections_is_no_truncation(layout):
    reading = read(render(layout, "2021", "2021", FIGURES, missing=("review_litigation",)))
    assert {"problems", "other_matters"} <= {section.section for section in reading.sections}
    assert [note.table for note in reading.notes if note.rule == "T1"] == ["review_litigation"]
