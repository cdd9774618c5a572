"""The views over bodies and years: rows typed by hand, each of the cases that their headers name."""

from datetime import date

import duckdb
import pytest

from pipeline.warehouse.catalogue import analysis_views

VIEWS = analysis_views()
REASON = "no day is laid down for such bodies"


class Rows:
    """Just the rows the views read."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("""
            CREATE TABLE reports (report_id TEXT, report_year SMALLINT, agency_id TEXT, scope TEXT, grade TEXT,
                edition_t3 TEXT, published_on DATE, is_current BOOLEAN);
            CREATE TABLE agencies (agency_id TEXT, name_zh TEXT, level TEXT, kind TEXT, region_code TEXT);
            CREATE TABLE regions (region_code TEXT, parent_code TEXT, name_zh TEXT, level TEXT, kind TEXT,
                is_current BOOLEAN);
            CREATE TABLE applications (report_id TEXT, item TEXT, applicant TEXT, value BIGINT);
            CREATE TABLE findings (report_id TEXT, table_name TEXT, severity TEXT, decision TEXT);
            CREATE TABLE items (code TEXT, position INTEGER);
            INSERT INTO items VALUES ('received_new', 1), ('granted_full', 2), ('carried_out', 3);
            INSERT INTO regions VALUES
                ('110', '100', '甲县', 'county', 'county', true), ('120', '100', '乙县', 'county', 'county', true),
                ('111', '110', '东镇', 'township', 'town', true), ('112', '110', '西镇', 'township', 'town', true),
                ('113', '110', '旧乡', 'township', 'township', false), ('114', '110', '农场', 'township', 'zone', true),
                ('121', '120', '南镇', 'township', 'town', true);
            INSERT INTO agencies VALUES
                ('110', '甲县人民政府', 'county', 'government', '110'),
                ('110-finance', '甲县财政局', 'county', 'department', '110'),
                ('110-tax', '甲县税务局', 'county', 'vertical', '110'),
                ('111', '东镇人民政府', 'township', 'government', '111'),
                ('112', '西镇人民政府', 'township', 'government', '112'),
                ('121', '南镇人民政府', 'township', 'government', '121');
        """)

    def report(
        self, name: str, year: int, agency: str | None, published: date | None = None, *, scope="unknown", current=True
    ) -> str:
        values = (name, year, agency, scope, "A", "2021", published, current)
        self.connection.execute("INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        return name

    def counts(self, name: str, received: int | None, carried: int | None) -> None:
        for item, value in (("received_new", received), ("granted_full", 7), ("carried_out", carried)):
            for applicant, times in (("total", 1), ("natural_person", 100)):
                told = None if value is None else value * times
                self.connection.execute("INSERT INTO applications VALUES (?, ?, ?, ?)", (name, item, applicant, told))

    def view(self, name: str, columns: str = "*", where: str = "true") -> list[tuple]:
        return self.connection.sql(f"SELECT {columns} FROM ({VIEWS[name]}) WHERE {where}").fetchall()


def test_a_body_has_a_row_for_every_year_of_the_dataset() -> None:
    made = Rows()
    made.report("a", 2021, "110", date(2022, 3, 31))
    made.report("b", 2023, "111")
    made.report("nobody", 2022, None)
    rows = made.view("agency_years", "agency_id, report_year, present, report_id, grade, edition_t3")
    assert len(rows) == 6 * 3
    assert {row for row in rows if row[2]} == {
        ("110", 2021, True, "a", "A", "2021"),
        ("111", 2023, True, "b", "A", "2021"),
    }
    assert ("110", 2022, False, None, None, None) in rows


@pytest.mark.parametrize(
    ("agency", "year", "published", "due", "on_time", "note"),
    [
        ("110", 2021, date(2022, 3, 31), date(2022, 3, 31), True, None),
        ("110", 2021, date(2022, 4, 1), date(2022, 3, 31), False, None),
        ("110", 2021, None, date(2022, 3, 31), None, "no day is printed"),
        ("110-finance", 2021, date(2022, 1, 31), date(2022, 1, 31), True, None),
        ("110-finance", 2019, date(2020, 2, 1), date(2020, 1, 31), False, None),
        ("110-finance", 2018, date(2019, 3, 31), date(2019, 3, 31), True, None),
        ("110-tax", 2021, date(2022, 1, 5), None, None, REASON),
        ("110-tax", 2018, date(2019, 4, 5), date(2019, 3, 31), False, None),
        ("111", 2021, date(2022, 1, 5), None, None, REASON),
        ("111", 2018, date(2019, 1, 5), date(2019, 3, 31), True, None),
    ],
)
def test_whether_a_report_was_in_time(agency, year, published, due, on_time, note) -> None:
    made = Rows()
    made.report("a", year, agency, published)
    [row] = made.view("agency_years", "published_on, due_on, on_time, on_time_note", "present")
    assert row == (published, due, on_time, note)


def test_the_current_version_is_the_report_of_the_year_and_of_two_neither() -> None:
    made = Rows()
    made.report("old", 2021, "110", date(2022, 1, 1), current=False)
    made.report("new", 2021, "110", date(2022, 2, 1))
    made.report("one", 2021, "111")
    made.report("other", 2021, "111")
    assert made.view("agency_years", "agency_id, reports, report_id, published_on, on_time_note", "present") == [
        ("110", 2, "new", date(2022, 2, 1), None),
        ("111", 2, None, None, "several current reports"),
    ]


def test_coverage_is_of_the_bodies_ever_seen() -> None:
    made = Rows()
    for number, (year, agency) in enumerate(
        [(2021, "110"), (2021, "110-finance"), (2022, "110"), (2021, "111"), (2022, "121"), (2021, "111")]
    ):
        made.report(str(number), year, agency)
    assert made.view("coverage_by_county") == [
        (2021, "110", "甲县", "county", 3, 2, pytest.approx(2 / 3), None),
        (2021, "110", "甲县", "township", 2, 1, 0.5, 2),
        (2021, "120", "乙县", "township", 1, 0, 0, 1),
        (2022, "110", "甲县", "county", 3, 1, pytest.approx(1 / 3), None),
        (2022, "110", "甲县", "township", 2, 0, 0, 2),
        (2022, "120", "乙县", "township", 1, 1, 1, 1),
    ]


def whole(made: Rows, received: int, carried: int | None, scope: str = "consolidated") -> None:
    made.counts(made.report("whole", 2021, "110", scope=scope), received, carried)


def says(made: Rows) -> list[tuple]:
    return made.view("consolidated_against_parts", "item, stated, parts_sum, parts, parts_seen, says")


def test_parts_that_are_all_here_hold_or_fail() -> None:
    made = Rows()
    whole(made, 30, 3)
    made.counts(made.report("finance", 2021, "110-finance"), 14, 1)
    made.counts(made.report("east", 2021, "111"), 11, 1)
    made.counts(made.report("west", 2021, "112"), 5, 2)
    made.counts(made.report("tax", 2021, "110-tax"), 500, 500)
    made.counts(made.report("elsewhere", 2021, "121"), 500, 500)
    made.counts(made.report("other year", 2022, "111"), 500, 500)
    assert says(made) == [("received_new", 30, 14 + 11 + 5, 3, 3, "holds"), ("carried_out", 3, 4, 3, 3, "fails")]


def test_what_may_be_missing_cannot_be_said() -> None:
    made = Rows()
    whole(made, 25, None)
    made.counts(made.report("finance", 2021, "110-finance"), 14, 1)
    made.counts(made.report("east", 2021, "111"), 11, None)
    made.counts(made.report("west", 2021, "112"), 70, 70)
    made.connection.execute("INSERT INTO findings VALUES ('west', 'applications', 'error', NULL)")
    assert says(made) == [
        ("received_new", 25, 14 + 11, 2, 3, "cannot_say"),
        ("carried_out", None, 1, 1, 3, "cannot_say"),
    ]


def test_a_report_that_does_not_say_it_is_consolidated_is_held_against_nothing() -> None:
    for scope in ("unknown", "own_level"):
        made = Rows()
        whole(made, 1, 1, scope)
        made.counts(made.report("east", 2021, "111"), 50, 50)
        assert says(made) == []
    alone = Rows()
    whole(alone, 1, 2)
    alone.connection.execute("DELETE FROM agencies WHERE agency_id <> '110'")
    assert says(alone) == [("received_new", 1, None, 0, 0, "cannot_say"), ("carried_out", 2, None, 0, 0, "cannot_say")]
