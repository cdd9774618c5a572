"""The statistics table of 2014-2018 in a document: rows of label, unit and one or more figures.

The labels are aligned as those of every table. What stands behind a label, up to the next one, is its unit and its
figures; as many as the table has columns are its cells, fewer or more are none. A label that stands twice in the table
counts only after the row it belongs to. Section heads carry dashes, which are no figures.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.forms import Statistics, bare, key, load_statistics
from pipeline.forms.loader import Kind
from pipeline.parse.align import JOIN, LEAST, Alignment, Hit, Words, align
from pipeline.parse.figures import BLANK, LOST, UNREADABLE, WORDS, read_figure
from pipeline.parse.rows import MANY, FormCell, Oddity
from pipeline.readers import Cell, Document

ENOUGH = 4
"""Labels that must be spelled as known before the table is looked for at all."""
NEAR = 75
"""How like a label (0-100) a printed one must be: the labels of this table are more alike than those of the others."""
HEADER = 16
"""How many cells before the first label the header is looked for."""
LONGEST_WORDS = 12
"""Longer words than these in a figure's place are the next thing in the document, not the figure."""
_SECTION = re.compile(r"\s*(?:[一二三四五六七八九]、|[（(][一二三四五六七八九][)）])")


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of the table: indicator, column, the cell as it was read, and the unit printed with it."""

    indicator: str
    column: str
    cell: FormCell
    unit: str | None


@dataclass
class StatisticsReading:
    """The table of a document: every cell in the order of the form, what was odd, and the cells it covers."""

    entries: list[Entry]
    ground: range
    columns: tuple[str, ...]
    oddities: list[Oddity] = field(default_factory=list)


def read_statistics(document: Document) -> StatisticsReading | None:
    """The statistics table of a document, or None where it is absent."""
    form = load_statistics()
    words = Words.of(document.cells)
    known = frozenset(spelling for label in form.form.script for spelling in label.keys)
    if sum(bool(word) and (word in known or bare(word) in known) for word in words) < ENOUGH:
        return None
    (alignment,) = align(words, [form.form], ())
    if not alignment.hits or alignment.share < LEAST:
        return None
    reading = _Table(document.cells, words, alignment, form).read()
    has_figures = any(entry.cell.figure.value is not None for entry in reading.entries)
    return reading if has_figures or alignment.share >= 0.5 else None


def confirm_statistics(first: StatisticsReading, second: StatisticsReading | None) -> None:
    """Hold a reading against a second one of the same source: where they differ, the slip is ours."""
    if second is None or second.columns != first.columns:
        first.oddities.append(Oddity("T11", None, "the second reading has not found the table", None))
        return
    unread = ("unreadable", "lost")
    unconfirmed = []
    for number, (entry, other) in enumerate(zip(first.entries, second.entries, strict=True)):
        mine, theirs = entry.cell.figure, other.cell.figure
        if mine.value == theirs.value or mine.state in unread:
            continue
        if theirs.state in unread or (theirs.state == "blank" and other.cell.cell is None):
            unconfirmed.append(f"{entry.indicator}/{entry.column}")
            continue
        observed = f"{entry.cell.text} / {other.cell.text}"
        first.oddities.append(Oddity("T10", entry.indicator, observed, entry.cell.cell))
        cell = FormCell(UNREADABLE, entry.cell.text, entry.cell.cell)
        first.entries[number] = Entry(entry.indicator, entry.column, cell, None)
    if unconfirmed:
        first.oddities.append(Oddity("T11", None, " ".join(unconfirmed), None))


class _Table:
    """One table being read."""

    def __init__(self, cells: Sequence[Cell], words: Words, alignment: Alignment, form: Statistics) -> None:
        self.cells, self.words, self.alignment, self.form = cells, words, alignment, form
        self.script = form.form.script
        self.hits = [hit for hit in alignment.hits if self._is_sure(hit)]
        self.rows = {code: hit for hit in self.hits if (code := self.script[hit.position].code)}
        self.zones = {code: self._zone(hit) for code, hit in self.rows.items()}
        self.again = self._printed_again()
        self.oddities: list[Oddity] = []

    def read(self) -> StatisticsReading:
        columns = self._header() or self._unnamed()
        kept = [number for number, column in enumerate(columns) if key(column) not in self.form.remark]
        entries = []
        for code in self.form.indicators:
            read, unit = self._row(code, len(columns))
            entries += [_entry(code, columns[number], read[number], unit) for number in kept]
        self.oddities += self._left_over()
        last = max((entry.cell.cell for entry in entries if entry.cell.cell is not None), default=-1)
        ground = range(self.alignment.hits[0].start, max(self.alignment.hits[-1].end, last) + 1)
        return StatisticsReading(entries, ground, tuple(columns[number] for number in kept), self.oddities)

    def _is_sure(self, hit: Hit) -> bool:
        """Whether a label is near enough; of one that stands twice likeness says too little."""
        indicator = self.form.indicators.get(self.script[hit.position].code or "")
        return hit.exact or (hit.likeness >= NEAR and not (indicator and indicator.repeats))

    def _zone(self, hit: Hit) -> list[int]:
        """The cells behind a label that may be its unit and figures: those of its row, else those that follow."""
        with_unit = hit.end > hit.start and self._is_unit(hit.end)  # a label is also known with its unit behind it
        zone = range(hit.end + (not with_unit), self.alignment.until(hit.end))
        own = [cell for cell in zone if self.cells[cell].row == self.cells[hit.end].row]
        following = [cell for cell in zone if cell not in own]
        behind: list[int] = []
        for cell in following:
            if len(self.words[cell] or "") > LONGEST_WORDS:
                break
            behind.append(cell)
        stray = next((self._is_figure(cell) for cell in behind if self.cells[cell].text), False)
        return [*own, *behind] if stray or all(map(self._is_unit, own)) else own

    def _printed_again(self) -> set[str]:
        """Rows that stand a second time with figures: nobody says which one counts. Many are a second table."""
        printed = Counter(code for cell, code in self.alignment.rows.items() if self._has_figure(cell))
        again = {code for code, times in printed.items() if times > 1 and not self.form.indicators[code].repeats}
        return again if len(again) <= MANY else set(self.form.indicators)

    def _has_figure(self, label: int) -> bool:
        end = self.alignment.until(label)
        return any(self._is_figure(cell) for cell in range(label + 1, min(end, label + JOIN)))

    def _left_over(self) -> Iterator[Oddity]:
        """Rows of the agency's own between those of the form: figures behind words that are no label."""
        for hit, following in pairwise(self.hits):
            zone = self.zones.get(self.script[hit.position].code or "", [])
            first = max([hit.end, *zone]) + 1
            rest = range(first, min(following.start, self.alignment.until(hit.end)))
            if zone and any(map(str.isdecimal, self._text(rest))):
                yield Oddity("T6", self.script[hit.position].code, self._text(rest), first)

    def _is_unit(self, cell: int) -> bool:
        return key(self.cells[cell].text) in self.form.units

    def _is_figure(self, cell: int) -> bool:
        return self.words[cell] is None

    def _divided(self, zone: list[int]) -> tuple[str | None, list[int]]:
        """The unit a row prints, and the cells behind it."""
        first = next((place for place, cell in enumerate(zone) if self.cells[cell].text), None)
        if first is not None and self._is_unit(zone[first]):
            return key(self.cells[zone[first]].text), zone[first + 1 :]
        return None, zone

    def _header(self) -> tuple[str, ...]:
        """The names of the figure columns: what stands between the head of the unit column and the first label."""
        first = self.alignment.hits[0].start
        for cell in range(first - 1, max(first - HEADER, 0) - 1, -1):
            if self.words[cell] and self.words[cell] in {key(head) for head in self.form.head} - {"统计指标"}:
                names = []
                for name in range(cell + 1, first):
                    if _SECTION.match(self.cells[name].text) or len(self.words[name] or "") > LONGEST_WORDS:
                        break
                    if self.words[name]:
                        names.append(self.cells[name].text)
                if key(next(iter(names), "")) in self.form.column and not self.form.remark & {*names} and names[1:]:
                    names = names[1:]  # 统计数 above 区政府, 区直单位, 乡镇街道
                is_clear = len(set(names)) == len(names) and not self.form.remark.issuperset(names)
                return tuple(names) if is_clear else ()
        return ()

    def _unnamed(self) -> tuple[str, ...]:
        """Columns without names are called by their place: as many as most rows have figures."""
        widths = Counter(len(figures) for zone in self.zones.values() if (figures := self._divided(zone)[1]))
        width = max(widths, key=lambda number: (widths[number], -number), default=1)
        return (self.form.default_column,) if width == 1 else tuple(f"第{place}列" for place in range(1, width + 1))

    def _row(self, code: str, width: int) -> tuple[list[FormCell], str | None]:
        hit, indicator = self.rows.get(code), self.form.indicators[code]
        if hit is None:
            return [FormCell(LOST)] * width, None
        if not hit.exact:
            self.oddities.append(Oddity("T3", code, self._text(range(hit.start, hit.end + 1)), hit.start))
        unit, figures = self._divided(self.zones[code])
        if code in self.again or (indicator.repeats and indicator.repeats not in self.rows):
            return [FormCell(UNREADABLE, self._text(figures), hit.end)] * width, None
        printed = [cell for cell in figures if self.cells[cell].text]
        if not printed:
            places = figures if len(figures) == width else [None] * width
            return [FormCell(BLANK, "", place) for place in places], unit
        row = self.cells[hit.end].row
        flat = any(self.cells[cell].row != row for cell in figures)
        if len(figures) > width and not any(map(self._is_figure, figures[width:])):
            figures = figures[:width]
        spoiled = any(self.words[cell] and ((flat and width > 1) or self._is_unit(cell)) for cell in figures)
        if len(figures) != width or spoiled:
            return [FormCell(UNREADABLE, self._text(printed), printed[0])] * width, None
        kind = self.form.form.rows[code][0].kind
        return [self._read(cell, kind) for cell in figures], unit

    def _read(self, cell: int, kind: Kind) -> FormCell:
        figure = read_figure(self.cells[cell].text, kind)
        broken = kind == "count" and figure.value is not None and figure.value % 1 != 0
        return FormCell(WORDS if broken else figure, self.cells[cell].text, cell)

    def _text(self, cells: Sequence[int]) -> str:
        return " ".join(self.cells[cell].text for cell in cells if self.cells[cell].text)


def _entry(indicator: str, column: str, cell: FormCell, unit: str | None) -> Entry:
    """A unit in the figure's cell wins over the row's; what is no value has none."""
    return Entry(indicator, column, cell, (cell.figure.unit or unit) if cell.figure.value is not None else None)


def doubts(reading: StatisticsReading) -> Iterator[tuple[str, str, str, int | None]]:
    """Rows that were not read, as rule, indicator, what is printed and the cell it stands in."""
    for rule, state in (("T2", "lost"), ("T7", "unreadable"), ("T8", "text")):
        rows: dict[str, list[FormCell]] = {}
        for entry in reading.entries:
            if entry.cell.figure.state == state:
                rows.setdefault(entry.indicator, []).append(entry.cell)
        for indicator, cells in rows.items():
            observed = "; ".join(dict.fromkeys(cell.text for cell in cells if cell.text))
            yield rule, indicator, observed, next((cell.cell for cell in cells if cell.cell is not None), None)
