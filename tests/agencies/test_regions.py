"""The divisions the project carries: codes, names, parents and years typed by hand."""

import subprocess
import sys

import pytest

from pipeline.agencies.names import LEVELS, ZONE, kinds, split
from pipeline.agencies.regions import NO_ROW, Regions, load_regions, region_table
from pipeline.tables import REGIONS

COUNTRY = "000000"


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


@pytest.fixture(scope="module")
def rows() -> dict[str, dict]:
    return {row["region_code"]: row for row in region_table().to_pylist()}


def codes(regions: Regions, found: tuple[int, ...]) -> list[str]:
    return [regions.codes[row] for row in found]


@pytest.mark.parametrize(
    ("code", "name", "english", "lies_in"),
    [
        ("130529201", "张王疃乡", "Zhangwangtuan Township", ["130529", "130500", "130000", COUNTRY]),
        ("130529100", "巨鹿镇", "Julu Town", ["130529", "130500", "130000", COUNTRY]),
        ("130524200", "王家庄乡", "Wangjiazhuang Township", ["130524", "130500", "130000", COUNTRY]),
        ("410526209", "瓦岗寨乡", "Wagangzhai Township", ["410526", "410500", "410000", COUNTRY]),
        ("140981208", "王家庄乡", "Wangjiazhuang Township", ["140981", "140900", "140000", COUNTRY]),
        ("140922104", "白家庄镇", "Baijiazhuang Town", ["140922", "140900", "140000", COUNTRY]),
        ("320813", "洪泽区", "Hongze District", ["320800", "320000", COUNTRY]),
        ("410526", "滑县", "Hua County", ["410500", "410000", COUNTRY]),
        ("110108", "海淀区", "Haidian District", ["110000", COUNTRY]),
        ("429004", "仙桃市", "Xiantao City", ["420000", COUNTRY]),
        ("441900", "东莞市", "Dongguan", ["440000", COUNTRY]),
        ("441900003", "东城街道", "Dongcheng Subdistrict", ["441900", "440000", COUNTRY]),
        ("620200", "嘉峪关市", "Jiayuguan", ["620000", COUNTRY]),
        ("130930", "孟村回族自治县", "Mengcun Hui Autonomous County", ["130900", "130000", COUNTRY]),
        ("222400", "延边朝鲜族自治州", "Yanbian Korean Autonomous Prefecture", ["220000", COUNTRY]),
        ("150000", "内蒙古自治区", "Inner Mongolia", [COUNTRY]),
    ],
)
def test_codes_names_and_parents(regions, rows, code, name, english, lies_in) -> None:
    row = regions.row(code)
    assert regions.codes[row] == code
    assert regions.names[row] == name
    assert regions.is_current[row]
    assert codes(regions, regions.ancestors(row)) == lies_in
    assert rows[code]["name_en"] == english


def test_every_parent_stands_one_level_up_or_more(regions) -> None:
    country = regions.row(COUNTRY)
    assert len(set(regions.codes)) == len(regions.codes)
    for row, parent in enumerate(regions.parent.tolist()):
        if row == country:
            assert parent == NO_ROW
        else:
            assert parent != NO_ROW
            assert regions.level[parent] < regions.level[row], regions.codes[row]


def test_a_township_lies_in_the_county_its_code_begins_with(regions) -> None:
    # Codes of statistical counties that are no bodies of their own, and counties that got new codes since 2023: none.
    odd = {"441900", "442000", "460400", "620201", "460321", "460322", "460323"}
    for row, code in enumerate(regions.codes):
        if regions.is_current[row] and len(code) == 9 and code[:6] not in odd:
            assert regions.codes[regions.parent[row]] == code[:6]


