"""Reports of real bodies as they are written in real life, generated with the truth: which body of which region it is.

Independent of what resolves them: regions are read from the carried tables as plain rows, and everything said of
bodies and of variants is typed here.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.parse.metadata import read_metadata

CARRIED = Path(__file__).resolve().parents[2] / "pipeline" / "agencies"

DEPARTMENTS = {
    "finance": ["财政局"],
    "education": ["教育局", "教育体育局", "教育和体育局", "教体局"],
    "public_security": ["公安局"],
    "health": ["卫生健康局", "卫生健康委员会", "卫健委", "卫健局", "卫生和计划生育局"],
    "natural_resources": ["自然资源局", "自然资源和规划局", "国土资源局"],
    "agriculture": ["农业农村局", "农业局"],
    "development_reform": ["发展和改革局", "发展和改革委员会", "发改局", "发改委"],
    "human_resources": ["人力资源和社会保障局", "人社局"],
    "market_regulation": ["市场监督管理局", "市场监管局"],
    "housing_construction": ["住房和城乡建设局", "住建局"],
    "transport": ["交通运输局", "交通局"],
    "water": ["水利局", "水务局"],
    "audit": ["审计局"],
    "statistics": ["统计局"],
    "civil_affairs": ["民政局"],
    "justice": ["司法局"],
    "culture_tourism": ["文化和旅游局", "文化广电和旅游局", "文化广电旅游体育局", "文旅局"],
    "industry": ["工业和信息化局", "科技和工业信息化局", "工信局"],
    "emergency": ["应急管理局"],
    "medical_insurance": ["医疗保障局", "医保局"],
    "veterans": ["退役军人事务局"],
    "ecology": ["环境保护局", "生态环境局"],
    "urban_management": ["城市管理局", "城市管理综合行政执法局"],
    "tax": ["税务局"],
    "meteorology": ["气象局"],
}
OFFICES = ["人民政府办公室", "政府办公室", "政府办"]
ALIKE = [
    "疃瞳",
    "鹿麓",
    "店占",
    "岗岚",
    "寨赛",
    "沟构",
    "营菅",
    "楼搂",
    "堡保",
    "桥侨",
    "湾弯",
    "河何",
    "坪评",
    "塘糖",
    "洼佳",
    "坡波",
    "郭廓",
]
ALIKE += [
    "阳杨",
    "安按",
    "龙尤",
    "泉全",
    "峪裕",
    "屯电",
    "集隼",
    "林琳",
    "江红",
    "海悔",
    "清情",
    "华毕",
    "水氷",
    "山出",
    "井并",
    "家冢",
    "庄压",
]


@dataclass
class Report:
    """A report as `readings` would hold it, where its file lies, its year, and whose it is; None: it cannot be told."""

    reading: dict[str, Any]
    source_path: str
    year: int
    truth: str | None
    variant: str


@dataclass
class Country:
    """The regions as plain rows."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    former: list[dict[str, Any]] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bearers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def carried(cls) -> "Country":
        found = cls({row["region_code"]: row for row in pq.read_table(CARRIED / "regions.parquet").to_pylist()})
        found.former = pq.read_table(CARRIED / "former_names.parquet").to_pylist()
        for code, row in found.rows.items():
            if row["is_current"]:
                found.parts[row["parent_code"]].append(code)
            found.bearers[row["name_zh"]].add(code)
        for row in found.former:
            found.bearers[row["name_zh"]].add(row["region_code"])
        return found

    def name(self, code: str) -> str:
        return str(self.rows[code]["name_zh"])

    def parent(self, code: str) -> str:
        return str(self.rows[code]["parent_code"])

    def level(self, level: str, endings: tuple[str, ...]) -> list[str]:
        return [
            code
            for code, row in self.rows.items()
            if row["level"] == level
            and row["is_current"]
            and row["name_zh"].endswith(endings)
            and len(row["name_zh"]) > 2
        ]


def report(
    title: str,
    overview: str,
    truth: str | None,
    variant: str,
    *,
    year: int = 2023,
    above: str = "",
    signature: str = "",
    path: str = "2023/report.txt",
) -> Report:
    lines = [line for line in (above, title, "一、总体情况") if line]
    closing = [signature, f"{year + 1}年1月20日"] if signature else []
    metadata = read_metadata([*lines, overview, *closing], opening=len(lines) + 1)
    sections = [
        {"section": "preamble", "text": "\n".join(lines[:-1]), "locator": "line 1", "title": None},
        {"section": "overview", "text": overview, "locator": "line 9", "title": "一、总体情况"},
    ]
    if signature:
        sections.append({"section": "signature", "text": "\n".join(closing), "locator": "line 99", "title": None})
    return Report({"agency_name": metadata.agency_name, "sections": sections}, path, year, truth, variant)


