"""The command as a user runs it."""

import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.terminal.inspection import _span
from tests.conftest import PROJECT, SAMPLES


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words: object, status: int = 0, **options: object) -> str:
        result = CliRunner().invoke(main, [str(word) for word in words], **options)
        assert result.exit_code == status, result.output
        return result.output

    return run


def test_help_teaches_every_command(run) -> None:
    overview = run("--help")
    for command in ("import", "build", "inspect", "sql", "review", "diff"):
        assert f"gongkai {command}" in overview
        assert "Usage" in run(command, "--help")


def test_import_copies_by_year_and_never_overwrites(run, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copyfile(SAMPLES / "2023" / "wagangzhai.txt", inbox / "a.txt")
    shutil.copyfile(SAMPLES / "2024" / "julu-julu.txt", inbox / "b.txt")
    assert "2 copied, 0 already there" in run("import", inbox)
    assert (tmp_path / "data/raw/2023/a.txt").read_bytes() == (inbox / "a.txt").read_bytes()
    assert (tmp_path / "data/raw/2024/b.txt").exists()
    assert "0 copied, 2 already there" in run("import", inbox)
    (inbox / "a.txt").write_bytes((inbox / "a.txt").read_bytes() + b"\n")
    assert "1 copied, 1 already there" in run("import", inbox)
    assert (tmp_path / "data/raw/2023/a-2.txt").exists()
    assert (tmp_path / "data/raw/2023/a.txt").read_bytes() == (SAMPLES / "2023" / "wagangzhai.txt").read_bytes()


def test_import_takes_the_year_from_the_path_or_from_the_user(run, tmp_path: Path) -> None:
    (tmp_path / "某镇2022年.pdf").write_bytes(b"%PDF-1.4 a report that cannot be read yet")
    (tmp_path / "无年份.pdf").write_bytes(b"%PDF-1.4 another")
    assert "1 copied" in run("import", tmp_path / "某镇2022年.pdf")
    assert (tmp_path / "data/raw/2022/某镇2022年.pdf").exists()
    assert "1 left where they are" in run("import", tmp_path / "无年份.pdf")
    assert "1 copied" in run("import", "--year", 2021, tmp_path / "无年份.pdf")
    assert (tmp_path / "data/raw/2021/无年份.pdf").exists()


def test_import_opens_archives(run, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.write(SAMPLES / "2023" / "wagangzhai.txt", "乡镇/瓦岗寨.txt")
        archive.writestr("../../outside.pdf", b"%PDF-1.4 a report without a year of its own")
        archive.mkdir("empty")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    shown = run("import", tmp_path / "some.zip", tmp_path / "broken.zip")
    assert "1 copied, 0 already there, 2 left" in shown
    assert (tmp_path / "data/raw/2023/瓦岗寨.txt").read_bytes() == (SAMPLES / "2023" / "wagangzhai.txt").read_bytes()
    assert "no readable ZIP archive" in shown
    assert "1 copied" in run("import", "--year", 2022, tmp_path / "some.zip")
    assert (tmp_path / "data/raw/2022/outside.pdf").exists()
    assert not list(tmp_path.parent.glob("outside.pdf"))


def written(warehouse: Path) -> dict[Path, int]:
    """When each file was written, but what is remembered of the raw folder: files are trusted once they are settled."""
    files = (path for path in warehouse.rglob("*") if path.is_file() and path.name != "seen.parquet")
    return {path: path.stat().st_mtime_ns for path in files}


def test_build_twice_says_that_nothing_changed(run, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "2024", tmp_path / "data/raw/2024")
    (tmp_path / "data/raw/2024/photo.png").write_bytes(b"\x89PNG")
    first = run("build")
    assert "photo.png" in first
    assert "files of the warehouse are new" in first
    before = written(tmp_path / "data/warehouse")
    assert "Nothing has changed since the last build: no file was written" in run("build")
    assert written(tmp_path / "data/warehouse") == before


def test_errors_say_what_to_do(run, tmp_path: Path) -> None:
    assert "gongkai import" in run("build", status=1)
    assert "gongkai build" in run("sql", "from reports", status=1)
    run("inspect", "nowhere.txt", status=2)
    run("import", status=2)
    (tmp_path / "a.xyz").write_text("x")
    assert "cannot be read" in run("inspect", "a.xyz")


def test_inspect_lays_out_tables_checks_and_places(run) -> None:
    shown = run("inspect", SAMPLES / "2023" / "huaian-hongze.txt")
    text = (SAMPLES / "2023" / "huaian-hongze.txt").read_text("utf-8").splitlines()
    (row,) = [line for line in shown.splitlines() if "行政处罚" in line and "4119" in line]
    assert text[int(re.findall(r"line (\d+)", row)[0]) - 1].split("\t")[:2] == ["行政处罚", "4119"]
    assert "edition 2021" in shown
    assert "edition 2019" in shown
    assert shown.count("error H4") == 2
    assert "结果维持 10 + 结果纠正 1" in shown


def test_inspect_shows_the_state_of_odd_cells_and_every_place(run) -> None:
    shown = run("inspect", "--places", SAMPLES / "2019" / "shilishi-bangongshi.txt")
    assert "251000元" in shown
    assert "·" in shown
    assert re.search(r"line \d+", shown)


def test_inspect_says_why_a_file_is_refused(run, tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("床前明月光，疑是地上霜。", "utf-8")
    assert "not_a_report" in run("inspect", "poem.txt")


def test_sql_prints_tables_and_csv_and_reads_a_pipe(run, sample_warehouse) -> None:
    query = (
        "select subject, value from proactive_disclosure join reports using (report_id) "
        "where agency_name like '%王家庄%' and value > 0 order by 2"
    )
    options = ("--warehouse", sample_warehouse.root)
    assert run("sql", "--csv", query, *options) == "subject,value\npenalty,15.000000\nlicensing,920.000000\n"
    assert run("sql", "--csv", *options, input=query).splitlines()[0] == "subject,value"
    assert "syntax error" in run("sql", "selec 1", *options, status=1)
    assert "read-only" in run("sql", "create table t as select 1", *options, status=1)


def test_the_queries_of_the_readme_run(run, sample_warehouse) -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    queries = re.findall(r'gongkai sql "([^"]+)"', readme)
    assert queries
    for query in queries:
        lines = run("sql", "--csv", " ".join(query.split()), "--warehouse", sample_warehouse.root).splitlines()
        assert len(lines) > 1, query


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        (["line 88 cell 3", "line 88 cell 9"], "line 88"),
        (["line 101", "line 107"], "line 101 … line 107"),
        (["page 3 box 310,479,342,502", "page 3 box 483,479,516,502"], "page 3"),
        (["table 3 row 5 cell 2", None, "table 3 row 5 cell 8"], "table 3 row 5"),
        ([None], ""),
    ],
)
def test_a_row_s_place_is_what_its_cells_share(places, shown) -> None:
    assert _span(places) == shown


def test_inspect_writes_a_page(run, tmp_path: Path) -> None:
    assert "wagangzhai.html is written" in run("inspect", "--html", SAMPLES / "2023" / "wagangzhai.txt")
    assert "瓦岗寨" in (tmp_path / "wagangzhai.html").read_text("utf-8")
    run("inspect", SAMPLES / "2023" / "wagangzhai.txt", "-o", "other.html")
    assert (tmp_path / "other.html").exists()


def test_review_writes_an_index_and_says_where(run, sample_warehouse, tmp_path: Path) -> None:
    assert "gongkai build" in run("review", status=1)
    said = run("review", "--raw", SAMPLES, "--warehouse", sample_warehouse.root, "-o", "pages")
    assert "Open in a browser: pages/index.html" in said
    assert (tmp_path / "pages" / "index.html").exists()


def test_diff_of_a_warehouse_with_itself_and_as_csv(run, sample_warehouse) -> None:
    assert "Nothing changed" in run("diff", sample_warehouse.root, sample_warehouse.root)
    assert run("diff", "--csv", sample_warehouse.root, sample_warehouse.root).startswith("report_year,agency_name")
    run("diff", "nowhere", status=2)
