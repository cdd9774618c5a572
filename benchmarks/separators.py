"""What does a table cost whose separators are lost? Against the same report in a clean layout, and nothing wrong in it.

Goal 6: figures for which the form's arithmetic holds, for nothing else proves such a reading. What was read of a
pattern before is not recalled on either side: a document is parsed for the first time.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from benchmarks.measure import Found, Measure, NotAsPlanted, Scale
from benchmarks.reading import compare, wrong
from pipeline.parse import Reading, parse
from pipeline.readers import text
from tests.planted import glued
from tests.planted.figures import Figures
from tests.planted.render import render

REPORTS = 40
_EDITION = "2021"


def measure(scale: Scale) -> Found:
    """Goal 6."""
    figures = {f"{seed:03d}": glued.figures(_EDITION, seed) for seed in range(scale.at_most(REPORTS))}
    clean = {name: render("tab_rows", _EDITION, _EDITION, planted) for name, planted in figures.items()}
    mistakes = sum(wrong(read(clean[name]), planted) for name, planted in figures.items())
    if mistakes:
        raise NotAsPlanted(f"{mistakes} cells of clean reports are not what was planted: there is nothing to time.")
    found, all_taken = [], Counter[bool]()
    for layout in glued.LAYOUTS:
        lost = {name: glued.glued(layout, _EDITION, planted) for name, planted in figures.items()}
        taken = sum((accepted(read(lost[name]), planted) for name, planted in figures.items()), Counter[bool]())
        all_taken += taken
        names = [Path(name) for name in figures]  # what is compared is known by a name, not read from a file
        ratio, ours, theirs = compare(_reader(clean), _reader(lost), names, scale.times)
        told = f"{ours / 1e3:.2f} ms against {theirs / 1e3:.2f} ms; {taken.total():,} numbers taken"
        found.append(Measure(6, f"{layout}, {len(figures)} reports", ratio, told))
    told = f"{all_taken.total():,} numbers taken from all of them"
    return Found([*found, Measure(6, "accepted but wrong", all_taken[False], told, "wrong")])


def read(report: str) -> Reading:
    """A report, parsed without recalling anything."""
    return parse(text.arrange(report))


def _reader(reports: dict[str, str]) -> Callable[[Path], Reading]:
    return lambda name: read(reports[str(name)])


def accepted(reading: Reading, planted: Figures) -> Counter[bool]:
    """How many numbers were taken from a report, by whether they are the printed ones."""
    return Counter(
        value == Decimal(planted[name, *keys])
        for name, columns in reading.columns.items()
        for keys, value in zip(reading.tables[name].form.keys, columns.value, strict=True)
        if value is not None
    )
