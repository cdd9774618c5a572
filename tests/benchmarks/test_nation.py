"""The made-up country: a report can be made again alone, prints its truth, and slips only where it says so."""

import shutil
import zipfile
from collections import Counter, defaultdict
from itertools import islice

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner

from benchmarks.nation import YEARS, gate, numbers, report
from benchmarks.nation.__main__ import main
from benchmarks.nation.bodies import bodies
from benchmarks.nation.figures import BROKEN_CARRY, SLIPS, WRONG_STATEMENT, WRONG_TOTAL
from benchmarks.nation.layouts import SHARES
from pipeline.checks.narrative import compare
from pipeline.checks.similarity import find_pairs
from pipeline.parse.narrative import narrative_facts
from tests.parse.comparison import mismatches, read
from tests.planted import form

SEED = 5
pytestmark = pytest.mark.xdist_group("nation")  # they share the reports


@pytest.fixture(scope="module")
def made():
    """The reports of 400 bodies for all years, by number."""
    return {number: report(SEED, number) for number in numbers(400 * len(YEARS))}


def sums_that_fail(one):
    """The sums of the form that do not hold, by what they end in: typed here, and over what is printed."""
    figures = {cell: int(figure or 0) for cell, figure in one.figures.items() if cell[2] != "amount"}
    leaves = [leaf.code for leaf in form.LEAVES[one.edition]]
    found = []
    for applicant in form.APPLICANTS:
        column = {item.code: figures["applications", item.code, applicant.code] for item in form.ITEMS[one.edition]}
        came, went = ("received_new", "carried_in"), ("processed_total", "carried_out")
        if sum(column[code] for code in came) != sum(column[code] for code in went):
            found.append(("flow", applicant.code))
        if column["processed_total"] != sum(column[code] for code in leaves):
            found.append(("processed_total", applicant.code))
    for item in form.ITEMS[one.edition]:
        row = [figures["applications", item.code, applicant.code] for applicant in form.APPLICANTS]
        if sum(row[:-1]) != row[-1]:
            found.append((item.code, "row"))
    for channel in form.CHANNEL_CODES:
        row = [figures["review_litigation", channel, outcome.code] for outcome in form.OUTCOMES]
        if sum(row[:-1]) != row[-1]:
            found.append((channel, "row"))
    return found


def test_the_pipeline_reads_every_cell_of_every_layout_as_the_truth_has_it(made):
    chosen = {(one.layout, one.edition, "" in one.printed): one for one in made.values()}
    assert {layout for layout, _, _ in chosen} == set(SHARES)
    for one in chosen.values():
        reading = read(one.text)
        assert (one.number, mismatches(reading, one.figures)) == (one.number, [])
        assert (reading.agency_name, reading.stated_year) == (one.body.name, one.year)


def test_a_report_is_made_again_alone(made):
    for number in (2_799, 7, 2_022):
        assert report(SEED, number) == made[number]
    assert report(SEED + 1, 7).text != made[7].text
    assert len({one.text for one in made.values()}) == len(made)


def test_sums_hold_but_where_a_total_is_wrong(made):
    failing = {number for number, one in made.items() if sums_that_fail(one)}
    assert failing == {number for number, one in made.items() if WRONG_TOTAL in one.slips}


def test_what_is_carried_out_is_carried_in_but_where_that_is_broken(made):
    broken = set()
    for number, one in made.items():
        earlier = made.get(number - 1) if one.year > YEARS[0] else None
        if earlier and any(
            one.figures["applications", "carried_in", applicant.code]
            != earlier.figures["applications", "carried_out", applicant.code]
            for applicant in form.APPLICANTS
        ):
            broken.add(number)
    planted = {number for number, one in made.items() if BROKEN_CARRY in one.slips and one.year > YEARS[0]}
    assert broken == planted != set()


def test_most_reports_are_quiet_and_slips_are_as_rare_as_they_should_be(made):
    requests = [int(one.figures["applications", "received_new", "total"]) for one in made.values()]
    assert 0.4 < sum(count == 0 for count in requests) / len(requests) < 0.8
    assert max(requests) > 100
    slips = Counter(slip for one in made.values() for slip in one.slips)
    for slip, share in SLIPS.items():
        assert 0.5 * share < slips[slip] / len(made) < 1.6 * share


def test_the_narrative_contradicts_the_tables_only_where_it_is_wrong(made):
    wrong = [one for one in made.values() if WRONG_STATEMENT in one.slips][:5]
    stated = 0
    for one in [*wrong, *islice(made.values(), 40)]:
        reading = read(one.text)
        tables = {
            name: (read.form, [cell.figure.value for cell in read.cells]) for name, read in reading.tables.items()
        }
        outcomes = compare(narrative_facts(reading.sections), tables, one.year, one.body.name)
        says = Counter(outcome.says for outcome in outcomes)
        assert (one.number, says["contradicted"] > 0) == (one.number, one in wrong)
        stated += says["confirmed"]
    assert stated > 100


