"""The sensor asks for what changed and nothing else; the schedule knows the season; the warehouse follows."""

import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from assets.automation import UNPLACED, new_files, reporting_season
from assets.definitions import defs
from assets.folders import Folders
from assets.jobs import once_job, yearly_job
from assets.partitions import report_years
from assets.tables import warehouse
from tests.conftest import SAMPLES

ALL = {*report_years.get_partition_keys(), UNPLACED}


class Sensor:
    """The sensor with its cursor, tick by tick."""

    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.cursor: str | None = None

    def tick(self) -> set[str]:
        """The report years asked for; UNPLACED for the run without a year."""
        context = dg.build_sensor_context(cursor=self.cursor, resources={"folders": self.folders})
        result = new_files(context)
        if isinstance(result, dg.SkipReason):
            return set()
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        asked = [(request.job_name, request.partition_key, request.run_key) for request in result.run_requests or ()]
        assert {job for job, key, _ in asked if key is None} <= {once_job.name}
        assert {job for job, key, _ in asked if key is not None} <= {yearly_job.name}
        assert {run_key for _, _, run_key in asked} == {None}, "a run key would swallow a change taken back"
        years = [key or UNPLACED for _, key, _ in asked]
        assert len(set(years)) == len(years)
        return set(years)


@pytest.fixture
def sensor(folders: Folders) -> Sensor:
    sensor = Sensor(folders)
    assert sensor.tick() == ALL
    return sensor


def test_nothing_is_asked_for_when_nothing_changed(sensor: Sensor) -> None:
    assert sensor.tick() == set()
    assert sensor.tick() == set()


def test_an_added_a_changed_and_a_deleted_file_ask_for_their_year_and_the_next(sensor: Sensor) -> None:
    """The reports of the next year are held against it."""
    report = Path(sensor.folders.raw) / "2022" / "second" / "report.txt"
    report.parent.mkdir()
    shutil.copyfile(SAMPLES / "2022" / "shilixian-qingshi.txt", report)
    assert sensor.tick() == {"2022", "2023"}
    assert sensor.tick() == set()
    report.write_text(report.read_text("utf-8") + "\n附注", "utf-8")
    assert sensor.tick() == {"2022", "2023"}
    report.unlink()
    assert sensor.tick() == {"2022", "2023"}
    assert sensor.tick() == set()


def test_a_year_that_lost_all_its_files_is_asked_for(sensor: Sensor) -> None:
    shutil.rmtree(Path(sensor.folders.raw) / "2023")
    assert sensor.tick() == {"2023", "2024"}
    assert sensor.tick() == set()


def test_a_touched_file_is_not_a_changed_one(sensor: Sensor) -> None:
    (Path(sensor.folders.raw) / "2022" / "shilixian-baishi.txt").touch()
    assert sensor.tick() == set()


def test_a_moved_file_asks_for_both_years(sensor: Sensor) -> None:
    raw = Path(sensor.folders.raw)
    (raw / "2024").mkdir()
    (raw / "2023" / "wagangzhai.txt").rename(raw / "2024" / "wagangzhai.txt")
    assert sensor.tick() == {"2023", "2024", "2025"}


def test_a_copy_in_another_year_asks_for_the_year_of_its_original_too(sensor: Sensor) -> None:
    raw = Path(sensor.folders.raw)
    shutil.copyfile(raw / "2022" / "shilixian-baishi.txt", raw / "2023" / "again.txt")
    assert sensor.tick() == {"2022", "2023", "2024"}


@pytest.mark.parametrize("place", ["stray.txt", "1999/old.txt", "2999/of-the-future.txt"])
def test_a_file_of_no_report_year_asks_for_the_run_without_one(sensor: Sensor, place: str) -> None:
    stray = Path(sensor.folders.raw) / place
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("stray", "utf-8")
    assert sensor.tick() == {UNPLACED}
    stray.unlink()
    assert sensor.tick() == {UNPLACED}
    assert sensor.tick() == set()


