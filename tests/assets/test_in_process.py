"""`gongkai build` without Dagster's services: nothing new changes nothing, a failure leaves what is published."""

import shutil
import threading
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow.parquet as pq
import pytest

from assets.folders import Folders
from assets.in_process import BuildFailed, Built, build
from assets.jobs import all_assets
from pipeline.tables import YEARLY
from pipeline.warehouse import agencies, facts, last_year, steps
from tests.assets.conftest import REPORTS, MakeYear, part, published
from tests.conftest import SAMPLES

NEW = "2022/shilixian-qingshi.txt"


def build_all(folders: Folders) -> Built:
    return build(Path(folders.raw), Path(folders.warehouse))


def rows(folders: Folders, year: str) -> int:
    """Rows of the one published file of a table and year."""
    [file] = (Path(folders.warehouse) / year).glob("*.parquet")
    return int(pq.read_metadata(file).num_rows)


def add(folders: Folders, name: str) -> None:
    shutil.copyfile(SAMPLES / name, Path(folders.raw) / name)


def test_a_second_build_changes_nothing(folders: Folders) -> None:
    first = build_all(folders)
    before = published(folders)
    catalogue = folders.lake.catalogue.stat().st_mtime_ns
    assert first.years == [2021, 2022, 2023]
    assert sorted(map(part, first.changed)) == sorted(before)
    assert {f"{table.name}/report_year={year}/part-0-of-1" for table in YEARLY for year in first.years} < set(before)
    assert build_all(folders) == Built([], [])
    assert published(folders) == before
    assert folders.lake.catalogue.stat().st_mtime_ns == catalogue


def test_the_register_is_made_again_when_reports_or_overrides_changed_and_else_not(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    for module, name in ((agencies, "register"), (steps, "expected_reports"), (steps, "dimension")):
        whole = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, name=name, whole=whole: made.append(name) or whole(*given))

    def built() -> set[str]:
        made.clear()
        build_all(folders)
        return {*made}

    assert built() == {"register", "expected_reports", "dimension"}
    assert built() == set()
    add(folders, NEW)
    assert built() == {"register", "expected_reports"}
    listed = "agency_id,from_year,to_year\n130529201,2022,2023\n"
    (Path(folders.raw).parent / "expected.csv").write_text(listed, "utf-8")
    assert built() == {"expected_reports"}
    assert built() == set()


@pytest.mark.parametrize("change", ["added", "deleted"])
def test_one_file_changes_the_files_of_its_year_alone(folders: Folders, change: str) -> None:
    build_all(folders)
    before = published(folders)
    if change == "added":
        add(folders, NEW)
    else:
        (Path(folders.raw) / REPORTS[0]).unlink()
    built = build_all(folders)
    after = published(folders)
    assert built.years == [2022, 2023], "the reports of 2023 are held against it"
    assert set(after) == set(before)
    changed = {path for path in after if after[path] != before[path]}
    assert set(map(part, built.changed)) == changed
    assert {path.split("/")[1] for path in changed if "report_year" in path} == {"report_year=2022"}
    assert "reports/report_year=2022/part-0-of-1" in changed
    assert rows(folders, "reports/report_year=2022") == (2 if change == "added" else 0)


def test_a_file_of_no_year_is_published_as_quarantined(folders: Folders) -> None:
    build_all(folders)
    before = published(folders)
    (Path(folders.raw) / "stray.txt").write_text("stray", "utf-8")
    built = build_all(folders)
    assert built.years == []
    changed = set(map(part, built.changed))
    assert changed == {"quarantine/report_year=__HIVE_DEFAULT_PARTITION__/part-0-of-1"}
    after = published(folders)
    assert {path for path in after if after[path] != before[path]} == changed


def test_a_build_that_fails_in_the_middle_leaves_what_is_published(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_all(folders)
    before = published(folders)
    add(folders, NEW)

    def broken(*_: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(facts, "reports", broken)
        with pytest.raises(BuildFailed, match=r"(?s)2022.*reports.*No space left on device"):
            build_all(folders)
    assert published(folders) == before
    assert build_all(folders).years == [2022, 2023]
    assert published(folders) != before


def test_a_year_is_published_whole_or_not_at_all(
    folders: Folders, make_year: MakeYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_all(folders)
    before = published(folders)
    add(folders, NEW)
    with monkeypatch.context() as patch:
        patch.setattr(facts, "reports", lambda *_: pytest.fail("the run ends here"))
        assert not make_year("2022").success
    staged = folders.lake.load("applications", 2022)
    assert len(staged) > rows(folders, "applications/report_year=2022")
    held_back = dg.materialize(all_assets, selection="warehouse", resources={"folders": folders})
    assert held_back.success
    [check] = held_back.get_asset_check_evaluations()
    assert (check.check_name, check.passed, check.severity) == ("years_whole", False, dg.AssetCheckSeverity.WARN)
    assert "2022" in (check.description or "")
    assert "2023" not in (check.description or "")
    assert published(folders) == before
    assert make_year("2022").success
    assert dg.materialize(all_assets, selection="warehouse", resources={"folders": folders}).success
    after = published(folders)
    assert {path.split("/")[1] for path in after if after[path] != before[path]} == {"report_year=2022"}


def test_one_process_publishes_at_a_time(folders: Folders) -> None:
    entered = threading.Event()

    def other() -> None:
        with folders.publishing():
            entered.set()

    thread = threading.Thread(target=other)
    with folders.publishing():
        thread.start()
        assert not entered.wait(0.2)
    assert entered.wait(5)
    thread.join()


def test_a_folder_without_reports_is_a_warehouse_of_empty_tables(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    built = build(tmp_path / "raw", tmp_path / "warehouse")
    assert built.years == [last_year()]
    with duckdb.connect(tmp_path / "warehouse" / "gongkai.duckdb", read_only=True) as connection:
        counts = {table.name: connection.execute(f'select count(*) from "{table.name}"').fetchone() for table in YEARLY}
    assert set(counts.values()) == {(0,)}
    assert build(tmp_path / "raw", tmp_path / "warehouse") == Built([], [])


def test_a_decision_on_a_report_of_a_year_without_files_is_said(folders: Folders) -> None:
    """No file asks for that year to be made; the entry does."""
    beside = Path(folders.raw).parent / "decisions"
    beside.mkdir()
    entry = '- {finding_id: "0123456789abcdef", report_year: 2019, decision: dismissed, decision_comment: x, '
    (beside / "a.yml").write_text(entry + "decided_by: x, decided_on: 2024-05-31}", "utf-8")
    with pytest.raises(BuildFailed, match=r"a\.yml"):
        build_all(folders)


def test_a_missing_raw_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gongkai import"):
        build(tmp_path / "nowhere", tmp_path / "warehouse")
    assert not (tmp_path / "warehouse").exists()
