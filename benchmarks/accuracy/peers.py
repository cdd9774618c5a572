"""The same files read without Gongkai: what a careful analyst writes in an afternoon with a general tool.

pdfplumber takes the tables out of a PDF, `pandas.read_html` out of a page. Of what they give, table 3 is looked for,
the table that studies use: a row belongs to the item of the form whose label its cells hold, blanks and the width of
punctuation aside; its figures are its last seven cells, by position. An empty cell is a blank, `/` and the like are
what they are, anything else that is no number is given up. The first row with a label counts.

That is fair to both sides: the labels are those of the form, which most reports print, and a tool is not blamed for a
row that it gave up. There is no second look and no arithmetic, as there is none in such scripts.
"""

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import NamedTuple

import pandas as pd
import pdfplumber

from benchmarks.accuracy.kinds import NIL, Meaning
from pipeline.parse import parse
from pipeline.readers import Refused, reader_of
from tests.planted import form

Row = Sequence[str]
Found = dict[tuple[str, str], Meaning]
"""Item and applicant of table 3 -> what the peer takes the cell for."""


class Peer(NamedTuple):
    """A general tool: the formats it is given, and how it reads the rows of all tables of a file."""

    name: str
    formats: tuple[str, ...]
    rows: Callable[[bytes], Iterable[Row]]


class Trial(NamedTuple):
    """A file read by a peer: cells of table 3 by outcome, and the seconds it took."""

    cells: Counter[str]
    seconds: float


def _pdfplumber(data: bytes) -> list[Row]:
    with pdfplumber.open(BytesIO(data)) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    return [[cell or "" for cell in row] for table in tables for row in table]


def _read_html(data: bytes) -> list[Row]:
    try:
        frames = pd.read_html(BytesIO(data), flavor="lxml")
    except ValueError:  # there is no table that it can see
        return []
    filled = (frame.astype(object).where(frame.notna(), "") for frame in frames)
    return [[str(cell) for cell in row] for frame in filled for row in frame.itertuples(index=False)]


PEERS = (
    Peer("pdfplumber", ("pdf",), _pdfplumber),
    Peer("pandas.read_html", ("html",), _read_html),
)


def try_peer(peer: Peer, data: bytes, truth: Mapping[tuple[str, str], Meaning]) -> Trial:
    """Let a peer read a file and compare its cells of table 3: right, wrong or missing."""
    start = time.perf_counter()
    found = table_3(peer.rows(data))
    seconds = time.perf_counter() - start
    return Trial(Counter(_outcome(found.get(cell), meant) for cell, meant in truth.items()), seconds)


def table_3(rows: Iterable[Row]) -> Found:
    """The cells of table 3 among the rows of all tables; rows it does not hold are not there."""
    items = {_plain(item.label): item.code for items in form.ITEMS.values() for item in items}
    found: Found = {}
    for row in rows:
        stubs, figures = [_plain(cell) for cell in row[:-7]], row[-7:]
        item = next((items[stub] for stub in reversed(stubs) if stub in items), None)
        if item is None or (item, "total") in found:
            continue
        for applicant, figure in zip(form.APPLICANTS, figures, strict=True):
            found[item, applicant.code] = _taken(figure)
    return found


def _plain(label: str) -> str:
    """A label without blanks, its punctuation narrow."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", label))


def _taken(figure: str) -> Meaning:
    text = re.sub(r"\s", "", figure)
    if not text:
        return Meaning("blank")
    if text in NIL:
        return Meaning(NIL[text], Decimal(0) if NIL[text] == "nil_word" else None)
    try:
        return Meaning("number", Decimal(unicodedata.normalize("NFKC", text).replace(",", "")))
    except InvalidOperation:
        return Meaning("text")


def _outcome(taken: Meaning | None, meant: Meaning) -> str:
    """A blank for what is not blank is missing, not wrong: no number was made up."""
    if taken is None or taken.state == "text":
        return "missing"
    if (taken.state, taken.value) == (meant.state, meant.value):
        return "right"
    return "wrong" if taken.value is not None else "missing"


def seconds_of(source_format: str, data: bytes) -> float:
    """The time that Gongkai takes to read a file: text out of bytes, and figures out of text."""
    start = time.perf_counter()
    try:
        reader = reader_of(source_format)
        parse(reader.arrange(reader.extract(data)))
    except Refused:
        pass
    return time.perf_counter() - start
