"""How right and how fast are agencies told? Made-up reports of known bodies, against a fuzzy look-up of every name.

    python -m benchmarks.agencies --seed 1

The figures of one run: right, ambiguous or unknown, wrong; microseconds to resolve a report once its clues are
collected, and how many times that a look-up of the name among all divisions costs, which also cannot say "ambiguous".
"""

import time
from collections import Counter

import click
from rapidfuzz import fuzz, process

from pipeline.agencies.evidence import collect
from pipeline.agencies.regions import load_regions
from pipeline.agencies.resolve import resolve
from tests.agencies.made_up import generate

LOOKED_UP = 20
"""Names looked up the slow way."""


@click.command()
@click.option("--reports", default=5_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(reports: int, seed: int) -> None:
    """Make up reports, resolve them, and print the figures."""
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
    click.echo(f"{reports:,} reports, seed {seed}: {dict(outcomes)}")
    click.echo(f"divisions loaded in {loaded * 1e3:.0f} ms; a report resolved in {each_takes * 1e6:.0f} µs")
    click.echo(f"a fuzzy look-up of the name among {len(regions.names):,}: {looked_up / each_takes:.0f} times that")


if __name__ == "__main__":
    main()
