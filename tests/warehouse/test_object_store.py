"""Raw folder and warehouse in an object store: the bytes of a local build, asked and published as a local one is.

The object store is moto's server, on this machine.
"""

import logging
import re
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from pyarrow import fs

from assets.in_process import BuildFailed, build
from pipeline.cli import main
from pipeline.warehouse import Lake, Raw, open_catalogue, publishing, scan
from pipeline.warehouse.differences import compare
from pipeline.warehouse.store import Store, UnusablePlace
from tests.conftest import SAMPLES
from tests.planted.render import render
from tests.planted.years import sequence

pytestmark = pytest.mark.xdist_group("object store")  # they share one build

YEARS = ("2022", "2023")
WAGANG = SAMPLES / "2023" / "wagangzhai.txt"
CORRECTION = f"""
- {{report_id: {sha256(WAGANG.read_bytes()).hexdigest()[:16]}, report_year: 2023, table_name: applications,
   item: granted_full, applicant: company, printed: 0, value: 41, reason: x, corrected_by: x, corrected_on: 2024-05-31,
   source: x}}
"""
PACKED = {"示例县青石镇人民政府": 5, "巨鹿县张王疃乡人民政府": 6}
COUNTS = "select report_year, count(*) from reports group by 1 order by 1"


def files() -> dict[str, bytes]:
    """What lies in the raw folder and beside it: samples, reports packed in an archive, entries by hand."""
    found = {f"raw/{year}/{path.name}": path.read_bytes() for year in YEARS for path in (SAMPLES / year).iterdir()}
    towns = BytesIO()
    with ZipFile(towns, "w") as archive:
        for agency, seed in PACKED.items():
            title = f"{agency}2023年政府信息公开工作年度报告"
            figures = sequence((2023,), "2021", seed)[2023]
            archive.writestr(
                f"乡镇/{agency}.txt", render("tab_rows", "2021", "2021", figures, agency=agency, title=title)
            )
    return found | {
        "raw/2023/towns.zip": towns.getvalue(),
        "corrections/2023/a.yml": CORRECTION.encode(),
        "agencies.csv": b"source_path,agency_id,why,who\n2023/yangbenqu*,130529-finance,x,x\n",
        "expected.csv": b"agency_id,from_year,to_year\n130529201,2022,2023\n",
    }


class Bucket:
    """A bucket, and what was asked of it."""

    def __init__(self, options: str, requests: list[str]) -> None:
        self.options, self.requests = options, requests

    def place(self, folder: str) -> str:
        return f"s3://reports/{folder}?{self.options}"

    @property
    def changes(self) -> list[str]:
        """The requests that change something."""
        return [request for request in self.requests if not request.startswith(("GET", "HEAD"))]


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    moto = pytest.importorskip("moto.server", reason="moto is not installed: pip install 'moto[server]'")
    requests: list[str] = []

    class Told(moto.MotoRequestHandler):
        def log_request(self, *words: Any) -> None:
            requests.append(f"{self.command} {self.path}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moto.moto_server.threaded_moto_server.MotoRequestHandler", Told)
        for name, value in {
            "ACCESS_KEY_ID": "none",
            "SECRET_ACCESS_KEY": "none",
            "EC2_METADATA_DISABLED": "true",
        }.items():
            patch.setenv(f"AWS_{name}", value)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        options = f"scheme=http&endpoint_override=127.0.0.1:{server.get_host_and_port()[1]}&region=us-east-1"
        made, _ = fs.FileSystem.from_uri(f"s3://reports?{options}&allow_bucket_creation=true")
        made.create_dir("reports")
        yield Bucket(options, requests)
        server.stop()


