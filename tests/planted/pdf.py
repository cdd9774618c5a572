"""Reports as PDFs with a text layer: ruled in the ways that word processors and printers rule them, cut by pages, or
without any lines.

The text is that of `render`, the figures are the caller's. `LOOKS` names what was seen in published files; a seed moves
sizes, widths, alignment and page breaks, so that no two documents stand alike. The font is one of those that every
viewer of PDFs brings, so nothing is to be installed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import accumulate
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from . import form
from .form import Cell
from .render import HEADINGS, NARRATIVE

FONT = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0
MARGIN = 72.0

pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Figures = Mapping[Cell, str | None]


@dataclass(frozen=True)
class Look:
    """How a report is printed."""

    rules: str | None = "lines"
    """`lines`, `rectangles` (thin filled ones), `boxes` (a stroked rectangle a cell), `dashes`; None for no rules."""
    merged: bool = True
    """Whether cells are merged; else every square of the grid is a cell of its own."""
    cut: str | None = None
    """Where a page break falls in each table: `between` rows; `label`, inside the label of a row whose figures stay on
    the first page; `figures`, between the label of a row and its figures."""
    closed: bool = False
    """Whether the frame is closed where the page cuts it."""
    header_again: bool = False
    """Whether the header of a cut table is printed again."""
    page_number: str | None = None
    wrapped: bool = False
    """Whether the label columns are too narrow for most labels."""
    backgrounds: bool = False
    """White rectangles under the cells, coloured ones under headers."""
    split_digits: bool = False
    """Whether numbers are printed in two pieces a hair apart."""
    bold: bool = False
    """Whether everything is printed twice, a hair apart."""
    turned: str | None = None
    """`stored`: the page is stored sideways and says so; `printed`: it is printed sideways."""
    figures: str | None = None
    """How figures stand in their cells: `left`, `right`, `centre`; None leaves it to the seed."""
    heads: str | None = None
    """How the words at the head of columns stand in theirs; None leaves it to the seed."""
    shift: float = 0
    """How many points a figure may stand aside of where it should, within its cell."""
    digits: str | None = None
    """Another font for the figures."""


LOOKS: dict[str, Look] = {
    "full_grid": Look(merged=False),
    "merged_cells": Look(),
    "thin_rectangles": Look(rules="rectangles"),
    "boxes_on_backgrounds": Look(rules="boxes", backgrounds=True),
    "dashed": Look(rules="dashes", backgrounds=True),
    "wrapped_labels": Look(wrapped=True),
    "page_numbers": Look(cut="between", page_number="- {} -", closed=True),
    "bold_and_split_digits": Look(bold=True, split_digits=True),
    "stored_sideways": Look(turned="stored"),
    "printed_sideways": Look(turned="printed", wrapped=True),
    "cut_open": Look(cut="between", page_number="{}"),
    "cut_header_again": Look(cut="between", header_again=True, page_number="第 {} 页"),
    "cut_in_label": Look(cut="label", page_number="-{}-", wrapped=True),
    "cut_in_label_closed": Look(cut="label", page_number="{}", wrapped=True, closed=True, rules="rectangles"),
    "cut_before_figures": Look(cut="figures", page_number="— {} —", wrapped=True),
    "cut_before_figures_closed": Look(cut="figures", header_again=True, closed=True, merged=False),
    "unruled": Look(rules=None),
    "unruled_wrapped": Look(rules=None, wrapped=True),
    "unruled_cut": Look(rules=None, cut="between", page_number="{}"),
    "unruled_backgrounds": Look(rules=None, backgrounds=True, cut="between", header_again=True, page_number="- {} -"),
}
LOOKS |= {
    f"unruled_{figures}_under_{heads}": Look(rules=None, figures=figures, heads=heads)
    for figures, heads in [("left", "left"), ("left", "centre"), ("right", "centre"), ("centre", "centre")]
}
LOOKS["unruled_uneven"] = Look(rules=None, digits="Times-Roman", shift=1)
RULED = [name for name, look in LOOKS.items() if look.rules and not look.cut]
CUT = [name for name, look in LOOKS.items() if look.rules and look.cut]
UNRULED = [name for name, look in LOOKS.items() if not look.rules]


@dataclass
class Box:
    """A cell of a table: the squares of the grid it covers, and what is printed in it."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    is_figure: bool = False
    is_head: bool = False
    lines: list[str] = field(default_factory=list)


