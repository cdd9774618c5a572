"""The narrative sections: which lines are headings, and the text between them that is no table.

A heading is a row without figures that begins with a known title, with its number or without. One like
`（三）主动公开政府信息情况` is none: a number in brackets counts inside a section. Of headings that occur twice (a
table of contents, a slip) the run that goes forward and stands latest is taken.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.forms import Section, key
from pipeline.readers import Cell, Document

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


def find_headings(document: Document, sections: dict[str, Section]) -> tuple[list[Heading], list[Heading]]:
    """The headings of a document in the form's order, and those printed again."""
    order = {code: position for position, code in enumerate(sections)}
    seen: list[Heading] = []
    number = 0
    for row in document.rows():
        printed = [(number + place, cell) for place, cell in enumerate(row) if cell.text]
        number += len(row)
        if printed and not any(map(_is_number, printed[1:])):
            cell, (text, *_) = printed[0]
            found = _title(text, tuple(sections.values()))
            if found:
                seen.append(Heading(cell, *found))
    best: list[tuple[int, int, int]] = []  # headings in the run, sum of their cells, previous one
    for place, heading in enumerate(seen):
        runs = [
            (best[earlier][0] + 1, best[earlier][1] + heading.cell, earlier)
            for earlier in range(place)
            if order[seen[earlier].section] < order[heading.section]
        ]
        best.append(max(runs, default=(1, heading.cell, -1)))
    run: list[Heading] = []
    at = max(range(len(best)), key=lambda place: best[place][:2], default=-1)
    while at >= 0:
        run.append(seen[at])
        at = best[at][2]
    return run[::-1], [heading for heading in seen if heading not in run]


def _is_number(printed: tuple[int, Cell]) -> bool:
    return any(map(str.isdecimal, printed[1].text))


@lru_cache(maxsize=65536)
def _title(text: str, sections: tuple[Section, ...]) -> tuple[str, str, str] | None:
    """Section, title as printed and the rest of the line, if the line is a heading."""
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
    document: Document,
    headings: Sequence[Heading],
    repeated: Sequence[Heading],
    table_cells: Collection[int],
    signature: int,
) -> list[SectionText]:
    """The text of every section that is there, without its tables, line by line as printed.

    `table_cells` are the cells that belong to tables, `signature` the first cell of the closing lines.
    """
    starts = [Heading(-1, "preamble", "", ""), *headings]
    if signature < len(document.cells):
        starts.append(Heading(signature, "signature", "", ""))
    starts.sort()
    skipped = {heading.cell for heading in [*headings, *repeated]}
    ends = [heading.cell for heading in starts[1:]] + [len(document.cells)]
    texts = []
    for heading, end in zip(starts, ends, strict=True):
        cells = [
            number
            for number in range(max(heading.cell, 0), end)
            if number not in skipped and number not in table_cells and document.cells[number].text
        ]
        lines = {heading.cell: heading.rest} if heading.rest else {}
        lines |= _lines(document, cells)
        if lines or heading.title:
            first = heading.cell if heading.cell >= 0 else cells[0]
            places = tuple(cell for cell, text in lines.items() for _ in text.split("\n"))
            texts.append(SectionText(heading.section, heading.title, "\n".join(lines.values()), first, places))
    return texts


def _lines(document: Document, cells: Sequence[int]) -> dict[int, str]:
    """The lines that cells stand in, by the first cell of each."""
    rows: dict[int, list[int]] = {}
    for number in cells:
        rows.setdefault(document.cells[number].row, []).append(number)
    return {numbers[0]: " ".join(document.cells[number].text for number in numbers) for numbers in rows.values()}
