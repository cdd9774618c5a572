"""What do whole builds cost? In one process against the least that anything must do; and in two against one.

Goal 2: a year of 50,000 reports, less a build of nothing (what the years themselves take), against reading, decoding
and tokenising the same files. Goal 3: the same build of 10,000 reports in two processes and in one.
"""

from statistics import median

from benchmarks.building import added, build, fresh, gate, generate, nothing
from benchmarks.measure import Found, Measure, Scale
from benchmarks.reading import seconds, tokenised

YEAR = 2023
REPORTS, TWICE = 50_000, 10_000


def one_process(scale: Scale) -> Found:
    """Goal 2."""
    reports, folder = scale.at_most(REPORTS), scale.folder / "one-process"
    raw, warehouse = fresh(folder / "raw"), fresh(folder / "warehouse")
    generate(raw, reports, year=YEAR)
    files = [*raw.rglob("*.txt")]
    seconds(tokenised, files)  # from here on the machine has them in memory
    floor = median(seconds(tokenised, files) for _ in range(scale.times))
    fixed = nothing(scale, 1)
    took = build(raw, warehouse, 1).seconds
    gate(warehouse, reports)
    own = added(took, fixed)
    each = 1e6 / reports
    return Found(
        [
            Measure(
                2,
                f"{reports:,} reports of {YEAR}, less a build of nothing",
                own / floor,
                f"{own * each:.0f} µs against {floor * each:.0f} µs a report; {took:.1f} s in all, "
                f"{fixed:.1f} s for nothing",
            )
        ]
    )


def two_processes(scale: Scale) -> Found:
    """Goal 3, of whole builds: in turn, as often as each other."""
    reports, folder = scale.at_most(TWICE), scale.folder / "two-processes"
    raw = fresh(folder / "raw")
    generate(raw, reports, packed=True)
    pairs = []
    for _ in range(scale.builds):
        taken = []
        for processes in (1, 2):
            warehouse = fresh(folder / "warehouse")
            taken.append(build(raw, warehouse, processes).seconds)
            gate(warehouse, reports)
        pairs.append(taken)
    one, two = (median(taken) for taken in zip(*pairs, strict=True))
    alone, together = added(one, nothing(scale, 1)), added(two, nothing(scale, 2))
    whole = median(two / one for one, two in pairs)
    return Found(
        [
            Measure(3, f"a whole build of {reports:,} reports", whole, f"{two:.1f} s against {one:.1f} s"),
            Measure(
                3,
                f"a whole build of {reports:,} reports, less a build of nothing",
                together / alone,
                f"{together:.1f} s against {alone:.1f} s",
            ),
        ]
    )