@dataclass
class Table:
    """Cells on a grid, with the share of the width that each column of squares has."""

    boxes: list[Box]
    shares: list[float]
    header: int
    """Rows at its head that are printed again where a page cuts it."""

    @property
    def height(self) -> int:
        return max(box.row + box.rows for box in self.boxes)


def pdf(
    edition_t2: str,
    edition_t3: str,
    figures: Figures,
    look: Look,
    seed: int = 0,
    *,
    agency: str = "示例县青石镇人民政府",
) -> bytes:
    """A whole report; a figure of None prints a blank cell."""
    random = Random(seed)
    printed = {cell: figure or "" for cell, figure in figures.items()}
    tables = {
        2: _proactive(edition_t2, printed),
        3: _applications(edition_t3, printed, look, random),
        4: _review(printed),
    }
    press = _Press(look, random)
    press.paragraph(agency, 16)
    press.paragraph("2023年政府信息公开工作年度报告", 16)
    press.paragraph(
        "本报告依照《中华人民共和国政府信息公开条例》编写，所列数据的统计期限为2023年1月1日至2023年12月31日。", 12
    )
    for number, heading in HEADINGS.items():
        press.paragraph(heading, 14)
        if number in NARRATIVE:
            press.paragraph(NARRATIVE[number], 12)
        if number in tables:
            press.table(tables[number] if look.merged else _unmerged(tables[number]))
    return press.bytes()


# The tables


def _proactive(edition: str, printed: Mapping[Cell, str]) -> Table:
    units = 6  # one to three columns share them
    boxes: list[Box] = []
    row = 0
    for block in form.BLOCKS[edition]:
        boxes.append(Box(row, 0, block.bar, columns=1 + units, is_head=True))
        width = units // len(block.measures)
        places = range(1, 1 + units, width)
        boxes.append(Box(row + 1, 0, form.INFORMATION, is_head=True))
        boxes += [
            Box(row + 1, place, measure.label, columns=width, is_head=True)
            for place, measure in zip(places, block.measures, strict=True)
        ]
        row += 2
        for subject in block.subjects:
            boxes.append(Box(row, 0, subject.label))
            cells = [("proactive_disclosure", subject.code, measure.code) for measure in block.measures]
            boxes += [
                Box(row, place, printed[cell], columns=width, is_figure=True)
                for place, cell in zip(places, cells, strict=True)
            ]
            row += 1
    return Table(boxes, [0.3, *[0.7 / units] * units], header=0)


def _applications(edition: str, printed: Mapping[Cell, str], look: Look, random: Random) -> Table:
    stubs = 3
    organisations = [organisation.label for organisation in form.ORGANISATIONS]
    boxes = [
        Box(0, 0, form.IDENTITY_NOTE, rows=3, columns=stubs),
        Box(0, stubs, form.APPLICANT_HEAD, columns=7),
        Box(1, stubs, form.NATURAL_PERSON.label, rows=2),
        Box(1, stubs + 1, form.ORGANISATIONS_HEAD, columns=5),
        Box(1, stubs + 6, form.TOTAL.label, rows=2),
        *(Box(2, stubs + 1 + place, label) for place, label in enumerate(organisations)),
    ]
    boxes = [replace(box, is_head=True) for box in boxes]
    open_heads: dict[str, Box] = {}
    for row, item in enumerate(form.ITEMS[edition], start=3):
        for depth, head in enumerate(item.heads):
            if head in open_heads:
                open_heads[head].rows += 1
            else:
                open_heads[head] = Box(row, depth, head)
                boxes.append(open_heads[head])
        boxes.append(Box(row, len(item.heads), item.label, columns=stubs - len(item.heads)))
        boxes += [
            Box(row, stubs + place, printed["applications", item.code, column.code], is_figure=True)
            for place, column in enumerate(form.APPLICANTS)
        ]
    labels = random.uniform(0.17, 0.2) if look.wrapped else random.uniform(0.3, 0.34)
    stub, group = 0.045, random.uniform(0.1, 0.13)
    if not look.merged:  # no cell to spread over: a narrow one would make its row as tall as the words are long
        stub, group = 0.12, 0.12
    return Table(boxes, [stub, group, labels, *[(1 - stub - group - labels) / 7] * 7], header=3)


