"""What changed between two warehouses: one is the other with changes made by hand, and only these are found."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.pages.changes import changes_page, write_release_diff
from pipeline.warehouse import Lake
from pipeline.warehouse.differences import compare

Rows = list[dict]


@pytest.fixture
def after(sample_warehouse: Lake, tmp_path: Path) -> Path:
    root = tmp_path / "after"
    shutil.copytree(sample_warehouse.root, root, ignore=shutil.ignore_patterns("_staged", "*.duckdb", "release.json"))
    return root


def file_of(root: Path, table: str, year: int) -> Path:
    """The one file of a table and year."""
    [path] = (root / table / f"report_year={year}").glob("*.parquet")
    return path


def edit(root: Path, table: str, year: int, change: Callable[[Rows], Rows]) -> None:
    path = file_of(root, table, year)
    data = pq.read_table(path, partitioning=None)
    pq.write_table(pa.Table.from_pylist(change(data.to_pylist()), schema=data.schema), path)


def one(rows: Rows, **where: str) -> dict:
    (row,) = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return row


def id_of(root: Path, year: int, source_path: str) -> str:
    rows = pq.read_table(file_of(root, "reports", year), partitioning=None).to_pylist()
    return str(one(rows, source_path=source_path)["report_id"])


def test_the_same_warehouse_has_no_differences(sample_warehouse: Lake, after: Path) -> None:
    assert [len(table) for table in compare(sample_warehouse.root, after)] == [0, 0]


def test_a_cell_read_otherwise_and_a_cell_corrected(sample_warehouse: Lake, after: Path) -> None:
    wagang = id_of(after, 2023, "2023/wagangzhai.txt")

    def change(rows: Rows) -> Rows:
        one(rows, report_id=wagang, item="granted_full", applicant="company")["value"] = 41
        one(rows, report_id=wagang, item="received_new", applicant="total").update(value=17, origin="corrected")
        return rows

    edit(after, "applications", 2023, change)
    reports, cells = (table.to_pylist() for table in compare(sample_warehouse.root, after))
    assert [(row["change"], row["source_path"], row["cells_changed"]) for row in reports] == [
        ("changed", "2023/wagangzhai.txt", 2)
    ]
    assert [(row["cell_keys"], row["value_before"], row["value_after"], row["reason"]) for row in cells] == [
        ("granted_full/company", "0", "41", "reading"),
        ("received_new/total", "0", "17", "correction"),
    ]


def test_a_cell_that_is_no_longer_certain(sample_warehouse: Lake, after: Path) -> None:
    wagang = id_of(after, 2023, "2023/wagangzhai.txt")

    def change(rows: Rows) -> Rows:
        one(rows, report_id=wagang, channel="review", outcome="upheld").update(value=None, state="unreadable")
        return rows

    edit(after, "review_litigation", 2023, change)
    (cell,) = compare(sample_warehouse.root, after).cells.to_pylist()
    assert (cell["state_before"], cell["state_after"], cell["value_after"]) == ("number", "unreadable", None)


def test_reports_added_removed_moved_and_replaced(sample_warehouse: Lake, after: Path) -> None:
    wagang, new = id_of(after, 2023, "2023/wagangzhai.txt"), "f" * 16

    def change(rows: Rows) -> Rows:
        one(rows, source_path="2023/huaian-hongze.txt")["source_path"] = "2023/hongze.txt"
        one(rows, source_path="2023/wagangzhai.txt")["report_id"] = new
        added = one(rows, source_path="2023/wutai-baijiazhuang.txt")
        other = {"agency_name": "某县某镇人民政府", "agency_id": None}
        fresh = added | other | {"report_id": "e" * 16, "source_path": "2023/fresh.txt"}
        return [row for row in rows if row["source_path"] != "2023/yangbenqu-ziranziyuan.txt"] + [fresh]

    def move_cells(rows: Rows) -> Rows:
        rows = [row | {"report_id": new} if row["report_id"] == wagang else row for row in rows]
        one(rows, report_id=new, item="carried_out", applicant="research")["value"] = 23
        return rows

    edit(after, "reports", 2023, change)
    edit(after, "applications", 2023, move_cells)
    reports, cells = (table.to_pylist() for table in compare(sample_warehouse.root, after))
    assert {(row["change"], row["source_path"]) for row in reports} == {
        ("added", "2023/fresh.txt"),
        ("removed", "2023/yangbenqu-ziranziyuan.txt"),
        ("moved", "2023/hongze.txt"),
        ("new version", "2023/wagangzhai.txt"),
    }
    applications = [cell for cell in cells if cell["table_name"] == "applications"]
    assert [(cell["cell_keys"], cell["value_after"], cell["reason"]) for cell in applications] == [
        ("carried_out/research", "23", "new version")
    ]
    assert (applications[0]["report_id_before"], applications[0]["report_id_after"]) == (wagang, new)


def test_a_warehouse_of_a_release_without_a_table(sample_warehouse: Lake, after: Path) -> None:
    shutil.rmtree(after / "statistics_2014")
    assert len(compare(after, sample_warehouse.root).reports) == 0


def test_a_folder_without_reports_is_named(sample_warehouse: Lake, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no published reports"):
        compare(sample_warehouse.root, tmp_path)


def test_the_page_shows_both_sides_and_escapes_what_a_report_says(sample_warehouse: Lake, after: Path) -> None:
    wagang = id_of(after, 2023, "2023/wagangzhai.txt")

    def change(rows: Rows) -> Rows:
        words = {"value": None, "state": "text", "text": "<script>alert(1)</script>"}
        one(rows, report_id=wagang, item="granted_full", applicant="company").update(words)
        return rows

    edit(after, "applications", 2023, change)
    page = changes_page(compare(sample_warehouse.root, after), "old", "new")
    assert "表三 · 商业企业 · 予以公开" in page
    assert "text (&lt;script&gt;alert(1)&lt;/script&gt;)" in page
    assert "<script" not in page


def test_what_a_release_changed_is_kept_beside_it(sample_warehouse: Lake, after: Path) -> None:
    lake = Lake(after)
    assert write_release_diff(lake) is None
    for table in ("reports", "applications"):
        shutil.copytree(after / table, after / "_previous" / table)
    wagang = id_of(after, 2023, "2023/wagangzhai.txt")

    def change(rows: Rows) -> Rows:
        one(rows, report_id=wagang, item="granted_full", applicant="company")["value"] = 41
        return rows

    edit(after, "applications", 2023, change)
    write_release_diff(lake)
    assert "granted_full/company,0,41" in (after / "_release_diff" / "cells.csv").read_text("utf-8-sig")
    assert "予以公开" in (after / "_release_diff" / "changes.html").read_text("utf-8")
