"""The statistics table of a report before 2019: rows of label, unit, perhaps a running number, and one or more figures.

The labels are aligned as those of every table, with every family of tables, and the one that explains most is it. What
stands behind a label, up to the next one, is its unit, its number and its figures. Which of them is which is proved, by
the header's columns where a row has as many cells, else by count: a row with more or fewer is not read, for a running
number looks like any other. A label that stands twice in the table counts only after the row it belongs to. Section
heads carry dashes, which are no figures.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise

from pipeline.forms import ONLY_COLUMN, Statistics, bare, key, load_statistics
from pipeline.forms.loader import Kind
from pipeline.parse.align import JOIN, LEAST, Alignment, Hit, Words, align
from pipeline.parse.figures import BLANK, LOST, UNREADABLE, WORDS, read_figure
from pipeline.parse.rows import MANY, FormCell, Oddity
from pipeline.parse.statistics_header import Stub, find_header
from pipeline.readers import Document

ENOUGH = 4
"""Labels that must be spelled as known before a table is looked for at all."""
TELLING = 5
"""Shorter labels than these, as 政府网站, stand on any page."""
NEAR = 75
"""How like a label (0-100) a printed one must be: labels of these tables are more alike than those of the others."""
LONGEST_WORDS = 12
"""Longer words than these in a figure's place are the next thing in the document, not the figure."""
RUNNING = 8
"""How many numbers, at least, must go up from row to row to be running numbers and no figures."""
RISING = 0.9
"""Which share of them must."""
ENOUGH_NAMED = 0.35
"""Which share of the rows must have a cell for every column the header names: a header may have lost a name."""
ENOUGH_UNNAMED = 0.9
"""Which share must where no header names the columns: where blanks do not show, rows of two may be those of three."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of the table: indicator, column, the cell as it was read, and the unit printed with it."""

    indicator: str
    column: str
    cell: FormCell
    unit: str | None


@dataclass
class StatisticsReading:
    """The table of a document: every cell in the order of the form, what was odd, and the cells it covers.

    `evidence` counts what speaks for its family: rows and figure columns that are spelled as known.
    """

    family: str
    evidence: int
    entries: list[Entry]
    ground: range
    columns: tuple[str, ...]
    oddities: list[Oddity] = field(default_factory=list)


def read_statistics(document: Document) -> StatisticsReading | None:
    """The statistics table of a document, or None where it is absent."""
    words = Words.of(document.cells)
    printed = {word for word in words if word}
    printed |= {bare(word) for word in printed}
    families = [form for name, form in load_statistics().families.items() if len(_telling(name) & printed) >= ENOUGH]
    alignments = align(words, [family.form for family in families], ())
    readings = [
        reading
        for family, alignment in zip(families, alignments, strict=True)
        if (reading := _read(document, words, alignment, family))
    ]
    if not readings:
        return None
    best = max(readings, key=lambda reading: (reading.evidence, -len(reading.entries) / len(reading.columns)))
    if sum(reading.evidence == best.evidence for reading in readings) > 1:
        best.oddities.append(Oddity("T9", None, best.family, None))
    return best


@lru_cache
def _telling(family: str) -> frozenset[str]:
    """The spellings of a family's rows that do not stand on any page."""
    rows = (label for label in load_statistics().families[family].form.script if label.kind == "row")
    return frozenset(spelling for label in rows for spelling in label.keys if len(spelling) >= TELLING)


def _read(document: Document, words: Words, alignment: Alignment, form: Statistics) -> StatisticsReading | None:
    if not alignment.hits or alignment.share < LEAST:
        return None
    reading = _Table(document, words, alignment, form).read()
    has_figures = any(entry.cell.figure.value is not None for entry in reading.entries)
    return reading if has_figures or alignment.share >= 0.5 else None