def titled(name: str, year: int = 2023) -> str:
    return f"{name}{year}年政府信息公开工作年度报告"


def suffixed(name: str, rng: random.Random) -> str:
    """A town as it calls itself: 街道 have an office, the others a government."""
    if name.endswith("街道"):
        return rng.choice([f"{name}办事处", name, f"{name.removesuffix('街道')}街道办", f"{name}办事处"])
    return rng.choice([f"{name}人民政府", name, f"{name}政府"])


def mistyped(name: str, rng: random.Random) -> str | None:
    """A name with one character written as another that looks or sounds alike; None: it has none such."""
    pairs = [(pair[0], pair[1]) for pair in ALIKE if pair[0] in name]
    if not pairs:
        return None
    right, wrong = rng.choice(pairs)
    return name.replace(right, wrong, 1)


OVERVIEWS = [
    "2023年，我{kind}在{above}委、{above}政府的正确领导下，{name}门户网站公开信息{figure}条，{name}财政预决算按时公布。全年未收到申请。",
    "根据《{name}人民政府办公室关于做好政府信息公开年度报告工作的通知》，现将工作报告如下：公开信息{figure}条。",
    "依托{name}政府网站公开信息{figure}条；{name}政务新媒体发布信息若干条。培训工作由{name}政务公开办组织。",
]


def generate(count: int, seed: int) -> list[Report]:
    """Reports of as many bodies, drawn from all variants, each in the share that its place in the list gives it."""
    rng, country = random.Random(seed), Country.carried()
    towns = country.level("township", ("乡", "镇", "街道"))
    towns = [code for code in towns if country.rows[country.parent(code)]["level"] == "county"]
    counties = country.level("county", ("县", "区", "市", "旗"))
    cities = country.level("prefecture", ("市", "州", "地区", "盟"))
    renamed = [
        row
        for row in country.former
        if len(row["code"]) == 6
        and country.rows[row["region_code"]]["level"] == "county"
        and row["valid_to"]
        and row["name_zh"] != country.name(row["region_code"])
        and len(country.bearers[row["name_zh"]]) == 1
    ]
    makers = [
        (town_with_county, towns, 24),
        (town_with_all_above, towns, 6),
        (town_in_a_report_of_its_county, towns, 14),
        (town_signed_in_full, towns, 6),
        (town_published_by_its_county, towns, 4),
        (town_in_a_folder, towns, 4),
        (mistyped_town, towns, 6),
        (mistyped_county, towns, 3),
        (county, counties, 8),
        (bare_county, counties, 4),
        (former_county, renamed, 4),
        (department, counties, 18),
        (unnamed_department, counties, 6),
        (city_department, cities, 5),
        (office, counties, 4),
        (bare_town, towns, 4),
    ]
    weights = [share for _, _, share in makers]
    found: list[Report] = []
    while len(found) < count:
        make, pool, _ = rng.choices(makers, weights)[0]
        made = make(country, rng.choice(pool), rng)
        if made is not None:
            found.append(made)
    return found


def _overview(country: Country, code: str, rng: random.Random, kind: str = "镇") -> str:
    name = country.name(code)
    return rng.choice(OVERVIEWS).format(name=name, above=name[-1], kind=kind, figure=rng.randrange(20, 900))


def _sibling(country: Country, county: str, rng: random.Random) -> str:
    return country.name(rng.choice(country.parts[country.parent(county)]))


def town_with_county(country, code, rng) -> Report:
    county, year = country.parent(code), rng.randrange(2016, 2025)
    name = country.name(county) + suffixed(country.name(code), rng)
    noise = f"赴{_sibling(country, county, rng)}学习一次。" if rng.random() < 0.3 else "全年未收到申请。"
    return report(titled(name, year), noise, code, "town with county", year=year)


def town_with_all_above(country, code, rng) -> Report:
    county = country.parent(code)
    name = country.name(country.parent(county)) + country.name(county)
    if rng.random() < 0.5:
        name += "人民政府"
    return report(titled(name + suffixed(country.name(code), rng)), "公开信息10条。", code, "town with all above")


def town_in_a_report_of_its_county(country, code, rng) -> Report | None:
    if len(country.bearers[country.name(code)]) > 60 or len(country.bearers[country.name(country.parent(code))]) > 1:
        return None
    text = _overview(country, country.parent(code), rng)
    return report(titled(suffixed(country.name(code), rng)), text, code, "town in its county's report")


