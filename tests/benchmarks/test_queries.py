"""All engines give the same answers to the analysts' questions, and the right ones: counted again from the truth."""

from collections import defaultdict

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner

from benchmarks import growth
from benchmarks.measure import Scale
from benchmarks.nation import YEARS, numbers, report
from benchmarks.nation.figures import WRONG_TOTAL
from benchmarks.queries import measure
from benchmarks.queries.__main__ import differing, engines, main
from tests.planted import form

pytestmark = pytest.mark.xdist_group("queries")  # they share one copy in each engine

BODIES = 160
UNKNOWN = 97
"""Of reports with a number that this divides, it is not known whose they are."""
ITEMS = sorted({item.code for edition in form.EDITIONS for item in form.ITEMS[edition]})
PEOPLE = [applicant.code for applicant in form.APPLICANTS]


@pytest.fixture(scope="module")
def made():
    return [report(11, number) for number in numbers(BODIES * len(YEARS))]


@pytest.fixture(scope="module")
def warehouse(made, tmp_path_factory):
    """A catalogue with the truth of the reports as its rows; the same figures lie in wide tables too."""
    folder = tmp_path_factory.mktemp("warehouse")
    filed = [
        (f"{one.number:016x}", one.year, one.body.agency_id, one.body.region_code, True, one.number % UNKNOWN == 0)
        for one in made
    ]
    cells = [
        (f"{one.number:016x}", one.year, row, column, None if figure is None else int(figure))
        for one in made
        for (table, row, column), figure in one.figures.items()
        if table == "applications"
    ]
    with duckdb.connect(folder / "gongkai.duckdb") as connection:
        _table(connection, "applications", ["report_id", "report_year", "item", "applicant", "value"], cells)
        columns = ["report_id", "report_year", "agency_id", "region_code", "is_current", "is_unknown"]
        _table(connection, "reports", columns, filed)
        connection.execute("update reports set agency_id = null, region_code = null where is_unknown")
        regions = "pipeline/agencies/regions.parquet"
        connection.execute(f"create table regions as select region_code, parent_code, level from '{regions}'")
        people = ", ".join(f"max(value) filter (applicant = '{code}') as {code}" for code in PEOPLE)
        connection.execute(
            f"create table applications_wide as "
            f"select report_id, report_year, item, {people} from applications group by all"
        )
        every = ", ".join(
            f"max(value) filter (item = '{item}' and applicant = '{code}') as {item}__{code}"
            for item in ITEMS
            for code in PEOPLE
        )
        connection.execute(
            f"create table report_wide as select report_id, report_year, {every} from applications group by all"
        )
    return folder


def _table(connection, name, columns, rows):
    made = pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
    connection.register("made", made)
    connection.execute(f"create table {name} as select * from made")


@pytest.fixture(scope="module")
def asked(warehouse, tmp_path_factory):
    return engines(warehouse / "gongkai.duckdb", tmp_path_factory.mktemp("copy") / "same.sqlite")


def answer(asked, question):
    asked[0].ask(question)
    return asked[0].answer()


def totals(made, *items):
    """Of every report whose body is known: the report, and its totals of some items."""
    for one in made:
        if one.number % UNKNOWN:
            figures = one.figures
            yield one, *(int(figures["applications", item, "total"]) for item in items)


def test_all_engines_over_all_shapes_say_the_same(asked):
    assert [engine.name for engine in asked] == ["cells", "applications_wide", "report_wide", "SQLite", "pandas"]
    assert differing(asked) == []


def test_national_totals_are_those_of_the_truth(asked, made):
    counted = defaultdict(int)
    for one in made:
        for (table, row, column), figure in one.figures.items():
            if (table, column) == ("applications", "total") and figure is not None:
                counted[one.year, row] += int(figure)
    assert answer(asked, "national totals") == sorted(((*key, count) for key, count in counted.items()), key=repr)


def test_rows_that_do_not_add_up_are_those_with_a_wrong_total(asked, made):
    wrong = 0
    for one in made:
        figures = one.figures
        for item in form.ITEMS[one.edition]:
            row = [figures["applications", item.code, person] for person in PEOPLE]
            wrong += None not in row and sum(map(int, row[:-1])) != int(row[-1])
    assert 0 < wrong <= sum(WRONG_TOTAL in one.slips for one in made)
    assert sum(failed for _, _, _, failed in answer(asked, "row identities")) == wrong


def test_the_top_agencies_have_the_most_requests(asked, made):
    requests = defaultdict(int)
    for one, received in totals(made, "received_new"):
        requests[one.body.agency_id] += received
    first = sorted(requests.items(), key=lambda entry: (-entry[1], entry[0]))[:100]
    assert answer(asked, "top agencies") == sorted(first, key=repr)


def test_county_rates_are_those_of_the_truth(asked, made):
    counted = defaultdict(lambda: [0, 0])
    for one in made:
        granted, processed = (
            one.figures["applications", item, "total"] for item in ("granted_full", "processed_total")
        )
        if one.number % UNKNOWN and one.body.level in ("county", "township"):
            counted[one.body.region_code[:6]][0] += int(granted or 0)
            counted[one.body.region_code[:6]][1] += int(processed)
    rates = [(county, granted, processed, granted / processed) for county, (granted, processed) in counted.items()]
    assert len(rates) > 1
    assert answer(asked, "county rates") == sorted(rates, key=repr)


def test_carry_over_pairs_each_year_with_the_next(asked, made):
    carried = {(one.body, one.year): (came, went) for one, came, went in totals(made, "carried_in", "carried_out")}
    pairs = defaultdict(list)
    for (body, year), (_, went) in carried.items():
        if (body, year + 1) in carried:
            pairs[year].append(carried[body, year + 1][0] - went)
    told = [(year, len(gaps), gaps.count(0), sum(gaps)) for year, gaps in pairs.items()]
    assert any(count != agreeing for _, count, agreeing, _ in told)
    assert answer(asked, "carry-over") == sorted(told, key=repr)


def test_a_pivot_has_one_row_a_report(asked, made):
    assert len(answer(asked, "pivot")) == len(made)
    assert {len(row) for row in answer(asked, "pivot")} == {1 + len(ITEMS)}


def test_answers_that_differ_are_told(asked):
    spoiled = [*asked]
    kept = dict(spoiled[3].questions)
    spoiled[3].questions["top agencies"] = kept["top agencies"].replace("limit 100", "limit 3")
    assert differing(spoiled) == ["top agencies: SQLite"]
    spoiled[3].questions["top agencies"] = kept["top agencies"]


def test_the_command_prints_the_ratios(warehouse):
    result = CliRunner().invoke(main, [str(warehouse), "--times", "1"])
    assert result.exit_code == 0, result.output
    head, _, *lines = result.output.splitlines()
    assert head.count("times") == 4
    assert len(lines) == 7


def test_every_question_is_held_against_the_sum_and_against_sqlite(warehouse, tmp_path, monkeypatch):
    monkeypatch.setattr(growth, "step", lambda scale, reports: {"warehouse": str(warehouse)})
    found = measure.measure(Scale(1_120, tmp_path, 1))
    asked = [(each.goal, each.part) for each in found.measures]
    assert asked.count((9, "")) == 5
    assert asked.count((9, "identities")) == 1
    assert asked.count((10, "")) == 6
    ours, beside = found.tables["9: 1,120 reports"], found.tables["10: 1,120 reports"]
    assert ours.splitlines()[0].endswith("| applications_wide, times | report_wide, times |")
    assert beside.splitlines()[0].endswith("| SQLite, times | pandas, times |")
