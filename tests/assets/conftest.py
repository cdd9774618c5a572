"""A small raw folder and its warehouse for each test: three sample reports in two years."""

import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import dagster as dg
import pytest

from assets.definitions import defs
from assets.folders import Folders
from assets.jobs import yearly_job
from tests.conftest import SAMPLES

YEARS = ("2022", "2023")
REPORTS = ("2022/shilixian-baishi.txt", "2023/huaian-hongze.txt", "2023/wagangzhai.txt")

State = dict[str, tuple[str, int]]
MakeYear = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for name in REPORTS:
        target = tmp_path / "raw" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / name, target)
    return Folders(raw=str(tmp_path / "raw"), warehouse=str(tmp_path / "warehouse"))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def make_year(folders: Folders, instance: dg.DagsterInstance) -> MakeYear:
    """Run the job of a report year; whether it succeeded is the test's business."""

    def run(year: str) -> dg.ExecuteInProcessResult:
        return defs.resolve_job_def(yearly_job.name).execute_in_process(
            partition_key=year, resources={"folders": folders}, instance=instance, raise_on_error=False
        )

    return run


def part(path: str) -> str:
    """A published file's table, year and part: its name without what tells its bytes."""
    return path.rpartition("-")[0]


def published(folders: Folders) -> State:
    """The Parquet files readers see: bytes' hash and time of change, by table, year and part."""
    root = Path(folders.warehouse)
    files = (path for path in root.rglob("*.parquet") if not path.relative_to(root).parts[0].startswith("_"))
    return {
        part(path.relative_to(root).as_posix()): (sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in files
    }
