"""The scorecard as Markdown, for readers who count on the dataset and do not read code."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from benchmarks.accuracy.compare import DECLARED, Comparison
from benchmarks.accuracy.peers import PEERS, Trial
from pipeline import __version__

Row = dict[str, Any]

TABLES = {
    "proactive_disclosure": "2",
    "applications": "3",
    "review_litigation": "4",
    "statistics_2014": "statistics",
}
_INTRODUCTION = """\
# Accuracy

How often is a number in the dataset the number that the report prints? Only of reports made up for the purpose is every
figure known. So {reports:,} reports were made up, in {layouts} layouts and formats, with the damage and the oddities of
published ones. They went through `gongkai build` as a user's would, and every cell of the published tables was compared
with what was printed. Release {version}, seed {seed}.

**Of {cells:,} cells {right} are right, {declared} are declared uncertain, {missing:,} are missing, and {wrong:,} are
silently wrong.**

## What is counted

- *Right*: the dataset has the number that is printed; or says blank, `/`, a dash or 无 where that is printed; or lost
  where the row is not printed.
- *Declared*: the dataset has no number and says why (`state`): *unreadable*, something is printed and its reading is
  not certain; *lost*, the row was not found; *words* where a number belongs. A user sees these, and can look.
- *Missing*: there is no row, because the table was not found or the report was refused. A user sees these, too.
- *Wrong*: another number than the printed one, a number where none is printed, or a state that says for sure what is
  not so (a blank where a number is printed). No user could see these. It must be 0.
- *Right where it can be told*: some layouts keep no trace of a blank cell: figures one blank apart, one cell a line
  with empty lines dropped, a PDF without rules, digits run together. When a row shows three numbers for seven cells,
  nobody can tell which cells they are. This column leaves out, in such layouts alone, the rows of which a cell was
  blank (of digits run together: the whole table); *declared beside a blank* says how many declared cells stand there.
- *A to D, refused*: reports by the grade that the dataset gives them, and those in quarantine. Grades judge the
  agency's figures, too: most of these reports have sums that do not hold, so most are rightly C.
- *ms*: milliseconds from a file's bytes to its figures, for a report: the median of the first {each} of every layout,
  measured apart from the build, one after the other.

Made-up reports are not published ones: a layout that nobody has met yet is not among them. The tests also read
published reports whose figures were typed by hand.
"""
_KINDS = """\
In *busy*, *large* and *realistic* reports every sum holds. *Wrong totals* have one to three numbers that do not add up,
the agency's own mistakes: none of them may be graded A or B. In the other kinds few sums hold. *Ties* are reports of
two numbers in all cells, *marks for nil* print `/`, a dash or 无 for zero, *written variously* are thousands divided,
full-width digits, signs and units in the cell.
"""
_GLUED = """\
Where every separator between cells is lost, the form's arithmetic leaves one reading, or the cells are declared. Of
reports with up to 600 requests whose sums hold, this is the share of tables read whole. *Accepted* are all numbers
taken from such text, also of reports with blanks and with wrong totals. Table 2 has no arithmetic to prove a reading.
"""
_PEERS = """\
The same files, table 3 alone, read as a careful analyst would with a general tool: take all tables, keep the rows whose
cells hold a label of the form, take the last seven cells by position (`benchmarks/accuracy/peers.py`). *Missing* are
cells that it did not give, for Gongkai those declared uncertain as well.
"""
_REPEAT = """\
`make accuracy` makes this page again: the same seed makes the same reports. Another seed, or one layout with its files
kept for a look:

    python -m benchmarks.accuracy --seed 2 --write docs/accuracy.md
    python -m benchmarks.accuracy --only "pdf, cut" --keep /tmp/corpus

