"""The raw folder: published reports as files, in folders of this machine or of an object store, many of them packed.

A ZIP archive in a year's folder is a folder itself: `2023/towns.zip/qingshi.txt` is the report `qingshi.txt` in it. So
a hundred thousand small reports are a few files to whoever moves them. Nothing is ever changed here.
"""

import io
import os
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from pipeline.warehouse.store import AT_ONCE, Store

Looked = TypeVar("Looked")
Found = TypeVar("Found")

PACKED = ".zip"
_PIECE = 2**20
_TRUSTED = 5
"""Seconds for which a packed file of an object store is taken as unchanged; what is read is held against its hash."""


class Readable(Protocol):
    """What can be read a piece at a time."""

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes at most, or all; none at the end."""


class Stat(NamedTuple):
    """A file as its folder lists it: `stamp` changes when its content may have."""

    path: str
    size: int
    stamp: str
    changed_at: float


class Member(NamedTuple):
    """A report in a packed file: its name there, and its size."""

    name: str
    size: int


@dataclass(frozen=True)
class Raw:
    """A raw folder: a path, or a URL as `s3://bucket/raw`. Paths in it are parted by `/`."""

    place: str

    @classmethod
    def of(cls, place: str | Path) -> "Raw":
        """The raw folder at a path or URL; raises UnusablePlace where it is a whole bucket."""
        if isinstance(place, str) and "://" in place:
            Store(place).parent()  # else a whole bucket would be listed before it is refused
            return cls(place)
        return cls(str(Path(place)))

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return "://" not in self.place

    @property
    def beside(self) -> Store:
        """The folder it lies in, where corrections and decisions lie, too."""
        return Store.of(self.place).parent()

    def exists(self) -> bool:
        """Whether there is such a folder; one of an object store is there when anything lies in it."""
        return Store.of(self.place).is_there()

    def files(self) -> Iterator[Stat]:
        """Every file, in no order; one that cannot be looked at has size -1."""
        if not self.is_local:
            yield from self._listed()
            return
        for folder, _, names in os.walk(self.place, followlinks=True):
            above = folder[len(self.place) :].replace(os.sep, "/").lstrip("/")
            for name in names:
                path = f"{above}/{name}" if above else name
                try:
                    stat = os.stat(f"{folder}/{name}")  # noqa: PTH116 - a Path each would take longer than the rest
                except OSError:
                    yield Stat(path, -1, "", 0.0)
                else:
                    stamp = f"{stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"
                    yield Stat(path, stat.st_size, stamp, max(stat.st_mtime, stat.st_ctime))

    def _listed(self) -> Iterator[Stat]:
        store = Store(self.place)
        for path, info in store.infos():
            yield Stat(path, info.size, str(info.mtime_ns), info.mtime.timestamp())

    def read(self, path: str) -> bytes:
        """The bytes of a report; raises OSError."""
        archive, mark, member = path.partition(f"{PACKED}/")
        if not mark:
            return self._bytes(path)
        try:
            return self._open(archive + PACKED).read(member)
        except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
            raise OSError(0, f"it cannot be unpacked: {error}") from error

    def read_each(self, paths: Sequence[str]) -> Iterator[bytes | OSError]:
        """The bytes of each report, or why it cannot be read, in their order."""
        return self.each(self._read_or_error, paths)

    def _read_or_error(self, path: str) -> bytes | OSError:
        try:
            return self.read(path)
        except OSError as error:
            return error

    def each(self, look: Callable[[Looked], Found], files: Sequence[Looked]) -> Iterator[Found]:
        """What a look at each file finds, in their order; at several at once in an object store, where each waits."""
        if self.is_local or len(files) < 2:
            yield from map(look, files)
            return
        with ThreadPoolExecutor(AT_ONCE) as threads:
            yield from threads.map(look, files)

    def digest(self, path: str) -> str:
        """The SHA-256 of a report, in hex, however large it is; raises OSError."""
        archive, mark, member = path.partition(f"{PACKED}/")
        if mark:
            try:
                with self._open(archive + PACKED).open(member) as packed:
                    return _digest(packed)
            except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
                raise OSError(0, f"it cannot be unpacked: {error}") from error
        if self.is_local:
            with (Path(self.place) / path).open("rb") as file:
                return file_digest(file, "sha256").hexdigest()
        with Store(self.place).open(path) as remote:
            return _digest(remote)

    def members(self, path: str) -> list[Member]:
        """The reports in a packed file; raises OSError, zipfile.BadZipFile."""
        return [Member(each.filename, each.file_size) for each in self._open(path).infolist() if not each.is_dir()]

    def _bytes(self, path: str) -> bytes:
        return (Path(self.place) / path).read_bytes() if self.is_local else Store(self.place).read(path)

    def _open(self, path: str) -> zipfile.ZipFile:
        if self.is_local:
            stat = (Path(self.place) / path).stat()
            return _archive(self, path, f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}")
        return _archive(self, path, _stamp(self, path, int(time.monotonic() // _TRUSTED)))


@lru_cache(maxsize=16)
def _archive(raw: Raw, path: str, stamp: str) -> zipfile.ZipFile:
    """A packed file, open; `stamp` tells it from another that takes its place."""
    if raw.is_local:
        return zipfile.ZipFile((Path(raw.place) / path).open("rb"))
    return zipfile.ZipFile(io.BufferedReader(Store(raw.place).open(path), _PIECE))


@lru_cache(maxsize=16)
def _stamp(raw: Raw, path: str, moment: int) -> str:
    """The stamp of a packed file of an object store: not asked for again with every report in it."""
    return Store(raw.place).stamp(path)


def _digest(file: Readable) -> str:
    """The SHA-256 of what can be read of a file, a piece at a time."""
    digest = sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