def _review(printed: Mapping[Cell, str]) -> Table:
    outcomes = [outcome.label for outcome in form.OUTCOMES]
    direct, after_review = (channel.label for channel in form.LITIGATION_CHANNELS)
    boxes = [
        Box(0, 0, form.REVIEW_HEAD, columns=5),
        Box(0, 5, form.LITIGATION_HEAD, columns=10),
        *(Box(1, place, label, rows=2) for place, label in enumerate(outcomes)),
        Box(1, 5, direct, columns=5),
        Box(1, 10, after_review, columns=5),
        *(Box(2, 5 + place, label) for place, label in enumerate(outcomes * 2)),
    ]
    boxes = [replace(box, is_head=True) for box in boxes]
    boxes += [Box(3, place, printed[cell], is_figure=True) for place, cell in enumerate(form.review_cells())]
    return Table(boxes, [1 / 15] * 15, header=0)


def _unmerged(table: Table) -> Table:
    """Every square a cell of its own; what was printed in a merged one stands in its first."""
    boxes = [
        replace(
            box,
            row=box.row + row,
            column=box.column + column,
            text=box.text if row == column == 0 else "",
            rows=1,
            columns=1,
        )
        for box in table.boxes
        for row in range(box.rows)
        for column in range(box.columns)
        # a figure's cell and a bar stay whole: no editor divides them
        if not (box.is_figure or box.columns > 3) or row == column == 0
    ]
    whole = {(box.row, box.column): box for box in table.boxes if box.is_figure or box.columns > 3}
    for box in boxes:
        if (box.row, box.column) in whole:
            box.columns = whole[box.row, box.column].columns
    return Table(boxes, table.shares, table.header)


# The press


