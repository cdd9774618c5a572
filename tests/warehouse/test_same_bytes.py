"""The same input gives the same bytes; readers see the old warehouse or the new one."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import duckdb

from assets.in_process import build
from pipeline.warehouse import Lake, follow_move
from tests.conftest import SAMPLES


def published(lake: Lake) -> dict[str, str]:
    """The hash of every published Parquet file."""
    files = {path.relative_to(lake.root).as_posix(): path for path in sorted(lake.root.rglob("*.parquet"))}
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in files.items() if not name.startswith("_")}


def test_another_folder_another_day_the_same_bytes(sample_warehouse, tmp_path: Path) -> None:
    raw = tmp_path / "somewhere" / "else"
    for path in sorted(SAMPLES.rglob("*.txt"), reverse=True):
        target = raw / path.relative_to(SAMPLES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        os.utime(target, (10**9, 10**9))
    build(raw, tmp_path / "warehouse")
    assert published(Lake(tmp_path / "warehouse")) == published(sample_warehouse)


def test_years_with_reports_are_there_and_what_they_are_held_against(sample_warehouse) -> None:
    reported = {int(folder.name) for folder in SAMPLES.iterdir() if folder.is_dir()}
    years = {path.split("/")[1] for path in published(sample_warehouse) if path.startswith("applications/")}
    assert years == {f"report_year={year}" for year in reported | {year - 1 for year in reported}}


def test_the_catalogue_answers_from_another_folder(sample_warehouse, tmp_path: Path) -> None:
    query = (
        "select item, applicant, value from applications join reports using (report_id) "
        "where agency_name like '%王家庄%'"
    )
    connect = f"duckdb.connect({str(sample_warehouse.catalogue)!r}, read_only=True)"
    program = f"import duckdb; print(len({connect}.execute({query!r}).fetchall()))"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "175"


def test_a_moved_warehouse_is_opened_from_its_new_place(sample_warehouse, tmp_path: Path) -> None:
    moved = Lake(tmp_path / "moved")
    shutil.copytree(sample_warehouse.root, moved.root)
    follow_move(moved)
    with duckdb.connect(moved.catalogue, read_only=True) as connection:
        (statement,) = connection.execute("select sql from duckdb_views() where view_name = 'reports'").fetchone()
        assert str(moved.root) in statement
        assert connection.execute("select count(*) from reports").fetchone() == (len(list(SAMPLES.rglob("*.txt"))),)