def test_as_many_as_there_are(rows) -> None:
    current = [row for row in rows.values() if row["is_current"]]
    counties = [row for row in current if row["level"] == "county" and row["kind"] != ZONE]
    assert sum(row["level"] == "province" for row in current) == 31
    assert sum(row["level"] == "prefecture" for row in current) == 333
    assert sum(row["kind"] == "prefecture_city" for row in current) == 293
    assert sum(row["kind"] == "autonomous_prefecture" for row in current) == 30
    assert sum(row["kind"] in ("autonomous_county", "autonomous_banner") for row in counties) == 120
    # 977 districts at the end of 2024, and four of Daxing'anling without a statutory code; in 2025 two became one.
    assert sum(row["kind"] == "district" for row in counties) == 977 + 4 - 1
    assert sum(row["kind"] == "county_city" for row in counties) == 397
    assert sum(row["kind"] == "county" for row in counties) == 1301
    assert sum(row["kind"] == "banner" for row in counties) == 49
    assert len(counties) == 980 + 397 + 1301 + 120 + 49 + 2  # 六枝特区, 神农架林区
    assert sum(row["level"] == "township" for row in current) == 41_352
    assert sum(row["name_zh"] == "城关镇" for row in current) == 88


@pytest.mark.parametrize("year", range(2008, 2026))
def test_hongze_is_one_region_under_both_names_in_every_year(regions, year) -> None:
    for name in ("洪泽县", "洪泽区", "洪泽"):
        assert codes(regions, regions.named(name, level="county", year=year)) == ["320813"]
    assert regions.codes[regions.row("320829")] == "320813"


@pytest.mark.parametrize(
    ("code", "valid_from", "valid_to", "successor", "former"),
    [
        ("320813", None, None, None, "洪泽县 (320829) until 2016"),
        ("310108", None, 2015, "310106", None),  # 闸北区 was merged into 静安区
        ("320812", 2016, None, None, None),  # 清江浦区, of 清河区 and 清浦区
        ("320802", None, 2016, "320812", None),
        ("371200", None, 2018, "370100", None),  # 莱芜市 became part of 济南市
        ("370116", None, None, None, "莱城区 (371202) until 2018"),
        ("420600", None, None, None, "襄樊市 (420600) until 2010"),
        ("360402", None, None, None, "庐山区 (360402) until 2016"),
        ("460400", None, None, None, "儋州市 (469003) until 2015"),
        ("540302", None, None, None, "昌都县 (542121) until 2014"),
        ("130521", None, 2020, "130503", None),  # 邢台县
        ("500110-2011", None, 2011, "500110", None),  # 万盛区: its code is that of 綦江区 now
        ("653228", 2024, None, None, None),  # 和康县
    ],
)
def test_what_became_of_counties(rows, code, valid_from, valid_to, successor, former) -> None:
    row = rows[code]
    found = (row["valid_from"], row["valid_to"], row["successor_code"], row["former_names"])
    assert found == (valid_from, valid_to, successor, former)
    assert row["is_current"] is (valid_to is None)


def test_years_are_in_order(rows) -> None:
    for row in rows.values():
        years = [row["valid_from"], row["known_from"], row["known_to"], row["valid_to"]]
        assert [year for year in years if year] == sorted(year for year in years if year), row
        assert row["valid_to"] is None or not row["is_current"]
        assert row["successor_code"] is None or row["successor_code"] in rows


def test_counties_follow_a_prefecture_to_its_new_code(regions, rows) -> None:
    assert regions.codes[regions.row("522422")] == "520521"  # 大方县, when 毕节地区 became 毕节市
    assert rows["520521"]["former_names"] == "大方县 (522422) until 2011"


def test_a_township_that_became_a_town_is_one_region(regions, rows) -> None:
    assert codes(regions, regions.named("观寨乡", within=regions.row("130529"))) == ["130529107"]
    assert rows["130529107"]["name_zh"] == "观寨镇"
    assert rows["130529107"]["former_names"] == "观寨乡 (130529202) last listed 2020"


def test_names_are_found_whole_and_without_their_kind(regions) -> None:
    assert codes(regions, regions.named("巨鹿县")) == ["130529"]
    assert codes(regions, regions.named("巨鹿", level="county")) == ["130529"]
    assert codes(regions, regions.named("孟村", level="county")) == ["130930"]
    assert codes(regions, regions.named("王家庄乡")) == ["130524200", "140981208"]
    assert codes(regions, regions.named("王家庄乡", within=regions.row("130500"))) == ["130524200"]
    assert codes(regions, regions.named("浆水镇", within=regions.row("130521"))) == ["130503109"]  # then in 邢台县
    assert regions.named("不存在县") == ()