def town_signed_in_full(country, code, rng) -> Report:
    signed = country.name(country.parent(code)) + suffixed(country.name(code), rng)
    return report(titled(country.name(code)), "公开信息10条。", code, "town signed in full", signature=signed)


def town_published_by_its_county(country, code, rng) -> Report:
    above = f"索引号：0001 发布机构：{country.name(country.parent(code))}{suffixed(country.name(code), rng)} 公开日期："
    return report(titled(country.name(code)), "公开信息10条。", code, "town published in full", above=above)


def town_in_a_folder(country, code, rng) -> Report:
    county = country.parent(code)
    path = f"2023/{country.name(country.parent(county))}/{country.name(county)}/{country.name(code)}.txt"
    return report(titled(suffixed(country.name(code), rng)), "公开信息10条。", code, "town in a folder", path=path)


def mistyped_town(country, code, rng) -> Report | None:
    wrong = mistyped(country.name(code), rng)
    if wrong is None or wrong in country.bearers:
        return None
    county = country.parent(code)
    name, text = country.name(county) + suffixed(wrong, rng), "公开信息10条。"
    if rng.random() < 0.5:
        name, text = suffixed(wrong, rng), OVERVIEWS[2].format(name=country.name(county), figure=12)
        if len(country.bearers[country.name(county)]) > 1:
            return None
    return report(titled(name), text, code, "mistyped town")


def mistyped_county(country, code, rng) -> Report | None:
    wrong = mistyped(country.name(country.parent(code)), rng)
    if wrong is None or wrong in country.bearers:
        return None
    return report(titled(wrong + suffixed(country.name(code), rng)), "公开信息10条。", code, "mistyped county")


def county(country, code, rng) -> Report:
    name = country.name(country.parent(code)) + country.name(code)
    year = rng.randrange(2019, 2025)
    title = titled(name + rng.choice(["人民政府", "政府", ""]), year)
    return report(title, "全年公开信息500条。", code, "county", year=year)


def bare_county(country, code, rng) -> Report | None:
    name = country.name(code)
    if len(country.bearers[name]) > 1:
        return None
    title = titled(rng.choice([f"{name}人民政府", f"{name}政府", name]))
    return report(title, "全年公开信息500条。", code, "county alone")


def former_county(country, row, rng) -> Report | None:
    if row["valid_to"] < 2009:
        return None
    year = rng.randrange(max(2008, row["valid_to"] - 4), row["valid_to"])
    title = titled(rng.choice([f"{row['name_zh']}人民政府", row["name_zh"]]), year)
    return report(title, "全年公开信息500条。", row["region_code"], "county under its former name", year=year)


def department(country, code, rng) -> Report:
    line, tails = rng.choice(list(DEPARTMENTS.items()))
    name, tail = country.name(code), rng.choice(tails)
    if len(country.bearers[name]) > 1 or rng.random() < 0.4:
        name = country.name(country.parent(code)) + name
    if line == "tax" and rng.random() < 0.5:
        name = f"国家税务总局{name}"
    return report(titled(name + tail), "全年公开信息50条。", f"{code}-{line}", "department")


def unnamed_department(country, code, rng) -> Report | None:
    name = country.name(code)
    if len(country.bearers[name]) > 1:
        return None
    line, tails = rng.choice(list(DEPARTMENTS.items()))
    text = rng.choice(OVERVIEWS).format(name=name, above=name[-1], kind="局", figure=31) + f"{name}政府网站公开。"
    return report(titled(name[-1] + rng.choice(tails)), text, f"{code}-{line}", "department without its region")


def city_department(country, code, rng) -> Report:
    line, tails = rng.choice(list(DEPARTMENTS.items()))
    name = rng.choice([country.name(code), country.name(country.parent(code)) + country.name(code)])
    return report(titled(name + rng.choice(tails)), "全年公开信息50条。", f"{code}-{line}", "department of a city")


def office(country, code, rng) -> Report:
    name = country.name(country.parent(code)) + country.name(code)
    return report(titled(name + rng.choice(OFFICES)), "全年公开信息50条。", f"{code}-office", "office")


def bare_town(country, code, rng) -> Report | None:
    """Nothing says of which of several places it is."""
    name = country.name(code)
    if sum(country.rows[each]["is_current"] and country.name(each) == name for each in country.bearers[name]) < 2:
        return None
    return report(titled(suffixed(country.name(code), rng)), "全年公开信息50条。", None, "town alone, one of several")
