"""A smoke run of the scorecard through a whole build, and proof that the scorer can fail."""

import shutil
from collections import Counter
from decimal import Decimal
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from benchmarks.accuracy import peers
from benchmarks.accuracy.__main__ import main, measure
from benchmarks.accuracy.compare import Comparison
from benchmarks.accuracy.corpus import Corpus
from benchmarks.accuracy.kinds import KINDS, Meaning, meaning
from benchmarks.accuracy.layouts import layouts
from benchmarks.accuracy.scorecard import scorecard
from pipeline.warehouse import Lake, follow_move
from tests.planted import form

SEED = 22
"""Among the figures it draws are blanks in layouts of every sort."""
pytestmark = pytest.mark.xdist_group("accuracy")  # they share one build

CHOSEN = [layout for layout in layouts() if not layout.group.startswith(("scan", "statistics, pdf"))]
"""What is read fast; the readers' own tests look at the others."""
YEARS = ["2016", "2023"]
"""Those that the made-up reports are of: the empty years take most of a small build."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return Corpus(tmp_path_factory.mktemp("accuracy"))


@pytest.fixture(scope="module")
def run(corpus):
    """A report of every layout, built and compared; none is timed."""
    measured = measure(corpus, CHOSEN, len(CHOSEN), SEED, each=0)
    yield measured
    measured.comparison.close()


def test_every_layout_is_read_and_no_cell_is_silently_wrong(run):
    cells = {row["layout"]: row for row in run.comparison.cells("layout")}
    assert [*cells] == [layout.name for layout in CHOSEN]
    assert run.comparison.wrong() == []
    assert {name for name, row in cells.items() if row["missing"] or not row["right"]} == set()


def test_where_a_blank_leaves_its_trace_nearly_all_is_right(run):
    groups = [row for row in run.comparison.cells("layout_group") if row["layout_group"] != "text, glued"]
    assert sum(row["right_told"] for row in groups) >= 0.98 * sum(row["told"] for row in groups)


def test_the_scorecard_says_what_was_counted(run):
    card = scorecard(run)
    cells = sum(row["cells"] for row in run.comparison.cells("layout"))
    assert f"Of {cells:,} cells" in card
    assert "and 0 are\nsilently wrong" in card
    for layout in CHOSEN:
        assert f"| {layout.name.replace('_', ' ')} | 1 |" in card


# --- the scorer can fail: a published table is tampered with ---


@pytest.fixture(scope="module")
def copied(run, corpus, tmp_path_factory):
    """The corpus with a warehouse of its own."""
    copy = Corpus(tmp_path_factory.mktemp("tampered"))
    for ours, theirs in ((corpus.cells.parent, copy.cells.parent), (corpus.warehouse, copy.warehouse)):
        shutil.copytree(ours, theirs)
    follow_move(Lake(copy.warehouse))
    return copy


@pytest.fixture
def tampered(copied):
    """A warehouse whose table 3 a test may change."""
    published = published_file(copied, "applications")
    kept = published.read_bytes()
    yield copied
    published.write_bytes(kept)


def published_file(corpus, table):
    (path,) = (corpus.warehouse / table / "report_year=2023").glob("*.parquet")
    return path


def changed(corpus, change):
    """The outcomes of table 3 of one report after its published rows were changed, and the cells that are wrong."""
    path = published_file(corpus, "applications")
    table = pq.read_table(path, partitioning=None)
    report = report_id_of(corpus, REPORT)
    own = pc.equal(table["report_id"].cast(pa.string()), report)
    mine, others = table.filter(own), table.filter(pc.invert(own))
    pq.write_table(pa.concat_tables([change(mine), others]), path)
    comparison = Comparison(corpus, Lake(corpus.warehouse).catalogue)
    outcomes = comparison.rows(
        "select outcome from compared where source_path = $1 and table_name = 'applications'", REPORT
    )
    wrong = [(cell["source_path"], cell["row_code"], cell["column_code"]) for cell in comparison.wrong()]
    comparison.close()
    return Counter(row["outcome"] for row in outcomes), wrong


REPORT = "2023/html-clean/0000.html"


def report_id_of(corpus, source_path):
    rows = pq.read_table(published_file(corpus, "reports"), partitioning=None).to_pylist()
    return next(row["report_id"] for row in rows if row["source_path"] == source_path)


def with_cell(mine, **columns):
    """The rows with the first of them changed."""
    rows = mine.to_pylist()
    rows[0] |= columns
    return pa.Table.from_pylist(rows, mine.schema)


def first_cell(mine):
    return REPORT, mine["item"][0].as_py(), mine["applicant"][0].as_py()


def test_a_number_that_is_not_the_printed_one_is_wrong(tampered):
    seen = []

    def change(mine):
        seen.append(first_cell(mine))
        return with_cell(mine, value=987_654_321, state="number")

    outcomes, wrong = changed(tampered, change)
    assert wrong == seen
    assert outcomes["wrong"] == 1
    assert outcomes["right"] == outcomes.total() - 1


def test_a_blank_where_a_number_is_printed_is_wrong_and_an_unreadable_cell_is_not(tampered):
    outcomes, wrong = changed(tampered, lambda mine: with_cell(mine, value=None, state="blank"))
    assert (len(wrong), outcomes["wrong"]) == (1, 1)
    outcomes, wrong = changed(tampered, lambda mine: with_cell(mine, value=None, state="unreadable"))
    assert (wrong, outcomes["unreadable"]) == ([], 1)


def test_a_row_that_was_not_published_is_missing(tampered):
    outcomes, wrong = changed(tampered, lambda mine: mine.slice(7))
    assert wrong == []
    assert outcomes["missing"] == 7
    assert outcomes["right"] == outcomes.total() - 7


def test_a_report_that_was_not_published_is_missing_whole(tampered):
    outcomes, wrong = changed(tampered, lambda mine: mine.slice(0, 0))
    assert wrong == []
    assert set(outcomes) == {"missing"}


def test_a_number_in_a_cell_that_the_report_has_not_is_wrong(tampered):
    def change(mine):
        extra = with_cell(mine.slice(0, 1), item="rejected_other", value=5, state="number")
        return pa.concat_tables([mine, extra])

    _, wrong = changed(tampered, change)
    assert [cell[1:2] for cell in wrong] == [("rejected_other",)]


def test_the_command_names_the_wrong_cell_and_fails(run, tampered, monkeypatch, tmp_path):
    changed(tampered, lambda mine: with_cell(mine, value=987_654_321, state="number"))
    comparison = Comparison(tampered, Lake(tampered.warehouse).catalogue)
    monkeypatch.setattr("benchmarks.accuracy.__main__.measure", lambda *_: run._replace(comparison=comparison))
    result = CliRunner().invoke(main, ["--keep", str(tmp_path / "new"), "--write", str(tmp_path / "card.md")])
    assert result.exit_code == 1
    assert f"wrong: {REPORT} applications/received_new/natural_person: " in result.stderr
    assert "published number 987654321" in result.stderr
    assert "and 1 are\nsilently wrong" in (tmp_path / "card.md").read_text("utf-8")


def test_a_folder_that_is_there_is_not_written_over(tmp_path):
    result = CliRunner().invoke(main, ["--keep", str(tmp_path)])
    assert result.exit_code == 2
    assert "Name a new folder" in result.stderr


# --- the truth ---


@pytest.mark.parametrize(
    ("printed", "unit", "meant"),
    [
        (None, None, ("blank", None, None)),
        ("0", None, ("number", "0", None)),
        ("１２３", None, ("number", "123", None)),
        ("1,113", None, ("number", "1113", None)),
        ("-18", None, ("number", "-18", None)),
        ("+19", None, ("number", "19", None)),
        ("4.25", "万元", ("number", "4.25", "42500")),
        ("4.25元", "万元", ("number", "4.25", "4.25")),
        ("240万元", None, ("number", "240", "2400000")),
        ("/", "万元", ("na", None, None)),
        ("无", "万元", ("nil_word", "0", "0")),
    ],
)
def test_what_a_printed_figure_means(printed, unit, meant):
    found = meaning(printed, unit)
    assert (found.state, found.value, found.yuan) == (meant[0], *(number and Decimal(number) for number in meant[1:]))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_figure_for_every_cell(kind):
    for edition_t2, edition_t3 in (("2019", "2021"), ("2021", "2019")):
        figures = KINDS[kind](edition_t2, edition_t3, Random(3))
        assert set(figures) == set(form.cells(edition_t2, edition_t3))
        assert all(meaning(figure) for figure in figures.values())


def test_a_blank_takes_its_row_where_the_layout_hides_it(run, corpus):
    """In layouts that hide rows, exactly the rows with a blank are not told; in those that mark them, all are."""
    cells = pq.read_table(corpus.cells).to_pylist()
    hides = {row["source_path"]: row["hides"] for row in pq.read_table(corpus.reports).to_pylist()}
    rows = {(cell["source_path"], cell["row_code"]) for cell in cells if cell["table_name"] == "applications"}
    blank = {(cell["source_path"], cell["row_code"]) for cell in cells if cell["state"] == "blank"}
    untold = {(cell["source_path"], cell["row_code"]) for cell in cells if not cell["told"]}
    by_row = {row for row in rows if hides[row[0]] == "row"}
    assert by_row & blank
    assert blank - by_row
    assert untold & by_row == blank & by_row
    assert not {row for row in untold if hides[row[0]] is None}


# --- the peers ---


def test_a_peer_takes_the_last_seven_cells_of_a_row_by_its_label():
    rows = [
        ["二、上年结转政府\n信息公开申请数量", "", "", "1", "2", "", "/", "无", "1,004", "5 0"],
        ["三、本年度办理结果", "(三)不予公开", "1. 属于国家秘密", "7", "6", "5", "4", "3", "2", "x"],
        ["", "", "1.属于国家秘密", "9", "9", "9", "9", "9", "9", "9"],
        ["第二十条第（一）项", "1", "2"],
    ]
    found = peers.table_3(rows)
    carried = [found["carried_in", code] for code in ("natural_person", "research", "nonprofit", "other_org", "total")]
    assert [(cell.state, cell.value) for cell in carried] == [
        ("number", Decimal(1)),
        ("blank", None),
        ("na", None),
        ("number", Decimal(1004)),
        ("number", Decimal(50)),
    ]
    assert found["denied_state_secret", "natural_person"].value == 7
    assert found["denied_state_secret", "total"].state == "text"
    assert len(found) == 14


@pytest.mark.parametrize(
    ("peer", "layout"), [("pdfplumber", "pdf, boxes_on_backgrounds"), ("pandas.read_html", "html, clean")]
)
def test_a_peer_reads_what_is_plain_to_read_and_is_told_what_it_got_wrong(run, corpus, peer, layout):
    (report,) = (row for row in corpus.sample(1) if row["layout"] == layout)
    data, truth = (corpus.raw / report["source_path"]).read_bytes(), run.comparison.table_3(report["source_path"])
    chosen = next(each for each in peers.PEERS if each.name == peer)
    trial = peers.try_peer(chosen, data, truth)
    assert trial.cells["right"] > 0.9 * len(truth)
    spoiled = truth | {("received_new", "total"): Meaning("number", Decimal(123_456_789))}
    assert peers.try_peer(chosen, data, spoiled).cells["wrong"] == trial.cells["wrong"] + 1
