"""The benchmarks in one run: what is cheap of it runs small, all figures are written down, and a failure is told."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from benchmarks import __main__ as bench
from benchmarks import building, growth, printed, separators
from benchmarks.measure import Found, Goal, Measure, NotAsPlanted, Scale, goal_of, goals
from benchmarks.nation.gate import KEYS
from tests.planted import glued

SMALL = ["--reports", "4", "--times", "1"]


def ran(*options):
    return CliRunner().invoke(bench.main, [*SMALL, *options])


def row(page, goal):
    """The row of a goal in the document, as its cells."""
    return next(
        [cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith(f"| {goal} |")
    )


@pytest.fixture
def few(monkeypatch):
    """A run in which two benchmarks are made up, and a third fails."""

    def fails(scale):
        raise NotAsPlanted("7 cells are not what was planted")

    half = Found([Measure(3, "half", 0.5, "1 s against 2 s"), Measure(3, "most", 0.65, "13 s against 20 s")])
    made = (
        bench.Benchmark("halves", (3,), lambda scale: half),
        bench.Benchmark(
            "memory", (11,), lambda scale: Found([Measure(11, "peak", 700.0, "700 at 4")], {"growth": "G"})
        ),
        bench.Benchmark("wrong", (7, 8), fails),
    )
    monkeypatch.setattr(bench, "BENCHMARKS", made)
    monkeypatch.setattr(bench, "notes", lambda: {"3": "Nothing yet.", "11": "Smaller batches."})


def test_what_is_cheap_runs_and_is_written_down(tmp_path):
    ran_to = tmp_path / "performance.md"
    result = ran("--only", "1,4,6", "--write", str(ran_to))
    assert result.exit_code == 0, result.output
    page = ran_to.read_text("utf-8")
    assert row(page, 1)[2].endswith(" x**")
    assert row(page, 4)[2].endswith(" x**")
    assert row(page, 6)[2].endswith(" x**")
    assert "**0 cells** | 0 cells | 0 cells | stretch" in page
    assert row(page, 2)[2] == "**not measured**"
    assert "page of" in page


def test_every_goal_has_a_benchmark():
    assert {goal.number for goal in goals()} == set(range(1, 14))
    assert {goal for each in bench.BENCHMARKS for goal in each.goals} == {*range(14)}


def test_the_document_holds_every_figure_against_its_bar(few):
    page = ran().output
    assert row(page, 3)[2:6] == ["**0.65 x**", "0.70 x", "0.58 x", "bar"]
    assert "| half | 0.50 x |  |  | stretch | 1 s against 2 s |" in page
    assert "| most | 0.65 x |  |  | bar | 13 s against 20 s |" in page
    assert row(page, 11)[2:] == ["**700 MB**", "512 MB", "300 MB", "not met", "peak: 700 at 4"]
    assert "Of 13 goals 1 are met, 0 of these with their stretch; 11 were not measured." in page
    assert "- Goal 3 (bar): Nothing yet.\n- Goal 11 (not met): Smaller batches." in page


def test_what_fails_is_told_and_stops_nothing(few):
    result = ran()
    assert result.exit_code == 1
    assert "- goal 7, 8 (wrong): 7 cells are not what was planted" in result.output
    assert row(result.output, 7)[2] == "**not measured**"


def test_what_was_finished_is_not_measured_again(few, tmp_path, monkeypatch):
    folder = str(tmp_path / "run")
    assert "halves: goals 3" in ran("--folder", folder).output
    again = ran("--folder", folder, "--resume").output
    assert "halves: goals 3" not in again
    assert row(again, 3)[2] == "**0.65 x**"
    assert "wrong: goals 7, 8" in again  # what failed is tried again
    assert "There is something in" in ran("--folder", folder).output
    other = CliRunner().invoke(bench.main, ["--reports", "5", "--folder", folder, "--resume"])
    assert "of a run with --reports 4" in other.output


def test_only_goals_that_are_there():
    assert "no goal '14'" in ran("--only", "14").output
    assert [each.name for each in bench.choose("8,9")] == ["again", "queries"]


def test_more_is_better_where_a_goal_says_so():
    faster = goal_of(Measure(5, "", 9.0))
    assert faster.reaches(9.0, faster.bar)
    assert not faster.reaches(7.9, faster.bar)
    assert not Goal(1, "", 1.5, 1.0).reaches(1.51, 1.5)
    with pytest.raises(KeyError, match="goal 5 'wrong'"):
        goal_of(Measure(5, "", 9.0, part="wrong"))


def test_a_number_taken_wrongly_is_counted():
    figures = glued.figures("2021", 3)
    read = separators.read(glued.glued("row_a_line", "2021", figures))
    right = separators.accepted(read, figures)
    assert right[True] > 100
    assert not right[False]
    moved = {cell: f"{figure}1" for cell, figure in figures.items()}
    assert separators.accepted(read, moved) == {False: right.total()}


def test_pdfs_are_timed_where_both_give_the_same_cells(tmp_path):
    measure = printed.measure(Scale(1, tmp_path, 1)).measures[0]
    assert measure.goal == 5
    assert "2 of 2 give both the same" in measure.how


def test_the_memory_of_a_process_and_of_its_children_is_known():
    filled = "import sys; held = b'x' * 60_000_000; print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", filled], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert child.pid in building._children(os.getpid())
        assert 60 < building._peak(child.pid) < 200
        child.stdin.close()
    assert building._children(child.pid) == []
    assert building._peak(child.pid) == 0


def test_what_a_broken_run_left_is_not_built_upon(tmp_path):
    assert building.fresh(tmp_path / "raw").name == "raw-0"
    (tmp_path / "raw-0").mkdir()
    assert building.fresh(tmp_path / "raw").name == "raw-1"


def test_a_build_no_dearer_than_nothing_says_nothing():
    assert building.added(20.5, 12.0) == 8.5
    with pytest.raises(RuntimeError, match=r"A build took 11\.0 s, one of no reports 12\.0 s: take more"):
        building.added(11.0, 12.0)


def test_a_file_in_two_places_counts_once(tmp_path):
    (tmp_path / "applications").mkdir()
    (tmp_path / "applications" / "part").write_bytes(b"x" * 3_000_000)
    (tmp_path / "staged").hardlink_to(tmp_path / "applications" / "part")
    (tmp_path / "catalogue").write_bytes(b"x" * 500_000)
    assert growth.size(tmp_path, ["applications", "staged", "catalogue"]) == 3.5
    assert growth.size(tmp_path, ["catalogue"]) == 0.5


def test_growth_goes_by_powers_of_ten_to_the_largest():
    assert growth.sizes(Scale(1_000_000, Path())) == [1_000, 10_000, 100_000, 1_000_000]
    assert growth.sizes(Scale(2_500, Path())) == [1_000, 2_500]
    assert growth.sizes(Scale(40, Path())) == [40]


def test_a_warehouse_without_all_reports_or_with_another_cell_is_not_timed(tmp_path):
    with duckdb.connect(tmp_path / "gongkai.duckdb") as connection:
        connection.execute("create table reports as select '2019/0000000.txt' as source_path, 'a' as report_id")
        for table, keys in KEYS.items():
            columns = ", ".join(f"{column} varchar" for column in ["report_id", *keys.split(", "), "state"])
            connection.execute(f"create table {table} ({columns}, value int)")
    with pytest.raises(NotAsPlanted, match="2 reports were made up, and 1 are in"):
        building.gate(tmp_path, 2)
    with pytest.raises(NotAsPlanted, match="cells are not what was planted: report 0, "):
        building.gate(tmp_path, 1)
