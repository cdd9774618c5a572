"""A smoke run of the scorecard: every layout and format it names is read, and no cell is silently wrong."""

import pytest

from benchmarks.accuracy import layouts, score, scorecard

SEED = 20


@pytest.mark.parametrize("layout", layouts())
def test_no_cell_is_silently_wrong(layout):
    scored = score(layouts()[layout], reports=2, seed=SEED)
    outcomes = {outcome for outcome, _ in scored.cells}
    assert "right" in outcomes
    assert "wrong" not in outcomes
    assert scored.refused == 0


def test_the_scorecard_counts_what_was_planted():
    scored = score(layouts()["text, tab_rows"], reports=3, seed=SEED)
    line = scorecard({"text, tab_rows": scored}, SEED).splitlines()[-1]
    assert line.startswith("| text, tab rows | 3 |")
    assert scored.cells.total() >= 3 * (10 + 161 + 15)
