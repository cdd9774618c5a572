"""How much faster does a PDF become cells than with pdfplumber? Of the same files, where both give the same cells.

Goal 5: PDFs with ruled tables, a different number in every cell. Every cell of ours is compared with what was planted;
pdfplumber's tables have to hold every figure in a cell of its own, and those of a row of table 3 side by side, or the
file is not timed. Frames are closed where a page cuts a table, for it loses rows of an open one. That the rows are then
bound to the form is our work alone, and is told beside it.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.accuracy.peers import PEERS
from benchmarks.measure import BESIDE, Found, Measure, NotAsPlanted, Scale
from benchmarks.reading import compare, wrong
from pipeline.parse import Reading, parse
from pipeline.readers import pdf
from tests.planted import form
from tests.planted import pdf as made
from tests.planted.figures import Figures, distinct

PDFPLUMBER = next(peer for peer in PEERS if peer.formats == ("pdf",))
EACH = 2
"""Reports in every ruled look."""


def measure(scale: Scale) -> Found:
    """Goal 5."""
    folder = scale.folder / "printed"
    folder.mkdir(parents=True, exist_ok=True)
    looks = made.RULED[: scale.reports]
    files: dict[Path, Figures] = {}
    for number, look in enumerate(look for look in looks for _ in range(EACH)):
        figures = distinct("2021", "2021", number)
        file = folder / f"{number:02d} {look}.pdf"
        file.write_bytes(made.pdf("2021", "2021", figures, replace(made.LOOKS[look], closed=True), number))
        files[file] = figures
    mistakes = sum(wrong(figured(file), figures) for file, figures in files.items())
    if mistakes:
        raise NotAsPlanted(f"{mistakes} cells of PDFs are not what was planted: there is nothing to time.")
    same = [file for file, figures in files.items() if _gives(file, figures)]
    if not same:
        raise NotAsPlanted("pdfplumber gives the planted cells of no PDF: there is nothing to compare.")
    found = []
    for goal, what, work in (
        (5, "rows of cells", cells),
        (BESIDE, "figures of the form, times as fast as tables", figured),
    ):
        ratio, ours, theirs = compare(tables, work, same, scale.times)
        told = (
            f"{ours / 1e3:.1f} ms against {theirs / 1e3:.0f} ms a PDF; {len(same)} of {len(files)} give both the same"
        )
        found.append(Measure(goal, f"ruled PDFs: {what}", 1 / ratio, told))
    return Found(found)


def cells(file: Path) -> Any:
    """The rows of cells of every table, as the reader gives them."""
    return pdf.arrange(pdf.extract(file.read_bytes()))


def figured(file: Path) -> Reading:
    """The figures of the form, of a pattern that is not known."""
    return parse(cells(file))


def tables(file: Path) -> object:
    """The rows of cells of every table, as pdfplumber gives them."""
    return PDFPLUMBER.rows(file.read_bytes())


def _gives(file: Path, figures: Figures) -> bool:
    """Whether every figure is a cell of what pdfplumber gives, and those of a row of table 3 end a row."""
    rows = [[cell.strip() for cell in row] for row in PDFPLUMBER.rows(file.read_bytes())]
    tails, found = {tuple(row[-7:]) for row in rows}, {cell for row in rows for cell in row}
    wanted = (
        tuple(figures["applications", item.code, applicant.code] for applicant in form.APPLICANTS)
        for item in form.ITEMS["2021"]
    )
    return found.issuperset(figures.values()) and tails.issuperset(wanted)
