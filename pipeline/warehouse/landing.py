"""From files to readings: text is taken out of each file, then read against the form. Both results are landed.

A file with the same bytes is not opened again while its reader is the same, and its text is not read again while the
parser is.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.forms import STATISTICS, TABLES
from pipeline.parse import Reading
from pipeline.parse import read as read_text
from pipeline.parse.narrative import narrative_facts
from pipeline.readers import Refused, reader_of
from pipeline.readers.picture import READING as PICTURE
from pipeline.tables import DOCUMENT_TEXT, READINGS
from pipeline.warehouse.inventory import report_id
from pipeline.warehouse.raw import Raw

Row = dict[str, Any]

COSTS = {"txt": 0.1, "html": 2.0, "htm": 2.0, "docx": 1.0, "odt": 1.0, "rtf": 1.0, "doc": 1.0, "wps": 1.0, "pdf": 8.0}
"""What taking the text out of a file of a format costs, in readings of a report of plain text."""
_PICTURE = 500.0


def costs(files: pa.Table) -> list[float]:
    """What taking the text out of each file costs."""
    return [COSTS.get(source_format, _PICTURE) for source_format in files["source_format"].to_pylist()]


def even(texts: pa.Table) -> list[float]:
    """What reading each text costs: about the same."""
    return [1.0] * len(texts)


def file_names(files: pa.Table) -> pa.Array:
    """What tells the texts of files (`raw_documents`, `document_text`) apart: the bytes, and the format."""
    ids = files["report_id"] if "report_id" in files.column_names else _ids(files["source_sha256"])
    return pc.binary_join_element_wise(ids, files["source_format"], " ").combine_chunks()


def _ids(hashes: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_slice_codeunits(hashes, 0, 16)


def report_names(texts: pa.Table) -> pa.Array:
    """What tells the readings of texts (`document_text`, `readings`) apart."""
    return texts["report_id"].combine_chunks()


def extract(raw: Raw, version: str, files: pa.Table) -> pa.Table:
    """The rows of `document_text` for files of `raw_documents` that were not refused; `version` is the readers'."""
    contents = raw.read_each(files["source_path"].to_pylist())
    rows = [
        {"report_id": report_id(file["source_sha256"]), "source_format": file["source_format"]}
        | {"reader_version": version}
        | _extracted(content, file)
        for file, content in zip(files.to_pylist(), contents, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=DOCUMENT_TEXT)


def _extracted(content: bytes | OSError, file: Row) -> Row:
    try:
        if isinstance(content, OSError):
            raise content
        if sha256(content).hexdigest() != file["source_sha256"]:
            raise Refused("not_accessible", "The file changed while it was read.", "Build again.")
        return {"text": reader_of(file["source_format"]).extract(content)}
    except Refused as refusal:
        return _refusal(refusal)
    except OSError as error:
        reason = error.strerror or str(error)
        return _refusal(Refused("not_accessible", f"The file cannot be read: {reason}.", "Check the file."))


def read(raw: Raw, version: str, texts: pa.Table) -> pa.Table:
    """The rows of `readings` for texts of `document_text` that were not refused; `version` is the parser's.

    The raw folder is not asked.
    """
    rows = [read_document(text, version) for text in texts.to_pylist()]
    makers = dict.fromkeys(TABLES, _cell_lists) | {"sections": _struct_lists, "narrative": _struct_lists}
    columns = {
        field.name: makers.get(field.name, pa.array)([row.get(field.name) for row in rows], field.type)
        for field in READINGS
    }
    return pa.table(columns, schema=READINGS)


def read_document(text: Row, version: str) -> Row:
    """A row of `readings` from a row of `document_text`."""
    reader = reader_of(text["source_format"])
    row: Row = {"report_id": text["report_id"], "parser_version": version, "reading": reader.READING}
    try:
        reading = read_text(reader, text["text"])
    except Refused as refusal:
        return row | _refusal(refusal) | {"sections": [], "narrative": [], "notes": []}
    return row | {
        "reading": PICTURE if reading.document.recognised else reader.READING,
        "agency_name": reading.agency_name,
        "stated_year": reading.stated_year,
        "period_start": reading.period_start,
        "period_end": reading.period_end,
        "published_on": reading.published_on,
        "sections": list(_sections(reading)),
        "narrative": list(_narrative(reading)),
        "notes": [
            {
                "rule": note.rule,
                "table_name": note.table,
                "row": note.row,
                "observed": note.observed,
                "locator": note.locator,
            }
            for note in reading.notes
        ],
        **{name: columns._asdict() for name, columns in reading.columns.items()},
        STATISTICS: _statistics(reading),
    }


def _cell_lists(tables: Sequence[Row | None], layout: pa.StructType) -> pa.StructArray:
    """The tables of many reports, column by column: what most of them have in common is laid out once.

    Reports of one pattern share the very lists of their states and places.
    """
    present = [table for table in tables if table is not None]
    edition, value, *others = layout
    parts = [
        pa.array([table[edition.name] for table in present], edition.type),
        _flat(
            pa.array([each for table in present for each in table[value.name]], value.type.value_type),
            [len(table[value.name]) for table in present],
        ),
    ]
    for field in others:
        known: dict[int, tuple[int, Sequence[Any]]] = {}
        places = [known.setdefault(id(table[field.name]), (len(known), table[field.name]))[0] for table in present]
        parts.append(pa.array([each for _, each in known.values()], field.type).take(pa.array(places, pa.int32())))
    laid = pa.StructArray.from_arrays(parts, fields=list(layout))
    rows = iter(range(len(present)))
    return laid.take(pa.array([None if table is None else next(rows) for table in tables], pa.int32()))


def _struct_lists(lists: Sequence[Sequence[Row] | None], layout: pa.ListType) -> pa.ListArray:
    """Lists of rows of many reports, column by column."""
    rows = [row for each in lists for row in each or ()]
    columns = [pa.array([row[field.name] for row in rows], field.type) for field in layout.value_type]
    structs = pa.StructArray.from_arrays(columns, fields=list(layout.value_type))
    return _flat(structs, [len(each or ()) for each in lists])


def _flat(values: pa.Array, lengths: Sequence[int]) -> pa.ListArray:
    """Lists of so many values each."""
    return pa.ListArray.from_arrays(pa.array([0, *accumulate(lengths)], pa.int32()), values)


def _sections(reading: Reading) -> Iterator[Row]:
    for section in reading.sections:
        yield {
            "section": section.section,
            "title": section.title or None,
            "text": section.text,
            "locator": reading.document.cells[section.cell].place,
            "places": [reading.document.cells[cell].place for cell in section.lines],
        }


def _narrative(reading: Reading) -> Iterator[Row]:
    """The facts the sections state, each with the place of the line in which its sentence begins.

    None of a recognised document: its prose has no arithmetic to support what was seen.
    """
    if reading.document.recognised:
        return
    lines = {section.section: section.lines for section in reading.sections}
    for fact in narrative_facts(reading.sections):
        row = fact._asdict()
        cell = lines[fact.section][row.pop("line")]
        yield row | {"locator": reading.document.cells[cell].place}


def _statistics(reading: Reading) -> list[Row] | None:
    """The cells of the statistics table of 2014-2018, or None where it is absent."""
    if reading.statistics is None:
        return None
    return [
        {
            "indicator": entry.indicator,
            "column_label": entry.column,
            "value": entry.cell.figure.value,
            "unit": entry.unit,
            "state": entry.cell.figure.state,
            "text": entry.cell.text,
            "origin": entry.cell.origin,
            "locator": reading.document.cells[entry.cell.cell].place if entry.cell.cell is not None else None,
        }
        for entry in reading.statistics.entries
    ]


def _refusal(refusal: Refused) -> Row:
    return {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
