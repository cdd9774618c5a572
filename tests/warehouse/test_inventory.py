"""What is looked at when a folder is listed: changed files alone, and the reports packed in archives."""

import os
import zipfile
from pathlib import Path

import pytest

from pipeline.warehouse import Inventory, Raw, Seen, Workers, scan
from pipeline.warehouse.store import Store

LONG_AGO = 1_600_000_000


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    for name in ("2022/a.txt", "2022/b.txt", "2023/deep/c.txt"):
        put(tmp_path / "raw" / name, f"the report {name}")
    return Raw.of(tmp_path / "raw")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were hashed since it was cleared."""
    names: list[str] = []
    digest = Raw.digest
    monkeypatch.setattr(Raw, "digest", lambda self, path: names.append(path) or digest(self, path))
    return names


def put(path: Path, content: str | bytes, changed_at: float = LONG_AGO) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (changed_at, changed_at))


def settled(stamp: float = LONG_AGO) -> pytest.MonkeyPatch:
    """Files written this moment count as settled: the clock of the file system cannot be set back."""
    patch = pytest.MonkeyPatch()
    patch.setattr(Seen, "SETTLED", -60.0)
    return patch


def listed(raw: Raw, store: Store) -> Inventory:
    seen = Seen.load(store)
    inventory = scan(raw, seen)
    seen.save(store)
    return inventory


def test_a_file_that_did_not_change_is_not_hashed_again(raw: Raw, hashed: list[str], tmp_path: Path) -> None:
    store = Store.of(tmp_path / "warehouse")
    patch = settled()
    try:
        first = listed(raw, store)
        assert hashed == ["2022/a.txt", "2022/b.txt", "2023/deep/c.txt"]
        hashed.clear()
        assert listed(raw, store) == first
        assert hashed == []
        put(Path(raw.place) / "2022/a.txt", "another one, longer")
        put(Path(raw.place) / "2023/new.txt", "a new one")
        (Path(raw.place) / "2022/b.txt").unlink()
        second = listed(raw, store)
        assert hashed == ["2022/a.txt", "2023/new.txt"]
        assert [file.source_path for file in second.files] == ["2022/a.txt", "2023/deep/c.txt", "2023/new.txt"]
        assert second.files == scan(raw).files
    finally:
        patch.undo()


def test_the_same_size_and_time_of_change_do_not_hide_another_content(
    raw: Raw, hashed: list[str], tmp_path: Path
) -> None:
    store = Store.of(tmp_path / "warehouse")
    patch = settled()
    try:
        listed(raw, store)
        before = (Path(raw.place) / "2022/a.txt").read_bytes()
        put(Path(raw.place) / "2022/a.txt", before[::-1])
        assert listed(raw, store).files == scan(raw).files
    finally:
        patch.undo()


def test_a_file_changed_just_now_is_looked_at_again(raw: Raw, hashed: list[str], tmp_path: Path) -> None:
    store = Store.of(tmp_path / "warehouse")
    listed(raw, store)
    hashed.clear()
    listed(raw, store)
    assert hashed == ["2022/a.txt", "2022/b.txt", "2023/deep/c.txt"]


def test_another_reader_judges_files_again(
    raw: Raw, hashed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.of(tmp_path / "warehouse")
    monkeypatch.setattr(Seen, "SETTLED", -60.0)
    listed(raw, store)
    hashed.clear()
    monkeypatch.setattr("pipeline.versions._fingerprint", lambda *_: "another")
    listed(raw, store)
    assert len(hashed) == 3


def test_reports_in_an_archive_are_files_of_its_year(raw: Raw) -> None:
    with zipfile.ZipFile(Path(raw.place) / "2022" / "towns.zip", "w") as packed:
        packed.writestr("z.txt", "the report z")
        packed.writestr("county/y.txt", "the report 2022/b.txt")
        packed.writestr("more.zip", b"PK")
    inventory = scan(raw)
    found = {file.source_path: (file.report_year, file.code, file.same_as) for file in inventory.files}
    assert found["2022/towns.zip/z.txt"] == (2022, None, None)
    assert found["2022/towns.zip/county/y.txt"] == (2022, "duplicate", "2022/b.txt")
    assert found["2022/towns.zip/more.zip"] == (2022, "unsupported_format", None)
    assert raw.read("2022/towns.zip/z.txt") == b"the report z"
    put(Path(raw.place) / "2022" / "z.txt", "the report z")
    again = {file.source_path: file for file in scan(raw).files}
    assert again["2022/towns.zip/z.txt"].source_sha256 == again["2022/z.txt"].source_sha256


def test_an_archive_that_takes_the_place_of_another_is_read_anew(raw: Raw) -> None:
    for content in ("old", "new"):
        with zipfile.ZipFile(Path(raw.place) / "2022" / "one.zip", "w") as packed:
            packed.writestr("a.txt", content)
        assert raw.read("2022/one.zip/a.txt") == content.encode()


def test_a_broken_archive_and_one_of_no_year_are_refused(raw: Raw) -> None:
    put(Path(raw.place) / "2022" / "broken.zip", b"PK\x03\x04 and no more")
    put(Path(raw.place) / "stray.zip", b"PK\x03\x04")
    found = {file.source_path: file for file in scan(raw).files}
    assert found["2022/broken.zip"].code == "not_unpackable"
    assert found["2022/broken.zip"].hint
    assert found["stray.zip"].code == "no_report_year"


def test_several_processes_list_the_same(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.warehouse.inventory._FILES", 1)
    assert scan(raw, None, Workers(2)).files == scan(raw).files
