"""What kind of body a name is of: a government, its office, a department by line of work, and the rest.

`巨鹿县教育和体育局` is a region and a tail; here is what tails say. The words are data: `lines.toml`. A body is named
by its region and its line, so that it stays one body when 教育局 becomes 教育和体育局. A tail whose words are not all
known is a body of its own under its own words: better two that are one than one that is two.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from rapidfuzz.distance import Levenshtein

KINDS = ("government", "office", "department", "vertical", "zone", "institution")
"""The kinds of bodies."""
OWN_WORDS = ("department", "zone", "institution")
"""Kinds whose bodies may be named by words of their own where no line of work names them."""
CENTRAL = ("国务院", "国家", "中国", "中华人民共和国")
"""What names of the bodies of the country begin with."""
_OF_ANOTHER = re.compile(r"[\u4e00-\u9fff]{1,9}[县市旗州盟乡镇]|.*区[^区]{2,}(?<!管理委员会)(?<!管委会)(?<!管理局)$")
"""The name of another region, or a zone's department: no words of a body of this region."""
_TOWN = re.compile(r"(?P<town>[\u4e00-\u9fff]{1,12}?(?:乡|镇|街道|苏木))(?:人民政府|政府|办事处|办)?")


class Body(NamedTuple):
    """What a tail says: the kind, the line of work of a department or vertical body, else its own words.

    `name` is the tail as names have it. Bodies of a region are one when kind and `mark` are the same.
    """

    kind: str
    line: str | None
    own: str | None
    name: str

    @property
    def mark(self) -> str:
        """What follows the region in the body's id; nothing for its government."""
        return (
            {"government": "", "office": "office"}.get(self.kind)
            or self.line
            or (self.own and f"{self.kind}-{self.own}")
            or ""
        )


@dataclass(frozen=True)
class Line:
    """A line of work: its code and full name."""

    code: str
    kind: str
    zh: str


GOVERNMENT = Body("government", None, None, "人民政府")
ZONE_ITSELF = Body("zone", None, None, "")
"""The administration of a zone that is a region of its own."""
OFFICE = Body("office", None, None, "人民政府办公室")
_GOVERNMENTS = (
    "",
    "人民政府",
    "政府",
    "街道办事处",
    "街道办",
    "办事处",
    "街道",
    "街",
    "办",
    "人民",
    "街办",
    "公所",
    "管理委员会",
    "管委会",
)
_OFFICES = {
    f"{owner}{room}"
    for owner in ("人民政府", "政府", "人民政府政府", "")
    for room in ("办公室", "办公厅", "办", "综合办公室")
    if owner or len(room) > 1
} | {"党政办公室", "党政综合办公室", "党政办", "人民政府党政办公室", "党政和人大办公室"}


@dataclass(frozen=True)
class Lines:
    """What `lines.toml` says."""

    source: dict[str, Any]

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines of work and the vertical bodies, by code."""
        found = [Line(entry["code"], "department", entry["zh"]) for entry in self.source["line"]]
        found += [Line(entry["code"], "vertical", entry["zh"]) for entry in self.source["vertical"]]
        return {line.code: line for line in found}

    @cached_property
    def words(self) -> dict[str, str]:
        """Word -> line of work."""
        return {word: entry["code"] for entry in self.source["line"] for word in entry["words"]}

    @cached_property
    def tails(self) -> dict[str, str]:
        """Whole tail -> line of work or vertical body."""
        entries = [*self.source["line"], *self.source["vertical"]]
        return {name: entry["code"] for entry in entries for name in entry.get("names", ())}

    @cached_property
    def heads(self) -> dict[str, list[str]]:
        """What stands before the region in the names of vertical bodies -> their lines."""
        found: dict[str, list[str]] = {}
        for entry in self.source["vertical"]:
            for head in entry.get("head", ()):
                found.setdefault(head, []).append(entry["code"])
        return dict(sorted(found.items(), key=lambda item: -len(item[0])))

    def department(self, tail: str) -> str | None:
        """The line of work of a department's tail, or None where not all of its words are known."""
        stem = self._stem(tail)
        return self._line(stem) if stem else None

    def resembling(self, tail: str) -> set[str]:
        """The lines of work of the tails that differ from this one in one character."""
        stem = self._stem(tail)
        if not stem:
            return set()
        return {code for word, code in self.words.items() if len(word) > 1 and Levenshtein.distance(word, stem) == 1}

    @cached_property
    def _alone(self) -> frozenset[str]:
        return frozenset(entry["code"] for entry in self.source["line"] if entry.get("alone"))

    @cached_property
    def _merged(self) -> dict[frozenset[str], str]:
        return {frozenset(entry["merges"]): entry["code"] for entry in self.source["line"] if "merges" in entry}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.words))

    def _stem(self, tail: str) -> str | None:
        """A department's tail without its ending."""
        for ending in self.source["department"]["endings"]:
            if tail.endswith(ending):
                return tail.removesuffix(ending)
        return None

    def _line(self, stem: str) -> str | None:
        if stem in self.words:
            return self.words[stem]
        codes, at = list[str](), 0
        fillers = self.source["department"]["fillers"]
        while at < len(stem):
            for end in range(min(len(stem), at + self._longest), at + 1, -1):
                if stem[at:end] in self.words:
                    codes.append(self.words[stem[at:end]])
                    at = end
                    break
            else:
                filler = next((filler for filler in fillers if stem.startswith(filler, at)), None)
                if filler is None or not codes:
                    return None
                at += len(filler)
        if not self._alone.isdisjoint(codes[1:]):
            return None
        merged = next((code for parts, code in self._merged.items() if parts <= set(codes)), None)
        return merged or codes[0]


def body_marked(mark: str) -> Body | None:
    """The body that a mark in an id stands for, or None where there is no such mark."""
    kind, _, own = mark.partition("-")
    if mark == "office":
        return OFFICE
    if mark in load_lines().lines:
        line = load_lines().lines[mark]
        return Body(line.kind, line.code, None, line.zh)
    return Body(kind, None, own, own) if kind in OWN_WORDS and own else None


@lru_cache(maxsize=1)
def load_lines() -> Lines:
    """The words, read once a process."""
    return Lines(tomllib.loads(files("pipeline.agencies").joinpath("lines.toml").read_text("utf-8")))


@lru_cache(maxsize=8192)
def body_of(tail: str, *, town: bool = False) -> Body | None:
    """What stands behind a region's name, or None where it is no name of a body.

    `town`: the region is a township, which has no departments.
    """
    if tail in _GOVERNMENTS:
        return GOVERNMENT
    if tail in _OFFICES:
        return OFFICE
    tail = re.sub("^(?:人民)?政府(?=.)", "", tail)
    words = load_lines()
    if len(tail) < 2 or is_town(tail):
        return None
    line = None if town else words.tails.get(tail) or words.department(tail)
    if line:
        return Body(words.lines[line].kind, line, None, tail)
    if _OF_ANOTHER.match(tail):
        return None
    zone = words.source["zone"]
    place = next((tail.removesuffix(end) for end in zone["administrations"] if tail.endswith(end)), tail)
    if place.endswith(tuple(zone["endings"])):
        return Body("zone", None, place, tail)
    if tail.endswith(tuple(words.source["institution"]["endings"])):
        return Body("institution", None, tail, tail)
    if not town and tail.endswith(tuple(words.source["department"]["endings"])):
        return Body("department", None, tail, tail)
    return None


def is_town(text: str) -> str | None:
    """The township's name in what could be one: `张王疃乡` of `张王疃乡人民政府`."""
    match = _TOWN.fullmatch(text)
    return match["town"] if match else None
