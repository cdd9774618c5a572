"""Text that lost its separators: what the arithmetic of the form proves is read, everything else is declared."""

from collections.abc import Iterator
from random import Random

import pytest

from pipeline.forms import load
from pipeline.parse import Reading
from pipeline.parse.cut import separate
from pipeline.parse.rows import FormCell
from pipeline.readers.text import arrange
from pipeline.tables import APPLICATIONS
from pipeline.warehouse import facts
from tests.checks.readings import reading_of
from tests.parse.comparison import cells, read, row, wrong_numbers
from tests.planted import form, glued
from tests.planted.figures import distinct
from tests.planted.render import render

LAYOUTS = pytest.mark.parametrize("layout", glued.LAYOUTS)
SEEDS = range(6)
"""A smoke run; the rates come from thousands of seeds."""


def states(read_cells: list[FormCell]) -> list[str]:
    return [cell.figure.state for cell in read_cells]


def values(read_cells: list[FormCell]) -> list[int | None]:
    return [None if cell.figure.value is None else int(cell.figure.value) for cell in read_cells]


def table(reading: Reading, name: str) -> list[FormCell]:
    return [cell for keys, cell in cells(reading).items() if keys[0] == name]


def printed(**rows: list[int | None]) -> glued.Figures:
    """A report of 2021 with these rows of table 3 (or channels of table 4), and zeros elsewhere."""
    codes = [column.code for column in form.APPLICANTS]
    figures: dict[form.Cell, str | None] = dict.fromkeys(form.cells("2021", "2021"), "0")
    for code, numbers in rows.items():
        name = "review_litigation" if code in form.CHANNEL_CODES else "applications"
        columns = [outcome.code for outcome in form.OUTCOMES] if name == "review_litigation" else codes
        for column, number in zip(columns, numbers, strict=True):
            figures[name, code, column] = None if number is None else str(number)
    return figures


def one_request() -> dict[str, list[int | None]]:
    """Twelve requests of natural persons and three of companies, all granted: every identity holds."""
    return {code: [12, 3, 0, 0, 0, 0, 15] for code in ("received_new", "granted_full", "processed_total")}


# What is solved


@LAYOUTS
@pytest.mark.parametrize("edition", form.EDITIONS)
def test_table_3_is_solved_whole(layout, edition):
    for seed in SEEDS:
        figures = glued.figures(edition, seed)
        reading = read(glued.glued(layout, edition, figures))
        assert reading.edition("applications") == edition
        assert wrong_numbers(reading, figures) == []
        found = [(cell.text, cell.origin) for cell in table(reading, "applications")]
        assert found == [(figures[cell], "solved") for cell in form.application_cells(edition)]


@LAYOUTS
def test_every_number_leads_to_the_line_it_was_solved_from(layout):
    text = glued.glued(layout, "2021", printed(**one_request()))
    lines = text.split("\n")
    reading = read(text)
    for cell in row(reading, "applications", "granted_full"):
        number = int(reading.document.cells[cell.cell].place.split()[1])
        assert "123000015" in lines[number - 1]


@LAYOUTS
def test_a_row_of_one_column_has_the_number_between_its_labels(layout):
    figures = printed()
    figures["proactive_disclosure", "licensing", "decisions"] = "523"
    figures["proactive_disclosure", "penalty", "decisions"] = "41"
    figures["proactive_disclosure", "coercion", "decisions"] = "6"
    figures["proactive_disclosure", "charges", "amount"] = "70.25"
    reading = read(glued.glued(layout, "2021", figures))
    rows = ("licensing", "penalty", "coercion", "charges")
    read_rows = [row(reading, "proactive_disclosure", code)[0] for code in rows]
    assert [cell.text for cell in read_rows] == ["523", "41", "6", "70.25"]
    assert states(read_rows) == ["number"] * 4


@LAYOUTS
def test_the_number_of_the_next_label_is_no_figure(layout):
    rows = one_request() | {"denied_state_secret": [1, 0, 0, 0, 0, 0, 1], "granted_full": [11, 3, 0, 0, 0, 0, 14]}
    reading = read(glued.glued(layout, "2021", printed(**rows)))
    assert values(row(reading, "applications", "denied_state_secret")) == [1, 0, 0, 0, 0, 0, 1]
    assert values(row(reading, "applications", "denied_statutory_bar")) == [0] * 7


