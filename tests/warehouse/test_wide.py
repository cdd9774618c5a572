"""The wide tables hold the same figures as the tables of cells: every one, in its own column, and nothing else."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from assets.in_process import build
from pipeline.forms import FormError
from pipeline.tables import APPLICATIONS_WIDE, REPORT_WIDE, wide
from pipeline.warehouse import Lake, facts
from tests.checks.readings import reading_of
from tests.planted import form
from tests.planted.figures import Figures, distinct
from tests.planted.render import render

LOST = "rejected_repeat"
"""The row of table 3 that a report does not print."""
BLANKS = {
    ("applications", "received_new", "company"): "",
    ("applications", "granted_full", "research"): "/",
    ("applications", "carried_out", "nonprofit"): "—",
    ("proactive_disclosure", "normdocs", "in_force"): "",
    ("review_litigation", "lit_direct", "other"): "",
}
NIL = ("applications", "carried_in", "total")
AMOUNT = ("proactive_disclosure", "procurement", "amount")
"""The form of 2019 prints no unit to it: a report prints one beside the figure, or none."""
HIDDEN = ("applications", "denied_deliberative", "other_org")
"""A cell whose figure a correction takes away."""
PRINTED = {
    "whole": ("2021", "2021", distinct("2021", "2021", 1), {}),
    "old": ("2019", "2019", distinct("2019", "2019", 2), {}),
    "mixed": ("2019", "2021", distinct("2019", "2021", 3) | {AMOUNT: "81234.56元"}, {}),
    "gaps": ("2021", "2021", distinct("2021", "2021", 4) | BLANKS | {NIL: "无"}, {"missing": {LOST}}),
    "tableless": ("2021", "2021", distinct("2021", "2021", 5), {"missing": {"applications"}}),
}
TEXTS = {name: render("tab_rows", *what[:3], **what[3]) for name, what in PRINTED.items()}
IDS = {name: sha256(text.encode()).hexdigest()[:16] for name, text in TEXTS.items()}
CORRECTION = f"""
- report_id: "{IDS["whole"]}"
  report_year: 2021
  table_name: applications
  item: {HIDDEN[1]}
  applicant: {HIDDEN[2]}
  printed: "{PRINTED["whole"][2][HIDDEN]}"
  state: unreadable
  reason: A stain lies over it.
  corrected_by: Li Si
  corrected_on: 2024-05-31
  source: the report
"""


def cells(name: str) -> Figures:
    """The cells of a report whose value must be there: not blank, not lost, not corrected away, of a known unit."""
    figures = PRINTED[name][2]
    gone = {
        "gaps": {*BLANKS, *(cell for cell in figures if cell[1] == LOST)},
        "tableless": {cell for cell in figures if cell[0] == "applications"},
        "whole": {HIDDEN},
        "old": {AMOUNT},
    }.get(name, set())
    return {cell: figure for cell, figure in figures.items() if cell not in gone}


def worth(figure: str, column: str) -> Decimal:
    """A printed figure as a number; an amount, which is in 万元 unless it says 元, in yuan."""
    if figure == "无":
        return Decimal(0)
    if column == "amount" and not figure.endswith("元"):
        return Decimal(figure) * 10_000
    return Decimal(figure.removesuffix("元"))


def truth(name: str) -> dict[str, Decimal]:
    """What was planted in a report, by the name of its column in a wide table; amounts in yuan."""
    return {f"{row}__{column}": worth(figure, column) for (_, row, column), figure in cells(name).items()}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    root = tmp_path_factory.mktemp("wide")
    (root / "raw" / "2021").mkdir(parents=True)
    (root / "corrections").mkdir()
    (root / "corrections" / "a.yml").write_text(CORRECTION, "utf-8")
    for name, text in TEXTS.items():
        (root / "raw" / "2021" / f"{name}.txt").write_text(text, "utf-8")
    build(root / "raw", root / "warehouse")
    return Lake(root / "warehouse")


def rows(lake: Lake, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(lake.catalogue, read_only=True) as connection:
        return connection.execute(query).to_arrow_table().to_pylist()


def figures_of(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of a wide row that are cells, those without a value left out."""
    return {column: value for column, value in row.items() if "__" in column and value is not None}


def test_every_cell_is_what_was_planted_and_every_blank_is_null(lake: Lake) -> None:
    found = {row["report_id"]: figures_of(row) for row in rows(lake, "from report_wide")}
    assert found == {IDS[name]: truth(name) for name in PRINTED}


