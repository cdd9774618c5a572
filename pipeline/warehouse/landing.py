"""From files to readings: text is taken out of each file, then read against the form. Both results are landed.

A file with the same bytes is not opened again while its reader is the same, and its text is not read again while the
parser is.
"""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.forms import STATISTICS, TABLES
from pipeline.parse import COUNT_TABLES, Reading, parse
from pipeline.parse.narrative import narrative_facts
from pipeline.readers import Document, Refused, reader_of
from pipeline.readers.picture import READING as PICTURE
from pipeline.tables import DOCUMENT_TEXT, READINGS
from pipeline.versions import parser_version, reader_version
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


def extract(raw: Raw, files: pa.Table) -> pa.Table:
    """The rows of `document_text` for files of `raw_documents` that were not refused."""
    version = reader_version()
    rows = [
        {"report_id": report_id(file["source_sha256"]), "source_format": file["source_format"]}
        | {"reader_version": version}
        | _extracted(raw, file)
        for file in files.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=DOCUMENT_TEXT)


def _extracted(raw: Raw, file: Row) -> Row:
    try:
        data = raw.read(file["source_path"])
        if sha256(data).hexdigest() != file["source_sha256"]:
            raise Refused("not_accessible", "The file changed while it was read.", "Build again.")
        return {"text": reader_of(file["source_format"]).extract(data)}
    except Refused as refusal:
        return _refusal(refusal)
    except OSError as error:
        reason = error.strerror or str(error)
        return _refusal(Refused("not_accessible", f"The file cannot be read: {reason}.", "Check the file."))


def read(raw: Raw, texts: pa.Table) -> pa.Table:
    """The rows of `readings` for texts of `document_text` that were not refused; the raw folder is not asked."""
    version = parser_version()
    return pa.Table.from_pylist([read_document(text, version) for text in texts.to_pylist()], schema=READINGS)


def read_document(text: Row, version: str) -> Row:
    """A row of `readings` from a row of `document_text`."""
    reader = reader_of(text["source_format"])
    documents = reader.arrange(text["text"])
    how = PICTURE if documents[0].recognised else reader.READING
    row: Row = {"report_id": text["report_id"], "parser_version": version, "reading": how}
    try:
        reading = parse(documents)
    except Refused as refusal:
        return row | _refusal(refusal) | {"sections": [], "narrative": [], "notes": []}
    return row | {
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
        **{name: _cells(reading, name) for name in TABLES},
        STATISTICS: _statistics(reading),
    }


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


def _cells(reading: Reading, name: str) -> Row | None:
    """The cells of a table as lists in the form's order, or None where the table is absent."""
    table = reading.tables.get(name)
    if table is None:
        return None
    document: Document = reading.document
    return {
        "edition": table.form.edition,
        "value": [_typed(name, cell.figure.value) for cell in table.cells],
        "state": [cell.figure.state for cell in table.cells],
        "text": [cell.text for cell in table.cells],
        "origin": [cell.origin for cell in table.cells],
        "unit": [
            cell.figure.unit or (column.unit if cell.figure.value is not None else None)
            for cell, (_, column) in zip(table.cells, table.form.cells, strict=True)
        ],
        "locator": [document.cells[cell.cell].place if cell.cell is not None else None for cell in table.cells],
    }


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


def _typed(table: str, value: Decimal | None) -> Decimal | int | None:
    return int(value) if value is not None and table in COUNT_TABLES else value


def _refusal(refusal: Refused) -> Row:
    return {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}
