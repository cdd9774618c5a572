"""The views of the schema `analysis`: their headers, three sample reports added up by hand, and the hard cases.

The three reports: shilixian-baishi of 2022 (table 3 of the 2021 edition), shilixian-qingshi of 2022 (2019 edition), and
huaian-hongze of 2023 (its table 4 prints totals of 0 over 10 + 1 and over 5 cases). The hard cases are typed as rows,
because no sample file has them.
"""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from assets.in_process import build
from pipeline.warehouse.catalogue import analysis_views
from tests.conftest import SAMPLES

VIEWS = analysis_views()
HEADER = ["Question", "Grain", "Denominator", "Counted", "Caveats"]


@pytest.mark.parametrize("name", VIEWS)
def test_a_header_says_question_grain_denominator_and_caveats(name) -> None:
    header = re.match(r"(?:-- .*\n)+", VIEWS[name])
    assert header
    text = header[0].replace("\n-- ", " ")
    assert re.findall(r"(?:^-- |\. |\? )([A-Z]\w+):", text) == HEADER


@pytest.fixture(scope="module")
def three_reports(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    for name in ("2022/shilixian-baishi.txt", "2022/shilixian-qingshi.txt", "2023/huaian-hongze.txt"):
        (folder / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SAMPLES / name, folder / "raw" / name)
    build(folder / "raw", folder / "warehouse")
    return folder / "warehouse" / "gongkai.duckdb"


def rows(catalogue: Path, view: str) -> list[tuple]:
    with duckdb.connect(catalogue, read_only=True) as connection:
        return connection.sql(f"FROM analysis.{view}").fetchall()


def test_outcomes_of_three_reports(three_reports) -> None:
    assert rows(three_reports, "outcomes_by_year") == [
        (2022, "granted", 1 + 4, 3 + 9, pytest.approx(5 / 12), 2, 0),
        (2022, "denied", 0 + 1, 3 + 9, pytest.approx(1 / 12), 2, 0),
        (2022, "unable", 1 + 3, 3 + 9, pytest.approx(4 / 12), 2, 0),
        (2022, "rejected", 0 + 1, 3 + 9, pytest.approx(1 / 12), 2, 0),
        (2022, "other", 1 + 0, 3 + 9, pytest.approx(1 / 12), 2, 0),
        (2023, "granted", 4, 21, pytest.approx(4 / 21), 1, 0),
        (2023, "denied", 1 + 1 + 1, 21, pytest.approx(3 / 21), 1, 0),
        (2023, "unable", 10 + 3, 21, pytest.approx(13 / 21), 1, 0),
        (2023, "rejected", 1, 21, pytest.approx(1 / 21), 1, 0),
        (2023, "other", 0, 21, 0, 1, 0),
    ]


def test_reviews_and_lawsuits_of_three_reports(three_reports) -> None:
    nothing = (None,) * 7
    assert rows(three_reports, "reviews_and_lawsuits_by_year") == [
        (2022, "review", 1, 1, 0, 0, 0, 1, 0, 2, 0),
        (2022, "lit_direct", 0, 0, 0, 0, 0, 0, None, 2, 0),
        (2022, "lit_after_review", 0, 0, 0, 0, 0, 0, None, 2, 0),
        (2023, "review", *nothing, 0, 1),
        (2023, "lit_direct", *nothing, 0, 1),
        (2023, "lit_after_review", *nothing, 0, 1),
    ]


def test_quality_of_three_reports(three_reports) -> None:
    """Sums over more than zeros: columns of H1 and of H2, rows of H3, channels of H4."""
    baishi, qingshi, hongze = 3 + 3 + 6 + 0, 3 + 3 + 8 + 1, 2 + 2 + 9 + 0
    zeros_2022 = (7 + 7 + 25 + 3) - baishi + (7 + 7 + 23 + 3) - qingshi
    zeros_2023 = (7 + 7 + 23 + 3) - hongze - 2
    assert rows(three_reports, "quality_by_year") == [
        (2022, 2, 0, 0, 2, 0, 0, 0, 2, 0, baishi + qingshi, zeros_2022, 0, 0, 0),
        (2023, 1, 0, 0, 0, 0, 1, 0, 1, 1, hongze, zeros_2023, 2, 0, pytest.approx(2 / (hongze + 2))),
    ]


ITEMS = {
    "received_new": "inflow",
    "granted_full": "granted",
    "denied_state_secret": "denied",
    "unable_not_held": "unable",
    "rejected_repeat": "rejected",
    "other_total": "other",
    "other_misc": "other",
    "processed_total": "total",
}
RESULTS = ["upheld", "corrected", "other", "pending", "total"]
CHANNELS = ["review", "lit_direct", "lit_after_review"]


class Rows:
    """Just the rows the views read, typed one report at a time."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("""
            CREATE TABLE reports (report_id TEXT, report_year SMALLINT, grade TEXT, is_current BOOLEAN);
            CREATE TABLE applications (report_id TEXT, report_year SMALLINT, item TEXT, applicant TEXT, value BIGINT);
            CREATE TABLE review_litigation (
                report_id TEXT, report_year SMALLINT, channel TEXT, outcome TEXT, value BIGINT);
            CREATE TABLE findings (report_id TEXT, table_name TEXT, severity TEXT, decision TEXT);
            CREATE TABLE checks (
                report_id TEXT, report_year SMALLINT, rule TEXT,
                passed INTEGER, vacuous INTEGER, failed INTEGER, not_assessable INTEGER);
            CREATE TABLE quarantine (source_path TEXT, report_year SMALLINT);
            CREATE TABLE items (code TEXT, position INTEGER, group_code TEXT);
            CREATE TABLE channels (code TEXT, position INTEGER);
        """)
        for position, (code, group) in enumerate(ITEMS.items(), start=1):
            self.add("items", code, position, group)
        for position, code in enumerate(CHANNELS, start=1):
            self.add("channels", code, position)

    def add(self, table: str, *values: object) -> None:
        self.connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def report(self, name: str, year: int, *, grade: str = "A", current: bool = True) -> str:
        self.add("reports", name, year, grade, current)
        return name

    def requests(self, name: str, year: int, **items: int | None) -> None:
        for item, value in items.items():
            self.add("applications", name, year, item, "total", value)
            self.add("applications", name, year, item, "natural_person", 1000)

    def cases(self, name: str, year: int, **channels: list[int | None]) -> None:
        for channel, values in channels.items():
            for outcome, value in zip(RESULTS, values, strict=True):
                self.add("review_litigation", name, year, channel, outcome, value)

    def view(self, name: str) -> list[tuple]:
        return self.connection.sql(VIEWS[name]).fetchall()


def requests(granted, denied, unable, rejected, other, total, *, other_row="other_total") -> dict[str, int | None]:
    values = (900, granted, denied, unable, rejected, other, total)
    names = ("received_new", *list(ITEMS)[1:5], other_row, "processed_total")
    return dict(zip(names, values, strict=True))


def test_outcomes_leave_out_what_cannot_be_added_up() -> None:
    made = Rows()
    made.requests(made.report("2019 form", 2021), 2021, **requests(5, 4, 3, 2, 1, 15))
    made.requests(made.report("2021 form", 2021), 2021, **requests(1, 0, 0, 0, 6, 7, other_row="other_misc"))
    made.requests(made.report("one blank", 2021), 2021, **requests(70, None, 0, 0, 0, 70))
    made.requests(made.report("blank total", 2021), 2021, **requests(70, 0, 0, 0, 0, None))
    made.requests(made.report("doubtful", 2021), 2021, **requests(70, 0, 0, 0, 0, 71))
    made.add("findings", "doubtful", "applications", "error", None)
    made.add("findings", "doubtful", "applications", "error", "confirmed")
    made.add("findings", "2019 form", "review_litigation", "error", None)
    made.add("findings", "2019 form", "applications", "warning", None)
    made.add("findings", "2019 form", "applications", "error", "dismissed")
    made.add("findings", "2021 form", None, "error", None)
    made.requests(made.report("replaced", 2021, current=False), 2021, **requests(70, 0, 0, 0, 0, 70))
    made.report("no table 3", 2021, grade="D")
    assert [row[:4] + row[5:] for row in made.view("outcomes_by_year")] == [
        (2021, "granted", 5 + 1, 15 + 7, 2, 4),
        (2021, "denied", 4, 15 + 7, 2, 4),
        (2021, "unable", 3, 15 + 7, 2, 4),
        (2021, "rejected", 2, 15 + 7, 2, 4),
        (2021, "other", 1 + 6, 15 + 7, 2, 4),
    ]
    assert sum(row[4] for row in made.view("outcomes_by_year")) == pytest.approx(1)


def test_nothing_processed_has_no_share_and_nothing_counted_no_figures() -> None:
    made = Rows()
    made.requests(made.report("zeros", 2020), 2020, **requests(0, 0, 0, 0, 0, 0))
    made.requests(made.report("blanks", 2021), 2021, **requests(None, None, None, None, None, None))
    made.report("replaced only", 2022, current=False)
    found = made.view("outcomes_by_year")
    assert {row[2:] for row in found if row[0] == 2020} == {(0, 0, None, 1, 0)}
    assert {row[2:] for row in found if row[0] == 2021} == {(None, None, None, 0, 1)}
    assert {row[0] for row in found} == {2020, 2021}


def test_the_channels_of_a_year_rest_on_the_same_reports() -> None:
    zeros = [0, 0, 0, 0, 0]
    made = Rows()
    full = made.report("full", 2023)
    made.cases(full, 2023, review=[4, 2, 1, 3, 10], lit_direct=zeros, lit_after_review=[0, 1, 0, 0, 1])
    made.cases(made.report("zeros", 2023), 2023, review=zeros, lit_direct=zeros, lit_after_review=zeros)
    made.cases(
        made.report("blanks for zeros", 2023),
        2023,
        review=[9, 9, 9, 9, 36],
        lit_direct=[1, None, None, None, 1],
        lit_after_review=[None] * 5,
    )
    made.cases(made.report("replaced", 2023, current=False), 2023, review=[8, 8, 8, 8, 32])
    made.cases(made.report("doubtful", 2023), 2023, review=[7, 0, 0, 0, 8], lit_direct=zeros, lit_after_review=zeros)
    made.add("findings", "doubtful", "review_litigation", "error", "confirmed")
    made.add("findings", "full", "review_litigation", "error", "dismissed")
    made.report("no table 4", 2023, grade="D")
    assert made.view("reviews_and_lawsuits_by_year") == [
        (2023, "review", 10, 4, 2, 1, 3, 7, pytest.approx(2 / 7), 2, 3),
        (2023, "lit_direct", 0, 0, 0, 0, 0, 0, None, 2, 3),
        (2023, "lit_after_review", 1, 0, 1, 0, 0, 1, 1, 2, 3),
    ]


def test_quality_counts_current_reports_and_every_file() -> None:
    made = Rows()
    made.report("sound", 2022)
    made.report("wrong", 2022, grade="C")
    made.report("blank", 2022)
    made.report("replaced", 2022, grade="C", current=False)
    made.add("checks", "sound", 2022, "H1", 5, 2, 0, 0)
    made.add("checks", "sound", 2022, "H5", 90, 0, 0, 0)
    made.add("checks", "wrong", 2022, "H1", 3, 2, 1, 1)
    made.add("checks", "wrong", 2022, "H2", 4, 2, 1, 0)
    made.add("checks", "blank", 2022, "H1", 0, 1, 0, 6)
    made.add("checks", "replaced", 2022, "H1", 0, 0, 7, 0)
    for path, year in (("2022/a.pdf", 2022), ("2023/b.xls", 2023), ("2023/c.xls", 2023), ("stray.txt", None)):
        made.add("quarantine", path, year)
    assert made.view("quality_by_year") == [
        (2022, 3, 1, 1, 2, 0, 1, 0, 2, 1, 12, 7, 2, 7, pytest.approx(2 / 14)),
        (2023, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None),
        (None, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None),
    ]
