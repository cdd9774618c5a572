"""The narrative: which lines are headings, and what stands between them."""

import pytest

from pipeline.forms import load
from pipeline.parse.sections import find_headings
from pipeline.readers.text import arrange
from tests.parse.comparison import EDITION_PAIRS, LAYOUTS, ODD, read
from tests.planted.figures import distinct
from tests.planted.render import HEADINGS, NARRATIVE, render

CODES = dict(
    enumerate(
        ["overview", "proactive_disclosure", "applications", "review_litigation", "problems", "other_matters"], start=1
    )
)


def headings(*lines):
    found, _ = find_headings(arrange("\n".join(lines))[0], load().sections)
    return [(heading.section, heading.title) for heading in found]


@pytest.mark.parametrize("number", HEADINGS)
def test_the_official_headings_are_found(number):
    assert headings("正文。", HEADINGS[number], "正文。") == [(CODES[number], HEADINGS[number])]


VARIANTS = [
    (1, "总体情况"),
    (1, "一、 总体情况"),
    (1, "一.总体情况"),
    (1, "一．总体情况"),
    (1, "1、总体情况"),
    (1, "一、工作基本情况"),
    (1, "第一部分 总体情况"),
    (2, "2、 主动公开政府信息情况"),
    (2, "二、主动公开情况"),
    (2, "主动公开政府信息情况"),
    (3, "三、收到和处理政府信息公开申请的情况"),
    (4, "四、行政复议、行政诉讼情况"),
    (4, "四、政府信息公开行政法复议、行政诉讼情况"),
    (4, "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
    (4, "四、政府信息公开行政复议行政诉讼情况"),
    (5, "五、存在的主要问题及改进措施"),
    (5, "五、政府信息公开工作存在的主要问题及改进情况"),
    (5, "五、存在的主要问题和改进情况"),
    (5, "五、存在的主要问题及改进情况："),
    (5, "五、存在的主要问题及改情况"),
    (6, "六、其他需要报告的事项 "),
    (6, "六、其它需要报告的事项"),
    (6, "六、需要报告的其他事项"),
]


@pytest.mark.parametrize(("number", "line"), VARIANTS)
def test_a_heading_is_known_in_its_variants(number, line):
    assert headings("正文。", line, "正文。") == [(CODES[number], line.strip())]


NO_HEADINGS = [
    "（三）主动公开政府信息情况",
    "(一) 主动公开情况",
    "本年总体情况良好。",
    "一是总体情况较好。",
    "七、附件",
    "一、指导思想",
    "三、",
    "政府信息公开",
    "主动公开政府信息情况详见下表。",
    "一、本年新收政府信息公开申请数量",
    "四、结转下年度继续办理",
    "其他",
]


@pytest.mark.parametrize("line", NO_HEADINGS)
def test_what_only_resembles_a_heading_is_none(line):
    assert headings("正文。", line, "正文。") == []


def test_a_row_of_a_table_is_no_heading():
    assert headings("总体情况\t5\t6") == []


def test_text_on_the_line_of_the_heading_belongs_to_the_section():
    (document,) = arrange("六、其他需要报告的事项：无其他事项。")
    (heading,), _ = find_headings(document, load().sections)
    assert (heading.section, heading.title, heading.rest) == ("other_matters", "六、其他需要报告的事项", "无其他事项")


def test_a_word_divided_from_the_heading_belongs_to_the_section():
    reading = read(render("tab_rows", "2021", "2021", distinct("2021", "2021"), narrative={6: ""}).rstrip() + " 无\n")
    (section,) = [section for section in reading.sections if section.section == "other_matters"]
    assert (section.title, section.text) == ("六、其他需要报告的事项", "无")


def test_a_table_of_contents_is_not_the_sections():
    lines = ["年度报告", "目录", *HEADINGS.values(), "正文。", *HEADINGS.values(), "完。"]
    found, repeated = find_headings(arrange("\n".join(lines))[0], load().sections)
    assert [heading.cell for heading in found] == [9, 10, 11, 12, 13, 14]
    assert [heading.cell for heading in repeated] == [2, 3, 4, 5, 6, 7]


def test_of_a_heading_printed_twice_the_second_is_taken():
    lines = [HEADINGS[1], "", HEADINGS[1], "正文。", HEADINGS[2]]
    found, repeated = find_headings(arrange("\n".join(lines))[0], load().sections)
    assert [(heading.section, heading.cell) for heading in found] == [("overview", 1), ("proactive_disclosure", 3)]
    assert [heading.cell for heading in repeated] == [0]


@pytest.mark.parametrize(("edition_t2", "edition_t3"), EDITION_PAIRS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("oddity", ODD)
def test_the_sections_hold_the_narrative_and_nothing_of_the_tables(layout, edition_t2, edition_t3, oddity):
    text = render(layout, edition_t2, edition_t3, distinct(edition_t2, edition_t3), **ODD[oddity])
    found = {section.section: section.text for section in read(text).sections}
    assert {code: found[code] for code in CODES.values()} == {
        code: NARRATIVE.get(number, "") for number, code in CODES.items()
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_above_a_table_belongs_to_its_section(layout):
    narrative = {2: "该部分以表格形式报告。表格如下：", 3: "本年收到申请12件。\n均已答复。", 4: "没有行政复议。"}
    reading = read(render(layout, "2021", "2021", distinct("2021", "2021"), narrative=narrative))
    found = {section.section: section.text for section in reading.sections}
    assert {number: found[CODES[number]] for number in narrative} == narrative


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_stands_before_the_first_heading_is_the_preamble(layout):
    reading = read(render(layout, "2021", "2021", distinct("2021", "2021"), title="青石镇年度报告", opening="前言。"))
    assert reading.sections[0].section == "preamble"
    assert reading.sections[0].text == "青石镇年度报告\n前言。"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_signature_is_no_part_of_the_last_section(layout):
    text = render(layout, "2021", "2021", distinct("2021", "2021"), agency="青石镇", signed_on="2024年1月25日")
    found = {section.section: section.text for section in read(text).sections}
    assert found["other_matters"] == NARRATIVE[6]
    assert found["signature"] == "青石镇\n2024年1月25日"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("number", [1, 5, 6])
def test_a_missing_section_is_noted(layout, number):
    text = render(layout, "2021", "2021", distinct("2021", "2021"))
    reading = read(text.replace(HEADINGS[number] + "\n", ""))
    assert [note.observed for note in reading.notes if note.rule == "S1"] == [HEADINGS[number][2:]]
    assert CODES[number] not in {section.section for section in reading.sections}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_heading_printed_twice_is_noted(layout):
    reading = read(render(layout, "2021", "2021", distinct("2021", "2021"), repeated=(1, 5)))
    assert [note.observed for note in reading.notes if note.rule == "S2"] == [HEADINGS[1], HEADINGS[5]]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_whole_report_has_nothing_odd(layout):
    reading = read(render(layout, "2021", "2021", distinct("2021", "2021"), signed_on="2024年1月25日"))
    assert {note.rule for note in reading.notes} <= ({"T3"} if layout == "page_broken" else set())
