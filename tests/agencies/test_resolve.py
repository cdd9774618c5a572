"""Whose report it is: the published texts, thousands of made-up ones, and the cases in which nobody may be named."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.agencies.evidence import Clue, clue_kinds, collect
from pipeline.agencies.lines import KINDS, body_of, load_lines
from pipeline.agencies.names import LEVELS
from pipeline.agencies.regions import load_regions
from pipeline.agencies.resolve import agency_of, resolve
from pipeline.agencies.scope import SCOPES, scope_of
from pipeline.readers.pdf import arrange as arrange_pdf
from pipeline.readers.pdf import extract as extract_pdf
from pipeline.readers.text import extract
from pipeline.tables import AGENCIES, AGENCY_EVIDENCE, REPORTS
from pipeline.warehouse.landing import read_document
from tests.agencies.made_up import generate, report, titled

ROOT = Path(__file__).parents[2]
REPORTS_FOLDER = Path(os.environ.get("GONGKAI_REPORTS", ROOT.parent / "shared" / "reports"))
REGIONS = load_regions()
PLAIN = "全年公开信息50条。"


def resolved(made):
    return resolve(collect(made.reading, made.source_path, made.year, REGIONS), made.year, REGIONS)


def told(name, overview=PLAIN, **rest):
    """The agency of a report with a title, or the status where none is told."""
    found = resolved(report(titled(name, rest.get("year", 2023)), overview, None, "", **rest))
    return found.agency_id or found.status


def of_text(text, source_format="txt", year=2023):
    reading = read_document({"report_id": "0" * 16, "source_format": source_format, "text": text}, "1")
    return resolve(collect(reading, f"{year}/x.{source_format}", year, REGIONS), year, REGIONS)


PUBLISHED = {
    "000": (
        "130529201",
        "巨鹿县张王疃乡人民政府",
        [("title", "巨鹿县张王疃乡", "line 1"), ("citation", "河北省实施", "line 4")],
    ),
    "001": (
        "410526209",
        "滑县瓦岗寨乡人民政府",
        [("title", "瓦岗寨乡", "line 3"), ("phone", "0372-8591006", "line 17")],
    ),
    "002": ("130524200", "柏乡县王家庄乡人民政府", [("title", "柏乡县王家庄乡人民政府", "line 3")]),
    "003": (
        "140922104",
        "五台县白家庄镇人民政府",
        [
            ("title", "白家庄镇", "line 1"),
            ("signature", "白家庄镇人民政府", "line 4"),
            ("citation", "《五台县人民政府办公室", "line 5"),
        ],
    ),
    "004": (
        "130529100",
        "巨鹿县巨鹿镇人民政府",
        [("subject", "巨鹿镇", "line 5"), ("mention", "巨鹿县政务公开", "line 6")],
    ),
}


@pytest.mark.skipif(not REPORTS_FOLDER.is_dir(), reason="the published texts are not at hand")
@pytest.mark.parametrize("number", PUBLISHED)
def test_the_published_texts(number) -> None:
    [path] = REPORTS_FOLDER.glob(f"{number}_*.txt")
    code, name, evidence = PUBLISHED[number]
    found = of_text(extract(path.read_bytes()))
    assert (found.status, found.agency_id, found.region_code, found.name) == ("resolved", code, code, name)
    said = [(each.kind, each.text, each.place) for each in found.evidence if each.says == "for"]
    for kind, text, place in evidence:
        assert any(a == kind and text in b and (c or "").startswith(place) for a, b, c in said), (kind, text, said)


@pytest.mark.skipif(not REPORTS_FOLDER.is_dir(), reason="the published texts are not at hand")
def test_the_published_pdf_of_hongze() -> None:
    assert json.loads((REPORTS_FOLDER / "hongze-2023.figures.json").read_text("utf-8"))
    text = extract_pdf((REPORTS_FOLDER / "hongze-2023.pdf").read_bytes())
    assert arrange_pdf(text)
    found = of_text(text, "pdf")
    assert (found.agency_id, found.name) == ("320813", "淮安市洪泽区人民政府")


@pytest.mark.parametrize("year", range(2008, 2026))
@pytest.mark.parametrize("name", ["洪泽区人民政府", "洪泽县人民政府", "淮安市洪泽区", "淮安市洪泽县人民政府"])
def test_hongze_is_one_body_under_both_names_in_every_year(name, year) -> None:
    assert told(name, year=year) == "320813"


@pytest.fixture(scope="module")
def outcomes():
    made = generate(5000, seed=20)
    return [(each, resolved(each)) for each in made]


def test_of_five_thousand_bodies_98_in_100_are_told_and_none_wrongly(outcomes) -> None:
    wrong = [(each.variant, each.reading["agency_name"], each.truth, found.agency_id) for each, found in outcomes]
    assert [row for row in wrong if row[3] is not None and row[2] != row[3]] == []
    named = [(each, found) for each, found in outcomes if each.truth]
    right = sum(each.truth == found.agency_id for each, found in named)
    assert len(named) > 4500
    assert right / len(named) >= 0.98
    assert all(found.status == "ambiguous" for each, found in outcomes if each.truth is None)


def test_every_variant_is_among_them_and_most_of_each_are_told(outcomes) -> None:
    counted = Counter(each.variant for each, _ in outcomes)
    assert len(counted) == 16
    assert min(counted.values()) >= 25
    for variant in counted:
        of_it = [(each.truth, found.agency_id) for each, found in outcomes if each.variant == variant]
        assert sum(truth == found for truth, found in of_it) / len(of_it) > 0.85, variant


@pytest.mark.parametrize(
    ("name", "overview", "agency"),
    [
        ("王家庄乡", PLAIN, "ambiguous"),  # of 柏乡县 or 原平市
        ("王家庄乡", "依托柏乡县政府网站，柏乡县公开信息。", "130524200"),
        ("王家庄乡", "根据《原平市人民政府办公室关于年度报告的通知》编制。", "140981208"),
        ("王家庄乡", "邮编：034100", "ambiguous"),  # a postcode alone is not enough
        ("城关镇", PLAIN, "ambiguous"),
        ("示例县青石镇人民政府", PLAIN, "unknown"),  # 青石镇 is in three counties, none of them like 示例县
        ("示例市人民政府办公室", PLAIN, "unknown"),
        ("平乡县张王疃乡", PLAIN, "unknown"),  # lies in 巨鹿县
        ("巨鹿县张王瞳乡人民政府", PLAIN, "130529201"),
        ("巨麓县张王疃乡人民政府", PLAIN, "130529201"),
        ("张王瞳乡人民政府", "依托巨鹿县政府网站。", "130529201"),
        ("张王瞳乡人民政府", PLAIN, "unknown"),  # a slip is never looked for all over the country
        ("巨鹿县城关镇", PLAIN, "unknown"),  # a town's name elsewhere is no slip of another
        ("朝阳区人民政府", PLAIN, "ambiguous"),
        ("北京市朝阳区人民政府", PLAIN, "110105"),
        ("广州市黄埔区人民政府大沙街道办事处", PLAIN, "440112005"),
        ("巨鹿县财政局", PLAIN, "130529-finance"),
        ("巨鹿县教育和体育局", PLAIN, "130529-education"),
        ("巨鹿县财攻局", PLAIN, "ambiguous"),  # or is it a body of its own?
        ("巨鹿县自然资原局", PLAIN, "130529-natural_resources"),
        ("巨鹿县交通综合行政执法局", PLAIN, "130529-department-交通综合行政执法局"),
        ("国家税务总局巨鹿县税务局", PLAIN, "130529-tax"),
        ("巨鹿县人民政府办公室", PLAIN, "130529-office"),
        ("巨鹿县人民医院", PLAIN, "130529-institution-人民医院"),
        ("财政局", PLAIN, "unknown"),
        ("县财政局", "根据《巨鹿县人民政府办公室关于年度报告的通知》编制。", "130529-finance"),
        ("县财政局", "曾赴巨鹿县学习。", "ambiguous"),
        ("市财政局", "邢台市公开，邢台市门户网站，邢台市政务新媒体，巨鹿县一次。", "130500-finance"),
        ("财政部", PLAIN, "000000-finance"),
        ("大连市市场监管局", PLAIN, "210200-market_regulation"),
        ("平安建设办公室", "依托巨鹿县政府网站。", "ambiguous"),  # no department of 平安区
        ("蚌埠市经济开发区管理委员会", PLAIN, "340372"),
        ("邢台市巨麓县财政局", PLAIN, "unknown"),  # no department of 邢台市
    ],
)
def test_hard_cases(name, overview, agency) -> None:
    assert told(name, overview) == agency


def test_a_town_alone_of_its_name_needs_more_before_towns_were_listed() -> None:
    assert told("瓦岗寨乡", year=2023) == "410526209"
    assert told("瓦岗寨乡", year=2012) == "ambiguous"
    assert told("瓦岗寨乡", "监督电话0372-8591006。", year=2012) == "410526209"


@pytest.mark.parametrize(
    ("title", "rest", "agency"),
    [
        ("巨鹿县", {"signature": "巨鹿县财政局"}, "ambiguous"),
        ("巨鹿县", {"signature": "巨鹿县人民政府办公室"}, "130529"),
        ("巨鹿县", {"signature": "张王疃乡人民政府"}, "ambiguous"),
        ("巨鹿县张王疃乡", {"signature": "平乡县人民政府"}, "ambiguous"),
        ("张王疃乡", {"signature": "巨鹿县人民政府"}, "130529201"),
        ("巨鹿镇", {"above": "发布机构：巨鹿县人民政府办公室 公开日期："}, "130529100"),
        ("巨鹿镇", {"path": "2023/平乡县/a.txt"}, "ambiguous"),
        ("巨鹿镇", {"path": "2023/巨鹿县/a.txt"}, "130529100"),
        ("示例县青石镇", {"signature": "巨鹿镇人民政府"}, "ambiguous"),
    ],
)
def test_what_is_at_odds_is_not_decided(title, rest, agency) -> None:
    assert told(title, **rest) == agency


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        ("发布机构：巨鹿县人民政府办公室", "ambiguous"),  # it may publish the reports of its towns
        ("发布机构：巨鹿县张王疃乡人民政府", "130529201"),
        ("发布机构 | 巨鹿县张王疃乡人民政府 | 公开日期", "130529201"),
        ("如有疑问，请与巨鹿县财政局联系（电话：0319-4332255）。", "130529-finance"),
        ("如有疑问，请联系巨鹿县人民政府办公室（电话：0319-4332255）。", "ambiguous"),
        ("如有疑问，请与张王疃乡政府办公室联系（电话：0319-4332255）。", "130529201"),
        ("如有疑问，请与巨鹿县人民政府信息公开办公室联系。", "unknown"),  # a room of somebody
        ("", "unknown"),
    ],
)
def test_a_page_field_names_who_published(lines, agency) -> None:
    made = report("2023年政府信息公开工作年度报告", PLAIN, None, "", above=lines)
    assert made.reading["agency_name"] is None
    found = resolved(made)
    assert (found.agency_id or found.status) == agency


def test_a_sentence_about_the_county_names_no_reporting_town() -> None:
    made = report("2023年政府信息公开工作年度报告", "2023年，巨鹿县严格落实要求。我镇公开，我镇培训。", None, "")
    assert made.reading["agency_name"] == "巨鹿县"
    found = resolved(made)
    assert (found.status, found.reason) == (
        "ambiguous",
        "it is not titled or signed by 巨鹿县, and calls its body 我镇",
    )


def test_an_ambiguous_report_says_between_whom() -> None:
    found = resolved(report(titled("王家庄乡"), PLAIN, None, ""))
    assert (found.agency_id, found.region_code, found.name, found.score) == (None, None, None, 0)
    assert found.reason == "it may be 130524200 柏乡县王家庄乡人民政府 or 140981208 原平市王家庄乡人民政府"


def test_an_override_settles_it_and_the_rest_is_held_against_it() -> None:
    made = report(titled("巨鹿镇"), "依托巨鹿县政府网站。", None, "")
    clues = [Clue("override", "because", None), *collect(made.reading, made.source_path, 2023, REGIONS)]
    found = resolve(clues, 2023, REGIONS, "130524200")
    assert (found.status, found.agency_id, found.score) == ("resolved", "130524200", 1)
    assert [(each.kind, each.says) for each in found.evidence] == [
        ("override", "for"),
        ("title", "against"),
        ("mention", "against"),
    ]


@pytest.mark.parametrize("agency_id", ["130529", "130529-office", "130529-finance", "130529-zone-经济", "500110-2011"])
def test_an_id_names_its_region_and_body(agency_id) -> None:
    row, body = agency_of(agency_id, REGIONS)
    code = REGIONS.codes[row]
    assert agency_id == (f"{code}-{body.mark}" if body.mark else code)


@pytest.mark.parametrize("agency_id", ["", "999999", "320829", "130529-nonsense", "130529-", "130529-department-"])
def test_what_is_no_id(agency_id) -> None:
    assert agency_of(agency_id, REGIONS) is None


@pytest.mark.parametrize(
    ("tails", "mark"),
    [
        (["财政局", "财政厅"], "finance"),
        (["教育局", "教体局", "教育和体育局", "教育委员会", "教育厅"], "education"),
        (["卫生局", "卫健委", "卫生和计划生育局", "卫生健康委员会"], "health"),
        (["文化和旅游局", "文化广电体育和旅游局", "文旅局"], "culture_tourism"),
        (["科技和工业信息化局", "工业和信息化局"], "industry"),
        (["", "人民政府", "政府", "街道办事处"], ""),
        (["人民政府办公室", "政府办", "办公室"], "office"),
        (["农业开发局"], "department-农业开发局"),
        (["水利建设局"], "department-水利建设局"),
        (["第一中学"], "institution-第一中学"),
        (["经济开发区管理委员会", "经济开发区", "经济开发区管委会"], "zone-经济开发区"),
    ],
)
def test_what_a_tail_is(tails, mark) -> None:
    assert {body_of(tail).mark for tail in tails} == {mark}


def test_no_word_belongs_to_two_lines() -> None:
    entries = [*load_lines().source["line"], *load_lines().source["vertical"]]
    words = Counter(word for entry in entries for word in (*entry.get("words", ()), *entry.get("names", ())))
    assert [word for word, times in words.items() if times > 1] == []
    codes = Counter(entry["code"] for entry in entries)
    assert max(codes.values()) == 1
    assert not set(codes) & {"office", *KINDS}


@pytest.mark.parametrize(
    ("sentence", "governs", "scope"),
    [
        ("本报告由区政府办公室根据全区各镇街、各部门报告汇总形成。", True, "consolidated"),
        ("报告数据包括区政府本级及各镇街、各部门。", True, "consolidated"),
        ("2023年，全县各级行政机关共收到政府信息公开申请8件。", True, "consolidated"),
        ("2023年，全县各级行政机关共收到政府信息公开申请8件。", False, "unknown"),
        ("本报告由办公室汇总各县（市、区）、市政府各部门政府信息公开工作情况编制而成。", True, "consolidated"),
        ("本报告数据仅包括本机关。", False, "own_level"),
        ("所列统计数据不含各镇和部门。", True, "own_level"),
        ("本报告数据仅包括本机关。全县共收到申请8件。", True, "unknown"),
        ("全区经济平稳发展，汇总各类信息50条。", True, "unknown"),
    ],
)
def test_whom_the_figures_cover(sentence, governs, scope) -> None:
    sections = [{"section": "overview", "text": f"第一段。\n第二段，没有。{sentence}"}]
    found, sentences = scope_of(sections, governs=governs)
    assert found == scope
    assert all(said.line == 1 and said.text in sentence for said in sentences)
    assert len(sentences) == (2 if "8件" in sentence and "本机关" in sentence else int(scope != "unknown"))


def test_the_tables_declare_what_there_is() -> None:
    def declared(table, column):
        return set(table.schema.columns[column].checks[0].statistics["allowed_values"])

    assert declared(AGENCIES, "kind") == set(KINDS)
    assert declared(AGENCIES, "level") == set(LEVELS)
    assert declared(AGENCY_EVIDENCE, "kind") == set(clue_kinds())
    assert declared(REPORTS, "scope") == set(SCOPES)


def test_no_divisions_are_read_where_nobody_is_looked_for() -> None:
    script = (
        "import pipeline.warehouse, pipeline.cli; from pipeline.warehouse.amendments import read_amendments;"
        "from pipeline.warehouse import Raw; read_amendments(Raw('nowhere/raw'));"
        "from pipeline.agencies.regions import load_regions; print(load_regions.cache_info().currsize)"
    )
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "0"
