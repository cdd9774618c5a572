"""How readers come to see what is staged: files beside those they replace, then the catalogue that names them.

Until the catalogue is swapped everybody asks the old release, after it the new one; on an object store, too, where
nothing but a single file can be replaced in one go. What no release names any more is removed last. Where publishing
breaks off, what lies there is more than readers see: what they see stands in the record of the release.
"""

from typing import NamedTuple

import pyarrow.parquet as pq

from pipeline.warehouse.catalogue import build_catalogue
from pipeline.warehouse.lake import PREVIOUS, Lake


class Published(NamedTuple):
    """What changed for readers: files that are new, files that are gone; whether the catalogue was built again."""

    new: list[str]
    gone: list[str]
    catalogue: bool


def publish(lake: Lake) -> Published:
    """Let readers see what is staged, by whole years.

    Raises pyarrow.ArrowInvalid where a staged file is damaged; then everything stays as it was.
    """
    wanted, there = lake.wanted(), set(lake.there())
    seen = there & set(lake.released())
    new, gone = sorted(wanted.keys() - seen), sorted(there - wanted.keys())
    for file in new:
        with lake.store.open(wanted[file]) as staged:
            pq.read_metadata(staged)
    if wanted.keys() != seen:
        _remember(lake, seen)
    for file in new:
        lake.store.copy(wanted[file], file)
    built = build_catalogue(lake, wanted.keys())
    for file in gone:
        lake.store.delete(file)
    return Published(new, gone, built)


def _remember(lake: Lake, seen: set[str]) -> None:
    """Keep what readers saw until now, to be compared with what they see next."""
    kept = {file.removeprefix(f"{PREVIOUS}/") for file in lake.store.names(PREVIOUS)}
    for file in kept - seen:
        lake.store.delete(f"{PREVIOUS}/{file}")
    for file in seen - kept:
        lake.store.copy(file, f"{PREVIOUS}/{file}")