@pytest.fixture(scope="module")
def built(bucket: Bucket, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The same files here and in the bucket, built here and there."""
    folder = tmp_path_factory.mktemp("here")
    stores = Store.of(folder), Store(bucket.place("there"))
    for name, content in files().items():
        for store in stores:
            store.write(name, content)
    here, there = (SimpleNamespace(raw=store.below("raw"), warehouse=store.below("warehouse")) for store in stores)
    for side in (here, there):
        said = run("build", "--raw", side.raw, "--warehouse", side.warehouse, "--workers", 1)
        assert "files of the warehouse are new" in said
    return SimpleNamespace(here=here, there=there, said=said)


def run(*words: object, status: int = 0) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == status, result.output
    return result.output


def published(warehouse: str) -> dict[str, str]:
    """The hash of every published Parquet file."""
    store = Store.of(warehouse)
    names = [name for name in store.names(ending=".parquet") if not name.startswith("_")]
    return {name: sha256(store.read(name)).hexdigest() for name in names}


def ask(warehouse: str, query: str) -> list[Any]:
    with open_catalogue(Lake(warehouse)) as connection:
        return connection.execute(query).fetchall()


def test_the_same_bytes_as_of_a_local_build(built) -> None:
    here, there = published(built.here.warehouse), published(built.there.warehouse)
    assert there == here
    assert {name.split("/")[1] for name in there if name.startswith("reports/")} == {
        f"report_year={year}" for year in (int(min(YEARS)) - 1, *YEARS)
    }


def test_what_people_add_beside_the_raw_folder_counts(built) -> None:
    corrected = "select value::int, text from applications where origin = 'corrected'"
    assert ask(built.there.warehouse, corrected) == [(41, "0")]
    assert ask(built.there.warehouse, "select agency_id from reports where source_path like '%yangbenqu%'") == [
        ("130529-finance",)
    ]
    assert ask(built.there.warehouse, "select count(*) from expected_reports where reason = 'listed'") == [(2,)]


def test_packed_reports_are_read_where_they_lie(built) -> None:
    received = "received_new", "total"
    for agency, seed in PACKED.items():
        planted = sequence((2023,), "2021", seed)[2023]["applications", *received]
        query = "select value::int from applications join reports using (report_id) where item = ? and applicant = ?"
        with open_catalogue(Lake(built.there.warehouse)) as connection:
            rows = connection.execute(f"{query} and source_path = ?", [*received, f"2023/towns.zip/乡镇/{agency}.txt"])
            assert rows.fetchall() == [(int(planted),)]


def test_a_large_archive_is_read_in_large_pieces(bucket) -> None:
    contents = {f"{number:04}.txt": Random(number).randbytes(2_000) for number in range(1_000)}
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    Store(bucket.place("large")).write("2023/towns.zip", packed.getvalue())
    raw = Raw.of(bucket.place("large"))
    bucket.requests.clear()
    read = {name: raw.read(f"2023/towns.zip/{name}") for name in list(contents)[::8]}
    assert read == {name: contents[name] for name in read}
    assert len(read) == 125
    assert len(bucket.requests) < 12


def test_the_commands_ask_it_as_they_ask_a_local_one(built, tmp_path: Path) -> None:
    sides = built.here, built.there
    query = "select report_year, item, sum(value) from applications group by all order by all"
    asked = [run("sql", "--csv", query, "--warehouse", side.warehouse) for side in sides]
    assert asked[0] == asked[1]
    assert {line.partition(",")[0] for line in asked[0].splitlines()} == {"report_year", *YEARS}
    written = [
        run("review", "--raw", side.raw, "--warehouse", side.warehouse, "-o", tmp_path / str(number))
        for number, side in enumerate(sides)
    ]
    assert written[0].partition(" reports without")[0] == written[1].partition(" reports without")[0]
    assert (tmp_path / "0" / "index.html").read_bytes() == (tmp_path / "1" / "index.html").read_bytes()
    assert "Nothing changed" in run("diff", built.here.warehouse, built.there.warehouse)
    [command] = re.findall(r"^  .*sql --warehouse '(s3://\S+)' ", built.said, re.MULTILINE)
    assert command == built.there.warehouse
    assert "gongkai build" in run("sql", COUNTS, "--warehouse", built.there.raw, status=1)


def test_asking_lists_a_table_once_and_opens_files_without_asking_for_each_how_large_it_is(built, bucket) -> None:
    bucket.requests.clear()
    run("sql", "select sum(value) from applications", "--warehouse", built.there.warehouse)
    lists = [request for request in bucket.requests if "list-type" in request]
    assert len(lists) == 1
    assert len(bucket.requests) < 30


def test_a_file_that_is_gone_changes_its_year_alone(built, bucket) -> None:
    raw = Store(bucket.place("fewer"))
    for name, content in files().items():
        if name.startswith("raw/") and "hongze" not in name:
            raw.write(name.removeprefix("raw/"), content)
    before, after = (scan(Raw.of(place)) for place in (built.there.raw, raw.place))
    changed = [year for year in (2022, 2023) if before.fingerprint(year) != after.fingerprint(year)]
    assert changed == [2023]
    assert len(before.of(2023)) - len(after.of(2023)) == 1


@pytest.mark.parametrize("side", ["here", "there"])
def test_readers_see_one_release_whole_while_the_next_is_published(
    built, bucket, side: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A raw folder of this machine; the warehouse here, or there."""
    for name, content in files().items():
        Store.of(tmp_path).write(name, content)
    raw, first = str(tmp_path / "raw"), Store.of(getattr(built, side).warehouse)
    moved = Store(first.parent().below("moved"))
    for name in first.names():
        first.parent().copy(f"warehouse/{name}", f"moved/{name}")
    warehouse = moved.place
    before, seen = ask(warehouse, COUNTS), set(Lake(warehouse).released())
    named = "select sql like '%/moved/reports/%' from duckdb_views() where view_name = 'reports'"
    assert (before, ask(warehouse, named)) == (ask(first.place, COUNTS), [(True,)])

    bucket.requests.clear()
    assert build(raw, warehouse, 1).changed == []
    assert [request for request in bucket.changes if "seen.parquet" not in request] == []

    (tmp_path / "raw" / "2023" / "huaian-hongze.txt").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "build_catalogue", stopped)
        with pytest.raises(BuildFailed, match="stopped before the catalogue was swapped"):
            build(raw, warehouse, 1)
    assert set(Lake(warehouse).there()) > seen, "the files of the next release lie there"
    assert set(Lake(warehouse).released()) == seen
    assert ask(warehouse, COUNTS) == before

    again = build(raw, warehouse, 1)
    assert again.years == []
    assert {name.split("/")[1] for name in again.changed if "report_year=" in name} == {"report_year=2023"}
    assert [now[1] - then[1] for now, then in zip(ask(warehouse, COUNTS), before, strict=True)] == [0, -1]
    assert set(Lake(warehouse).there()) == set(Lake(warehouse).released())
    differences = compare(moved.below("_previous"), warehouse)
    assert [(row["change"], row["source_path"]) for row in differences.reports.to_pylist()] == [
        ("removed", "2023/huaian-hongze.txt")
    ]
    assert "huaian-hongze.txt" in moved.read("_release_diff/changes.html").decode()