def test_a_correction_asks_for_its_year_and_the_next_and_a_decision_for_its_year_alone(sensor: Sensor) -> None:
    beside = Path(sensor.folders.raw).parent
    for folder, entry in (
        (
            "corrections",
            "- {report_id: 0123456789abcdef, report_year: 2022, table_name: applications, item: carried_in, "
            "applicant: total, printed: 3, value: 4, reason: x, corrected_by: x, corrected_on: 2024-05-31, source: x}",
        ),
        (
            "decisions",
            "- {report_year: 2023, finding_id: 0123456789abcdef, decision: dismissed, decision_comment: x, "
            "decided_by: x, decided_on: 2024-05-31}",
        ),
    ):
        (beside / folder).mkdir()
        (beside / folder / "a.yml").write_text(entry, "utf-8")
        assert sensor.tick() == ({"2022", "2023"} if folder == "corrections" else {"2023"})
        assert sensor.tick() == set()
    (beside / "corrections" / "a.yml").unlink()
    assert sensor.tick() == {"2022", "2023"}


def test_who_is_expected_asks_for_the_run_without_a_year(sensor: Sensor) -> None:
    listed = Path(sensor.folders.raw).parent / "expected.csv"
    listed.write_text("agency_id,from_year\n130529201,2019\n", "utf-8")
    assert sensor.tick() == {UNPLACED}
    listed.unlink()
    assert sensor.tick() == {UNPLACED}


def test_a_missing_raw_folder_is_an_error_and_not_an_empty_one(sensor: Sensor) -> None:
    cursor = sensor.cursor
    shutil.rmtree(sensor.folders.raw)
    with pytest.raises(FileNotFoundError, match="raw folder"):
        sensor.tick()
    assert sensor.cursor == cursor


SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("after", "ticks"),
    [
        ("2025-01-31T06:00", [("2025-02-01T05:00", "2024"), ("2025-02-02T05:00", "2024")]),
        ("2024-12-31T12:00", [("2025-01-01T05:00", "2024"), ("2025-01-02T05:00", "2024")]),
        ("2025-04-29T12:00", [("2025-04-30T05:00", "2024"), ("2025-05-01T05:00", "2024")]),
        ("2025-05-01T06:00", [("2025-06-01T05:00", "2024"), ("2025-07-01T05:00", "2024")]),
        ("2025-11-02T00:00", [("2025-12-01T05:00", "2024"), ("2026-01-01T05:00", "2025")]),
    ],
)
def test_the_schedule_looks_daily_in_season_and_monthly_else(after: str, ticks: list[tuple[str, str]]) -> None:
    start = datetime.fromisoformat(after).replace(tzinfo=SHANGHAI)
    schedule = defs.resolve_schedule_def("reporting_season")
    assert schedule.execution_timezone is not None
    moments = schedule_execution_time_iterator(
        start.timestamp(), schedule.cron_schedule, schedule.execution_timezone, ascending=True
    )
    for expected, year in ticks:
        moment = next(moments)
        assert moment == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)
        context = dg.build_schedule_context(scheduled_execution_time=moment)
        assert [request.partition_key for request in reporting_season(context)] == [year]


class Daemon:
    """What decides whether the warehouse is made again, tick by tick."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.cursor: Any = None

    def made(self, name: str, year: str | None = None) -> None:
        time.sleep(0.002)
        self.instance.report_runless_asset_event(dg.AssetMaterialization(name, partition=year))

    def tick(self) -> int:
        """How often the warehouse is asked for."""
        time.sleep(0.002)
        result = dg.evaluate_automation_conditions(
            defs, self.instance, asset_selection=dg.AssetSelection.assets(warehouse), cursor=self.cursor
        )
        self.cursor = result.cursor
        return result.get_num_requested(warehouse.key)


def test_the_warehouse_follows_one_year_and_does_not_wait_for_the_rest(instance: dg.DagsterInstance) -> None:
    daemon = Daemon(instance)
    assert daemon.tick() == 0
    daemon.made("reports", "2023")
    assert daemon.tick() == 1
    daemon.made("warehouse")
    assert [daemon.tick() for _ in range(3)] == [0, 0, 0]


def test_the_warehouse_follows_codes_and_unplaced_files(instance: dg.DagsterInstance) -> None:
    daemon = Daemon(instance)
    assert daemon.tick() == 0
    for name in ("dimensions", "unplaced_files"):
        daemon.made(name)
        assert daemon.tick() == 1
        daemon.made("warehouse")
        assert daemon.tick() == 0


def test_what_is_made_while_the_warehouse_is_made_is_not_forgotten(instance: dg.DagsterInstance) -> None:
    daemon = Daemon(instance)
    assert daemon.tick() == 0
    daemon.made("reports", "2022")
    assert daemon.tick() == 1
    daemon.made("reports", "2023")
    daemon.made("warehouse")
    assert daemon.tick() == 1
    daemon.made("warehouse")
    assert [daemon.tick() for _ in range(3)] == [0, 0, 0]