class _Press:
    """Prints paragraphs and tables down a page and on to the next."""

    def __init__(self, look: Look, random: Random) -> None:
        self.look, self.random = look, random
        self.size = random.uniform(8.5, 9.5)
        self.leading = self.size * random.uniform(1.2, 1.35)
        self.figures = look.figures or random.choice(["centre", "centre", "right", "left"])
        self.heads = look.heads or random.choice(["centre", self.figures])
        self.left = MARGIN - random.uniform(0, 20)
        self.width = WIDTH - 2 * self.left
        self.buffer = BytesIO()
        self.canvas = Canvas(
            self.buffer, pagesize=(HEIGHT, WIDTH) if look.turned == "printed" else (WIDTH, HEIGHT), invariant=1
        )
        self.page = 0
        self._open_page()

    def bytes(self) -> bytes:
        self._close_page()
        self.canvas.save()
        return self.buffer.getvalue()

    def _open_page(self) -> None:
        self.page += 1
        self.y = HEIGHT - MARGIN
        if self.look.turned:
            if self.look.turned == "stored":
                self.canvas.setPageRotation(90)  # the library turns the sheet, too
            self.canvas.translate(HEIGHT, 0)
            self.canvas.rotate(90)

    def _close_page(self) -> None:
        if self.look.page_number:
            self._print(self.look.page_number.format(self.page), WIDTH / 2 - 8, 40, 10.5)
        self.canvas.showPage()

    def _turn_page(self) -> None:
        self._close_page()
        self._open_page()

    def paragraph(self, text: str, size: float) -> None:
        indent = 2 * size if size <= 12 else 0
        lines = _wrap("　　" + text if indent else text, self.width, size)
        for line in lines:
            if self.y - 1.6 * size < MARGIN:
                self._turn_page()
            self.y -= 1.6 * size
            self._print(line.strip("　"), self.left + (indent if line is lines[0] else 0), self.y, size)

    def _print(self, text: str, x: float, y: float, size: float, font: str = FONT) -> None:
        self.canvas.setFillColorRGB(0, 0, 0)
        self.canvas.setFont(font, size)
        for shift in (0, 0.3) if self.look.bold else (0,):
            self.canvas.drawString(x + shift, y, text)

    def table(self, table: Table) -> None:
        edges = [self.left + self.width * share for share in accumulate(table.shares, initial=0)]
        for box in table.boxes:
            width = edges[box.column + box.columns] - edges[box.column] - 4
            box.lines = [box.text] if box.is_figure else _wrap(box.text, width, self.size)
        table, cut = self._cut(table)
        heights = self._heights(table)
        self.y -= 6
        start = 0
        while start < table.height:
            again = table.header if self.look.header_again and start else 0
            if again:
                self._part(table, edges, heights, 0, again)
            room = self.y - MARGIN
            fitting = sum(total <= room for total in accumulate(heights[start:]))
            end = min(start + fitting, cut) if start < cut else start + fitting
            if end > start:
                self._part(table, edges, heights, start, end)
            if end < table.height:
                self._turn_page()
            start = end
        self.y -= 12

    def _cut(self, table: Table) -> tuple[Table, int]:
        """The table with the row divided that a page break falls into, and the row that the break stands before."""
        how = self.look.cut
        if how is None:
            return table, 0
        figures = {box.row for box in table.boxes if box.is_figure}
        rows = sorted(figures - {table.height - 1})
        long = [box.row for box in table.boxes if box.rows == 1 and len(box.lines) > 1 and box.row in figures]
        if how == "label":
            rows = long
        if not rows:
            return table, 0
        row = self.random.choice(rows)
        if how == "between":
            return table, row + 1
        boxes: list[Box] = []
        for box in table.boxes:
            if box.row > row:
                boxes.append(replace(box, row=box.row + 1))
            elif box.row + box.rows <= row:
                boxes.append(box)
            elif box.rows > 1:
                boxes.append(replace(box, rows=box.rows + 1))
            else:
                kept = len(box.lines)
                if box.is_figure:
                    kept = 0 if how == "figures" else 1
                elif how == "label" and kept > 1:
                    kept = self.random.randrange(1, kept)
                boxes.append(replace(box, lines=box.lines[:kept]))
                boxes.append(replace(box, row=row + 1, lines=box.lines[kept:]))
        return replace(table, boxes=boxes), row + 1

    def _heights(self, table: Table) -> list[float]:
        least = self.leading + self.random.uniform(4, 9)
        heights = [least] * table.height
        for box in table.boxes:
            if box.rows == 1:
                heights[box.row] = max(heights[box.row], len(box.lines) * self.leading + 5)
        for box in table.boxes:
            lack = len(box.lines) * self.leading + 5 - sum(heights[box.row : box.row + box.rows])
            if box.rows > 1 and lack > 0:
                for row in range(box.row, box.row + box.rows):
                    heights[row] += lack / box.rows
        return heights

    def _part(self, table: Table, edges: Sequence[float], heights: Sequence[float], start: int, end: int) -> None:
        """Some rows of a table: what a page has of it."""
        tops = [self.y - total for total in accumulate(heights[start:end], initial=0)]
        for box in table.boxes:
            first, last = max(box.row, start), min(box.row + box.rows, end)
            if first >= last:
                continue
            left, right = edges[box.column], edges[box.column + box.columns]
            top, bottom = tops[first - start], tops[last - start]
            lines = box.lines
            if box.rows > 1:  # a merged cell that a page cuts prints what has room, and the rest on the next page
                above = sum(heights[box.row : first])
                begin = int(above // self.leading) if above else 0
                stop = len(lines) if last == box.row + box.rows else begin + int((top - bottom) // self.leading)
                lines = lines[begin:stop]
            self._background(table, box, left, top, right, bottom)
            self._frame(
                box,
                (left, top, right, bottom),
                part=(first == start > table.header, last == end and table.header < end < table.height),
            )
            self._lines(box, lines, left, top, right, bottom)
        self.y = tops[-1]

    def _background(self, table: Table, box: Box, left: float, top: float, right: float, bottom: float) -> None:
        if self.look.backgrounds:
            colour = (0.78, 0.85, 0.94) if box.row < table.header else (1, 1, 1)
            self.canvas.setFillColorRGB(*colour)
            self.canvas.rect(left + 0.3, bottom + 0.3, right - left - 0.6, top - bottom - 0.6, stroke=0, fill=1)

    def _frame(self, box: Box, sides: tuple[float, float, float, float], part: tuple[bool, bool]) -> None:
        """The rules around a cell. `part`: whether it stands where a page cuts the table, at its head, at its foot."""
        left, top, right, bottom = sides
        if self.look.rules is None:
            return
        if self.look.rules == "boxes":
            self.canvas.setLineWidth(0.5)
            self.canvas.rect(left, bottom, right - left, top - bottom, stroke=1, fill=0)
            return
        edges = [(left, top, left, bottom), (right, top, right, bottom)]
        if self.look.closed or not part[0]:
            edges.append((left, top, right, top))
        if self.look.closed or not part[1]:
            edges.append((left, bottom, right, bottom))
        for x, y, to_x, to_y in edges:
            if self.look.rules == "rectangles":
                self.canvas.setFillColorRGB(0, 0, 0)
                self.canvas.rect(x - 0.25, to_y - 0.25, to_x - x + 0.5, y - to_y + 0.5, stroke=0, fill=1)
            else:
                self.canvas.setDash(*((2, 2) if self.look.rules == "dashes" else ()))
                self.canvas.setLineWidth(0.5)
                self.canvas.line(x, y, to_x, to_y)

    def _lines(self, box: Box, lines: Sequence[str], left: float, top: float, right: float, bottom: float) -> None:
        y = (top + bottom) / 2 + len(lines) * self.leading / 2 - 0.8 * self.leading
        for line in lines:
            font = self.look.digits if self.look.digits and box.is_figure and line.isascii() else FONT
            width = pdfmetrics.stringWidth(line, font, self.size)
            how = self.figures if box.is_figure else self.heads if box.is_head else "left"
            x = {"left": left + 3, "right": right - 3 - width, "centre": (left + right - width) / 2}[how]
            if box.is_figure and self.look.shift:
                x += self.random.uniform(-1, 1) * self.look.shift
                x = max(left + 1, min(x, right - 1 - width))
            if box.is_figure and self.look.split_digits and len(line) > 1:
                place = self.random.randrange(1, len(line))
                self._print(line[:place], x, y, self.size, font)
                x += pdfmetrics.stringWidth(line[:place], font, self.size) + 0.12 * self.size
                line = line[place:]
            self._print(line, x, y, self.size, font)
            y -= self.leading


def _wrap(text: str, width: float, size: float) -> list[str]:
    """The lines a text is set in; nothing for an empty one."""
    lines: list[str] = []
    for character in text:
        if lines and pdfmetrics.stringWidth(lines[-1] + character, FONT, size) <= width:
            lines[-1] += character
        else:
            lines.append(character)
    return lines
