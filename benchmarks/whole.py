"""What do whole builds cost? In one process against the least that anything must do; and in two against one.

Goal 2: a year of 50,000 reports in one process, less a build of nothing (what the years themselves take), against
reading, decoding and tokenising the same files. Goal 3: the same build in two processes, in turn with those in one.
"""

from statistics import median

from benchmarks.building import added, build, fresh, gate, generate, nothing
from benchmarks.measure import Found, Measure, Scale
from benchmarks.reading import seconds, tokenised

YEAR = 2023
REPORTS = 50_000


def measure(scale: Scale) -> Found:
    """Goals 2 and 3."""
    reports, folder = scale.at_most(REPORTS), scale.folder / "whole"
    raw = fresh(folder / "raw")
    generate(raw, reports, year=YEAR)
    files = [*raw.rglob("*.txt")]
    seconds(tokenised, files)  # from here on the machine has them in memory
    floor = median(seconds(tokenised, files) for _ in range(scale.times))
    pairs = []
    for _ in range(scale.builds):
        taken = []
        for processes in (1, 2):
            warehouse = fresh(folder / "warehouse")
            taken.append(build(raw, warehouse, processes).seconds)
            gate(warehouse, reports)
        pairs.append(taken)
    one, two = (median(taken) for taken in zip(*pairs, strict=True))
    fixed = nothing(scale, 1)
    own, each = added(one, fixed), 1e6 / reports
    return Found(
        [
            Measure(
                2,
                f"{reports:,} reports of {YEAR}, less a build of nothing",
                own / floor,
                f"{own * each:.0f} µs against {floor * each:.0f} µs a report; {one:.1f} s in all, "
                f"{fixed:.1f} s for nothing",
            ),
            Measure(
                3,
                f"a whole build of {reports:,} reports",
                median(two / one for one, two in pairs),
                f"{two:.1f} s against {one:.1f} s",
            ),
        ]
    )
