"""One wrong digit is found wherever it stands, and in table 3 the cell is named; where it cannot be, none is."""

from random import Random

import numpy as np
import pytest

from pipeline import checks
from pipeline.checks.crossings import crossings
from pipeline.checks.identities import FAILED, check_tables
from pipeline.forms import load
from tests.checks.readings import reading_of, readings_of, report, values_of
from tests.planted import form
from tests.planted.figures import consistent, quiet

SUMS = ("H1", "H2", "H3", "H4")


def one_digit_changed(values: np.ndarray, random: Random) -> np.ndarray:
    """A report for every cell, with one digit of that cell changed."""
    changed = np.tile(values, (len(values), 1))
    for cell, value in enumerate(values.astype(int)):
        digits = list(str(value))
        place = random.randrange(len(digits))
        nonzero = place == 0 and len(digits) > 1
        digits[place] = random.choice([digit for digit in "0123456789"[nonzero:] if digit != digits[place]])
        changed[cell, cell] = int("".join(digits))
    return changed


def failing(table: str, edition: str, values: np.ndarray) -> np.ndarray:
    """How many sums fail in each report."""
    counts = {rule: np.zeros((len(values), 4), dtype=int) for rule in (*SUMS, "H5")}
    for _ in check_tables(readings_of(table, edition, values), load(), counts):
        pass
    return np.sum([counts[rule][:, FAILED] for rule in SUMS], axis=0)


def located(edition: str, values: np.ndarray) -> list[tuple[int, int, float]]:
    form_ = load().editions[edition].tables["applications"]
    return list(crossings(values, form_, load().editions[edition].identities))


@pytest.mark.parametrize("edition", form.EDITIONS)
@pytest.mark.parametrize("figures", [consistent, quiet])
def test_one_wrong_digit_is_found_in_every_cell_and_named_in_table_3(edition, figures) -> None:
    for seed in range(10):
        planted, random = figures(edition, edition, seed), Random(seed)
        requests = values_of(planted, "applications", edition)
        wrong = one_digit_changed(requests, random)
        assert not failing("applications", edition, requests[None]).any()
        assert failing("applications", edition, wrong).all()
        assert located(edition, wrong) == [(cell, cell, value) for cell, value in enumerate(requests)]
        cases = values_of(planted, "review_litigation", edition)
        assert (failing("review_litigation", edition, one_digit_changed(cases, random)) == 1).all()


# a cell, and the sums that a wrong number in it breaks
PLACES = [
    ("granted_full", "company", ["H2", "H3"]),
    ("other_misc", "total", ["H2", "H3"]),
    ("received_new", "natural_person", ["H1", "H3"]),
    ("carried_in", "total", ["H1", "H3"]),
    ("carried_out", "legal_service", ["H1", "H3"]),
    ("processed_total", "research", ["H1", "H2", "H3"]),
    ("processed_total", "total", ["H1", "H2", "H3"]),
]


@pytest.mark.parametrize(("row", "column", "broken"), PLACES)
@pytest.mark.parametrize("off", [1, -1])
def test_the_cell_is_named_with_what_would_mend_it(row, column, broken, off) -> None:
    figures = consistent("2021", "2021", seed=8)
    right = int(figures["applications", row, column])
    text = report(figures | {("applications", row, column): str(right + off)})
    found = checks.find(reading_of(text), 2023, {})
    assert [row["rule"] for row in found if row["severity"] == "error"] == broken
    (guess,) = [row for row in found if row["rule"] == "L1"]
    assert (guess["severity"], guess["table_name"], guess["cell_keys"]) == ("info", "applications", f"{row}/{column}")
    assert (guess["observed"], guess["expected"]) == (str(right + off), str(right))
    assert f"{right + off} is printed; {right} would mend" in guess["message"]
    line = int(guess["locator"].split()[1].rstrip(","))
    assert str(right + off) in text.splitlines()[line - 1].split("\t")


def changed(*places: tuple[str, str, float]) -> list[tuple[str, str, float]]:
    """The cells named, with what would mend them, in a report with some cells set to other values."""
    keys = load().editions["2021"].tables["applications"].keys
    values = values_of(consistent("2021", "2021", seed=8), "applications", "2021")
    for row, column, off in places:
        values[keys.index((row, column))] += off
    return [(*keys[cell], value) for _, cell, value in located("2021", values[None])]


def planted(row: str, column: str) -> tuple[str, str, float]:
    return row, column, float(consistent("2021", "2021", seed=8)["applications", row, column])


def test_two_slips_apart_are_both_named() -> None:
    slips = [("granted_full", "company", 3), ("carried_out", "total", 2)]
    assert changed(*slips) == [planted("granted_full", "company"), planted("carried_out", "total")]


def test_where_two_cells_could_mend_a_sum_none_is_named() -> None:
    assert changed(("granted_full", "company", -1), ("granted_partial", "research", -1)) == []
    assert changed(("granted_full", "company", 3), ("granted_full", "research", 1)) == []
    assert changed(("granted_full", "company", 3), ("granted_partial", "company", -3)) == []


def test_what_would_be_less_than_nothing_is_no_guess() -> None:
    """Of the four cells where two rows and two columns cross, two are zeros already."""
    keys = load().editions["2021"].tables["applications"].keys
    values = np.zeros(len(keys))
    first, second = keys.index(("granted_full", "research")), keys.index(("granted_partial", "company"))
    values[[first, second]] = 4
    assert located("2021", values[None]) == [(0, first, 0), (0, second, 0)]


def test_a_sum_that_holds_acquits_a_cell_and_one_that_cannot_say_does_not() -> None:
    total = ("processed_total", "company", 3)
    assert changed(total, ("carried_out", "company", -3)) == []  # the column's H1 holds over both
    blank = ("received_new", "company", np.nan)
    assert changed(blank, total) == [planted("processed_total", "company")]
    assert changed(blank, ("carried_out", "company", 3)) == []
    assert changed(("granted_full", "research", np.nan), ("granted_full", "company", 3)) == []


def test_a_row_of_table_4_cannot_say_which_of_its_cells_is_wrong() -> None:
    figures = consistent("2021", "2021", seed=8) | {("review_litigation", "review", "upheld"): "8765"}
    found = checks.find(reading_of(report(figures)), 2023, {})
    assert [row["rule"] for row in found] == ["H4"]
