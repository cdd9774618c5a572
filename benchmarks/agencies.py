"""How right and how fast are agencies told? Made-up reports of known bodies, against a fuzzy look-up of every name.

    python -m benchmarks.agencies --seed 1

The figures of one run: right, ambiguous or unknown, wrong; microseconds to resolve a report once its clues are
collected, and how many times that a look-up of the name among all divisions costs, which also cannot say "ambiguous".
"""

import time
from collections import Counter
from typing import NamedTuple

import click
from rapidfuzz import fuzz, process

from benchmarks.measure import BESIDE, Found, Measure, Scale
from pipeline.agencies.evidence import collect
from pipeline.agencies.regions import load_regions
from pipeline.agencies.resolve import resolve
from tests.agencies.made_up import generate

LOOKED_UP = 20
"""Names looked up the slow way."""


def measure(scale: Scale) -> Found:
    """How many times as fast as a look-up, and how right."""
    told = compare(scale.at_most(5_000), 1)
    what = f"whose {told.reports:,} reports are, times as fast as a fuzzy look-up of the name"
    return Found([Measure(BESIDE, what, told.looked_up / told.resolved, told.sentence)])


class Told(NamedTuple):
    """Seconds to load the divisions, to resolve a report, and to look a name up; and how right."""

    reports: int
    outcomes: Counter[str]
    divisions: int
    loaded: float
    resolved: float
    looked_up: float

    @property
    def sentence(self) -> str:
        """How right, and what a report takes."""
        counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        return f"{counts}; {self.resolved * 1e6:.0f} µs a report"


def compare(reports: int, seed: int) -> Told:
    """Resolve made-up reports, and look some of their names up the slow way."""
    start = time.perf_counter()
    regions = load_regions()
    loaded = time.perf_counter() - start
    made = generate(reports, seed)
    clues = [collect(one.reading, one.source_path, one.year, regions) for one in made]
    found = [resolve(each, one.year, regions) for each, one in zip(clues, made, strict=True)]  # builds the indexes
    start = time.perf_counter()
    for each, one in zip(clues, made, strict=True):
        resolve(each, one.year, regions)
    each_takes = (time.perf_counter() - start) / reports
    outcomes = Counter(
        "right" if one.truth == told.agency_id else "wrong" if told.agency_id else told.status
        for one, told in zip(made, found, strict=True)
    )
    start = time.perf_counter()
    for one in made[:LOOKED_UP]:
        process.extractOne(one.reading["agency_name"] or "", regions.names, scorer=fuzz.ratio)
    looked_up = (time.perf_counter() - start) / LOOKED_UP
    return Told(reports, outcomes, len(regions.names), loaded, each_takes, looked_up)


@click.command()
@click.option("--reports", default=5_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(reports: int, seed: int) -> None:
    """Make up reports, resolve them, and print the figures."""
    told = compare(reports, seed)
    click.echo(f"{reports:,} reports, seed {seed}: {told.sentence}; divisions loaded in {told.loaded * 1e3:.0f} ms")
    click.echo(f"a fuzzy look-up among {told.divisions:,} names: {told.looked_up / told.resolved:.0f} times that")


if __name__ == "__main__":
    main()