def stopped(*_: Any) -> bool:
    raise RuntimeError("stopped before the catalogue was swapped")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("s3://key:word@reports/raw", "hold no credentials"),
        ("nowhere://reports/raw", "names no folder of an object store"),
        ("s3://reports/raw?colour=red", "names no folder of an object store"),
        ("file:///srv/raw", "Write its path: /srv/raw"),
        ("s3://reports", "s3://reports is a whole bucket. Name a folder in it, as s3://reports/raw"),
    ],
)
def test_a_place_that_cannot_be_used_says_what_to_write(place: str, said: str) -> None:
    with pytest.raises(UnusablePlace, match=re.escape(said)):
        Raw.of(place).exists()


def test_the_command_says_it_in_a_sentence(tmp_path: Path) -> None:
    said = run("build", "--raw", "s3://reports", "--warehouse", tmp_path / "warehouse", status=1)
    assert said.startswith("gongkai: s3://reports is a whole bucket.")


def test_folders_of_a_url_keep_its_options() -> None:
    raw = Raw.of("s3://bucket/a/raw/?region=x")
    assert raw.beside.place == "s3://bucket/a?region=x"
    assert raw.beside.below("warehouse") == "s3://bucket/a/warehouse?region=x"
    assert raw.beside.path("b c.txt") == "s3://bucket/a/b c.txt"
