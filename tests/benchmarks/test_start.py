"""The benchmark of starting runs both commands both ways, and what fails is not timed."""

from subprocess import CalledProcessError

import pytest
from click.testing import CliRunner

from benchmarks.start import COMMAND, main, seconds


def test_it_prints_a_ratio_for_each_command():
    result = CliRunner().invoke(main, ["--times", "1"])
    assert result.exit_code == 0, result.output
    assert [line.split()[1] for line in result.output.splitlines()] == ["--help", "inspect"]
    assert result.output.count("of the same with dagster loaded") == 2


def test_a_command_that_fails_is_not_timed():
    with pytest.raises(CalledProcessError):
        seconds(COMMAND, "inspect", "no such file")
