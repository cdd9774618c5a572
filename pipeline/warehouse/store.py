"""Files by name below a folder, of this machine or of an object store: all that the warehouse asks of either.

A file is written whole or not at all, and is never changed once it is there under a name of its own; so readers of
an object store, where nothing can be renamed, are as safe as those of a disk.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from pyarrow import fs


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

    def path(self, name: str) -> str:
        """Where a file is, as DuckDB and people name it."""
        return f"{self.place.partition('?')[0].rstrip('/')}/{name}"

    def below(self, folder: str) -> str:
        """The place of a folder in it, as a store of its own."""
        address, mark, options = self.place.partition("?")
        return f"{address.rstrip('/')}/{folder}{mark}{options}"

    def read(self, name: str) -> bytes:
        """The bytes of a file; raises FileNotFoundError."""
        with self.open(name) as file:
            return bytes(file.read())

    def open(self, name: str) -> pa.NativeFile:
        """A file to read from anywhere in it; raises FileNotFoundError."""
        files, base = _files(self.place)
        return files.open_input_file(f"{base}/{name}")

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
        if self.exists(name):
            files.delete_file(f"{base}/{name}")

    def clear(self, folder: str) -> None:
        """Take away all that lies below a folder, and the folder."""
        files, base = _files(self.place)
        files.delete_dir_contents(f"{base}/{folder}", missing_dir_ok=True)
        if self.is_local:
            shutil.rmtree(Path(base, folder), ignore_errors=True)


@lru_cache(maxsize=64)
def _files(place: str) -> tuple[fs.FileSystem, str]:
    """The file system of a store, and the path of its folder there."""
    if "://" not in place:
        return fs.LocalFileSystem(), place.rstrip("/")
    files, base = fs.FileSystem.from_uri(place)
    return files, base.rstrip("/")