def test_reports_of_a_county_and_of_two_years_are_no_copies(made):
    texts = defaultdict(dict)
    for one in islice(made.values(), 200 * len(YEARS)):
        texts[one.year][one.body] = "".join(line for line in one.text.split("\n") if "。" in line and "\t" not in line)
    now, before = texts[2023], texts[2022]
    counties = [body.region_code[:6] for body in now]
    assert [*find_pairs([*now.values()], [*before.values()], range(len(now)), counties)] == []


def test_there_are_bodies_enough_for_a_million_reports_and_no_name_is_that_of_two():
    assert len(bodies()) * len(YEARS) >= 1_000_000
    assert len({body.name for body in bodies()}) == len({body.agency_id for body in bodies()}) == len(bodies())


def test_reports_are_spread_over_the_years_or_are_all_of_one():
    years = Counter(YEARS[number % len(YEARS)] for number in numbers(1_000))
    assert set(years) == set(YEARS)
    assert {*years.values()} == {142, 143}
    assert {report(SEED, number).year for number in numbers(5, 2023)} == {2023}
    assert len(numbers(100_000, 2023)) == 100_000
    with pytest.raises(ValueError, match="too many"):
        numbers(200_000, 2023)


def test_files_and_packs_hold_the_same_reports(tmp_path):
    common = ["--reports", "15", "--seed", str(SEED), "--processes", "1"]
    for name, more in (("files", []), ("packed", ["--packed"]), ("again", ["--packed"])):
        assert CliRunner().invoke(main, [*common, "--folder", str(tmp_path / name), *more]).exit_code == 0
    files = {path.name: path for path in (tmp_path / "files").rglob("*.txt")}
    assert sorted(files) == [f"{number:07d}.txt" for number in range(15)]
    unpacked = {}
    for path in (tmp_path / "packed").rglob("*.zip"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "packed")).read_bytes()
        with zipfile.ZipFile(path) as pack:
            unpacked |= {name: (path.parent.name, pack.read(name)) for name in pack.namelist()}
    assert unpacked == {name: (path.parts[-3], path.read_bytes()) for name, path in files.items()}
    assert unpacked["0000009.txt"] == ("2021", report(SEED, 9).text.encode())
    again = CliRunner().invoke(main, [*common, "--folder", str(tmp_path / "files")])
    assert (again.exit_code, "Name a new folder" in again.output) == (2, True)


# --- the gate ---


@pytest.fixture(scope="module")
def told(made, tmp_path_factory):
    """A catalogue that says what was printed."""
    folder = tmp_path_factory.mktemp("told") / "warehouse"
    folder.mkdir()
    chosen = [*islice(made.values(), 0, 400, 50)]
    cells = [
        (f"{one.number:016x}", *cell, "blank" if figure is None else "number", figure)
        for one in chosen
        for cell, figure in one.figures.items()
    ]
    paths = [(f"{one.number:016x}", f"{one.year}/000.zip/{one.number:07d}.txt") for one in chosen]
    with duckdb.connect(folder / "gongkai.duckdb") as connection:
        put(connection, "reports", "report_id, source_path", paths)
        put(connection, "cells", "report_id, name, first, second, state, value", cells)
        for table, keys in gate.KEYS.items():
            row, column = keys.split(", ")
            connection.execute(
                f"create table {table} as select report_id, first as {row}, second as {column}, state, "
                f"value::decimal(20, 6) as value from cells where name = '{table}'"
            )
    return folder


def put(connection, name, columns, rows):
    rows = pa.table(dict(zip(columns.split(", "), map(list, zip(*rows, strict=True)), strict=True)))
    connection.register("rows", rows)
    connection.execute(f"create table {name} as select * from rows")


@pytest.fixture
def warehouse(told, tmp_path):
    """One that a test may change."""
    return shutil.copytree(told, tmp_path / "warehouse")


def checked(warehouse, change=None):
    if change:
        with duckdb.connect(warehouse / "gongkai.duckdb") as connection:
            connection.execute(change)
    return CliRunner().invoke(gate.main, [str(warehouse), "--seed", str(SEED), "--sample", "0"])


def test_the_gate_lets_through_what_was_printed(warehouse):
    result = checked(warehouse)
    assert (result.exit_code, result.output) == (0, "8 reports compared, 0 cells differ\n")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            "update applications set value = 987654 where report_id like '%32' and item = 'carried_out' "
            "and applicant = 'total'",
            "report 50, applications/carried_out/total: printed",
        ),
        (
            "delete from review_litigation where report_id like '%32' and channel = 'review' and outcome = 'other'",
            "report 50, review_litigation/review/other: printed 0, told None",
        ),
        (
            "insert into applications values ('0000000000000032', 'made_up', 'total', 'number', 5)",
            "report 50, applications/made_up/total: not printed, told",
        ),
    ],
)
def test_the_gate_stops_at_one_cell(warehouse, change, line):
    result = checked(warehouse, change)
    assert result.exit_code == 1
    assert line in result.output
    assert "8 reports compared, 1 cells differ" in result.output
