"""The notebook runs against the sample reports, and what it shows is what one adds up by hand from the files.

Expected numbers are typed from data/raw (the same figures stand in tests/planted/samples.json). The reports of 2023
with requests or cases are, in this order: huaian-hongze, shilixian-qingshi, yangbenqu-ziranziyuan; three more are all
zeros.
"""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tests.conftest import PROJECT, SAMPLES

NOTEBOOK = PROJECT / "notebooks" / "first_look.ipynb"
VEGA_LITE = "application/vnd.vegalite.v6+json"
CHARTS = ["outcomes", "reviews", "quality"]


def execute(notebook: NotebookNode, warehouse: Path) -> NotebookNode:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGKAI_WAREHOUSE", str(warehouse))
        where = {"metadata": {"path": str(NOTEBOOK.parent)}}
        return NotebookClient(notebook, timeout=60, kernel_name="python3", resources=where).execute()


@pytest.fixture(scope="module")
def outputs(sample_warehouse) -> dict[str, list[dict]]:
    """The mime bundles each code cell shows, by the cell's id."""
    done = execute(nbformat.read(NOTEBOOK, 4), sample_warehouse.root)
    cells = {cell.id: cell.outputs for cell in done.cells if cell.cell_type == "code"}
    return {name: [output.data for output in shown if "data" in output] for name, shown in cells.items()}


def drawn(outputs: dict[str, list[dict]], chart: str, year: int, *columns: str) -> set[tuple]:
    """The rows of a year in a chart's own data that have these columns, each as a tuple."""
    rows = [row for data in outputs[chart][0][VEGA_LITE]["datasets"].values() for row in data]
    return {
        tuple(row[column] for column in columns)
        for row in rows
        if row["report_year"] == year and row.keys() >= set(columns)
    }


