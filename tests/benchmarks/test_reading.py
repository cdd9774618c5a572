"""The benchmark of reading runs, checks its cells, and prints a ratio for each kind of file."""

import pytest
from click.testing import CliRunner

from benchmarks import reading
from benchmarks.reading import main


def test_it_prints_ratios():
    result = CliRunner().invoke(main, ["--reports", "20", "--times", "1"])
    assert result.exit_code == 0, result.output
    assert result.output.count("x the floor") == 6


def test_a_cell_that_is_not_as_planted_stops_it(monkeypatch):
    monkeypatch.setattr(reading, "wrong", lambda *_: 1)
    result = CliRunner().invoke(main, ["--reports", "3", "--times", "1"])
    assert "not what was planted" in result.output
    assert result.exit_code == 1


def test_it_counts_wrong_cells():
    figures = reading.distinct("2021", "2021")
    text = reading.made_text(0, figures).decode()
    read = reading.parse(reading.text.arrange(text))
    assert reading.wrong(read, figures) == 0
    assert reading.wrong(read, {keys: f"{figure}1" for keys, figure in figures.items()}) == len(figures)


def test_a_pattern_that_is_not_recalled_stops_it(monkeypatch):
    monkeypatch.setattr(reading.Memory, "_pattern", lambda *_: None)
    with pytest.raises(SystemExit, match="recalled"):
        main.main(["--reports", "3", "--times", "1"], standalone_mode=False)
