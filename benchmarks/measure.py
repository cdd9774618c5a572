"""The shape of what is measured: a ratio of two things done in one run, held against the bar of its goal.

The goals are data, `goals.toml`. A goal may be measured in several ways; it is met where each of them is. What is
measured beside another tool, with no goal, has the number 0.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

BESIDE = 0
"""The number of what has no goal: the same work done with a general tool."""


class NotAsPlanted(RuntimeError):
    """A number is not the one that was planted: there is nothing to time."""


class Measure(NamedTuple):
    """A figure. `part`: which of the bars of its goal it is held against; `how`: what it is a ratio of, in figures."""

    goal: int
    what: str
    value: float
    how: str = ""
    part: str = ""


class Goal(NamedTuple):
    """A bar, and what would be better still. `unit`: what follows the value; `more`: whether more is better."""

    number: int
    what: str
    bar: float
    stretch: float
    part: str = ""
    unit: str = " x"
    more: bool = False

    def reaches(self, value: float, bar: float) -> bool:
        """Whether a value is as good as a bar, or better."""
        return value >= bar if self.more else value <= bar


class Found(NamedTuple):
    """What a benchmark found: figures, and tables to show beside them, as Markdown by heading."""

    measures: Sequence[Measure]
    tables: Mapping[str, str] = MappingProxyType({})


class Scale(NamedTuple):
    """How much is measured, and where: at most so many reports, in a folder that is kept until the end of the run."""

    reports: int
    folder: Path
    times: int = 5

    @property
    def builds(self) -> int:
        """How often a build of 10,000 reports is made, or a smaller one."""
        return min(3, self.times)

    def at_most(self, reports: int) -> int:
        """So many reports, or fewer where the whole run is smaller."""
        return min(reports, self.reports)


@cache
def goals() -> tuple[Goal, ...]:
    """All bars, in the order of the goals."""
    declared = tomllib.loads(Path(__file__).with_name("goals.toml").read_text("utf-8"))
    return tuple(Goal(**goal) for goal in declared["goal"])


def goal_of(measure: Measure) -> Goal:
    """The bar that a figure is held against; raises KeyError where there is none."""
    for goal in goals():
        if (goal.number, goal.part) == (measure.goal, measure.part):
            return goal
    raise KeyError(f"goals.toml has no goal {measure.goal} {measure.part!r}")


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, its first column to the left and the others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
