"""`其他` is a column, a row of the edition of 2021, and what is left of a longer label: its number says which."""

import pytest

from tests.parse.comparison import LAYOUTS, mismatches, read, row, without, wrong_numbers
from tests.planted.figures import distinct
from tests.planted.render import render

OTHERS = {"2019": ("other_total", "（六）其他处理"), "2021": ("other_misc", "3.其他")}
"""Edition of table 3 -> its row for all that is in no other row, and the row's label."""


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("printed", ["（六）其他", "(六) 其他", "六、其他", "其他", "（三）其他"])
def test_what_is_left_of_a_label_is_no_row_of_another_edition(layout, printed):
    code, label = OTHERS["2019"]
    figures = distinct("2019", "2019")
    reading = read(render(layout, "2019", "2019", figures, labels={label: printed}))
    assert reading.edition("applications") == "2019"
    assert mismatches(reading, without(figures, rows=(code,))) == []
    assert code in {note.row for note in reading.notes if note.rule == "T2"}


@pytest.mark.parametrize("printed", ["六、\n其他", "六、\t其他", "（六）\n\n其他"])
def test_cut_in_two_it_is_none_either(printed):
    figures = distinct("2019", "2019")
    for layout in LAYOUTS:
        reading = read(render(layout, "2019", "2019", figures, labels={OTHERS["2019"][1]: printed}))
        assert wrong_numbers(reading, figures) == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("printed", "told"),
    [("3.其他", False), ("3、其他", False), ("（3）其他", False), ("其他", True), ("（三）其他", True)],
)
def test_a_short_label_with_another_number_or_none_is_told_of(layout, printed, told):
    code, label = OTHERS["2021"]
    figures = distinct("2021", "2021")
    reading = read(render(layout, "2021", "2021", figures, labels={label: printed}))
    assert mismatches(reading, figures) == []
    assert [cell.text for cell in row(reading, "applications", code)] == [
        figure for keys, figure in figures.items() if keys[1] == code
    ]
    assert (code in {note.row for note in reading.notes if note.rule == "T3"}) == told