def test_the_prose_of_a_document_on_one_line_stays_whole_and_its_sections_are_found():
    reading = read(glued.glued("one_line", "2021", printed(**one_request())))
    texts = {section.section: section.text for section in reading.sections}
    assert texts["overview"] == glued.NARRATIVE[0].format(15)
    assert texts["problems"] == glued.NARRATIVE[4]
    assert texts["other_matters"] == glued.NARRATIVE[5]
    assert texts["applications"] == texts["review_litigation"] == ""


def test_the_warehouse_says_what_was_solved():
    readings = reading_of(glued.glued("one_line", "2021", printed(**one_request())))
    rows = facts.cells(readings, APPLICATIONS, 2023).to_pylist()
    assert {row["origin"] for row in rows} == {"solved"}
    [total] = [row for row in rows if (row["item"], row["applicant"]) == ("granted_full", "total")]
    assert (total["value"], total["text"], total["state"]) == (15, "15", "number")


# What is not


@LAYOUTS
def test_rows_of_table_2_are_read_only_when_they_cannot_be_fewer_numbers(layout):
    figures = printed()
    for measure, rules, normdocs in zip(("issued", "repealed", "in_force"), "005", "120", strict=True):
        figures["proactive_disclosure", "rules", measure] = rules
        figures["proactive_disclosure", "normdocs", measure] = normdocs  # or 12, blank, 0
    reading = read(glued.glued(layout, "2021", figures))
    assert values(row(reading, "proactive_disclosure", "rules")) == [0, 0, 5]
    assert states(row(reading, "proactive_disclosure", "normdocs")) == ["unreadable"] * 3


@LAYOUTS
def test_blanks_leave_no_trace_so_a_table_with_a_short_row_gives_only_its_zeros(layout):
    rows = one_request() | {"carried_out": [None, 0, 0, 0, 0, 0, 0]}
    reading = read(glued.glued(layout, "2021", printed(**rows)))
    assert states(row(reading, "applications", "granted_full")) == ["unreadable"] * 7
    assert states(row(reading, "applications", "carried_out")) == ["unreadable"] * 7
    assert values(row(reading, "applications", "other_misc")) == [0] * 7


@LAYOUTS
@pytest.mark.parametrize(
    "broken",
    [
        {"processed_total": [12, 4, 0, 0, 0, 0, 16]},  # H1 and H2
        {"carried_in": [1, 0, 0, 0, 0, 0, 1]},  # H1
        {"granted_full": [12, 3, 0, 0, 0, 0, 14]},  # H3 and H2
    ],
)
def test_an_identity_that_the_source_breaks_forces_nothing(layout, broken):
    reading = read(glued.glued(layout, "2021", printed(**(one_request() | broken))))
    for code in one_request():
        assert states(row(reading, "applications", code)) == ["unreadable"] * 7
        assert {cell.text for cell in row(reading, "applications", code)} != {None}
    assert values(row(reading, "applications", "rejected_repeat")) == [0] * 7


@LAYOUTS
def test_table_4_is_read_when_it_has_one_digit_a_cell(layout):
    channels = {"review": [3, 1, 0, 2, 6], "lit_direct": [0, 0, 1, 0, 1], "lit_after_review": [0, 4, 0, 5, 9]}
    reading = read(glued.glued(layout, "2021", printed(**one_request(), **channels)))
    for code, numbers in channels.items():
        assert values(row(reading, "review_litigation", code)) == numbers


@pytest.mark.parametrize(
    "review",
    [
        [10, 0, 0, 0, 10],  # or 100 0 0 1 0, with a wrong total
        [3, 1, 0, 2, 7],  # a wrong total as it stands
    ],
)
def test_table_4_is_unreadable_where_only_its_totals_would_split_it(review):
    channels = {"review": review, "lit_direct": [0] * 5, "lit_after_review": [0] * 5}
    reading = read(glued.glued("one_line", "2021", printed(**one_request(), **channels)))
    assert states(table(reading, "review_litigation")) == ["unreadable"] * 15


def test_a_lone_total_proves_nothing_in_a_report_that_leaves_cells_blank():
    """`0 0 0 11 blank` would read as `0 0 0 1 1`."""
    rows = one_request() | {"carried_out": [None, 0, 0, 0, 0, 0, 0], "review": [0, 0, 0, 11, None]}
    reading = read(glued.glued("one_line", "2021", printed(**rows)))
    assert states(table(reading, "review_litigation")) == ["unreadable"] * 15


