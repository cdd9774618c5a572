"""The narrative sections: which lines are headings, and the text between them that is no table.

A heading is a row without figures that begins with a known title, with its number or without. One like
`（三）主动公开政府信息情况` is none: a number in brackets counts inside a section. Of headings that occur twice (a
table of contents, a slip) the run that goes forward and stands latest is taken.
"""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.forms import Section, key
from pipeline.readers import Cell, Document, rows_of

LONGEST_TITLE = 40
LIKE = 80
"""A numbered line that resembles a title this much (0-100), and no other title, is that heading with a slip in it."""
_NUMBERED = re.compile(r"第?(?:[一二三四五六七八九十]{1,2}|[1-9])(?:部分)?[、.．，,:： \u3000\xa0]\s*")
_BRACKETED = re.compile(r"\s*[（(][^（()）]{1,3}[)）]")


class Heading(NamedTuple):
    """A section's heading: the cell it stands in, the title as printed, and what follows it on the same line."""

    cell: int
    section: str
    title: str
    rest: str


class SectionText(NamedTuple):
    """A narrative section; `cell` is that of its heading, or of its first line where it has none.

    `lines` are the first cells of the lines of its text.
    """

    section: str
    title: str
    text: str
    cell: int
    lines: tuple[int, ...] = ()


class Line(NamedTuple):
    """A printed line outside the tables: its first cell and its text."""

    cell: int
    text: str


def find_headings(document: Document, sections: dict[str, Section]) -> tuple[list[Heading], list[Heading]]:
    """The headings of a document in the form's order, and those printed again."""
    return in_order(headings_of(document.cells, sections), sections)


def headings_of(cells: Iterable[Cell], sections: dict[str, Section], first: int = 0) -> list[Heading]:
    """All headings in whole rows of cells, of which the first has the number `first`."""
    seen: list[Heading] = []
    number = first
    for row in rows_of(cells):
        printed = [(number + place, cell) for place, cell in enumerate(row) if cell.text]
        number += len(row)
        if printed and not any(map(_is_number, printed[1:])):
            cell, (text, *_) = printed[0]
            found = find_title(text, sections)
            if found:
                seen.append(Heading(cell, *found))
    return seen


def in_order(seen: Sequence[Heading], sections: dict[str, Section]) -> tuple[list[Heading], list[Heading]]:
    """Of headings those that stand in the form's order, and those printed again."""
    order = {code: position for position, code in enumerate(sections)}
    places = [order[heading.section] for heading in seen]
    if all(left < right for left, right in pairwise(places)):
        return [*seen], []
    best: list[tuple[int, int, int]] = []  # headings in the run, sum of their cells, previous one
    for place, heading in enumerate(seen):
        runs = [
            (best[earlier][0] + 1, best[earlier][1] + heading.cell, earlier)
            for earlier in range(place)
            if places[earlier] < places[place]
        ]
        best.append(max(runs, default=(1, heading.cell, -1)))
    run: list[Heading] = []
    at = max(range(len(best)), key=lambda place: best[place][:2], default=-1)
    while at >= 0:
        run.append(seen[at])
        at = best[at][2]
    return run[::-1], [heading for heading in seen if heading not in run]


def prose_of(cells: Iterable[Cell], table_cells: Container[int], first: int = 0) -> list[Line]:
    """The rows that do not begin in a table, headings among them; `first` is the number of the first cell."""
    lines: list[Line] = []
    number = first
    for row in rows_of(cells):
        if number not in table_cells and any(cell.text for cell in row):
            lines.append(Line(number, " ".join(cell.text for cell in row if cell.text)))
        number += len(row)
    return lines


def lines_of(cells: Iterable[Cell], skipped: Container[int], first: int = 0) -> list[Line]:
    """What is left of every row without some of its cells; `first` is the number of the first cell."""
    lines: list[Line] = []
    number = first
    for row in rows_of(cells):
        left = [place for place, cell in enumerate(row, number) if cell.text and place not in skipped]
        if left:
            lines.append(Line(left[0], " ".join(row[place - number].text for place in left)))
        number += len(row)
    return lines


def _is_number(printed: tuple[int, Cell]) -> bool:
    return any(map(str.isdecimal, printed[1].text))


def find_title(text: str, sections: dict[str, Section]) -> tuple[str, str, str] | None:
    """Section, title as printed and the rest of the line, if the line is a heading."""
    return _title(text, _Titles.of(sections))


@dataclass(frozen=True, eq=False, slots=True)
class _Titles:
    """The sections of the form, told from others by being the same object: that is quick to compare."""

    sections: dict[str, Section]

    @classmethod
    def of(cls, sections: dict[str, Section]) -> "_Titles":
        """The one object for some sections."""
        found = _known_titles.get(id(sections))
        if found is None or found.sections is not sections:
            found = _known_titles[id(sections)] = cls(sections)
        return found


_known_titles: dict[int, _Titles] = {}


@lru_cache(maxsize=8192)
def _title(text: str, titles: _Titles) -> tuple[str, str, str] | None:
    sections = titles.sections.values()
    number = _NUMBERED.match(text)
    if not number and _BRACKETED.match(text):
        return None
    title = text[number.end() :] if number else text
    title_key = key(title[: 2 * LONGEST_TITLE])
    for section in sections:
        if title_key in section.keys:
            return section.code, text, ""
    if not number:
        return None
    for section in sections:
        for spelling in section.keys:
            if title_key.startswith(spelling):
                head, rest = _cut(title, spelling)
                if rest[:1] in " \u3000\xa0:：。.":
                    return section.code, text[: number.end()] + head, rest.strip(" \u3000\xa0:：。.")
    if len(title_key) > LONGEST_TITLE:
        return None
    likeness = sorted(
        (max((fuzz.ratio(title_key, spelling) for spelling in section.keys), default=0.0), section.code)
        for section in sections
    )
    (second, _), (first, code) = likeness[-2:]
    return (code, text, "") if first >= LIKE and first - second >= 10 else None


def _cut(title: str, spelling: str) -> tuple[str, str]:
    """Cut a line after the letters that spell a title."""
    for end in range(len(spelling), len(title) + 1):
        if key(title[:end]) == spelling:
            return title[:end], title[end:]
    return title, ""


def section_texts(
    lines: Sequence[Line], headings: Sequence[Heading], signature: int | None, size: int
) -> list[SectionText]:
    """The text of every section that is there, line by line as printed.

    `lines` are those of a document of `size` cells without its headings and tables, `signature` is the first cell of
    the closing lines.
    """
    starts = [Heading(-1, "preamble", "", ""), *headings]
    if signature is not None:
        starts.append(Heading(signature, "signature", "", ""))
    starts.sort()
    ends = [heading.cell for heading in starts[1:]] + [size]
    texts = []
    following = 0
    for heading, end in zip(starts, ends, strict=True):
        own = {heading.cell: heading.rest} if heading.rest else {}
        while following < len(lines) and lines[following].cell < end:
            own[lines[following].cell] = lines[following].text
            following += 1
        if own or heading.title:
            first = heading.cell if heading.cell >= 0 else next(iter(own))
            places = tuple(cell for cell, text in own.items() for _ in text.split("\n"))
            texts.append(SectionText(heading.section, heading.title, "\n".join(own.values()), first, places))
    return texts
