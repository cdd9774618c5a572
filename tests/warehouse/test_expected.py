"""Who is expected to report: those who did, those who are listed, and that a line for nobody stops the build."""

import re
from pathlib import Path
from textwrap import dedent

import pyarrow as pa
import pytest

from pipeline.agencies.regions import load_regions
from pipeline.tables import REPORTS
from pipeline.warehouse import Raw
from pipeline.warehouse.amendments import UnusableEntries, read_amendments
from pipeline.warehouse.expected import ExpectedBody, expected_reports
from pipeline.warehouse.inventory import last_year
from tests.conftest import PROJECT

TOWN, FINANCE = "130529201", "130529-finance"


def seen(year: int, *agencies: str | None) -> pa.Table:
    columns = {
        "agency_id": pa.array(agencies, pa.string()),
        "report_year": pa.array([year] * len(agencies), pa.int16()),
    }
    return pa.table(columns)


def rows(*reports: pa.Table, listed: tuple[ExpectedBody, ...] = ()) -> list[tuple[str, int, str, bool]]:
    names = ("agency_id", "report_year", "reason", "present")
    return [tuple(row[name] for name in names) for row in expected_reports(reports, listed).to_pylist()]


def test_who_reported_is_expected_in_every_later_year_that_has_reports() -> None:
    assert rows(seen(2019, TOWN), seen(2021, FINANCE, None), seen(2022), seen(2023, TOWN)) == [
        (FINANCE, 2021, "seen", True),
        (FINANCE, 2023, "seen", False),
        (TOWN, 2019, "seen", True),
        (TOWN, 2021, "seen", False),
        (TOWN, 2023, "seen", True),
    ]


def test_who_is_listed_is_expected_whatever_was_seen() -> None:
    listed = (ExpectedBody("line 2", TOWN, 2020, 2022),)
    assert rows(seen(2021, TOWN), listed=listed) == [
        (TOWN, 2020, "listed", False),
        (TOWN, 2021, "listed", True),
        (TOWN, 2022, "listed", False),
    ]


def test_a_body_without_its_region_is_expected_no_more() -> None:
    code = next(
        row["region_code"]
        for row in load_regions().data.to_pylist()
        if row["valid_to"] == 2020 and row["level"] == "county"
    )
    found = rows(seen(2018, code), seen(2019, TOWN), seen(2020, TOWN), seen(2021, TOWN))
    assert [(year, present) for agency, year, _, present in found if agency == code] == [(2018, True), (2019, False)]


def test_names_and_regions_are_told() -> None:
    row = expected_reports([seen(2021, FINANCE)], ()).to_pylist()[0]
    assert (row["name_zh"], row["region_code"]) == ("巨鹿县财政局", "130529")
    assert set(REPORTS.arrow_schema.names) > set(seen(2021).column_names)


def listed(tmp_path: Path, text: str) -> tuple[ExpectedBody, ...]:
    (tmp_path / "raw").mkdir(exist_ok=True)
    (tmp_path / "expected.csv").write_text(text, "utf-8")
    return read_amendments(Raw.of(tmp_path / "raw")).expected


def test_a_line_names_its_body_by_id_or_by_name(tmp_path: Path) -> None:
    found = listed(
        tmp_path,
        "agency_id,name,from_year,to_year\n130529201,,2019,2021\n,巨鹿县财政局,2020,\n,巨鹿县人民政府,2020,2020\n",
    )
    assert [entry[1:] for entry in found] == [
        (TOWN, 2019, 2021),
        (FINANCE, 2020, last_year()),
        ("130529", 2020, 2020),
    ]
    assert [entry.place for entry in found] == [f"expected.csv, line {number}" for number in (2, 3, 4)]


def test_the_example_of_the_manual_is_read(tmp_path: Path) -> None:
    manual = (PROJECT / "docs" / "agencies.md").read_text("utf-8").partition("## Who is to be expected")[2]
    [example] = re.findall(r"(?:^    .+\n)+", manual, re.MULTILINE)
    found = listed(tmp_path, dedent(example))
    assert [entry[1:] for entry in found] == [(TOWN, 2019, last_year()), (FINANCE, 2019, 2023)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("999999,,2019,", "line 2: agency_id: '999999' names no body"),
        (",不存在县财政局,2019,", "line 2: name: 不存在县财政局 is no body that is known"),
        (",财政局,2019,", "line 2: name: 财政局 is no body that is known"),
        (",城关镇人民政府,2019,", "line 2: name: 城关镇人民政府 may be .* or .* Write the agency_id"),
        (",,2019,", "line 2: say which body is meant"),
        ("130529,巨鹿县,2019,", "line 2: say which body is meant"),
        ("130529,,,", "line 2: from_year: '' is no report year"),
        ("130529,,2019,1999", "line 2: to_year: '1999' is no report year"),
        ("130529,,2021,2019", "line 2: to_year: 2019 is before 2021"),
        ("130529,,2021,2022,x", "line 2: there are more values than columns"),
    ],
)
def test_a_line_that_is_for_nobody_stops_the_build(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(UnusableEntries, match=f"expected.csv, {words}"):
        listed(tmp_path, f"agency_id,name,from_year,to_year\n{line}\n")


def test_columns_that_are_none_stop_the_build(tmp_path: Path) -> None:
    with pytest.raises(UnusableEntries, match=r"expected\.csv, line 1: agency, from_year are not its columns"):
        listed(tmp_path, "agency,from_year\n130529,2019\n")
