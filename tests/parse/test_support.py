"""A figure seen in a picture is a guess. Misreadings are planted in one of two readings, or in both, and no guess that
stands alone may become a number."""

from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest

from pipeline import checks
from pipeline.parse import parse
from pipeline.readers import picture
from pipeline.readers.text import arrange
from pipeline.tables import READINGS
from pipeline.warehouse.landing import read_document
from tests.parse.comparison import cells, mismatches, wrong_numbers
from tests.planted import statistics
from tests.planted.figures import consistent, distinct
from tests.planted.render import render

SEED = 11
UNKNOWN = "\ufffd"
CELL = ("applications", "granted_full", "company")


def seen(figures, edition="2021"):
    """What a reading of a picture of these figures gives."""
    (document,) = arrange(render("tab_rows", edition, edition, figures))
    return replace(document, marked=True, recognised=True)


def misread(figures, **readings):
    """The figures as read with slips: `table__row__column` -> what was seen instead."""
    return figures | {tuple(name.split("__")): text for name, text in readings.items()}


def at(reading, cell):
    return cells(reading)[cell]


def rules(reading):
    return {note.rule for note in reading.notes}


@pytest.fixture
def figures():
    return distinct("2021", "2021", SEED)


@pytest.fixture
def sums():
    return consistent("2021", "2021", SEED)


def test_what_two_readings_see_alike_stands(figures):
    assert mismatches(parse((seen(figures), seen(figures))), figures) == []


def test_one_reading_alone_gives_no_number(figures):
    reading = parse((seen(figures),))
    assert {cell.figure.state for cell in cells(reading).values()} == {"unreadable"}


def test_a_table_that_the_second_reading_does_not_find_gives_no_number(sums):
    second = {cell: figure for cell, figure in sums.items() if cell[0] != "review_litigation"}
    document = seen(sums)
    texts = [cell.text for cell in document.cells]
    start, end = texts.index("行政复议"), next(place for place, text in enumerate(texts) if text.startswith("五、"))
    reading = parse((document, replace(document, cells=document.cells[:start] + document.cells[end:])))
    assert all(cell.figure.value is None for keys, cell in cells(reading).items() if keys not in second)
    assert {note.table for note in reading.notes if note.rule == "T11"} == {"review_litigation"}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("slip", ["70001", "7", "", "无", "/", UNKNOWN, "7" + UNKNOWN])
def test_a_slip_of_one_reading_is_nobodys_number(figures, slip, order):
    slips = misread(figures, applications__granted_full__company=slip)
    reading = parse((seen(figures), seen(slips))[::order])
    assert at(reading, CELL).figure.state == "unreadable"
    assert mismatches(reading, figures) == [
        line for line in mismatches(reading, figures) if line.startswith("applications/granted_full/company")
    ]
    assert rules(reading) & {"T7", "T10", "T11"}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("slip", ["70001", UNKNOWN])
def test_arithmetic_saves_what_one_reading_lost(sums, slip, order):
    slips = misread(sums, applications__granted_full__company=slip)
    reading = parse((seen(sums), seen(slips))[::order])
    assert mismatches(reading, sums) == []
    assert at(reading, CELL).origin == "printed"


def test_arithmetic_saves_cells_that_stand_in_one_row(sums):
    """Each of them is the only doubtful one of its column."""
    slips = misread(sums, applications__granted_full__company="97", applications__granted_full__research="98")
    assert mismatches(parse((seen(sums), seen(slips))), sums) == []


def test_arithmetic_gives_no_number_that_no_reading_saw(sums):
    first = misread(sums, applications__granted_full__company="97")
    second = misread(sums, applications__granted_full__company="98")
    reading = parse((seen(first), seen(second)))
    assert at(reading, CELL).figure.state == "unreadable"
    assert wrong_numbers(reading, sums) == []


def test_identities_that_disagree_prove_nothing(sums):
    """The agency's column total is wrong by the very slip, so the column says 97 and the row what is printed."""
    total = int(sums["applications", "processed_total", "company"]) + 97 - int(sums[CELL])
    printed = sums | {("applications", "processed_total", "company"): str(total)}
    reading = parse((seen(printed), seen(misread(printed, applications__granted_full__company="97"))))
    assert at(reading, CELL).figure.state == "unreadable"
    assert wrong_numbers(reading, printed) == []