def test_requests_are_one_row_for_each_report_that_has_the_table(lake: Lake) -> None:
    requests = {
        f"{item.code}__{person.code}" for items in form.ITEMS.values() for item in items for person in form.APPLICANTS
    }
    found = {row["report_id"]: figures_of(row) for row in rows(lake, "from applications_wide")}
    assert found == {
        IDS[name]: {column: figure for column, figure in truth(name).items() if column in requests}
        for name in PRINTED
        if name != "tableless"
    }


def test_what_stands_beside_the_figures_is_what_reports_says(lake: Lake) -> None:
    told = "report_id, report_year, source_path, agency_name, agency_id, region_code, grade, is_current, "
    told += "edition_t2, edition_t3"
    wide_rows = rows(lake, f"select {told} from report_wide order by all")
    assert wide_rows == rows(lake, f"select {told} from reports order by all")
    editions = {row["report_id"]: (row["edition_t2"], row["edition_t3"]) for row in wide_rows}
    assert editions[IDS["mixed"]] == ("2019", "2021")
    assert editions[IDS["tableless"]] == ("2021", None)


@pytest.mark.parametrize(
    ("table", "cells", "keys", "value"),
    [
        ("applications_wide", "applications", ("item", "applicant"), "value"),
        ("report_wide", "applications", ("item", "applicant"), "value"),
        ("report_wide", "review_litigation", ("channel", "outcome"), "value"),
        (
            "report_wide",
            "proactive_disclosure",
            ("subject", "measure"),
            "case when measure = 'amount' then value_yuan else value end",
        ),
    ],
)
def test_the_published_samples_say_the_same_both_ways(sample_warehouse, table, cells, keys, value) -> None:
    row, column = keys
    own = f"select distinct {row} || '__' || {column} as name from {cells}"
    names = [each["name"] for each in rows(sample_warehouse, own)]
    longwise = f"select report_id, {row} || '__' || {column} as name, ({value})::decimal(38, 6) as value from {cells}"
    pairs = ", ".join(f"{name}::decimal(38, 6) as {name}" for name in names)
    widewise = f"unpivot (select report_id, {pairs} from {table}) on * exclude (report_id) into name name value value"
    expected = rows(sample_warehouse, f"from ({longwise}) where value is not null order by all")
    assert len(expected) > 100
    assert rows(sample_warehouse, f"from ({widewise}) order by all") == expected


def test_counts_stay_exact_where_a_float_would_not() -> None:
    readings = reading_of(TEXTS["whole"], TEXTS["old"])
    large = 2**53 + 1
    lists = readings["applications"].to_pylist()
    for number, table in enumerate(lists):
        table["value"][0] = large + 2 * number
    place = readings.schema.get_field_index("applications")
    field = readings.schema.field(place)
    made = facts.applications_wide(readings.set_column(place, field, pa.array(lists, field.type)), 2021)
    assert made["received_new__natural_person"].to_pylist() == [large, large + 2]
    assert made.schema == APPLICATIONS_WIDE.arrow_schema


def test_a_year_without_reports_has_the_columns_all_the_same() -> None:
    none = reading_of(TEXTS["whole"]).slice(0, 0)
    assert facts.applications_wide(none, 2021).equals(APPLICATIONS_WIDE.empty())
    reports = REPORT_WIDE.empty()
    assert facts.report_wide(none, reports).equals(reports)


def test_a_column_says_its_cell_its_unit_and_its_edition() -> None:
    said = {column.name: column.description for column in REPORT_WIDE.columns}
    assert "自然人" in said["received_new__natural_person"]
    assert "yuan" in said["charges__amount"]
    assert "yuan" in said["procurement__amount"]
    assert "edition 2019 alone" in said["other_total__total"]
    assert "edition" not in said["received_new__total"]


def test_columns_are_in_the_order_of_the_form() -> None:
    people = [person.code for person in form.APPLICANTS]
    both = [item.code for item in form.ITEMS["2021"]]
    names = [column.name for column in APPLICATIONS_WIDE.columns]
    wanted = [f"{item}__{person}" for item in both for person in people]
    assert [name for name in names if name in wanted] == wanted
    assert names[:2] == ["report_id", "report_year"]


def test_two_cells_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = wide.WideColumn("a__b", "applications", ("a", "b"), "count", "x")
    monkeypatch.setattr(wide, "_columns", lambda _: [one])
    with pytest.raises(FormError, match="a__b"):
        wide.wide_columns.__wrapped__("applications", "review_litigation")


def test_no_number_was_planted_twice() -> None:
    assert all(len(set(PRINTED[name][2].values())) == len(PRINTED[name][2]) for name in ("whole", "old", "mixed"))
