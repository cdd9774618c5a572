"""A raw folder as they are: whatever lies in it, the build goes on, and every file is a report or in quarantine."""

from pathlib import Path

import duckdb
import pytest

from assets.in_process import build
from pipeline.warehouse import Lake
from tests.conftest import SAMPLES
from tests.planted.figures import consistent
from tests.planted.render import render

GOOD = (SAMPLES / "2023" / "julu-zhangwangtuan.txt").read_bytes()
POEM = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n"
WITHOUT_TABLES = "示例县示例镇2023年政府信息公开工作年度报告\n\n一、总体情况\n\n表格见附件。\n"


def damaged() -> bytes:
    text = bytearray(GOOD)
    text[len(text) // 2 : len(text) // 2 + 2] = b"\xff\xfe"
    return bytes(text)


def half() -> bytes:
    text = GOOD.decode()
    return text[: len(text) // 2].encode()


MESSY = {
    "2023/good.txt": (GOOD, None),
    "2023/damaged.txt": (damaged(), "not_decodable"),
    "2023/empty.txt": (b"", "empty"),
    "2023/picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "binary"),
    "2023/nul.txt": (b"2023\x00\x01\x02\x03" * 50, "binary"),
    "2023/poem.txt": (POEM.encode(), "not_a_report"),
    "2023/attachment.txt": (WITHOUT_TABLES.encode(), "no_table_found"),
    "2023/half.txt": (half(), "truncated"),
    "2023/huge.txt": (GOOD + b" " * (9 * 2**20), "too_large"),
    "2023/report.xyz": (GOOD + b"x", "unsupported_format"),
    "2023/no_ending": (GOOD + b"y", "unsupported_format"),
    "2023/sub/folder/copy.txt": (GOOD, "duplicate"),
    "2024/copy.txt": (GOOD, "duplicate"),
    "loose.txt": (GOOD + b"\n", "no_report_year"),
    "misc/report.txt": (GOOD + b"\n\n", "no_report_year"),
    "1999/old.txt": (GOOD + b"\n\n\n", "no_report_year"),
}


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("messy")
    for path, (content, _) in MESSY.items():
        (folder / "raw" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "raw" / path).write_bytes(content)
    (folder / "raw" / "2023" / "gone.txt").symlink_to(folder / "nowhere.txt")
    build(folder / "raw", folder / "warehouse")
    return duckdb.connect(Lake(folder / "warehouse").catalogue, read_only=True)


def test_every_file_is_where_it_belongs(messy) -> None:
    refused = dict(messy.execute("select source_path, code from quarantine").fetchall())
    accepted = {path for (path,) in messy.execute("select source_path from reports").fetchall()}
    expected = {path: code for path, (_, code) in MESSY.items() if code} | {"2023/gone.txt": "not_accessible"}
    assert refused == expected
    assert accepted == {"2023/good.txt"}


def test_each_says_why_and_what_to_do(messy) -> None:
    for path, message, hint in messy.execute("select source_path, message, hint from quarantine").fetchall():
        assert len(message) > 15, path
        assert message.endswith("."), path
        assert len(hint) > 10, path


def test_the_year_is_that_of_the_folder_or_null(messy) -> None:
    years = dict(messy.execute("select source_path, report_year from quarantine").fetchall())
    assert years["2024/copy.txt"] == 2024
    assert years["2023/empty.txt"] == 2023
    assert [years[path] for path in ("loose.txt", "misc/report.txt", "1999/old.txt")] == [None, None, None]


def test_the_same_bytes_are_one_report_and_each_copy_one_finding(messy) -> None:
    found = messy.execute("select observed, severity from findings where rule = 'F1' order by 1").fetchall()
    assert found == [("2023/sub/folder/copy.txt", "info"), ("2024/copy.txt", "info")]


def test_a_year_in_another_folder_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "raw" / "2021").mkdir(parents=True)
    (tmp_path / "raw" / "2021" / "late.txt").write_bytes(GOOD)
    build(tmp_path / "raw", tmp_path / "warehouse")
    with duckdb.connect(Lake(tmp_path / "warehouse").catalogue, read_only=True) as connection:
        rows = connection.execute("select report_year, stated_year from reports").fetchall()
        found = connection.execute("select observed, expected from findings where rule = 'Y1'").fetchall()
    assert rows == [(2021, 2023)]
    assert found == [("2023", "2021")]


def test_versions_of_one_report(tmp_path: Path) -> None:
    """The later of two dated versions is current; a bare town's name may be two towns, so both stay."""
    raw = tmp_path / "raw" / "2023"
    raw.mkdir(parents=True)
    figures = consistent("2021", "2021", seed=1)
    for name, agency, signed in (
        ("a.txt", "示例县青石镇人民政府", "2024年1月10日"),
        ("b.txt", "示例县青石镇人民政府", "2024年2月20日"),
        ("c.txt", "城关镇", "2024年1月10日"),
        ("d.txt", "城关镇", "2024年2月20日"),
        ("e.txt", "示例县白石镇人民政府", None),
        ("f.txt", "示例县白石镇人民政府", "2024年2月20日"),
    ):
        (raw / name).write_text(render("tab_rows", "2021", "2021", figures, agency=agency, signed_on=signed), "utf-8")
    build(tmp_path / "raw", tmp_path / "warehouse")
    with duckdb.connect(Lake(tmp_path / "warehouse").catalogue, read_only=True) as connection:
        current = dict(connection.execute("select source_path, is_current from reports").fetchall())
        found = connection.execute("select count(*) from findings where rule = 'A2'").fetchone()
    assert current == {f"2023/{name}.txt": name != "a" for name in "abcdef"}
    assert found == (6,)