def test_an_identity_over_zeros_proves_nothing(sums):
    zeros = dict.fromkeys(sums, "0")
    reading = parse((seen(zeros), seen(misread(zeros, applications__granted_full__company=UNKNOWN))))
    assert at(reading, CELL).figure.state == "unreadable"


def test_table_2_has_no_sums_that_could_save_a_cell(sums):
    reading = parse((seen(sums), seen(misread(sums, proactive_disclosure__normdocs__issued="1"))))
    assert at(reading, ("proactive_disclosure", "normdocs", "issued")).figure.state == "unreadable"


def test_a_blank_is_one_where_the_picture_has_no_ink(sums):
    blank = sums | {CELL: None}
    assert mismatches(parse((seen(blank), seen(blank))), blank) == []
    found = parse((seen(blank), seen(misread(blank, applications__granted_full__company="7"))))
    assert at(found, CELL).figure.state == "unreadable"


def test_what_may_go_on_over_the_page_is_no_blank(sums):
    unknown = misread(sums, applications__granted_full__company=UNKNOWN)
    assert at(parse((seen(unknown), seen(unknown))), CELL).figure.state == "unreadable"


def test_unruled_blanks_need_both_readings(sums):
    blank = sums | {CELL: None}
    first = replace(seen(blank), marked=False)
    reading = parse((first, replace(seen(misread(blank, applications__granted_full__company=UNKNOWN)), marked=False)))
    assert at(reading, CELL).figure.state == "unreadable"


# Whose mistake it is


def findings(*documents):
    text = '{"picture":[' + ",".join(f"[{document.dump()},true]" for document in documents) + "]}"
    row = read_document({"report_id": "0" * 16, "source_format": "png", "text": text}, "test")
    assert row["reading"] == picture.READING
    return checks.find(pa.Table.from_pylist([row], schema=READINGS), 2023, {})


def test_a_wrong_total_seen_twice_is_the_agencys(sums):
    wrong = sums | {("applications", "processed_total", "total"): "99999"}
    found = [finding for finding in findings(seen(wrong), seen(wrong)) if finding["rule"].startswith("H")]
    assert {finding["rule"] for finding in found} == {"H1", "H2", "H3"}
    assert all(finding["message"].endswith("The source prints it so.") for finding in found)


def test_a_wrong_total_seen_once_is_no_failing_identity(sums):
    wrong = misread(sums, applications__processed_total__total="99999")
    for documents in ((seen(sums), seen(wrong)), (seen(wrong), seen(sums)), (seen(wrong), seen(figures_lost(sums)))):
        assert [finding["rule"] for finding in findings(*documents) if finding["rule"].startswith("H")] == []


def figures_lost(figures):
    return misread(figures, applications__processed_total__total=UNKNOWN)


# What stands around the tables


def test_a_year_that_the_readings_see_differently_is_not_stated(sums):
    first, second = seen(sums), seen(sums)
    blurred = [cell._replace(text=cell.text.replace("2023年", "2028年")) for cell in second.cells]
    assert parse((first, second)).stated_year == 2023
    assert parse((first, replace(second, cells=blurred))).stated_year is None


def test_the_statistics_table_needs_two_readings_too():
    printed = statistics.distinct(SEED)
    text, _ = statistics.render("tab_rows", statistics.rows(printed))
    (document,) = arrange(text)
    document = replace(document, marked=True, recognised=True)
    place = max(number for number, cell in enumerate(document.cells) if cell.text.isdecimal())
    other = [*document.cells]
    other[place] = other[place]._replace(text=other[place].text + "1")
    whole, slip = (parse((document, replace(document, cells=each))) for each in (document.cells, other))
    before, after = ([entry.cell.figure for entry in reading.statistics.entries] for reading in (whole, slip))
    assert Decimal(document.cells[place].text) in {figure.value for figure in before}
    assert sum(figure.value is not None for figure in before) == 1 + sum(figure.value is not None for figure in after)
    alone = parse((document,)).statistics
    assert all(entry.cell.figure.value is None for entry in alone.entries)
