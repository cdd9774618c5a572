"""The year before a report year, as its files, its entries and the code are now: what its reports are held against.

A year's source names its own files and entries, then those of the year before that decide how its reports are read;
so it is made again when either changes. Years may be made in any order, and beside each other: the year before is
taken as it is landed where that is of just these files and entries, and is made again in a corner of the warehouse
where it is not. Nothing of that stays.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

from pipeline.warehouse import steps
from pipeline.warehouse.amendments import Amendments
from pipeline.warehouse.inventory import FIRST_YEAR, Inventory, Seen, last_year, scan
from pipeline.warehouse.lake import STAGED, Lake
from pipeline.warehouse.making import Maker

MADE_OF = ("raw_documents", "document_text", "readings", "resolutions", "corrections")
"""What the year before is taken from, in the order in which it is made."""


class YearMoved(RuntimeError):
    """The year before changed while a year was made from it."""


def source_of(inventory: Inventory, amendments: Amendments, year: int) -> str:
    """What all that is made of a year is made from: its files and entries, and those of the year before."""
    own, before = (amendments.source(inventory.fingerprint(each), each) for each in (year, year - 1))
    return f"{own}-{_reading(before)}"


def years_to_make(inventory: Inventory, amendments: Amendments, lake: Lake) -> list[int]:
    """The report years that have files or entries, and the year before each; those that have tables from before.

    The last year where there is nothing of any, so that every table is there.
    """
    corrected = (entry.report_year for entry in amendments.corrections)
    decided = (entry.report_year for entry in amendments.decisions)
    told = {*inventory.years(), *corrected, *decided}
    before = {year - 1 for year in told if year > FIRST_YEAR}
    return sorted({*told, *before, *lake.years("raw_documents")} or {last_year()})


@contextmanager
def year_before(maker: Maker, amendments: Amendments, year: int, source: str) -> Iterator[Lake]:
    """Where the year before one that is made from `source` is landed; raises YearMoved when it is another by now."""
    before, named = year - 1, source.split("-")[-1]
    landed = {maker.lake.source(name, before) or "" for name in MADE_OF}
    if {_reading(said) for said in landed} == {named}:
        yield maker.lake
        return
    inventory = scan(maker.raw, Seen.load(maker.lake.store))
    if _reading(amendments.source(inventory.fingerprint(before), before)) != named:
        raise YearMoved(
            f"The files, corrections or agencies of {before} changed while {year} was made, and it is held against "
            f"them. Make {year} again."
        )
    corner = f"_before-{year}-{os.getpid()}"
    try:
        yield _made_anew(maker, corner, inventory, amendments, before)
    finally:
        maker.lake.store.clear(corner)


def _made_anew(maker: Maker, corner: str, inventory: Inventory, amendments: Amendments, year: int) -> Lake:
    """A year that is not landed as it is now, made in a corner; what was landed of it is taken over where it may be."""
    store, lake = maker.lake.store, Lake(maker.lake.store.below(corner))
    for name in MADE_OF:
        for file in store.names(f"{STAGED}/{name}/report_year={year}"):
            store.copy(file, f"{corner}/{file}")
    there = replace(maker, lake=lake)
    source = source_of(inventory, amendments, year)
    there.make_documents(inventory, year, source)
    for rows in (steps.DOCUMENT_TEXT, steps.READINGS):
        there.make_rows(rows, year, source)
    for part in (steps.RESOLUTIONS, steps.CORRECTIONS):
        there.make_parts(part, year, source, amendments)
    return lake


def _reading(source: str) -> str:
    """Changes when anything in a year's source does by which its reports are read: its files and entries on them."""
    return sha256("-".join(source.split("-")[:2]).encode()).hexdigest()[:16]
