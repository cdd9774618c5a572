"""Reports held against the year before: who is whose partner, and that years may be made in any order."""

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.definitions import defs
from assets.folders import Folders
from assets.in_process import build
from assets.jobs import yearly_job
from pipeline.warehouse import Amendments, Lake, Maker, Raw, scan, source_of, year_before
from pipeline.warehouse.earlier import YearMoved
from pipeline.warehouse.succession import YearRead, load_year, narratives, partners, replaced, similar_reports
from tests.planted.render import render
from tests.planted.years import sequence

TOWN, COUNTY, NAMELESS = "巨鹿县张王疃乡人民政府", "示例县青石镇人民政府", "城关镇人民政府"
NEIGHBOUR, STRANGER = "巨鹿县巨鹿镇人民政府", "柏乡县王家庄乡人民政府"
YEARS = (2021, 2022, 2023)
STORIES = {
    name: sequence(YEARS, "2021", seed) for seed, name in enumerate((TOWN, COUNTY, NAMELESS, NEIGHBOUR, STRANGER))
}
WORDS = "".join(chr(0x4E00 + 7 * number % 2000) for number in range(400))


def write(raw: Path, year: int, agency: str, name: str = "a", **options: Any) -> Path:
    """A report of a body for a year, in a file named after it."""
    path = raw / str(year) / f"{agency}-{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    figures = STORIES[agency][year] | options.pop("figures", {})
    title = f"{agency}{year}年政府信息公开工作年度报告"
    path.write_text(render("tab_rows", "2021", "2021", figures, agency=agency, title=title, **options), "utf-8")
    return path


