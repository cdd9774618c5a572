"""A year in several parts: the same rows as in one, and only what changed is made again."""

import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from assets.folders import Folders
from assets.in_process import build
from pipeline.warehouse import agencies, landing
from pipeline.warehouse.parts import Part, parts_of
from tests.assets.conftest import part, published
from tests.planted.render import render
from tests.planted.years import sequence

YEARS = (2021, 2022)
TOWNS = ("张王疃乡", "巨鹿镇", "王虎寨镇", "西郭城镇", "官亭镇", "阎疃镇", "小吕寨镇", "苏家营镇", "堤村乡", "观寨乡")


def write(raw: Path, number: int, year: int, **options: str) -> Path:
    agency = f"巨鹿县{TOWNS[number]}人民政府"
    path = raw / str(year) / f"{number}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    figures = sequence(YEARS, "2021", number)[year] | options
    title = f"{agency}{year}年政府信息公开工作年度报告"
    path.write_text(render("tab_rows", "2021", "2021", figures, agency=agency, title=title), "utf-8")
    return path


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for number in range(len(TOWNS)):
        for year in YEARS:
            write(tmp_path / "raw", number, year)
    return Folders(raw=str(tmp_path / "raw"), warehouse=str(tmp_path / "warehouse"))


def rows(warehouse: str | Path, table: str) -> list[tuple]:
    with duckdb.connect(Path(warehouse) / "gongkai.duckdb", read_only=True) as connection:
        return connection.sql(f"from {table} order by all").fetchall()


def test_parts_hold_every_report_once() -> None:
    for files in (0, 1, 1_536, 1_537, 100_000):
        parts = parts_of(files)
        assert len(parts) & (len(parts) - 1) == 0
        assert files <= len(parts) * 1_536
        for report in ("0" * 16, "7fff" + "0" * 12, "8000" + "f" * 12, "f" * 16, "3c5d" + "1" * 12):
            assert [part.number for part in parts if part.holds(report)] == [int(report[:4], 16) * len(parts) >> 16]
    assert Part.named("part-3-of-8-abc.parquet") == Part.named("part-3-of-8") == Part(3, 8)


@pytest.mark.parametrize("first", [Part(0, 1), Part(1, 2), Part(5, 8)])
@pytest.mark.parametrize("second", [Part(0, 1), Part(0, 2), Part(1, 2), Part(2, 4), Part(5, 8), Part(11, 16)])
def test_parts_meet_where_a_report_can_be_of_both(first: Part, second: Part) -> None:
    reports = [f"{number:04x}" for number in range(0, 2**16, 997)]
    assert first.meets(second) == any(first.holds(report) and second.holds(report) for report in reports)


def test_several_parts_hold_the_rows_of_one(folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("b", "c"):
        text = write(Path(folders.raw), 3, 2022).read_text("utf-8")
        (Path(folders.raw) / "2022" / f"3{version}.txt").write_text(f"{text}\n{version}", "utf-8")
    (Path(folders.raw) / "2022" / "empty.txt").touch()
    shutil.copyfile(write(Path(folders.raw), 4, 2022), Path(folders.raw) / "2022" / "copy.txt")
    build(folders.raw, tmp_path / "whole")
    monkeypatch.setattr("pipeline.warehouse.parts.LARGEST", 2)
    build(folders.raw, folders.warehouse)
    parts = {name for name in published(folders) if name.startswith("applications/report_year=2022/")}
    assert len(parts) == 8
    for table in ("reports", "applications", "checks", "findings", "similar_reports", "quarantine", "agency_evidence"):
        assert rows(folders.warehouse, table) == rows(tmp_path / "whole", table)
        assert rows(folders.warehouse, table) or table == "similar_reports"
    with duckdb.connect(Path(folders.warehouse) / "gongkai.duckdb", read_only=True) as connection:
        assert connection.sql("select count(*) from findings where rule = 'A2'").fetchone() == (6,)


def test_many_versions_of_one_body_take_no_more_room_than_their_names(folders: Folders) -> None:
    for number in range(40):
        text = write(Path(folders.raw), 3, 2022).read_text("utf-8")
        (Path(folders.raw) / "2022" / f"3-{number}.txt").write_text(f"{text}\n{number}", "utf-8")
    build(folders.raw, folders.warehouse)
    surroundings = folders.lake.load("surroundings", 2022)
    assert max(len(versions or ()) for versions in surroundings["versions"].to_pylist()) == 41
    assert surroundings["siblings"].null_count == len(surroundings)


def test_one_new_report_changes_its_part_and_those_that_are_held_against_it(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.warehouse.parts.LARGEST", 4)
    last = Path(folders.raw) / "2022" / "9.txt"
    kept = last.read_bytes()
    last.unlink()
    build(folders.raw, folders.warehouse)
    before = published(folders)
    last.write_bytes(kept)
    built = build(folders.raw, folders.warehouse)
    after = published(folders)
    changed = {name for name in after if after[name] != before.get(name)}
    assert set(map(part, built.changed)) == changed
    of_cells = {name for name in changed if name.startswith("applications/")}
    assert len(of_cells) == 1
    assert {name.split("/")[1] for name in changed if "report_year" in name} == {"report_year=2022"}
    everything_anew = build(folders.raw, tmp_path / "anew")
    assert everything_anew.changed
    anew = Folders(raw=folders.raw, warehouse=str(tmp_path / "anew"))
    assert {name: content for name, (content, _) in published(anew).items()} == {
        name: content for name, (content, _) in after.items()
    }


def test_full_makes_everything_again_and_changes_nothing(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    build(folders.raw, folders.warehouse)
    before = published(folders)
    done: list[str] = []
    for module, name in ((landing, "read_document"), (agencies, "resolve_report")):
        whole = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *row, name=name, whole=whole, **known: done.append(name) or whole(*row, **known)
        )
    assert build(folders.raw, folders.warehouse).years == []
    assert done == []
    assert build(folders.raw, folders.warehouse, 1, anew=True).years == [min(YEARS) - 1, *YEARS]
    assert Counter(done) == {"read_document": 2 * len(TOWNS), "resolve_report": 2 * len(TOWNS)}
    assert published(folders) == before
