"""Who reported, for when, and when: what is printed is found in its many forms, and nothing is made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.metadata import read_metadata
from tests.parse.comparison import LAYOUTS, read
from tests.planted.figures import distinct
from tests.planted.render import render


def metadata(*lines, opening=None):
    return read_metadata(lines, len(lines) if opening is None else opening)


TITLES = [
    (["青石镇人民政府2023年政府信息公开工作年度报告"], "青石镇人民政府"),
    (["青石镇 2023 年政府信息公开工作年度报告"], "青石镇"),
    (["青石镇2023年度政府信息公开工作报告"], "青石镇"),
    (["2023年青石镇政府信息公开年度报告"], "青石镇"),
    (["2023年度示例县青石镇政府信息公开工作年度报告"], "示例县青石镇"),
    (["青石镇关于2023年政府信息公开工作年度报告"], "青石镇"),
    (["青石镇二〇二三年政府信息公开年报"], "青石镇"),
    (["二○二三年青石镇政府信息公开工作年度报告"], "青石镇"),
    (["青石镇政府信息公开工作年度报告（2023年）"], "青石镇"),
    (["青石镇政府信息公开工作年度报告(2023年度)"], "青石镇"),
    (["《青石镇人民政府2023年政府信息公开工作年度报告》"], "青石镇人民政府"),
    (["青石镇2023年信息公开年报"], "青石镇"),
    (["青石镇人民政府信息公开工作年度报告（2023年）"], "青石镇人民政府"),
    (["示例市自然资源局2023年政府信息公开工作年度报告"], "示例市自然资源局"),
    (["示例县人民政府办公室", "2023年政府信息公开工作年度报告"], "示例县人民政府办公室"),
    (["示例县", "青石镇人民政府", "2023年政府信息公开工作年度报告"], "示例县青石镇人民政府"),
    (["青石镇人民政府2023年政府信息公开", "工作年度报告"], "青石镇人民政府"),
    (["青石镇人民政府", "2023年政府信息公开", "工作年度报告"], "青石镇人民政府"),
    (["附件1：", "青石镇2023年政府信息公开工作年度报告"], "青石镇"),
    (["附件1：青石镇2023年政府信息公开工作年度报告"], "青石镇"),
    (["首页 > 政府信息公开 > 年报", "青石镇2023年政府信息公开工作年度报告"], "青石镇"),
    (["2023年政府信息公开工作年度报告"], None),
]


@pytest.mark.parametrize(("lines", "agency"), TITLES, ids=lambda value: value[-1] if isinstance(value, list) else None)
def test_a_title_names_agency_and_year(lines, agency):
    found = metadata(*lines, "没有署名的正文。")
    assert (found.agency_name, found.stated_year) == (agency, 2023)


@pytest.mark.parametrize(
    "line",
    [
        "青石镇人民政府2023年法治政府建设年度报告",
        "2023年，全镇公开信息120条。",
        "关于印发示例县2023年政务公开工作要点的通知",
        "根据《中华人民共和国政府信息公开条例》编制。",
    ],
)
def test_what_is_no_title_gives_no_year(line):
    assert metadata(line).stated_year is None


def test_a_title_after_the_tables_is_no_title():
    assert metadata("正文。", "青石镇2022年政府信息公开工作年度报告", opening=1).stated_year is None


def test_the_year_of_the_title_wins_over_that_of_the_period():
    found = metadata("青石镇2023年政府信息公开工作年度报告", "统计期限为2022年1月1日至12月31日。")
    assert (found.stated_year, found.period_end) == (2023, date(2022, 12, 31))


def test_without_a_year_in_the_title_the_period_gives_it():
    assert metadata("政府信息公开工作年度报告", "统计期限为2023年1月1日至12月31日。").stated_year == 2023


WHOLE_YEAR = [
    "所列数据的统计期限为2023年1月1日至12月31日。",
    "统计期限自2023年1月1日起至2023年12月31日止。",
    "统计期限自2023年1月1日起至12月31日止。",
    "统计期限从2023年1月1日开始到12月31日止。",
    "统计期限：2023年1月1日-12月31日",
    "统计期限：2023年1月1日—2023年12月31日",
    "统计期限为2023年1月1日～12月31日。",
    "统计期限自2023 年1 月1 日起至12 月31 日止。",
    "统计期限为2023年01月01日至2023年12月31日。",
    "统计期限为2023年1月1日至当年12月31日。",
    "数据统计时间为２０２３年１月１日至１２月３１日。",
]


@pytest.mark.parametrize("line", WHOLE_YEAR)
def test_a_period_is_read(line):
    found = metadata("正文。", line)
    assert (found.period_start, found.period_end) == (date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ("统计期限自2023年1月1日起至12月29日止。", date(2023, 12, 29)),
        ("统计期限为2021年1月1日至2021年12月30日。", date(2021, 12, 30)),
    ],
)
def test_a_period_that_is_not_the_year_is_read_as_printed(line, end):
    found = metadata(line)
    assert (found.period_start, found.period_end) == (date(end.year, 1, 1), end)


DAMAGED = [
    "本报告所列数据的统计期限自202111日起至20211230日止。",
    "所列数据的统计期限从202111日到1231日止。",
    "所列数据的统计期限为202511日至20251231日。",
    "所列数据的统计期限自20231月1日至202312月31日止。",
    "所列数据的统计期限截至202020年12月31日。",
    "统计期限自2023年13月1日起至12月31日止。",
    "统计期限自2023年1月1日起至12月32日止。",
    "统计期限自2023年2月1日起至2月30日止。",
    "统计期限自2023年1月1日起至12月0日止。",
    "统计期限自年1月1日起至12月31日止。",
    "统计期限自2023年1月至12月。",
    "统计期限为2023年度。",
]


@pytest.mark.parametrize("line", DAMAGED)
def test_a_damaged_period_is_none_and_never_another_one(line):
    found = metadata("正文。", line)
    assert (found.period_start, found.period_end, found.stated_year) == (None, None, None)


@pytest.mark.parametrize(
    "line",
    [
        "2023年5月1日至5月31日期间，开展集中宣传。",
        "2023年3月1日至4月1日开展培训，发布数据12条。",
        "公示时间为2023年6月1日至6月7日。",
    ],
)
def test_a_range_of_days_in_the_narrative_is_no_statistic_period(line):
    assert metadata("一、总体情况", line).period_start is None
    found = metadata("一、总体情况", line, "统计期限为2023年1月1日至12月31日。")
    assert (found.period_start, found.period_end) == (date(2023, 1, 1), date(2023, 12, 31))


@given(text=st.text("统计期限自年月日起至止0123456789. 二〇", max_size=40))
def test_any_line_gives_a_whole_period_or_none(text):
    found = metadata(text)
    assert (found.period_start is None) == (found.period_end is None)


SIGNATURES = [
    (["青石镇人民政府", "2024年1月25日"], "青石镇人民政府", date(2024, 1, 25)),
    (["青石镇人民政府", "2024年3 月 26日"], "青石镇人民政府", date(2024, 3, 26)),
    (["青石镇人民政府 2024年1月25日"], "青石镇人民政府", date(2024, 1, 25)),
    (["青石镇人民政府（2024年1月25日）"], "青石镇人民政府", date(2024, 1, 25)),
    (["青石镇人民政府", "2024-01-25"], "青石镇人民政府", date(2024, 1, 25)),
    (["青石镇人民政府", "2024.1.25"], "青石镇人民政府", date(2024, 1, 25)),
    (["青石镇人民政府", "2024/1/25"], "青石镇人民政府", date(2024, 1, 25)),
    (["青石镇人民政府", "二〇二四年一月二十五日"], "青石镇人民政府", date(2024, 1, 25)),
    (["青石镇人民政府", "二○二四年十二月三十一日"], "青石镇人民政府", date(2024, 12, 31)),
    (["青石镇人民政府", "二零二四年二月二十日"], "青石镇人民政府", date(2024, 2, 20)),
    (["青石镇人民政府", "二〇二四年十月十日"], "青石镇人民政府", date(2024, 10, 10)),
    (["青石镇人民政府", "2024年1月25日", "附件下载"], "青石镇人民政府", date(2024, 1, 25)),
    (["2024年1月25日"], None, date(2024, 1, 25)),
    (["青石镇人民政府"], "青石镇人民政府", None),
]


@pytest.mark.parametrize(("lines", "agency", "day"), SIGNATURES)
def test_a_signature_names_agency_and_day(lines, agency, day):
    found = metadata("没有其他事项需要说明。", *lines, opening=0)
    assert (found.agency_name, found.published_on, found.signature) == (agency, day, 1)


@pytest.mark.parametrize(
    "line",
    [
        "2024年1月",
        "2024年13月25日",
        "2024年2月30日",
        "202425日",
        "年1月25日",
        "二〇二四年十三月一日",
        "2023年没有复议。",
    ],
)
def test_a_damaged_day_is_none(line):
    assert metadata("没有其他事项需要说明。", "青石镇人民政府", line, opening=0).published_on is None


@pytest.mark.parametrize("line", ["以上数据截至2023年12月31日", "本报告数据统计截止2023年12月31日"])
def test_the_day_up_to_which_was_counted_is_not_the_day_of_publication(line):
    assert metadata("六、其他需要报告的事项", line, opening=0).published_on is None


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2024-01-25 09:30",
        "发布日期: 2024年01月25日",
        "信息时间：2024/1/25 来源：青石镇",
        "成文日期：2024.01.25",
    ],
)
def test_a_field_of_the_page_gives_the_day_of_publication(line):
    assert metadata(line, "正文。", opening=0).published_on == date(2024, 1, 25)


def test_the_field_of_the_page_wins_over_the_signature():
    lines = ["发布时间：2024-01-29", "正文。", "青石镇人民政府", "2024年1月25日"]
    assert metadata(*lines, opening=0).published_on == date(2024, 1, 29)


def test_the_agency_of_the_title_wins_over_that_of_the_signature():
    lines = ["示例县青石镇人民政府2023年政府信息公开工作年度报告", "正文。", "青石镇", "2024年1月25日"]
    assert metadata(*lines).agency_name == "示例县青石镇人民政府"


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("2024年，青石镇根据条例要求开展工作。", "青石镇"),
        ("青石镇人民政府严格按照条例公开信息。", "青石镇人民政府"),
        ("2024年，我镇认真公开信息。", None),
        ("2024年，全县各乡镇积极公开信息。", None),
        ("本机关按照上级部署做好信息公开。", None),
        ("在县委、县政府的领导下，各部门认真公开信息。", None),
    ],
)
def test_the_body_names_the_agency_where_nothing_else_does(line, agency):
    assert metadata("2024年政府信息公开工作年度报告", "一、总体情况", line).agency_name == agency


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_says_who_when_and_for_which_year(layout):
    text = render(
        layout,
        "2021",
        "2021",
        distinct("2021", "2021"),
        agency="示例县白石乡人民政府",
        year=2022,
        signed_on="2023年1月18日",
    )
    reading = read(text)
    assert reading.agency_name == "示例县白石乡人民政府"
    assert reading.stated_year == 2022
    assert (reading.period_start, reading.period_end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert reading.published_on == date(2023, 1, 18)
    assert "A1" not in {note.rule for note in reading.notes}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_report_does_not_say_stays_none(layout):
    text = render(layout, "2021", "2021", distinct("2021", "2021"), title="政府信息公开工作年度报告", opening="")
    reading = read(text)
    assert reading.agency_name is None
    assert (reading.stated_year, reading.period_start, reading.period_end) == (None, None, None)
    assert reading.published_on is None
    assert "A1" in {note.rule for note in reading.notes}
