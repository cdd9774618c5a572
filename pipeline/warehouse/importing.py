"""Copying report files into the raw folder, each to the folder of its report year; nothing is ever overwritten."""

import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Literal, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipeline.parse import parse
from pipeline.progress import track
from pipeline.readers import Refused, format_of, reader_of
from pipeline.warehouse.inventory import FIRST_YEAR, last_year, scan
from pipeline.warehouse.raw import Raw

LARGEST = 256 * 2**20
"""Nothing larger than this is taken out of an archive: it is no report, or a trap."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_UTF8_NAME = 0x800


class Imported(NamedTuple):
    """What became of a file: copied to `target`, already there as `target`, or left where it is for a reason."""

    source: PurePath
    outcome: Literal["copied", "present", "left"]
    target: Path | None
    reason: str


class _File(NamedTuple):
    """A file, or a member of an archive, by the path it is shown with; `read` may raise OSError or BadZipFile."""

    path: PurePath
    read: Callable[[], bytes]


def import_files(paths: Iterable[Path], raw: Path, year: int | None = None) -> list[Imported]:
    """Copy files, the files in folders and those in ZIP archives into `raw/<report year>/`.

    The year is `year`, else the one the report states, else that of a folder or file name it lies under. What is in the
    raw folder already, byte for byte, is not copied again; a file of the same name and other bytes gets a number.
    """
    raw.mkdir(parents=True, exist_ok=True)
    present = {file.source_sha256: raw / file.source_path for file in scan(Raw.of(raw)).files if file.source_sha256}
    files = list(_files(paths))
    return [_import_file(file, raw, year, present) for file in track(files, "importing")]


def _files(paths: Iterable[Path]) -> Iterator[_File]:
    for path in paths:
        inside = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in inside:
            yield from _members(file) if file.suffix.lower() == ".zip" else [_File(file, file.read_bytes)]


def _members(archive: Path) -> Iterator[_File]:
    """The files of a ZIP archive; an archive that cannot be read is itself the file that is left."""
    try:
        with ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
    except (OSError, BadZipFile):
        yield _File(archive, lambda: _unreadable(archive))
        return
    for member in members:
        yield _File(archive / _member_name(member), lambda member=member: _member(archive, member))  # type: ignore[misc]


def _member_name(member: ZipInfo) -> str:
    """A member's name; archives made on Chinese systems often hold it in GBK without saying so."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _member(archive: Path, member: ZipInfo) -> bytes:
    if member.file_size > LARGEST:
        raise OSError(0, f"it has {member.file_size:,} bytes")
    with ZipFile(archive) as opened, opened.open(member) as stream:
        return stream.read(LARGEST)


def _unreadable(archive: Path) -> bytes:
    raise OSError(0, f"{archive.name} is no readable ZIP archive")


def _import_file(file: _File, raw: Path, year: int | None, present: dict[str, Path]) -> Imported:
    try:
        data = file.read()
    except (OSError, BadZipFile, RuntimeError, NotImplementedError) as error:  # the last two: encrypted, odd packing
        return Imported(file.path, "left", None, f"it cannot be read: {getattr(error, 'strerror', None) or error}")
    digest = sha256(data).hexdigest()
    if digest in present:
        return Imported(file.path, "present", present[digest], "the same bytes are there already")
    report_year, evidence = (year, "given") if year else _report_year(file.path, data)
    if report_year is None:
        reason = "neither its text nor its path names a report year; give it with --year"
        return Imported(file.path, "left", None, reason)
    if not FIRST_YEAR <= report_year <= last_year():
        reason = f"its year {report_year} is not between {FIRST_YEAR} and {last_year()}"
        return Imported(file.path, "left", None, reason)
    target = _free_name(raw / str(report_year) / file.path.name)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    present[digest] = target
    return Imported(file.path, "copied", target, f"year {evidence}")


def _report_year(path: PurePath, data: bytes) -> tuple[int | None, str]:
    try:
        reader = reader_of(format_of(path.name))
        if len(data) <= reader.MAX_BYTES:
            stated = parse(reader.arrange(reader.extract(data))).stated_year
            if stated:
                return stated, "stated in the report"
    except Refused:
        pass  # the build will say why; its path may still name the year
    for name in (path.parent.name, path.stem):
        years = set(_YEAR.findall(name))
        if len(years) == 1:
            return int(years.pop()), f"in the name {name}"
    return None, ""


def _free_name(target: Path) -> Path:
    """The target, or its name with the first number that is free: `report-2.txt`."""
    number = 1
    name = target
    while name.exists():
        number += 1
        name = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return name
