"""Whose reports are, from the raw folder to the register: one body under many names, versions, overrides."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from assets.in_process import BuildFailed, Built, build
from pipeline.cli import main
from pipeline.warehouse import Lake, Raw, UnusableEntries, agencies, read_amendments
from tests.conftest import PROJECT
from tests.planted.figures import consistent
from tests.planted.render import render

HEADER = "report_year,report_id,source_path,agency_name,agency_id,why,who\n"
ZHANG, JULU, WANG = "130529201", "130529100", "130524200"


def text(agency: str, year: int, seed: int, signed_on: str | None = None) -> str:
    made = render("tab_rows", "2021", "2021", consistent("2021", "2021", seed=seed), agency=agency, signed_on=signed_on)
    return made.replace("2023年", f"{year}年") if year != 2023 else made


REPORTS = {
    "2022/zhang.txt": text("巨鹿县张王疃乡人民政府", 2022, 1),
    "2023/zhang.txt": text("张王疃乡", 2023, 2, "2024年1月10日"),
    "2023/zhang-later.txt": text("巨鹿县张王疃乡人民政府", 2023, 3, "2024年2月20日"),
    "2023/finance.txt": text("巨鹿县财政局", 2023, 4),
    "2023/made-up.txt": text("示例县青石镇人民政府", 2023, 5),
}


class Folder:
    """A data folder with reports and its warehouse."""

    def __init__(self, root: Path) -> None:
        self.raw, self.warehouse, self.overrides = root / "raw", root / "warehouse", root / "agencies.csv"
        for name, content in REPORTS.items():
            (self.raw / name).parent.mkdir(parents=True, exist_ok=True)
            (self.raw / name).write_text(content, "utf-8")

    def build(self) -> Built:
        return build(self.raw, self.warehouse)

    def override(self, *lines: str) -> None:
        self.overrides.write_text(HEADER + "".join(f"{line}\n" for line in lines), "utf-8")

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(Lake(self.warehouse).catalogue, read_only=True) as connection:
            return connection.sql(query).fetchall()


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("agencies"))
    folder.build()
    return folder


@pytest.fixture
def folder(built: Folder, tmp_path: Path) -> Folder:
    """A copy to change."""
    shutil.copytree(built.raw.parent, tmp_path / "data")
    return Folder(tmp_path / "data")


def test_the_register_has_a_row_a_body(built: Folder) -> None:
    assert built.ask("select * exclude (level, region_code) from agencies order by agency_id") == [
        ("130529-finance", "巨鹿县财政局", "department", "finance", "130529", 2023, 2023, 1, "巨鹿县财政局"),
        (
            ZHANG,
            "巨鹿县张王疃乡人民政府",
            "government",
            None,
            "130529",
            2022,
            2023,
            3,
            "巨鹿县张王疃乡人民政府; 张王疃乡",
        ),
    ]
    assert built.ask("select agency_id, level, region_code from agencies order by agency_id") == [
        ("130529-finance", "county", "130529"),
        (ZHANG, "township", ZHANG),
    ]


def test_versions_of_a_body_are_found_under_different_names(built: Folder) -> None:
    columns = "source_path, agency_id, agency_status, agency_score > 0, is_current"
    assert built.ask(f"select {columns} from reports order by source_path") == [
        ("2022/zhang.txt", ZHANG, "resolved", True, True),
        ("2023/finance.txt", "130529-finance", "resolved", True, True),
        ("2023/made-up.txt", None, "unknown", False, True),
        ("2023/zhang-later.txt", ZHANG, "resolved", True, True),
        ("2023/zhang.txt", ZHANG, "resolved", True, False),
    ]
    others = built.ask("select observed from findings where rule = 'A2' order by observed")
    assert others == [("2023/zhang-later.txt",), ("2023/zhang.txt",)]


def test_who_is_nobody_known_is_said_and_lowers_no_grade(built: Folder) -> None:
    query = "select severity, message, grade_reasons from findings join reports using (report_id) where rule = 'A3'"
    said = "Which body reported is not decided: 示例县青石镇人民政府 is no name of a body that is known."
    assert built.ask(query) == [("info", said, None)]


def test_evidence_has_its_place(built: Folder) -> None:
    query = """select kind, name, text, locator, e.region_code, says from agency_evidence as e
        join reports using (report_id) where source_path = '2023/zhang-later.txt' order by position"""
    found = built.ask(query)
    assert found[0] == ("title", "巨鹿县张王疃乡人民政府", "巨鹿县张王疃乡人民政府", "line 1", ZHANG, "for")
    assert ("mention", None, "130529", "for") in {(row[0], row[1], row[4], row[5]) for row in found}


@pytest.mark.parametrize(
    ("line", "wins"),
    [
        (f"2023,,2023/made-*,,{WANG},The scan shows the seal,Li Si", {"2023/made-up.txt": WANG}),
        (f",,,示例县青石镇人民政府,{JULU},A test town,Li Si", {"2023/made-up.txt": JULU}),
        (
            f",,202?/zhang*,,{JULU},Renamed,Li Si",
            {"2022/zhang.txt": JULU, "2023/zhang-later.txt": JULU, "2023/zhang.txt": JULU},
        ),
    ],
)
def test_an_override_wins_and_is_evidence(folder: Folder, line: str, wins: dict[str, str]) -> None:
    folder.override(line)
    folder.build()
    told = dict(folder.ask("select source_path, agency_id from reports"))
    assert {path: told[path] for path in wins} == wins
    assert told["2023/finance.txt"] == "130529-finance"
    evidence = folder.ask(
        "select source_path, text, says from agency_evidence join reports using (report_id) where kind = 'override'"
    )
    assert {path for path, _, _ in evidence} == set(wins)
    _, _, pattern, _, agency, why, who = line.split(",")
    for _, shown, says in evidence:
        assert says == "for"
        assert all(part in shown for part in (pattern, agency, why, who))
    agency_ids = {row for (row,) in folder.ask("select agency_id from agencies")}
    assert set(wins.values()) <= agency_ids
    folder.overrides.unlink()
    folder.build()
    assert dict(folder.ask("select source_path, agency_id from reports"))["2023/made-up.txt"] is None


def test_an_override_of_one_year_builds_that_year_alone(folder: Folder) -> None:
    folder.override(f",,2023/fin*,,{JULU},x,y")
    assert folder.build().years == [2023]
    assert folder.build() == Built([], [])


def test_an_override_for_no_report_fails_the_build_and_says_where(folder: Folder) -> None:
    before = folder.ask("from agencies order by all")
    folder.override(f",,2023/made-*,,{WANG},x,y", f"2022,,,巨鹿县财政局,{WANG},x,y")
    result = CliRunner().invoke(main, ["build", "--raw", str(folder.raw), "--warehouse", str(folder.warehouse)])
    assert result.exit_code == 1
    assert "agencies.csv, line 3: no accepted report of 2022 has the agency_name 巨鹿县财政局." in result.output
    assert "Traceback" not in result.output
    assert folder.ask("from agencies order by all") == before
    folder.override(f",,2023/made-*,,{WANG},x,y")
    folder.build()
    assert (WANG,) in folder.ask("select agency_id from agencies")


def test_two_overrides_that_differ_on_a_report_fail_the_build(folder: Folder) -> None:
    folder.override(f",,2023/made-*,,{WANG},x,y", f",,,示例县青石镇人民政府,{JULU},x,y")
    with pytest.raises(
        BuildFailed, match=r"line 2 \(130524200\) and agencies.csv, line 3 \(130529100\) give 2023/made-up"
    ):
        folder.build()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("agency_name,why,who\n", "line 1: agency_id is missing"),
        ("agency,agency_id,why,who\n", "line 1: agency is no column"),
        (HEADER + f",,,,{WANG},x,y\n", "line 2: say which reports are meant with one of"),
        (HEADER + f",,2023/a,b,{WANG},x,y\n", "line 2: say which reports are meant with one of"),
        (HEADER + ",,,a,999999,x,y\n", "line 2: agency_id: '999999' names no body"),
        (HEADER + ",,,a,320829,x,y\n", "The code of 洪泽区 is 320813."),
        (HEADER + f",,,a,{WANG},,y\n", "line 2: why: say it in words."),
        (HEADER + f"1999,,,a,{WANG},x,y\n", "line 2: report_year: '1999' is no report year"),
        (HEADER + f",xyz,,,{WANG},x,y\n", "line 2: report_id: 'xyz' is no id"),
        (HEADER + f",,,a,{WANG},x,y,z\n", "line 2: there are more values than columns"),
        (HEADER + f",,,a,{WANG},x,y\n\n,,,a,{JULU},x,y\n", "line 4 is for the same reports as agencies.csv, line 2"),
    ],
)
def test_a_badly_written_line_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "agencies.csv").write_text(content, "utf-8-sig")
    with pytest.raises(UnusableEntries, match=r"^agencies\.csv, ") as raised:
        read_amendments(Raw.of(tmp_path / "raw"))
    assert said in str(raised.value)


def test_what_was_weighed_is_not_weighed_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed = []
    whole = agencies.resolve_report
    monkeypatch.setattr(agencies, "resolve_report", lambda *given: weighed.append(given[1]) or whole(*given))
    (folder.raw / "2023/new.txt").write_text(text("巨鹿镇", 2023, 9), "utf-8")
    (folder.raw / "2023/finance.txt").rename(folder.raw / "2023/moved.txt")
    assert folder.build().years == [2023]
    assert sorted(weighed) == ["2023/moved.txt", "2023/new.txt"]
    assert folder.ask("select agency_id from reports where source_path like '%moved%'") == [("130529-finance",)]


def test_the_example_of_the_documentation_is_well_written(tmp_path: Path) -> None:
    [example] = re.findall(r"```csv\n(.*?)```", (PROJECT / "docs/agencies.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "agencies.csv").write_text(example, "utf-8")
    read = read_amendments(Raw.of(tmp_path / "raw")).agencies
    assert [(line.report_year, line.column, line.agency_id) for line in read] == [
        (2023, "source_path", "130529-finance"),
        (None, "agency_name", "130524200"),
    ]