def confirm_statistics(first: StatisticsReading, second: StatisticsReading | None) -> None:
    """Hold a reading against a second one of the same source: where they differ, the slip is ours."""
    if second is None or (second.family, second.columns) != (first.family, first.columns):
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
    """One table being read as one of a family."""

    def __init__(self, document: Document, words: Words, alignment: Alignment, form: Statistics) -> None:
        self.cells, self.words, self.alignment, self.form = document.cells, words, alignment, form
        self.marked = document.marked
        self.script = form.form.script
        self.hits = [self._without_unit(hit) for hit in alignment.hits if self._is_sure(hit)]
        self.rows = {code: hit for hit in self.hits if (code := self.script[hit.position].code)}
        self.header = find_header(self.cells, alignment.hits[0].start, form)
        self.leading = self._leading()
        self.zones = {code: self._zone(hit) for code, hit in self.rows.items()}
        self.again = self._printed_again()
        self.behind = {code: self._after_unit(self.rows[code], zone) for code, zone in self.zones.items()}
        self.first = {code: self._whole(cells[0]) for code, (_, cells) in self.behind.items() if cells}
        self.stubs, self.columns, self.is_proved = self._layout()
        self.oddities: list[Oddity] = []

    def read(self) -> StatisticsReading:
        kept = [number for number, column in enumerate(self.columns) if key(column) not in self.form.header.remark]
        entries = []
        for code in self.form.indicators:
            read, unit = self._row(code)
            entries += [_entry(code, self.columns[number], read[number], unit) for number in kept]
        self.oddities += self._left_over()
        last = max((entry.cell.cell for entry in entries if entry.cell.cell is not None), default=-1)
        ground = range(self.alignment.hits[0].start, max(self.alignment.hits[-1].end, last) + 1)
        columns = tuple(self.columns[number] for number in kept)
        evidence = sum(hit.exact for hit in self.rows.values())
        evidence += len({*columns} & {*self.form.header.columns.values()})
        return StatisticsReading(self.form.family, evidence, entries, ground, columns, self.oddities)

    def _is_sure(self, hit: Hit) -> bool:
        """Whether a label is near enough; of one that stands twice likeness says too little."""
        indicator = self.form.indicators.get(self.script[hit.position].code or "")
        return hit.exact or (hit.likeness >= NEAR and not (indicator and indicator.repeats))

    def _without_unit(self, hit: Hit) -> Hit:
        """A label is also known with its unit behind it, which may be a cell of its own, or another row's."""
        if hit.end == hit.start or not self._is_unit(hit.end):
            return hit
        return hit._replace(end=max(cell for cell in range(hit.start, hit.end) if self.cells[cell].text))

    def _leading(self) -> frozenset[int]:
        """Cells right before labels that number the rows, where they do and the header does not say otherwise."""
        if self.header and not self.header.leads:
            return frozenset()
        before = [hit.start - 1 for hit in self.hits if self._is_beside(hit)]
        numbers = [(cell, number) for cell in before if (number := self._whole(cell)) is not None]
        if not _are_running([number for _, number in numbers]):
            return frozenset()
        edges = [(-1, -1), *numbers, (-1, numbers[-1][1] + 1)]
        return frozenset(
            cell
            for (_, above), (cell, number), (_, below) in zip(edges, numbers, edges[2:], strict=False)
            if above < number < below
        )

    def _is_beside(self, hit: Hit) -> bool:
        """Whether the cell before a label may belong to its row: not where the label begins a row of several cells."""
        row = self.cells[hit.start].row
        begins = hit.start == 0 or self.cells[hit.start - 1].row != row
        return not (begins and hit.end + 1 < len(self.cells) and self.cells[hit.end + 1].row == row)

    def _zone(self, hit: Hit) -> list[int]:
        """The cells behind a label that may be its unit, number and figures: of its row, else those that follow."""
        beside = self.leading | self.alignment.rests
        zone = [cell for cell in range(hit.end + 1, self.alignment.until(hit.end)) if cell not in beside]
        own = [cell for cell in zone if self.cells[cell].row == self.cells[hit.end].row]
        behind: list[int] = []
        for cell in zone[len(own) :]:
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
            end = min(following.start, self.alignment.until(hit.end))
            rest = [cell for cell in range(first, end) if cell not in self.leading]
            if zone and any(map(str.isdecimal, self._text(rest))):
                yield Oddity("T6", self.script[hit.position].code, self._text(rest), first)

    def _is_unit(self, cell: int) -> bool:
        return key(self.cells[cell].text) in self.form.units

    def _is_figure(self, cell: int) -> bool:
        return self.words[cell] is None

    def _whole(self, cell: int) -> int | None:
        """The whole number that is all of a cell, as running numbers are printed: 7 or 07."""
        text = self.cells[cell].text if cell >= 0 else ""
        return int(text) if text.isascii() and text.isdecimal() else None

    def _after_unit(self, hit: Hit, zone: list[int]) -> tuple[str | None, list[int]]:
        """The unit a row prints, at the end of its label's cell or in one of its own, and the cells behind it."""
        *label, last = self.cells[hit.end].text.split()
        if label and key(last) in self.form.units:
            return key(last), zone
        first = next((place for place, cell in enumerate(zone) if self.cells[cell].text), None)
        if first is not None and self._is_unit(zone[first]):
            return key(self.cells[zone[first]].text), zone[first + 1 :]
        return None, zone

    def _layout(self) -> tuple[tuple[Stub, ...], tuple[str, ...], bool]:
        """What stands between a label and its figures, the figure columns, and whether their number is proved.

        Units and running numbers that no header speaks of are known by what they are. Without names, a table has as
        many columns as its form, or as its widest rows, called by their place.
        """
        stubs, names = (self.header.stubs, self.header.names) if self.header else ((), ())
        official = dict.fromkeys(self.form.header.columns.values())
        if "unit" not in stubs and any(unit for unit, _ in self.behind.values()):
            stubs = ("unit", *stubs)
        if "number" not in stubs and self._is_numbered():
            stubs = (*stubs, "number")
            if len(names) > 1 and names[0] not in official and official.keys() >= {*names[1:]}:
                names = names[1:]  # a head of the numbers that nobody knew
        numbers = int("number" in stubs)
        spans = [span - numbers for span in self._spans()]
        widest = max(spans[-2:-1] or spans, default=1)  # a single row may have a figure too many
        if official and official.keys() == {*names}:
            return stubs, names, True
        if len(names) < (max(spans, default=1) if len(names) > 1 else widest):
            names = ()  # the header has lost one
        if len(names) < len(official) and self._share_of(len(names) + numbers, exactly=True) < ENOUGH_UNNAMED:
            names = ()
        if names:
            return stubs, names, self._share_of(len(names) + numbers) >= ENOUGH_NAMED
        width = len(official) or max(widest, self._usual_width() - numbers, 1)
        by_place = (ONLY_COLUMN,) if width == 1 else tuple(f"第{place}列" for place in range(1, width + 1))
        return stubs, by_place, self._share_of(width + numbers) >= ENOUGH_UNNAMED

    def _is_numbered(self) -> bool:
        """Whether figures have a number before them: mostly the form's own, or one that goes up from row to row."""
        printed = [code for code, (_, cells) in self.behind.items() if self._text(cells)]
        official = [
            code for code in printed if self.first[code] is not None and self.first[code] == self._official(code)
        ]
        usual = self._usual_width()
        running = [self.first[code] for code in printed if len(self.behind[code][1]) == usual]
        return len(official) * 2 > len(printed) or _are_running([number for number in running if number is not None])

    def _official(self, code: str) -> int | None:
        return self.form.indicators[code].number

    def _is_number(self, code: str, cell: int) -> bool:
        """Whether a cell is the running number of a row: the form's, or one between those of the rows around it."""
        number = self._whole(cell)
        if number is None or number == self._official(code):
            return number is not None
        order = list(self.first)
        place = order.index(code)
        above, below = ([self.first[near] for near in order[part]] for part in (slice(place), slice(place + 1, None)))
        lower, upper = (above or [number - 1])[-1], (below or [number + 1])[0]
        return lower is not None and upper is not None and lower < number < upper

    def _usual_width(self) -> int:
        """How many cells most rows have behind their unit."""
        widths = Counter(len(cells) for _, cells in self.behind.values() if cells)
        return max(widths, key=lambda number: (widths[number], -number), default=1)

    def _spans(self) -> list[int]:
        """How many cells each row has from its first figure to its last, its number among them, narrow ones first.

        A row with a second unit has run into the next, whose label is lost; dashes may be those of a section's head.
        """
        widths = []
        for unit, cells in self.behind.values():
            units = [cell for cell in cells if self._is_unit(cell)]
            rest = [self._is_figure(cell) and bool(key(self.cells[cell].text)) for cell in cells if cell not in units]
            if any(rest) and len(units) + bool(unit) < 2:
                widths.append(len(rest) - rest.index(True) - rest[::-1].index(True))
        return sorted(widths)

    def _share_of(self, width: int, *, exactly: bool = False) -> float:
        """The share of rows with that many cells behind their unit; or more, of those that print anything."""
        rows = [cells for _, cells in self.behind.values() if exactly or self._text(cells)]
        enough = [len(cells) == width if exactly else len(cells) >= width for cells in rows]
        return sum(enough) / len(enough) if enough else 1

    def _figures(self, code: str) -> list[int] | None:
        """The cells of a row's figures; none where nothing is printed, None where nobody can say which they are."""
        zone, (unit, cells) = self.zones[code], self.behind[code]
        width = len(self.columns)
        if self.is_proved and self._fits(code, zone):
            return zone[len(self.stubs) :]
        is_begun = unit is not None  # what is printed left of the figures says where they begin
        if "number" in self.stubs and self._text(cells):
            if not self._is_number(code, cells[0]):
                return None
            cells, is_begun = cells[1:], True
        if not self._text(cells):
            return None if self._is_cut(code) else []
        if not self.is_proved:
            return None
        if not any(map(self._is_figure, cells[width:])) and self._are_spare(code, cells[width:]):
            cells = cells[:width]
        is_whole = is_begun or all(self.cells[cell].text for cell in cells)
        return cells if len(cells) == width and is_whole else None

    def _is_cut(self, code: str) -> bool:
        """Whether figures without a label stand between a row and the next one: a page has cut them off from it."""
        hit = self.rows[code]
        rest = range(max([hit.end, *self.zones[code]]) + 1, self.alignment.until(hit.end))
        for _, row in groupby(rest, key=lambda cell: self.cells[cell].row):
            printed = [cell for cell in row if self.cells[cell].text]
            if len(printed) > 1 and not self._is_word(printed[0]) and any(map(self._is_figure, printed)):
                return True
        return False

    def _is_word(self, cell: int) -> bool:
        return not self._is_figure(cell) and not self._is_unit(cell)

    def _are_spare(self, code: str, cells: list[int]) -> bool:
        """Whether the cells behind a row's figures stand below no column: the header has as many blank ones."""
        row = self.cells[self.rows[code].end].row
        blank = sum(not self.cells[cell].text and self.cells[cell].row == row for cell in cells)
        return self.header is None or not self.header.names or blank <= self.header.spare

    def _fits(self, code: str, zone: list[int]) -> bool:
        """Whether a row has a cell for every column, its unit and number in theirs.

        Where one of these is blank, the figures' places are sure in a source that marks its cells, where no row has a
        unit, or where no figure is blank: text loses tabs.
        """
        begin, (unit, cells) = len(self.stubs), self.behind[code]
        is_elsewhere = unit is not None and ("unit" not in self.stubs or len(cells) == len(zone))
        if len(zone) != begin + len(self.columns) or is_elsewhere:
            return False
        blank = [stub for stub, cell in zip(self.stubs, zone, strict=False) if not self.cells[cell].text]
        for stub, cell in zip(self.stubs, zone, strict=False):
            if stub not in blank and not (self._is_unit(cell) if stub == "unit" else self._is_number(code, cell)):
                return False
        no_units = not any(unit for unit, _ in self.behind.values())
        is_whole = all(self.cells[cell].text for cell in zone[begin:])
        return self.marked or is_whole or not blank or (blank == ["unit"] and no_units)

    def _row(self, code: str) -> tuple[list[FormCell], str | None]:
        hit, indicator, width = self.rows.get(code), self.form.indicators[code], len(self.columns)
        if hit is None:
            return [FormCell(LOST)] * width, None
        if not hit.exact:
            self.oddities.append(Oddity("T3", code, self._text(range(hit.start, hit.end + 1)), hit.start))
        unit, behind = self.behind[code]
        if code in self.again or (indicator.repeats and indicator.repeats not in self.rows):
            return [FormCell(UNREADABLE, self._text(behind), hit.end)] * width, None
        figures = self._figures(code)
        if figures is not None and not self._text(figures):
            places = figures if len(figures) == width else [None] * width
            return [FormCell(BLANK, "", place) for place in places], unit
        if figures is None or self._is_spoiled(hit, figures):
            first = next((cell for cell in behind if self.cells[cell].text), hit.end)
            return [FormCell(UNREADABLE, self._text(behind), first)] * width, None
        kind = self.form.form.rows[code][0].kind
        stubs = self.zones[code][: len(self.stubs)]
        unit = unit or next((key(self.cells[cell].text) for cell in stubs if self._is_unit(cell)), None)
        return [self._read(cell, kind) for cell in figures], unit

    def _is_spoiled(self, hit: Hit, figures: list[int]) -> bool:
        """Whether words stand among figures that nothing but their order assigns to columns, or a unit among any."""
        flat = any(self.cells[cell].row != self.cells[hit.end].row for cell in figures)
        return any(self.words[cell] and ((flat and len(figures) > 1) or self._is_unit(cell)) for cell in figures)

    def _read(self, cell: int, kind: Kind) -> FormCell:
        figure = read_figure(self.cells[cell].text, kind)
        broken = kind == "count" and figure.value is not None and figure.value % 1 != 0
        return FormCell(WORDS if broken else figure, self.cells[cell].text, cell)

    def _text(self, cells: Sequence[int]) -> str:
        return " ".join(self.cells[cell].text for cell in cells if self.cells[cell].text)


def _are_running(numbers: Sequence[int]) -> bool:
    """Whether numbers go up as those of rows do, and as no figures would."""
    rising = sum(first < second for first, second in pairwise(numbers))
    return len(numbers) >= RUNNING and rising >= RISING * (len(numbers) - 1)


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
