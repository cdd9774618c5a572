"""Files by name below a folder, of this machine or of an object store: all that the warehouse asks of either.

A file is written whole or not at all, and is never changed once it is there under a name of its own; so readers of
an object store, where nothing can be renamed, are as safe as those of a disk.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

AT_ONCE = 16
"""Files of an object store that are read at the same time: each takes a while to come, and little else."""

_WHOLE = 2**20
"""Bytes up to which a file of an object store is fetched whole: asking for pieces of it would take longer."""


class UnusablePlace(RuntimeError):
    """A URL that names no folder of an object store; the message says what to write."""


@dataclass(frozen=True)
class Store:
    """A folder: an absolute path, or a URL as `s3://bucket/folder`. Names are relative to it, parted by `/`."""

    place: str

    @classmethod
    def of(cls, place: str | Path) -> "Store":
        """The store of a path or URL; the folder need not be there yet."""
        return cls(place if isinstance(place, str) and "://" in place else str(Path(place).absolute()))

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return "://" not in self.place

    @property
    def address(self) -> str:
        """The place without the options of its URL: they say how to get there, not where it is."""
        return self.place if self.is_local else self.place.partition("?")[0].rstrip("/")

    def path(self, name: str) -> str:
        """Where a file is, as DuckDB and people name it."""
        return f"{self.address.rstrip('/')}/{name}"

    def below(self, folder: str) -> str:
        """The place of a folder in it, as a store of its own."""
        return self.path(folder) + self._options

    def parent(self) -> "Store":
        """The folder it lies in; raises UnusablePlace where it is a whole bucket."""
        if self.is_local:
            return Store(str(Path(self.place).parent))
        address = self.address.rpartition("/")[0]
        if address.endswith("/"):
            raise UnusablePlace(f"{self.place} is a whole bucket. Name a folder in it, as {self.address}/raw.")
        return Store(address + self._options)

    @property
    def _options(self) -> str:
        return "" if self.is_local else "".join(self.place.partition("?")[1:])

    def is_there(self) -> bool:
        """Whether there is such a folder; one of an object store is there when anything lies in it."""
        files, base = _files(self.place)
        return bool(files.get_file_info(base).type == fs.FileType.Directory)

    def read(self, name: str) -> bytes:
        """The bytes of a file; raises FileNotFoundError."""
        if self.is_local:
            return Path(self.place, name).read_bytes()
        with self.open(name) as file:
            return bytes(file.read())

    def read_all(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """The bytes of each file, None where there is none; those of an object store are asked for at once."""
        if self.is_local or len(names) < 2:
            yield from map(self._read_if_there, names)
            return
        with ThreadPoolExecutor(AT_ONCE) as threads:
            yield from threads.map(self._read_if_there, names)

    def _read_if_there(self, name: str) -> bytes | None:
        try:
            return self.read(name)
        except FileNotFoundError:
            return None

    def open(self, name: str) -> pa.NativeFile:
        """A file to read from anywhere in it; raises FileNotFoundError."""
        files, base = _files(self.place)
        file = files.open_input_file(f"{base}/{name}")
        if self.is_local or file.size() > _WHOLE:
            return file
        with file:
            return pa.BufferReader(file.read_buffer())

    def exists(self, name: str) -> bool:
        """Whether there is a file of this name."""
        files, base = _files(self.place)
        return bool(files.get_file_info(f"{base}/{name}").type == fs.FileType.File)

    def stamp(self, name: str) -> str:
        """Changes when a file may have."""
        files, base = _files(self.place)
        info = files.get_file_info(f"{base}/{name}")
        return f"{info.size} {info.mtime_ns}"

    def infos(self, folder: str = "") -> Iterator[tuple[str, fs.FileInfo]]:
        """Every file below a folder, at any depth, with what its file system says of it."""
        files, base = _files(self.place)
        selector = fs.FileSelector(f"{base}/{folder}".rstrip("/"), allow_not_found=True, recursive=True)
        found = (info for info in files.get_file_info(selector) if info.type == fs.FileType.File)
        return ((info.path[len(base) + 1 :], info) for info in found)

    def names(self, folder: str = "", ending: str = "") -> list[str]:
        """The files below a folder, at any depth, sorted; none where there is no such folder."""
        return sorted(name for name, _ in self.infos(folder) if name.endswith(ending))

    def write(self, name: str, data: bytes | pa.Buffer) -> None:
        """Put a file there, whole: in the place of another of its name, if there is one."""
        files, base = _files(self.place)
        target = f"{base}/{name}"
        if not self.is_local:
            with files.open_output_stream(target) as file:
                file.write(data)
            return
        path = Path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_bytes(data)
        fresh.replace(path)

    def write_once(self, name: str, data: bytes | pa.Buffer) -> None:
        """Put a file there that is named after its bytes: where there is one as large, it is the same."""
        files, base = _files(self.place)
        if files.get_file_info(f"{base}/{name}").size != len(data):
            self.write(name, data)

    def copy(self, source: str, target: str) -> None:
        """Put a file also under another name: without a second copy of its bytes where the file system can."""
        files, base = _files(self.place)
        if not self.is_local:
            files.copy_file(f"{base}/{source}", f"{base}/{target}")
            return
        path = Path(base, target)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        try:
            os.link(Path(base, source), fresh)
        except OSError:
            shutil.copyfile(Path(base, source), fresh)
        fresh.replace(path)

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
        files, base = _files(self.place)
        with suppress(FileNotFoundError):
            files.delete_file(f"{base}/{name}")

    def clear(self, folder: str) -> None:
        """Take away all that lies below a folder, and the folder."""
        files, base = _files(self.place)
        with suppress(FileNotFoundError):
            files.delete_dir(f"{base}/{folder}")


@lru_cache(maxsize=64)
def _files(place: str) -> tuple[fs.FileSystem, str]:
    """The file system of a store, and the path of its folder there; raises UnusablePlace."""
    if "://" not in place:
        return fs.LocalFileSystem(), place.rstrip("/")
    scheme, address, *_ = urlsplit(place)
    if scheme == "file":
        raise UnusablePlace(f"{place} is a folder of this machine. Write its path: {place.removeprefix('file://')}")
    if "@" in address:  # else they would stand in the catalogue, for all to read
        raise UnusablePlace(f"{scheme}:// URLs hold no credentials here. Give them in the environment: docs/storage.md")
    try:
        files, base = fs.FileSystem.from_uri(f"{place}{'&' if '?' in place else '?'}{_OPTIONS.get(scheme, '')}")
    except (ValueError, NotImplementedError) as error:
        raise UnusablePlace(f"{place} names no folder of an object store: {error}. See docs/storage.md") from error
    return files, base.rstrip("/")


_OPTIONS = {"s3": "allow_delayed_open=true"}
"""By scheme, what lets a small file be written with one request instead of three."""