def html(outputs: dict[str, list[dict]], cell: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", bundle["text/html"]) for bundle in outputs[cell])


def test_it_is_committed_without_outputs_and_with_named_cells() -> None:
    cells = nbformat.read(NOTEBOOK, 4).cells
    assert all(not cell.outputs and cell.execution_count is None for cell in cells if cell.cell_type == "code")
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", cell.id) for cell in cells)
    assert len({cell.id for cell in cells}) == len(cells)


def test_every_code_cell_shows_something(outputs) -> None:
    assert [cell for cell, shown in outputs.items() if not shown] == []


def test_three_charts_as_vega_lite_and_as_a_picture_without_network(outputs) -> None:
    assert [cell for cell, shown in outputs.items() if any(VEGA_LITE in bundle for bundle in shown)] == CHARTS
    for chart in CHARTS:
        (bundle,) = outputs[chart]
        assert bundle["image/png"].startswith("iVBOR")
        assert "'url'" not in str(bundle[VEGA_LITE]), f"the chart {chart} fetches its data"


def test_outcomes_of_2023(outputs) -> None:
    processed = 21 + 15 + 827
    expected = {
        ("granted", 4 + (9 + 1) + (31 + 33)),
        ("denied", (1 + 1 + 1) + 1 + (51 + 34 + 47 + 42 + 36 + 43 + 38 + 37)),
        ("unable", (10 + 3) + 3 + (26 + 34 + 67)),
        ("rejected", 1 + 0 + (25 + 53 + 48 + 31 + 50)),
        ("other", 0 + 1 + (30 + 38 + 33)),
    }
    assert sum(requests for _, requests in expected) == processed
    assert drawn(outputs, "outcomes", 2023, "group_code", "requests") == expected
    shares = {group: requests / processed for group, requests in expected}
    assert dict(drawn(outputs, "outcomes", 2023, "group_code", "share")) == pytest.approx(shares)
    assert drawn(outputs, "outcomes", 2023, "basis") == {("863 requests · 6 of 6 reports",)}


def test_a_year_of_blanks_is_shown_as_such_and_not_as_zeros(outputs) -> None:
    assert drawn(outputs, "outcomes", 2019, "requests", "share") == {(None, None)}
    assert drawn(outputs, "outcomes", 2019, "basis") == {("0 of 1 reports",)}
    assert drawn(outputs, "reviews", 2019, "channel", "total", "corrected_share") == {
        ("review", "n/a", None),
        ("lit_direct", "n/a", None),
        ("lit_after_review", "n/a", None),
    }


def test_reviews_and_lawsuits_of_2023(outputs) -> None:
    """Hongze prints totals of 0 over 10 + 1 and over 5 cases: its table 4 has errors and is left out."""
    expected = {
        ("review", 5, 4, 1 + 12, 10, 1 + 31, "4/22"),
        ("lit_direct", 11, 1, 5, 1 + 1, 1 + 18, "1/17"),
        ("lit_after_review", 7, 15, 6, 7, 35, "15/28"),
    }
    columns = ("channel", "upheld", "corrected", "other", "pending", "cases", "fraction")
    assert drawn(outputs, "reviews", 2023, *columns) == expected
    assert drawn(outputs, "reviews", 2023, "year") == {("2023|5 of 6",)}
    parts = drawn(outputs, "reviews", 2023, "channel_name", "outcome", "count")
    assert len(parts) == 3 * 4
    assert {part for part in parts if part[1] == "corrected"} == {
        ("administrative review", "corrected", 4),
        ("litigation without prior review", "corrected", 1),
        ("litigation after review", "corrected", 15),
    }


def test_quality_of_2023(outputs) -> None:
    """Instances a report: 7 + 7 columns, 23 or 25 rows, 3 channels; three reports of each edition, 246 in all.

    What holds over more than zeros: all 42 of ziranziyuan; of qingshi 3 + 3 columns (natural persons, companies,
    totals), 9 rows and 2 channels; of hongze 2 + 2 columns and 9 rows.
    """
    passed, failed = 42 + (3 + 3 + 9 + 2) + (2 + 2 + 9), 2
    assert drawn(outputs, "quality", 2023, "part", "count") == {
        ("A: no check failed", 4),
        ("B: warnings", 1),
        ("C: errors", 1),
        ("D: a table is missing", 0),
        ("refused", 0),
        ("fails", failed),
        ("holds", passed),
        ("has a blank: cannot say", 0),
        ("zeros alone: proves nothing", 3 * (7 + 7 + 23 + 3) + 3 * (7 + 7 + 25 + 3) - passed - failed),
    }
    assert drawn(outputs, "quality", 2023, "failing") == {("2 of 74 fail",)}


def test_the_way_from_a_bar_to_the_printed_cell(outputs) -> None:
    shown = html(outputs, "cells")
    report = r"2024/yangbenqu-ziranziyuan\.txt\s+属于四类过程性信息\s+denied: deliberative information\s+"
    assert re.search(report + r"51\s+51\s+number\s+line 48 cell 9\s+0\s", shown)
    line = (SAMPLES / "2024" / "yangbenqu-ziranziyuan.txt").read_text("utf-8").splitlines()[48 - 1]
    assert line.split("\t")[9 - 1] == "51"


def test_findings_are_shown_with_their_sentence(outputs) -> None:
    shown = html(outputs, "findings")
    assert "表四 · 行政复议: 总计 0 is not 结果维持 10 + 结果纠正 1 + 其他结果 0 + 尚未审结 0 = 11." in shown
    assert shown.count("2023/huaian-hongze.txt") == 2


def test_the_further_queries_answer_their_question(outputs) -> None:
    left_out = html(outputs, "left-out")
    assert re.findall(r"20\d\d/\S+", left_out) == ["2019/shilishi-bangongshi.txt", "2021/shilixian-baishi.txt"]
    # 2019: of 19 outcomes 13, 4, 1 and 2 are printed for persons, companies, research and legal services, and add up
    # to the column's total; the other three columns are blank. 2021: one of 20 is printed, for persons and in total.
    blanks = html(outputs, "blanks")
    assert re.search(rf"2019\s+{7 * 19 - 13 - 4 - 1 - 2}\s+{4 * 19 - 13 - 4 - 1 - 2}\s", blanks)
    assert re.search(rf"2021\s+{7 * 21 - 2}\s+{2 * 20}\s", blanks)
    # The medians of 4/21, 10/15, 64/827 and of 11/18, 84/867.
    typical = html(outputs, "typical")
    assert re.search(r"2023\s+6\s+3\s+0\.0903\d+\s+0\.1904\d+", typical)
    assert re.search(r"2024\s+4\s+2\s+0\.1073\d+\s+0\.3539\d+", typical)
    carried = html(outputs, "carried")
    assert re.search(r"示例市人民政府办公室\s+2019\s+11\s+11\s+0\s", carried)
    assert re.search(r"示例县青石镇人民政府\s+2022\s+2\s+2\s+0\s", carried)


def test_without_a_warehouse_it_says_what_to_run(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, 4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:1]
    with pytest.raises(CellExecutionError, match="make run") as refused:
        execute(notebook, tmp_path)
    assert str(tmp_path) in str(refused.value)