def test_the_year_chooses_among_several_and_refuses_none(regions) -> None:
    assert codes(regions, regions.named("铜仁市", year=2009)) == ["520602"]  # the county-level city, now 碧江区
    assert codes(regions, regions.named("铜仁市", year=2015)) == ["520600"]
    assert codes(regions, regions.named("桥东区", year=2012)) == ["130103", "130502", "130702"]
    assert codes(regions, regions.named("桥东区", year=2023)) == ["130702"]
    assert codes(regions, regions.named("闸北区", year=2023)) == ["310108"]


@pytest.mark.parametrize(
    ("area_code", "served"),
    [
        ("0319", ["130500"]),
        ("0372", ["410500"]),
        ("0350", ["140900"]),
        ("0517", ["320800"]),
        ("010", ["110000"]),
        ("0731", ["430100", "430200", "430300"]),
        ("0728", ["429004", "429005", "429006"]),
        ("0979", ["632801"]),
        ("0000", []),
    ],
)
def test_area_codes(regions, area_code, served) -> None:
    assert codes(regions, regions.served_by(area_code)) == served


def test_counties_have_their_citys_area_code_and_provinces_their_postcodes(rows) -> None:
    assert rows["130529"]["area_code"] == "0319"
    assert rows["130529201"]["area_code"] is None
    assert rows["130000"]["area_code"] is None
    assert rows["130000"]["postcode_prefix"] == "05, 06, 07"
    assert rows["130500"]["postcode_prefix"] is None


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("341500", "Lu'an"),
        ("340300", "Bengbu"),
        ("130225", "Laoting County"),
        ("330382", "Yueqing City"),
        ("441900", "Dongguan"),
        ("411100", "Luohe"),
        ("140724", "Xiyang County"),
        ("131025", "Daicheng County"),
        ("140428", "Zhangzi County"),
        ("310112", "Minhang District"),
        ("371722", "Shan County"),
        ("220403", "Xi'an District"),
    ],
)
def test_odd_readings(rows, code, english) -> None:
    assert rows[code]["name_en"] == english


@pytest.mark.parametrize(
    ("name", "level", "parts"),
    [
        ("孟村回族自治县", "county", ("孟村", "回族", "自治县")),
        ("长白朝鲜族自治县", "county", ("长白", "朝鲜族", "自治县")),
        ("东乡族自治县", "county", ("东乡", "", "自治县")),
        ("木垒哈萨克自治县", "county", ("木垒", "哈萨克", "自治县")),
        ("易县", "county", ("易县", "", "")),
        ("神农架林区", "county", ("神农架", "", "林区")),
        ("玉林区", "county", ("玉林", "", "区")),
        ("孙各庄满族乡", "township", ("孙各庄", "满族", "乡")),
        ("吉祥街道办事处", "township", ("吉祥", "", "街道办事处")),
        ("东街道", "township", ("东街道", "", "")),
    ],
)
def test_names_come_apart(name, level, parts) -> None:
    assert split(name, level) == parts


def test_the_table_declares_the_levels_and_kinds_that_names_have(rows) -> None:
    declared = {
        column: set(REGIONS.schema.columns[column].checks[0].statistics["allowed_values"])
        for column in ("level", "kind")
    }
    assert declared["level"] == set(LEVELS)
    assert declared["kind"] == {kind.code for level in LEVELS for kind in kinds()[level]} | {"country", ZONE}
    assert {row["kind"] for row in rows.values()} == declared["kind"]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    script = "import sys, pipeline.cli; print([name for name in sys.modules if name.startswith('pipeline.agencies')])"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "[]"
    script = "import pipeline.agencies.regions as r; print(r.load_regions.cache_info().currsize)"
    assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "0"
