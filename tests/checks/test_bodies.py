"""What bodies of each level may report and when, on one that may, one that may not, and one nobody knows."""

from datetime import date

import pyarrow as pa
import pytest

from pipeline import checks
from pipeline.checks import Body, Surroundings
from tests.checks.readings import reading_of, report
from tests.planted.figures import consistent

MINISTRY = Body("central", "department", "country")
PROVINCE = Body("province", "government", "province")
PROVINCIAL_BUREAU = Body("province", "department", "province")
CITY = Body("prefecture", "government", "prefecture_city")
CITY_OFFICE = Body("prefecture", "office", "prefecture_city")
AUTONOMOUS_PREFECTURE = Body("prefecture", "government", "autonomous_prefecture")
LEAGUE = Body("prefecture", "government", "league")
CITY_BUREAU = Body("prefecture", "department", "prefecture_city")
COUNTY = Body("county", "government", "county")
COUNTY_BUREAU = Body("county", "department", "county")
TOWN = Body("township", "government", "town")
TAX_OFFICE = Body("county", "vertical", "county")
SCHOOL = Body("county", "institution", "county")

FIGURES = consistent("2021", "2021", seed=11)
ZEROS = dict.fromkeys(FIGURES, "0")
RULES = {("proactive_disclosure", "rules", "in_force"): "6"}
DECISIONS = {("proactive_disclosure", "licensing", "decisions"): "920"}


def read(figures: dict, published: date | None = None) -> pa.Table:
    readings = reading_of(report(figures))
    place = readings.schema.get_field_index("published_on")
    return readings.set_column(place, readings.schema.field(place), pa.array([published], pa.date32()))


def verdict(readings: pa.Table, rule: str, body: Body | None, year: int = 2023) -> dict[str, int]:
    rows = checks.check(readings, year, Surroundings(bodies=[body])).to_pylist()
    (row,) = [row for row in rows if row["rule"] == rule]
    return {name: row[name] for name in ("passed", "vacuous", "failed", "not_assessable") if row[name]}


@pytest.mark.parametrize("body", [MINISTRY, PROVINCE, CITY, CITY_OFFICE, AUTONOMOUS_PREFECTURE])
def test_bodies_that_make_rules_report_them(body) -> None:
    assert verdict(read(ZEROS | RULES), "P1", body) == {"passed": 1}


@pytest.mark.parametrize("body", [PROVINCIAL_BUREAU, LEAGUE, CITY_BUREAU, COUNTY, COUNTY_BUREAU, TOWN])
def test_rules_of_other_bodies_are_doubted(body) -> None:
    assert verdict(read(ZEROS | RULES), "P1", body) == {"failed": 1}
    findings = checks.find(read(ZEROS | RULES), 2023, {}, (), Surroundings(bodies=[body]))
    (finding,) = [finding for finding in findings if finding["rule"] == "P1"]
    assert finding["severity"] == "warning"
    assert finding["cell_keys"] == "rules/issued rules/repealed rules/in_force"
    assert "表二 · 规章: 本年制发件数 0, 本年废止件数 0, 现行有效件数 6, but such a body" in finding["message"]


def test_rules_of_nobody_known_and_no_rules_at_all() -> None:
    assert verdict(read(ZEROS | RULES), "P1", None) == {"not_assessable": 1}
    assert verdict(read(ZEROS), "P1", TOWN) == {"vacuous": 1}
    blank = ZEROS | {("proactive_disclosure", "rules", "in_force"): None}
    assert verdict(read(blank), "P1", TOWN) == {"not_assessable": 1}


def test_decisions_of_townships_are_good_to_know() -> None:
    assert verdict(read(ZEROS | DECISIONS), "P2", TOWN) == {"vacuous": 2, "failed": 1}
    assert verdict(read(ZEROS | DECISIONS), "P2", COUNTY) == {}
    assert verdict(read(ZEROS | DECISIONS), "P2", None) == {"vacuous": 2, "not_assessable": 1}
    findings = checks.find(read(ZEROS | DECISIONS), 2023, {}, (), Surroundings(bodies=[TOWN]))
    (finding,) = [finding for finding in findings if finding["rule"] == "P2"]
    assert (finding["severity"], finding["observed"], finding["cell_keys"]) == ("info", "920", "licensing/decisions")


@pytest.mark.parametrize(
    ("body", "year", "published", "expected"),
    [
        (COUNTY_BUREAU, 2023, date(2024, 1, 31), "passed"),
        (COUNTY_BUREAU, 2023, date(2024, 2, 1), "failed"),
        (COUNTY, 2023, date(2024, 3, 31), "passed"),
        (COUNTY, 2023, date(2024, 4, 1), "failed"),
        (PROVINCE, 2019, date(2020, 4, 1), "failed"),
        (CITY_OFFICE, 2023, date(2024, 1, 31), "passed"),
        (CITY_OFFICE, 2023, date(2024, 3, 1), "failed"),
        (TAX_OFFICE, 2023, date(2024, 1, 1), "not_assessable"),
        (TAX_OFFICE, 2018, date(2019, 4, 1), "failed"),
        (MINISTRY, 2023, date(2024, 2, 1), "failed"),
        (SCHOOL, 2018, date(2019, 4, 1), "not_assessable"),
        (TOWN, 2023, date(2024, 6, 1), "not_assessable"),
        (SCHOOL, 2023, date(2024, 6, 1), "not_assessable"),
        (None, 2023, date(2024, 6, 1), "not_assessable"),
        (COUNTY, 2023, None, "not_assessable"),
        (None, 2018, date(2019, 3, 31), "not_assessable"),
        (COUNTY_BUREAU, 2018, date(2019, 3, 31), "passed"),
        (TOWN, 2018, date(2019, 4, 1), "failed"),
    ],
)
def test_reports_are_due_by_the_law_of_their_year(body, year, published, expected) -> None:
    assert verdict(read(FIGURES, published), "M1", body, year) == {expected: 1}


def test_a_late_report_says_when_it_was_due() -> None:
    late = read(FIGURES, date(2024, 4, 2))
    findings = checks.find(late, 2023, {}, (), Surroundings(bodies=[COUNTY]))
    (finding,) = [finding for finding in findings if finding["rule"] == "M1"]
    assert (finding["severity"], finding["expected"], finding["observed"]) == ("info", "2024-03-31", "2024-04-02")
