"""The year before a report year, as its files, its entries and the code are now: what its reports are held against.

A year's source names its own files and entries, then those of the year before that decide how its reports are read;
so it is made again when either changes. Years may be made in any order, and beside each other: the year before is
taken as it is landed where that is of just these files and entries, and read again in memory where it is not. Nothing
is landed of it then.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pipeline.warehouse import landing
from pipeline.warehouse.agencies import resolve_reports
from pipeline.warehouse.amendments import Amendments
from pipeline.warehouse.corrections import apply_corrections, hold_corrections
from pipeline.warehouse.facts import accepted
from pipeline.warehouse.inventory import Inventory, scan
from pipeline.warehouse.lake import Lake
from pipeline.warehouse.succession import YearRead

_MADE_OF = ("raw_documents", "readings", "resolutions", "corrections")


class YearMoved(RuntimeError):
    """The year before changed while a year was made from it."""


def source_of(inventory: Inventory, amendments: Amendments, year: int) -> str:
    """What all that is made of a year is made from: its files and entries, and those of the year before."""
    own, before = (amendments.source(inventory.fingerprint(each), each) for each in (year, year - 1))
    return f"{own}-{_reading(before)}"


def load_year(lake: Lake, year: int) -> YearRead:
    """A year as it is landed and corrected."""
    documents, readings, resolutions, corrections = (lake.load(name, year) for name in _MADE_OF)
    return YearRead(documents, apply_corrections(accepted(readings), corrections), resolutions)


def load_year_before(lake: Lake, raw: Path, amendments: Amendments, year: int, source: str) -> YearRead:
    """The year before one that is made from `source`; raises YearMoved when it is another by now."""
    before, named = year - 1, source.split("-")[-1]
    landed = {lake.source(name, before) or "" for name in _MADE_OF}
    if {_reading(said) for said in landed} == {named}:
        return load_year(lake, before)
    inventory = scan(raw)
    if _reading(amendments.source(inventory.fingerprint(before), before)) != named:
        raise YearMoved(
            f"The files, corrections or agencies of {before} changed while {year} was made, and it is held against "
            f"them. Make {year} again."
        )
    return _read_anew(lake, raw, inventory, amendments, before)


@lru_cache(maxsize=1)
def _read_anew(lake: Lake, raw: Path, inventory: Inventory, amendments: Amendments, year: int) -> YearRead:
    """A year that is not landed, or not from what lies there now. Several tables of one run ask for it."""
    documents = inventory.documents(year)
    texts = landing.extract_texts(documents, lake.kept("document_text", year), raw, year)
    readings = accepted(landing.read_documents(texts, lake.kept("readings", year), year))
    entries = amendments.of(year)
    resolutions = resolve_reports(documents, readings, lake.kept("resolutions", year), entries.agencies, year)
    corrections = hold_corrections(entries.corrections, readings, year)
    return YearRead(documents, apply_corrections(readings, corrections), resolutions)


def _reading(source: str) -> str:
    """Changes when anything in a year's source does by which its reports are read: its files and entries on them."""
    return sha256("-".join(source.split("-")[:2]).encode()).hexdigest()[:16]