`/tmp/corpus` then has the reports (`raw`), what each of their cells prints (`truth`), and the dataset made from them
(`warehouse`). The command ends with status 1 if any cell is silently wrong, and names it.
"""


class Measured(NamedTuple):
    """A run. `seconds`: layout -> of each report timed; `trials`: peer and layout -> its trials."""

    comparison: Comparison
    seed: int
    each: int
    seconds: Mapping[str, Sequence[float]]
    trials: Mapping[tuple[str, str], Sequence[Trial]]
    not_run: Mapping[str, str]


def scorecard(run: Measured) -> str:
    """The scorecard of a run."""
    layouts = run.comparison.cells("layout, layout_group")
    parts = [
        _introduction(run, layouts),
        "## By format\n\n" + _by_format(run, layouts),
        "## By kind of figures\n\n" + _KINDS + "\n" + _by_kind(run),
        "## By layout\n\n" + _by_layout(run, layouts),
        "## By layout and table\n\n" + _by_table(run),
        *_section("## Text that lost its separators\n\n" + _GLUED, _glued(run)),
        *_section("## Beside general tools\n\n" + _PEERS, _peers(run)),
        *_section("## Not measured here\n", "".join(f"- {what}: {why}.\n" for what, why in run.not_run.items())),
        "## How to repeat\n\n" + _REPEAT,
    ]
    return "\n".join(parts)


def _section(heading: str, content: str) -> Iterator[str]:
    if content:
        yield heading + "\n" + content


def _introduction(run: Measured, layouts: Sequence[Row]) -> str:
    total = _total(layouts)
    cells = total["cells"]
    return _INTRODUCTION.format(
        version=__version__,
        seed=run.seed,
        each=run.each,
        layouts=len(layouts),
        reports=total["reports"],
        cells=cells,
        right=_percent(total["right"], cells),
        declared=_percent(total["declared"], cells),
        missing=total["missing"],
        wrong=total["wrong"],
    )


_GRADES = ("A", "B", "C", "D", "refused")
_OUTCOMES = ("cells", "right", "right where it can be told", "declared", "declared beside a blank", "missing", "wrong")


def _outcomes(row: Row) -> list[str]:
    """The columns `_OUTCOMES`."""
    return [
        f"{row['cells']:,}",
        _percent(row["right"], row["cells"]),
        _percent(row["right_told"], row["told"]),
        *(f"{row[name]:,}" for name in ("declared", "in_doubt", "missing", "wrong")),
    ]


def _by_format(run: Measured, layouts: Sequence[Row]) -> str:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in layouts:
        groups[row["layout_group"]].append(row)
    lines = []
    for group, rows in groups.items():
        seconds = [each for row in rows for each in run.seconds.get(row["layout"], ())]
        total = _total(rows)
        lines.append([group, f"{total['reports']:,}", *_outcomes(total), _milliseconds(seconds)])
    return _table(["format", "reports", *_OUTCOMES, "ms"], lines)


def _by_kind(run: Measured) -> str:
    grades = run.comparison.grades("kind")
    lines = []
    for row in sorted(run.comparison.cells("kind"), key=lambda row: str(row["kind"])):
        counts = [str(grades[row["kind"]][grade]) for grade in _GRADES]
        lines.append([row["kind"], f"{row['reports']:,}", *counts, *_outcomes(row)])
    return _table(["figures", "reports", *_GRADES, *_OUTCOMES], lines)


def _by_layout(run: Measured, layouts: Sequence[Row]) -> str:
    grades = run.comparison.grades("layout")
    lines = []
    for row in layouts:
        counts = [str(grades[row["layout"]][grade]) for grade in _GRADES]
        seconds = run.seconds.get(row["layout"], ())
        lines.append([_name(row["layout"]), str(row["reports"]), *counts, *_outcomes(row), _milliseconds(seconds)])
    return _table(["layout", "reports", *_GRADES, *_OUTCOMES, "ms"], lines)


def _by_table(run: Measured) -> str:
    lines = []
    for row in run.comparison.cells("layout, table_name"):
        cells, right, told, _, in_doubt, missing, wrong = _outcomes(row)
        declared = [f"{row[state]:,}" for state in DECLARED]
        name, table = _name(row["layout"]), TABLES[row["table_name"]]
        lines.append([name, table, cells, right, told, *declared, in_doubt, missing, wrong])
    names = ("layout", "table", *_OUTCOMES[:3], "unreadable", "lost", "words", *_OUTCOMES[4:])
    return _table(names, lines)


def _glued(run: Measured) -> str:
    lines = []
    for row in run.comparison.solved():
        share = _percent(row["whole"], row["tables"])
        lines.append(
            [
                *(_name(row["layout"]), TABLES[row["table_name"]], str(row["tables"]), share),
                *(f"{row['accepted']:,}", f"{row['wrong']:,}"),
            ]
        )
    return _table(["layout", "table", "tables", "read whole", "accepted", "of these wrong"], lines) if lines else ""


def _peers(run: Measured) -> str:
    lines = []
    for peer in PEERS:
        tried = {layout: trials for (name, layout), trials in run.trials.items() if name == peer.name}
        ours = {row["layout"]: row for row in _table_3(run, tried)}
        for layout in ours:
            lines += _beside(_name(layout), peer.name, [ours[layout]], tried[layout], run.seconds[layout])
        if tried:
            every = [trial for trials in tried.values() for trial in trials]
            seconds = [each for layout in tried for each in run.seconds[layout]]
            lines += _beside(f"**all {peer.formats[0]}**", peer.name, list(ours.values()), every, seconds)
    return _table(["files", "read by", "reports", "cells", "right", "missing", "wrong", "ms"], lines) if lines else ""


def _table_3(run: Measured, tried: Mapping[str, Sequence[Trial]]) -> list[Row]:
    """What the dataset has of table 3 of the reports that a peer was given."""
    return run.comparison.rows(
        """
        select layout, count(*) as cells, count(*) filter (outcome = 'right') as right,
               count(*) filter (outcome = 'wrong') as wrong
        from compared join truth_reports using (source_path)
        where table_name = 'applications' and number < $1 and list_contains($2, layout)
        group by layout order by min(position)
        """,
        run.each,
        list(tried),
    )


def _beside(
    what: str, peer: str, ours: Sequence[Row], trials: Sequence[Trial], seconds: Sequence[float]
) -> Iterator[list[str]]:
    cells = sum((trial.cells for trial in trials), Counter[str]())
    total, right, wrong = (sum(row[name] for row in ours) for name in ("cells", "right", "wrong"))
    reports = str(len(trials))
    yield [
        *(what, "Gongkai", reports, f"{total:,}", _percent(right, total)),
        *(f"{total - right - wrong:,}", f"{wrong:,}", _milliseconds(seconds)),
    ]
    yield [
        *("", peer, reports, f"{cells.total():,}", _percent(cells["right"], cells.total())),
        *(f"{cells['missing']:,}", f"{cells['wrong']:,}", _milliseconds([each.seconds for each in trials])),
    ]


def _total(rows: Iterable[Row]) -> Counter[str]:
    total = Counter[str]()
    for row in rows:
        total.update({name: count for name, count in row.items() if isinstance(count, int)})
    return total


def _name(layout: str) -> str:
    return layout.replace("_", " ")


def _milliseconds(seconds: Sequence[float]) -> str:
    return f"{1000 * median(seconds):.1f}" if seconds else "–"


def _percent(part: int, whole: int) -> str:
    """A share that says 100 % only where it is all."""
    if part == whole:
        return "100 %" if whole else "–"
    return f"{min(100 * part / whole, 99.99):.2f} %"


def _table(names: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the first column is words, the others numbers."""
    rows = [names, ["---", *["---:"] * (len(names) - 1)], *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
