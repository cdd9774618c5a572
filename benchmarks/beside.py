"""The same work done with general tools, where no goal asks for it: rows as dicts, pandas' reader of pages.

What both give is compared first. PDFs and queries beside other tools are goals 5 and 10.
"""

import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import agencies
from benchmarks.accuracy.peers import PEERS, table_3
from benchmarks.measure import BESIDE, Found, Measure, NotAsPlanted, Scale
from benchmarks.nation import numbers, report
from benchmarks.reading import compare, planted
from pipeline.forms import TABLES, load
from pipeline.parse.reading import Columns
from pipeline.parse.recall import Memory
from pipeline.readers import html
from pipeline.tables import DOCUMENT_TEXT
from pipeline.tables import TABLES as DECLARED
from pipeline.versions import parser_version
from pipeline.warehouse import Raw, facts
from pipeline.warehouse.landing import read
from tests.planted import html as pages
from tests.planted.figures import Figures

REPORTS, PAGES, YEAR = 2_000, 20, 2023
READ_HTML = next(peer for peer in PEERS if peer.formats == ("html",))


def measure(scale: Scale) -> Found:
    """Both, and who reported."""
    return Found([rows_as_dicts(scale), pages_of_pandas(scale), *agencies.measure(scale).measures])


def rows_as_dicts(scale: Scale) -> Measure:
    """Readings become Parquet: a dict a cell, then a DataFrame, against columns."""
    reports, folder = scale.at_most(REPORTS), scale.folder / "beside"
    folder.mkdir(parents=True, exist_ok=True)
    landed = readings(reports)
    as_rows = landed.to_pylist()
    theirs = partial(by_dicts, as_rows, folder / "dicts")
    ours = partial(by_columns, landed, folder / "columns")
    theirs()
    ours()
    for name in TABLES:
        if _sum(folder / f"columns-{name}") != _sum(folder / f"dicts-{name}"):
            raise NotAsPlanted(f"The rows of {name} differ: there is nothing to compare.")
    pairs = [(_clock(theirs), _clock(ours)) for _ in range(scale.times)]
    told, took = (median(taken) / reports * 1e6 for taken in zip(*pairs, strict=True))
    return Measure(
        BESIDE,
        f"readings of {reports:,} reports to Parquet, times as fast as with a dict a row and a DataFrame",
        median(dicts / columns for dicts, columns in pairs),
        f"{took:.0f} µs against {told:.0f} µs a report",
    )


def readings(reports: int) -> pa.Table:
    """The landed readings of a made-up year."""
    rows = [
        {"report_id": f"{number:016x}", "source_format": "txt", "reader_version": "", "text": report(1, number).text}
        for number in numbers(reports, YEAR)
    ]
    return read(Raw.of("."), parser_version(), pa.Table.from_pylist(rows, schema=DOCUMENT_TEXT))


def by_columns(landed: pa.Table, place: Path) -> None:
    """As the warehouse does it."""
    for name in TABLES:
        pq.write_table(facts.cells(landed, DECLARED[name], YEAR), f"{place}-{name}", compression="zstd")


def by_dicts(landed: list[dict[str, Any]], place: Path) -> None:
    """As a careful analyst would: a row a cell, all rows in a DataFrame."""
    editions = load().editions
    for name in TABLES:
        rows = []
        for reading in landed:
            if (table := reading[name]) is None:
                continue
            form = editions[table["edition"]].tables[name]
            for number, (row, column) in enumerate(form.keys):
                cell = {field: table[field][number] for field in ("value", "state", "text", "origin", "locator")}
                rows.append(
                    {"report_id": reading["report_id"], "report_year": YEAR}
                    | {form.row_axis: row, form.column_axis: column}
                    | cell
                )
        pd.DataFrame(rows).to_parquet(f"{place}-{name}", compression="zstd")


def _sum(file: str | Path) -> tuple[int, int, Decimal]:
    """Rows, numbers and their sum."""
    value = pq.read_table(file, columns=["value"])["value"]
    return len(value), pc.count(value).as_py(), Decimal(pc.sum(value).as_py())


def pages_of_pandas(scale: Scale) -> Measure:
    """Pages become cells: `pandas.read_html` against the reader."""
    folder = scale.folder / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    files = planted(folder, "page", _page, scale.at_most(PAGES))
    memory = Memory()

    def theirs(file: Path) -> object:
        return READ_HTML.rows(file.read_bytes())

    def ours(file: Path) -> Mapping[str, Columns]:
        return memory.read_tables(html, html.extract(file.read_bytes()))

    for file, figures in files.items():
        found = table_3(READ_HTML.rows(file.read_bytes()))
        printed = {keys[1:]: Decimal(figure) for keys, figure in figures.items() if keys[0] == "applications"}
        if {keys: cell.value for keys, cell in found.items()} != printed or not _as_planted(ours(file), printed):
            raise NotAsPlanted(f"{file.name}: the cells are not what was planted: there is nothing to compare.")
    ratio, took, told = compare(theirs, ours, [*files], scale.times)
    what = f"{len(files)} pages to cells, times as fast as `pandas.read_html`"
    return Measure(BESIDE, what, 1 / ratio, f"{took / 1e3:.2f} ms against {told / 1e3:.1f} ms a page")


def _page(seed: int, figures: Figures) -> bytes:
    return pages.page("clean", "2021", "2021", figures, seed)


def _as_planted(columns: Mapping[str, Columns], printed: Mapping[tuple[str, str], Decimal]) -> bool:
    """Whether the cells of table 3 are those that are printed."""
    table = columns["applications"]
    keys = load().editions[table.edition].tables["applications"].keys
    return dict(zip(keys, table.value, strict=True)) == dict(printed)


def _clock(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
