"""The raw folder: published reports as files, in folders of this machine or of an object store, many of them packed.

A ZIP archive in a year's folder is a folder itself: `2023/towns.zip/qingshi.txt` is the report `qingshi.txt` in it. So
a hundred thousand small reports are a few files to whoever moves them. Nothing is ever changed here.
"""

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple, Protocol

from pipeline.warehouse.store import Store

PACKED = ".zip"
_PIECE = 2**20


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
        """The raw folder at a path or URL."""
        return cls(place if isinstance(place, str) and "://" in place else str(place))

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return "://" not in self.place

    @property
    def beside(self) -> Store:
        """The folder it lies in, where corrections and decisions lie, too."""
        if self.is_local:
            return Store.of(Path(self.place).absolute().parent)
        address, mark, options = self.place.partition("?")
        return Store(f"{address.rstrip('/').rpartition('/')[0]}{mark}{options}")

    def exists(self) -> bool:
        """Whether there is such a folder; one of an object store is there when anything lies in it."""
        return Path(self.place).is_dir() if self.is_local else bool(next(self.files(), None))

    def files(self) -> Iterator[Stat]:
        """Every file, in no order; one that cannot be looked at has size -1."""
        if not self.is_local:
            yield from self._listed()
            return
        for folder, _, names in os.walk(self.place, followlinks=True):
            for name in names:
                full = Path(folder) / name
                path = full.relative_to(self.place).as_posix()
                try:
                    stat = full.stat()
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
        return _archive(self, path, Store(self.place).stamp(path))


@lru_cache(maxsize=16)
def _archive(raw: Raw, path: str, stamp: str) -> zipfile.ZipFile:
    """A packed file, open; `stamp` tells it from another that takes its place."""
    return zipfile.ZipFile((Path(raw.place) / path).open("rb") if raw.is_local else Store(raw.place).open(path))


def _digest(file: Readable) -> str:
    """The SHA-256 of what can be read of a file, a piece at a time."""
    digest = sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
