"""What is told of long work: how far it is, how fast, how long still, and how much went to quarantine."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.folders import Folders
from assets.landing import document_text, raw_documents, readings
from pipeline import progress
from pipeline.progress import SoFar, heard_by, track
from tests.conftest import PROJECT, SAMPLES


class Clock:
    """A clock that moves by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def slowly(clock: Clock, pieces: int, seconds: float) -> Iterator[int]:
    """Pieces that take so long each, the last but one of them refused."""
    for number in range(pieces):
        clock.now += seconds
        yield number


def told(clock: Clock, pieces: int, seconds: float, total: int | None = None) -> None:
    """Work done in batches of a hundred; the fourth has seven that are refused."""
    batches = slowly(clock, pieces, seconds)
    for _ in track(batches, "reading 2023", total, lambda _: 100, lambda number: 7 * (number == 3)):
        pass


def test_a_log_has_a_line_now_and_then(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told(clock, 12, 5.0, 1_200)
    assert capsys.readouterr().err.splitlines() == [
        "reading 2023: 300 of 1,200 (20/s, about 45 s left)",
        "reading 2023: 600 of 1,200 (20/s, about 30 s left, 7 in quarantine)",
        "reading 2023: 900 of 1,200 (20/s, about 15 s left, 7 in quarantine)",
        "reading 2023: 1,200 of 1,200 (20/s, about 0 s left, 7 in quarantine)",
    ]


def test_what_is_over_at_once_says_nothing(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told(clock, 10, 1.4, 1_000)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("so_far", "said"),
    [
        (SoFar("x", 0, 10, 20.0), "0 of 10 (0.0/min)"),
        (SoFar("x", 3, 0, 2.0), "3 (1.5/s)"),
        (SoFar("x", 31_000, 1_000_000, 40.0), "31,000 of 1,000,000 (775/s, about 21 min left)"),
        (SoFar("x", 30, 1_000, 900.0), "30 of 1,000 (2.0/min, about 8.1 h left)"),
        (SoFar("x", 5, 5, 0.0), "5 of 5 (0.0/min)"),
    ],
)
def test_what_nobody_can_say_is_not_said(so_far: SoFar, said: str) -> None:
    assert so_far.says == said


def test_a_listener_hears_of_the_work_done_in_its_hearing(clock: Clock) -> None:
    heard: list[SoFar] = []
    with heard_by(heard.append):
        told(clock, 5, 10.0, 500)
    told(clock, 5, 10.0, 500)
    assert [(each.done, each.refused, each.left) for each in heard] == [(200, 0, 30.0), (400, 7, 10.0)]


def test_a_bar_shows_the_same_on_a_terminal() -> None:
    """Two of them, one inside the other, as a build has them."""
    program = (
        "import time\nfrom pipeline import progress\nprogress.PATIENCE = 0.05\n"
        "for year in progress.track(range(2), 'building the years'):\n"
        "    for _ in progress.track(range(3), f'reading {year}', refused=lambda number: number == 1):\n"
        "        time.sleep(0.1)\n"
    )
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", program], stdout=theirs, stderr=theirs, cwd=PROJECT, check=True)
    os.close(theirs)
    shown = os.read(ours, 2**20).decode()
    os.close(ours)
    assert "reading 1" in shown
    assert "3 of 3" in shown
    assert "1 in quarantine" in shown
    assert "building the years" in shown


def test_dagster_shows_how_far_an_asset_is_while_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    folders = Folders(raw=str(SAMPLES), warehouse=str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance:
        made = dg.materialize(
            [raw_documents, document_text, readings],
            resources={"folders": folders},
            instance=instance,
            partition_key="2023",
        )
        [observed] = instance.fetch_observations(dg.AssetKey("readings"), limit=10).records
    assert made.success
    observation = observed.asset_observation
    reports = len(list((SAMPLES / "2023").iterdir()))
    assert observation.partition == "2023"
    assert observation.metadata["done"].value == observation.metadata["of"].value == reports
    assert observation.description.startswith(f"reading the reports of 2023: {reports} of {reports} (")