def published(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*.parquet") if not path.relative_to(root).parts[0].startswith("_"))
    return {path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def ask(root: Path, query: str) -> list[Any]:
    with duckdb.connect(root / "gongkai.duckdb", read_only=True) as connection:
        return connection.execute(query).fetchall()


CARRIED = ("applications", "carried_in", "total")


def test_years_in_any_order_are_the_same_bytes(tmp_path: Path) -> None:
    at_once, bit_by_bit = tmp_path / "at once", tmp_path / "bit by bit"
    for year in YEARS:
        wrong = {CARRIED: "987"} if year == 2023 else {}
        write(at_once / "raw", year, TOWN, figures=wrong, narrative={1: WORDS})
        write(at_once / "raw", year, COUNTY, narrative={1: f"{year}年。"})
    for folder in (at_once, bit_by_bit):
        folder.mkdir(exist_ok=True)
        (folder / "expected.csv").write_text("agency_id,from_year,to_year\n130529-finance,2022,2023\n", "utf-8")
    build(at_once / "raw", at_once / "warehouse")
    root = at_once / "warehouse"
    verdicts = ask(
        root, "select report_year, sum(passed), sum(failed) from checks where rule = 'X1' group by 1 order by 1"
    )
    assert verdicts == [(2021, 0, 0), (2022, 2, 0), (2023, 1, 1)]
    ids = dict(ask(root, f"select report_year, report_id from reports where agency_name = '{TOWN}'"))
    [(wrong, expected, message)] = ask(root, "select report_id, expected, message from findings where rule = 'X1'")
    carried_out = STORIES[TOWN][2022]["applications", "carried_out", "total"]
    assert (wrong, expected) == (ids[2023], carried_out)
    assert f"the report of 2022 ({ids[2022]}) carries {carried_out} over" in message
    similar = ask(root, "select report_year, other_report_id, kind, similarity from similar_reports order by 1")
    assert similar == [(year, ids[year - 1], "previous_year", 1.0) for year in (2022, 2023)]
    missing = ask(root, "select report_year, name_zh, reason, last_seen from analysis.coverage")
    assert missing == [(year, "巨鹿县财政局", "listed", None) for year in (2022, 2023)]

    for year in (2022, 2021, 2023):
        shutil.copytree(at_once / "raw" / str(year), bit_by_bit / "raw" / str(year))
        built = build(bit_by_bit / "raw", bit_by_bit / "warehouse")
    assert built.years == [2023]
    assert published(bit_by_bit / "warehouse") == published(root)
    assert build(bit_by_bit / "raw", bit_by_bit / "warehouse").years == []


def test_a_year_is_made_again_when_the_year_before_changed_and_published_where_that_matters(tmp_path: Path) -> None:
    for year in YEARS:
        write(tmp_path / "raw", year, TOWN)
        write(tmp_path / "raw", year, COUNTY)
    build(tmp_path / "raw", tmp_path / "warehouse")
    write(tmp_path / "raw", 2021, TOWN, figures={("applications", "carried_out", "total"): "987"})
    built = build(tmp_path / "raw", tmp_path / "warehouse")
    assert built.years == [2021, 2022]
    of_2022 = {path.split("/")[0] for path in built.changed if "report_year=2022" in path}
    assert of_2022 == {"checks", "findings", "reports"}
    assert ask(tmp_path / "warehouse", "select report_year, observed from findings where rule = 'X1'") == [
        (2022, STORIES[TOWN][2021]["applications", "carried_out", "total"])
    ]


def test_a_correction_of_the_year_before_holds_in_this_one(tmp_path: Path) -> None:
    wrong = write(tmp_path / "raw", 2021, COUNTY, figures={("applications", "carried_out", "total"): "987"})
    write(tmp_path / "raw", 2022, COUNTY)
    query = "select message from findings where rule = 'X1'"
    right = int(STORIES[COUNTY][2021]["applications", "carried_out", "total"])
    name = sha256(wrong.read_bytes()).hexdigest()[:16]

    def correct(value: int) -> None:
        entry = f'- {{report_id: "{name}", report_year: 2021, table_name: applications, item: carried_out, '
        entry += f"applicant: total, printed: 987, value: {value}, reason: x, corrected_by: x, "
        entry += "corrected_on: 2024-05-31, source: x}"
        (tmp_path / "corrections" / "a.yml").write_text(entry, "utf-8")

    (tmp_path / "corrections").mkdir()
    correct(right + 1)
    assert build(tmp_path / "raw", tmp_path / "warehouse").years == [2020, 2021, 2022]
    [(message,)] = ask(tmp_path / "warehouse", query)
    assert message.endswith("One of the two tables holds recorded corrections, so the slip may be theirs.")
    correct(right)
    build(tmp_path / "raw", tmp_path / "warehouse")
    assert ask(tmp_path / "warehouse", query) == []


def test_a_year_made_alone_reads_the_year_before_and_lands_nothing_of_it(tmp_path: Path) -> None:
    write(tmp_path / "raw", 2021, TOWN)
    write(tmp_path / "raw", 2022, TOWN, figures={CARRIED: "987"})
    folders = Folders(raw=str(tmp_path / "raw"), warehouse=str(tmp_path / "warehouse"))
    job = defs.resolve_job_def(yearly_job.name)
    assert job.execute_in_process(partition_key="2022", resources={"folders": folders}).success
    found = folders.lake.load("findings", 2022).to_pylist()
    assert [row["observed"] for row in found if row["rule"] == "X1"] == ["987"]
    assert folders.lake.years("readings") == [2022]
    assert not [path for path in Path(folders.warehouse).iterdir() if path.name.startswith("_before")]
    before = folders.lake.load("findings", 2022)
    for year in ("2021", "2022"):
        assert job.execute_in_process(partition_key=year, resources={"folders": folders}).success
    assert folders.lake.load("findings", 2022).equals(before)


def test_a_year_before_that_changed_meanwhile_is_said(tmp_path: Path) -> None:
    write(tmp_path / "raw", 2021, TOWN)
    folders = Folders(raw=str(tmp_path / "raw"), warehouse=str(tmp_path / "warehouse"))
    source = source_of(scan(folders.reports), Amendments(), 2022)
    with year_before(folders.maker, Amendments(), 2022, source) as lake:
        assert len(load_year(lake, 2021).readings) == 1
    write(tmp_path / "raw", 2021, COUNTY)
    with (
        pytest.raises(YearMoved, match=r"2021 changed while 2022 was made.*Make 2022 again"),
        year_before(folders.maker, Amendments(), 2022, source),
    ):
        pytest.fail("a year that moved is made of nothing")


def read(folder: Path) -> tuple[YearRead, YearRead]:
    """The years 2021 and 2022 of a raw folder, read as a year before is that nobody made."""
    return tuple(year for year, _ in read_with_texts(folder))


def read_with_texts(folder: Path) -> list[tuple[YearRead, list[str]]]:
    """The same years, each with the narratives of its reports."""
    maker, nothing, found = Maker(Lake(folder / "nowhere"), Raw.of(folder / "raw")), Amendments(), []
    inventory = scan(maker.raw)
    for year in (2021, 2022):
        with year_before(maker, nothing, year + 1, source_of(inventory, nothing, year + 1)) as lake:
            found.append((load_year(lake, year), narratives(lake, year)))
    return found


def test_a_body_told_and_a_name_with_its_county_have_partners_and_a_bare_name_has_none(tmp_path: Path) -> None:
    for name in (TOWN, COUNTY, NAMELESS):
        write(tmp_path / "raw", 2021, name, "x")
        write(tmp_path / "raw", 2022, name)
    before, now = read(tmp_path)
    pairs = {
        now.paths[number].split("-")[0]: before.paths[partner].split("-")[0] if partner >= 0 else None
        for number, partner in enumerate(partners(now, before))
    }
    assert pairs == {f"2022/{TOWN}": f"2021/{TOWN}", f"2022/{COUNTY}": f"2021/{COUNTY}", f"2022/{NAMELESS}": None}
    assert now.resolutions["agency_id"].null_count == 2


@pytest.mark.parametrize(
    ("agency", "dates", "gone"),
    [
        (TOWN, ("2022年3月1日", "2022年2月1日"), ["b"]),
        (TOWN, ("2022年2月1日", "2022年2月1日"), ["a"]),
        (TOWN, ("", ""), ["a"]),
        (TOWN, ("2022年3月1日", ""), ["a"]),
        (COUNTY, ("2022年3月1日", "2022年2月1日"), ["b"]),
        (COUNTY, ("2022年2月1日", "2022年2月1日"), []),
        (COUNTY, ("2022年3月1日", ""), []),
        (COUNTY, ("", ""), []),
        (NAMELESS, ("2022年3月1日", "2022年2月1日"), []),
    ],
)
def test_which_of_two_versions_is_current(tmp_path: Path, agency, dates, gone) -> None:
    for name, day in zip("ab", dates, strict=True):
        write(tmp_path / "raw", 2021, agency, name, signed_on=day, narrative={1: name})
    write(tmp_path / "raw", 2022, agency)
    before, now = read(tmp_path)
    assert sorted(before.paths[number][-5] for number in replaced(before)) == gone
    [partner] = partners(now, before)
    current = [path for number, path in enumerate(before.paths) if number not in replaced(before)]
    if agency != NAMELESS and len(current) == 1:
        assert before.paths[partner] == current[0]
    else:
        assert partner == -1, "of several that are current none is the one"


def test_a_replaced_version_is_held_against_nothing(tmp_path: Path) -> None:
    write(tmp_path / "raw", 2021, TOWN)
    write(tmp_path / "raw", 2022, TOWN, "a", signed_on="2023年1月9日", figures={CARRIED: "987"})
    write(tmp_path / "raw", 2022, TOWN, "b", signed_on="2023年2月9日")
    before, now = read(tmp_path)
    assert [now.paths[number][-5] for number, partner in enumerate(partners(now, before)) if partner >= 0] == ["b"]
    build(tmp_path / "raw", tmp_path / "warehouse")
    assert ask(tmp_path / "warehouse", "select source_path[-5] from reports where not is_current") == [("a",)]
    rules = "select rule, count(*) from findings where rule in ('X1', 'A2') group by all"
    assert ask(tmp_path / "warehouse", rules) == [("A2", 2)]
    [(message,)] = ask(
        tmp_path / "warehouse",
        "select message from findings join reports using (report_id) where rule = 'A2' and source_path like '%b.txt'",
    )
    carried = STORIES[TOWN][2022][CARRIED]
    assert f"表三 · 总计 · 上年结转 987 → {carried}" in message


def test_neighbours_are_compared_and_neither_strangers_nor_versions_are(tmp_path: Path) -> None:
    for agency in (TOWN, NEIGHBOUR, STRANGER):
        write(tmp_path / "raw", 2022, agency, "a", narrative={1: WORDS}, signed_on="2023年2月9日")
    write(tmp_path / "raw", 2022, TOWN, "b", narrative={1: WORDS}, signed_on="2023年1月9日")
    write(tmp_path / "raw", 2021, TOWN, narrative={1: WORDS[:380]})
    (before, earlier), (now, texts) = read_with_texts(tmp_path)
    files = dict(zip(now.readings["report_id"].to_pylist(), now.paths, strict=True))
    files |= dict(zip(before.readings["report_id"].to_pylist(), before.paths, strict=True))
    pairs = {
        (files[row["report_id"]], files[row["other_report_id"]], row["other_report_year"], row["kind"])
        for row in similar_reports(now, before, 2022, (texts, earlier)).to_pylist()
    }
    town, neighbour = (f"2022/{agency}-a.txt" for agency in (TOWN, NEIGHBOUR))
    assert pairs == {
        (town, neighbour, 2022, "same_county"),
        (neighbour, town, 2022, "same_county"),
        (town, f"2021/{TOWN}-a.txt", 2021, "previous_year"),
    }
