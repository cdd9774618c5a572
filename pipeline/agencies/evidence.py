"""What a report says of who made it, gathered and not judged: names of the body, and regions it speaks of.

A name stands in the title, in a field of the page, in the signature, in a sentence, in the file's name. Regions stand
in the text, in the notices it cites, in telephone numbers, in the path. Names of regions are found from their last
character backwards: 省市县区 are few in a text, and each is looked up in the table, so no name is searched for.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from pipeline.agencies.names import LEVELS
from pipeline.agencies.regions import Regions
from pipeline.forms import simplify
from pipeline.parse.metadata import read_metadata

_TITLE_LINE = 70
_FIELD = re.compile(
    r"(?:发布机构|发布单位|发文机关|发文单位|公开机构|公开主体|公开单位|信息来源|来源|责任单位|编制单位|主办单位|主办|单位名称)"
    r"\s*[:：|]\s*(?P<name>[\u4e00-\u9fff（）()]{4,40})"
)
_CONTACT = re.compile(
    r"(?:请与|可与|请直接与)(?P<name>[\u4e00-\u9fff]{4,30}?)联系|请联系(?P<other>[\u4e00-\u9fff]{4,30})[（(:：，,]"
)
_NAME = re.compile(r"[\u4e00-\u9fff（）()]{2,40}")
_PHONE = re.compile(r"(?<![\d-])(0\d{2,3})[-—－)） ]{1,2}\d{7,8}(?!\d)")
_POSTCODE = re.compile(r"邮(?:政)?编(?:码)?[:：为]?\s*(\d{6})(?!\d)")
_LAST = re.compile("[省市县区旗州盟]")
_PLACED = re.compile("..[省市县区旗州盟]|[乡镇道木]")
_QUOTES = "《〈<"
_BREAKS = re.compile("[。！？\n]")
_SHOWN = 80
_TOO_COMMON = {"城区", "郊区", "矿区", "东区", "西区", "和县"}
"""Names that are words as well: taken in quotes or behind another region's name. Others of two characters are taken
where they cannot be the end of other words."""
_MOST_REGIONS = 20
"""Of more regions than these a text names only the most frequent count: a list of places speaks for none."""
_HAN = re.compile("[\u4e00-\u9fff]")
_TOWNSHIP = LEVELS.index("township")
_LEVEL_WORDS = {
    word: [form.format(word) for form in ("我{0}", "全{0}", "{0}委、{0}", "{0}委{0}政府")] for word in "省州盟市县区旗"
}

_SELF_WORDS = {word: [f"我{word}", f"本{word}"] for word in ("乡", "镇", "街道", "局")}


class Clue(NamedTuple):
    """Something that speaks for a body or a region.

    `name`: that of the body, for kinds that name it. `rows`: the regions it may speak for. `times`: how often it is
    there.
    """

    kind: str
    text: str
    place: str | None
    name: str | None = None
    rows: tuple[int, ...] = ()
    times: int = 1


class Kind(NamedTuple):
    """A kind of clue, as `evidence.toml` declares it."""

    en: str
    weight: float
    against: float
    order: int | None = None


@lru_cache(maxsize=1)
def clue_kinds() -> dict[str, Kind]:
    """The kinds of clues, by code."""
    source = tomllib.loads(files("pipeline.agencies").joinpath("evidence.toml").read_text("utf-8"))
    return {code: Kind(**fields) for code, fields in source.items()}


def collect(reading: Mapping[str, Any], source_path: str, year: int, regions: Regions) -> list[Clue]:
    """The clues of a report: a row of `readings`, and where its file lies in the raw folder."""
    text = _Text(reading["sections"])
    agency = reading["agency_name"]
    clues = list(_names(agency, text))
    clues += _path(source_path, year, regions)
    clues += _mentions(text, agency, year, regions)
    clues += _numbers(text, regions)
    if not (agency and _PLACED.search(agency)):
        clues += _words("level", _LEVEL_WORDS, text)
    if all(clue.kind != "title" for clue in clues):
        clues += _words("self", _SELF_WORDS, text)
    return clues


class _Text:
    """The sections of a reading as one text, and the place of each of its lines."""

    def __init__(self, sections: Sequence[Mapping[str, Any]]) -> None:
        self.sections = sections
        self.named = {section["section"]: section["text"] for section in sections}
        self.whole = "\n".join(section["text"] for section in sections)

    def place(self, offset: int) -> str | None:
        """The place in the source of a character of the text."""
        for section in self.sections:
            length = len(section["text"]) + 1
            if offset < length:
                line = section["text"].count("\n", 0, offset)
                places = section.get("places") or ()
                return str(places[line]) if line < len(places) else section["locator"]
            offset -= length
        return None

    def find(self, wanted: str, *, last: bool = False) -> str | None:
        """The place of the first or last line that holds a text; of one that is no line's the beginning or the end."""
        at = self.whole.rfind(wanted) if last else self.whole.find(wanted)
        return self.place(at if at >= 0 else len(self.whole) - 1 if last else 0)

    def sentence(self, start: int, end: int) -> str:
        """The sentence round a place, no more than can be shown."""
        first = max(start - _SHOWN // 2, 0)
        first = max([first, *(found.end() for found in _BREAKS.finditer(self.whole, first, start))])
        stop = _BREAKS.search(self.whole, end)
        last = min(first + _SHOWN, stop.end() if stop else len(self.whole))
        return self.whole[first : max(last, end)].strip()


def _names(agency: str | None, text: _Text) -> Iterator[Clue]:
    opening, closing = text.named.get("preamble", ""), text.named.get("signature", "")
    signed = _signed(closing)
    if agency:
        head = [_compact(line) for line in opening.split("\n")]
        title = "".join(line for line in head if len(line) <= _TITLE_LINE and "。" not in line)
        kind = "title" if agency in title else "signature" if agency == signed else "subject"
        yield Clue(kind, agency, text.find(agency, last=kind == "signature"), agency)
    if signed and signed != agency:
        yield Clue("signature", signed, text.find(signed, last=True), signed)
    for section in ("preamble", "signature"):
        for match in _FIELD.finditer(text.named.get(section, "")):
            yield Clue("field", match[0], text.find(match[0]), match["name"])

    contact = _CONTACT.search(text.whole)
    if contact:
        yield Clue("contact", contact[0], text.place(contact.start()), contact["name"] or contact["other"])


def _signed(closing: str) -> str | None:
    """The name in a signature, whose other line is a date."""
    for line in closing.split("\n")[:3]:
        match = _NAME.match(_compact(line))
        if match and len(match[0]) > 2:
            return match[0]
    return None


def _compact(line: str) -> str:
    return simplify(re.sub(r"\s", "", line))


def _path(source_path: str, year: int, regions: Regions) -> Iterator[Clue]:
    path = PurePosixPath(source_path)
    if source_path.isascii():
        return
    title = path.stem
    found = read_metadata([title], opening=1).agency_name or (title if _NAME.fullmatch(title) else None)
    if found:
        yield Clue("path", source_path, None, found)
    for part in path.parts[1:-1]:
        rows = tuple(row for row, _ in regions.bearers(part, year))
        if rows:
            yield Clue("folder", source_path, None, None, rows)


def _mentions(text: _Text, agency: str | None, year: int, regions: Regions) -> Iterator[Clue]:
    """The regions down to the county that the text names, the first place of each and how often."""
    names, endings, longest = regions.upper_names
    whole = text.whole
    own = agency[:3] if agency else None
    found: dict[tuple[str, str], list[int]] = {}
    cited = after = -1
    for match in _LAST.finditer(whole):
        end = match.end()
        if whole[end - 2 : end] not in endings:
            continue
        for start in range(max(end - longest, 0), end - 1):
            name = whole[start:end]
            if name in names:
                break
        else:
            continue
        quoted = start > 0 and whole[start - 1] in _QUOTES
        if not (quoted or start == after) and (
            name in _TOO_COMMON or (len(name) == 2 and _HAN.match(whole, start - 1))
        ):
            continue
        kind, after = "mention", end
        if quoted or start == cited:
            kind, cited = "citation", end
        elif own and not own.startswith(name[:2]) and whole.startswith(own, end):
            kind = "parent"
        known = found.get((kind, name))
        if known is None:
            found[kind, name] = [1, start]
        else:
            known[0] += 1
    often = sorted(found.items(), key=lambda item: (item[0][0] == "mention", -item[1][0]))[:_MOST_REGIONS]
    for (kind, name), (times, start) in sorted(often, key=lambda item: item[1][1]):
        rows = tuple(row for row, _ in regions.bearers(name, year) if regions.levels[row] < _TOWNSHIP)
        yield Clue(kind, text.sentence(start, start + len(name)), text.place(start), None, rows, times)


def _numbers(text: _Text, regions: Regions) -> Iterator[Clue]:
    """Area codes of telephone numbers, and postcodes."""
    for kind, pattern, served in (("phone", _PHONE, regions.served_by), ("postcode", _POSTCODE, regions.posted_by)):
        seen = set()
        for match in pattern.finditer(text.whole):
            rows = served(match[1])
            if rows and rows not in seen:
                seen.add(rows)
                yield Clue(kind, match[0], text.place(match.start()), None, rows)


def _words(kind: str, words: Mapping[str, Sequence[str]], text: _Text) -> Iterator[Clue]:
    """The level a report speaks of, or what it calls its own body, where it says one far more than others."""
    counts = sorted((sum(map(text.whole.count, forms)), word) for word, forms in words.items())
    (second, _), (first, word) = counts[-2:]
    if first > 2 * second:
        yield Clue(kind, word, None, times=first)
