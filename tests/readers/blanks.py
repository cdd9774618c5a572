"""What must hold of blanks in a document whose cells are marked."""

from pipeline.parse import Reading
from tests.parse.comparison import Figures, cells, mismatches, wrong_numbers


def assert_blanks_stand(reading: Reading, figures: Figures, variant: str) -> None:
    """Every cell is as planted. Where merged cells were written out, a row that no other resembles may be given up."""
    assert wrong_numbers(reading, figures) == []
    if variant != "unmerged":
        assert mismatches(reading, figures) == []
        return
    states = {keys: cell.figure.state for keys, cell in cells(reading).items()}
    given_up = {keys for keys, state in states.items() if state == "unreadable"}
    assert {keys[1] for keys in given_up} <= {"received_new", "carried_in", "processed_total", "carried_out"}
    blank = {keys for keys, figure in figures.items() if figure is None}
    assert {keys for keys, state in states.items() if state == "blank"} == blank - given_up
