"""Readings made from rendered reports, for tests of rules."""

from collections.abc import Mapping

import pyarrow as pa

from pipeline.tables import READINGS
from pipeline.warehouse.landing import read_document
from tests.planted.render import render


def reading_of(*texts: str) -> pa.Table:
    """The landed readings of report texts, one row each, with ids 0, 1, 2 …"""
    rows = [
        read_document({"report_id": f"{number:016x}", "source_format": "txt", "text": text}, "test")
        for number, text in enumerate(texts)
    ]
    assert not any(row.get("code") for row in rows), rows
    return pa.Table.from_pylist(rows, schema=READINGS)


def report(
    figures: Mapping[tuple[str, str, str], str | None], t2: str = "2021", t3: str = "2021", **options: object
) -> str:
    """A report text in tab rows."""
    return render("tab_rows", t2, t3, dict(figures), **options)