@LAYOUTS
@pytest.mark.parametrize("damage", [glued.spoil, glued.blanked])
def test_damaged_figures_are_never_read_wrong(layout, damage):
    for seed in SEEDS:
        random = Random(seed)
        figures = damage(glued.figures("2021", seed, requests=60), random)
        assert wrong_numbers(read(glued.glued(layout, "2021", figures)), figures) == []


def test_a_number_cut_by_the_end_of_a_line_is_not_half_of_it():
    figures = printed()
    figures["proactive_disclosure", "coercion", "decisions"] = "2373"
    text = glued.glued("paragraphs", "2021", figures).replace("行政强制2373", "行政强制237\n3")
    assert states(row(read(text), "proactive_disclosure", "coercion")) == ["unreadable"]


def test_a_label_number_without_its_dot_could_be_a_figure():
    text = glued.glued("one_line", "2021", printed(**one_request())).replace("2.其他法律", "2其他法律")
    assert states(row(read(text), "applications", "denied_state_secret")) == ["unreadable"] * 7


def test_a_page_number_below_a_glued_row_is_not_its_second_figure():
    figures = glued.figures("2019", 3)
    figures["proactive_disclosure", "procurement", "projects"] = "9"
    figures["proactive_disclosure", "procurement", "amount"] = "0"
    for layout in ("paragraphs", "digits_only"):
        text = glued.glued(layout, "2019", figures).replace("三、收到", "12\n三、收到")
        assert states(row(read(text), "proactive_disclosure", "procurement")) == ["unreadable"] * 2


# What is not glued


@pytest.mark.parametrize("layout", ["one_cell_a_line", "tab_rows", "page_broken"])
@pytest.mark.parametrize("missing", [(), ("proactive_disclosure",), ("applications",)])
def test_a_separated_table_is_not_cut_and_nothing_in_it_is_solved(layout, missing):
    text = render(layout, "2021", "2021", distinct("2021", "2021"), missing=missing)
    assert separate(arrange(text)[0], load()) is None
    assert {cell.origin for cell in cells(read(text)).values()} == {"printed"}


def test_prose_that_lists_labels_with_figures_is_no_table():
    sentence = "全年行政许可5件，行政处罚12件，行政强制0件；规章3、行政规范性文件2、行政事业性收费7。行政许可5"
    text = render("tab_rows", "2021", "2021", distinct("2021", "2021"), missing=("proactive_disclosure",))
    reading = read(text.replace("本机关按照上级部署", sentence + "\n本机关按照上级部署"))
    assert "proactive_disclosure" not in reading.tables


def test_a_glued_table_leaves_the_tables_beside_it_as_they_are():
    """Table 2 one row a line without separators, table 3 one cell a line without tabs."""
    figures = printed(**one_request())
    lines = glued.glued("row_a_line", "2021", figures).split("\n")
    header = [form.APPLICANT_HEAD, *(applicant.label for applicant in form.APPLICANTS)]
    rows = [
        [item.label, *(figures["applications", item.code, a.code] for a in form.APPLICANTS)]
        for item in form.ITEMS["2021"]
    ]
    begin, end = lines.index(glued.HEADINGS[2]) + 1, lines.index(glued.HEADINGS[3])
    reading = read("\n".join([*lines[:begin], *header, *(cell for row in rows for cell in row), *lines[end:]]))
    found = [(cell.text, cell.origin) for cell in table(reading, "applications")]
    assert found == [(figures[cell], "printed") for cell in form.application_cells("2021")]
    assert values(row(reading, "proactive_disclosure", "rules")) == [0, 0, 0]


# The search ends


def dense(random: Random) -> Iterator[tuple[form.Cell, str]]:
    """Six-digit numbers in every cell: hundreds of ways to split each row, and no identity holds."""
    for cell in form.cells("2021", "2021"):
        yield cell, str(random.randint(100_000, 999_999))


def test_a_table_with_too_many_readings_is_unreadable_and_not_searched_for_ever():
    figures = dict(dense(Random(1)))
    reading = read(glued.glued("digits_only", "2021", figures))
    assert {cell.figure.state for cell in table(reading, "applications")} == {"unreadable"}
    assert {cell.figure.state for cell in table(reading, "review_litigation")} == {"unreadable"}


@pytest.mark.parametrize("digits", ["1" * 5_000, "10" * 30, "1234567891" * 4])
def test_a_run_of_any_length_is_finished_with(digits):
    text = glued.glued("one_line", "2021", printed(**one_request())).replace("123000015", digits)
    assert states(row(read(text), "applications", "granted_full")) == ["unreadable"] * 7
