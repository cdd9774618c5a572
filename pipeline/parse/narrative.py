"""The figures that a report's sentences state, each with the cells of the tables it can confirm.

A clause states a figure only when every word of it is known (`forms/narrative.toml`): a word that is not may narrow
the figure (涉及征地的申请12件) or be about something else (信访事项12件). What a clause leaves out, as `其中维持3件`
does its subject, comes from the clauses before it, and only as long as these were understood. Where the subject is not
sure the fact says so (`certain`): it can confirm a table, but not contradict it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Literal, NamedTuple

from pipeline.forms import Part, Subject, Wording, load_wording
from pipeline.parse.quantities import MONEY, STARTS, Quantity, fold, quantity_at
from pipeline.parse.sections import SectionText

Scope = Literal["own", "region", "unknown"]

APPLICATIONS, REVIEWS, DISCLOSURE = "applications", "review_litigation", "proactive_disclosure"
PREVIOUS, CUMULATIVE = "previous", "cumulative"

_WORTH = re.compile(
    "[申請请][请請]|[复復複][议議]|[诉訴][讼訟]|起[诉訴]|[规規](?:章|范性文件|範性文件)|行政(?:[许許]可|[处處][罚罰]|[强強]制)|事[业業]性收[费費]"
)
"""A section without any of these states nothing about the form's tables, nor does a paragraph or sentence of one."""
_FIGURE = re.compile("[0-9０-９件宗起份个個项項条條例笔筆部未没沒无無零不]")
_SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]?")
_ENDS = "。！？!?；;：:"
_NUMBERED = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}(?:[、)）]|[.．](?!\d))|第[一二三四五六],)\s*"
)
_HEADING = re.compile(r"[^。，,；;：:！？!?]{0,40}")
_BOUNDARY = frozenset(",;:。.!?()[]【】<>…")
_TIME = re.compile(
    r"(?P<period>20\d\d)年1月1日起?[至到-]+(?:20\d\d年|当年|同年)?12月31日(?:止|期间)?"
    r"|(?P<end>20\d\d)年(?:12月31日|12月底|年?底|年?末)止?"
    r"|(?P<year>(?:19|20)\d\d)年度?(?!\d)"
)
_BODY = re.compile(
    "(?P<body>[\u4e00-\u9fff]{1,24}?(?:人民政府办公[室厅]|人民政府|政府办公[室厅]|政府办|街道办事处|管委会|管理委员会|[局委厅]办公室|"
    "政府|街道|[乡镇局委厅]|中心|[支大]队|学[校院]|医院))(?=共|全年|累计|新|收|接|受理|办|答|无|未|没|暂|尚|在|本|制|作|因|发|[,12])"
)
_NOT_BODY = re.compile("申请|复议|诉讼|公开|不|未|无|没|向|由|涉|对|与|和")
_WHEN = ("@", "this_year", "last_year", "cumulative", "until")
_EVERYWHERE = frozenset({"#", "list", "within", "none", "approximate", "carry", "next_year", "share", "%", *_WHEN})
"""Classes that may stand in any clause."""
_CARRIED = ("requests", "bare_requests", "handled", "answered")
"""What may be said of requests that are carried over."""
_SAYS_NOTHING = ("filler", "own", "region")
NONE = Quantity(Decimal(0), Decimal(1), "件", exact=True, each=False, end=0)
"""What 未收到 states."""


class Fact(NamedTuple):
    """A figure that a sentence states.

    `cells`: its meanings, any of which may be meant, as `row/column`, each side a code, a group of codes, or a sum of
    these. `kind`: a count, a share of a total in percent, or an amount in yuan. `step`: what one in
    the last printed digit counts. `certain`: nothing else can be meant.
    `exact`: not 约, 余, 近. `negated`: stated in words (未收到). `body`: the body the sentence names, if any. `period`:
    None for the report's year, else the year printed, `previous` or `cumulative`. `yields_to`: a fact that, where it
    is stated too, is the one the table counts. `line`: the line of the section's text in which the sentence begins.
    """

    name: str
    table: str
    cells: tuple[str, ...]
    value: Decimal
    step: Decimal
    unit: str
    kind: Literal["count", "share", "amount"]
    certain: bool
    exact: bool
    negated: bool
    scope: Scope
    body: str | None
    period: str | None
    yields_to: str | None
    section: str
    line: int
    sentence: str


class _Rows(NamedTuple):
    """What is counted and the rows it may be; `firm`: that is surely spoken of, `certain`: and surely one of these."""

    name: str
    table: str
    cells: tuple[str, ...]
    firm: bool
    certain: bool
    stock: bool
    yields_to: str | None

    @classmethod
    def of(cls, part: Part, *, firm: bool) -> "_Rows":
        """The rows of a part; `firm`: it is sure that the clause speaks of them."""
        return cls(part.name, part.table, part.cells, firm, firm and not part.open, part.stock, part.yields_to)


class _Columns(NamedTuple):
    """Of which applicants, with which result, in which measure it is counted."""

    name: str
    cells: tuple[str, ...]
    certain: bool
    stock: bool


@dataclass(slots=True)
class _Context:
    """What the clauses so far have established.

    `topic`: the table they are about; `firm`: all were understood. `rows`: what was counted last; `channels`: reviews
    and lawsuits named, until `counted_out` by their results. `linked`: reviews and lawsuits are those over open
    government information; `home`: by the section they stand in.
    """

    topic: str | None = None
    firm: bool = False
    rows: _Rows | None = None
    channels: list[str] = field(default_factory=list)
    counted_out: bool = False
    home: bool = False
    linked: bool = False
    scope: Scope = "own"
    body: str | None = None
    period: str | None = None


@dataclass(slots=True)
class _Clause:
    """The classes of a clause's words in order, `#` for a quantity, `@` for a year; `read`: it has no other words."""

    classes: list[str] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    read: bool = True
    opens: bool = False
    closes: bool = False


def narrative_facts(sections: Sequence[SectionText]) -> list[Fact]:
    """Every figure the sections state that a table of the form holds, in the order of the text."""
    wording = load_wording()
    facts: list[Fact] = []
    for section in sections:
        if section.section != "signature" and _WORTH.search(section.text):
            context = _Context()
            for line, paragraph, goes_on in _paragraphs(section.text):
                if not goes_on:
                    context = _opening(section.section)
                if context.firm or _WORTH.search(paragraph):
                    facts += _Reader(wording, section.section, line, context).facts(paragraph)
                else:
                    context.topic = None
    return facts


def _opening(section: str) -> _Context:
    """What a section's heading has established when a paragraph begins."""
    topic = section if section in (APPLICATIONS, REVIEWS) else None
    return _Context(topic=topic, firm=topic is not None, home=topic is not None, linked=topic is not None)


def _paragraphs(text: str) -> Iterator[tuple[int, str, bool]]:
    """The paragraphs of a section: number of the first line, lines put together, whether a heading led to it.

    A line that ends inside a sentence goes on in the next one: texts taken from pages break anywhere.
    """
    first, lines, under_heading = 0, list[str](), False
    for number, line in enumerate(text.split("\n")):
        if lines and (_NUMBERED.match(line) or lines[-1].rstrip()[-1:] in _ENDS or _is_heading("\n".join(lines))):
            yield first, "\n".join(lines), under_heading
            under_heading = _is_heading("\n".join(lines))
            lines = []
        if line.strip():
            first = number if not lines else first
            lines.append(line)
    if lines:
        yield first, "\n".join(lines), under_heading


def _is_heading(paragraph: str) -> bool:
    number = _NUMBERED.match(paragraph)
    return number is not None and _HEADING.fullmatch(paragraph.rstrip("。：:"), number.end()) is not None


_AMOUNT = _Columns("amount", ("amount",), certain=True, stock=False)


class _Reader:
    """Reads one paragraph, clause by clause; the context is carried on from sentence to sentence."""

    def __init__(self, wording: Wording, section: str, line: int, context: _Context) -> None:
        self.wording, self.section, self.line, self.context = wording, section, line, context
        self.at, self.sentence = line, ""
        self.last: Fact | None = None
        self.column: _Columns | None = None
        self.pending: list[str] = []
        self.dated = self.until = self.lost = False

    def facts(self, paragraph: str) -> Iterator[Fact]:
        """The facts of a paragraph."""
        for match in _SENTENCE.finditer(paragraph):
            printed = match.group()
            if not self.context.firm and not (_FIGURE.search(printed) and _WORTH.search(printed)):
                if "申请" not in printed:
                    self.context.topic = None
                continue
            self.sentence = printed.strip()
            self.at = self.line + paragraph.count("\n", 0, match.start() + len(printed) - len(printed.lstrip()))
            self.last, self.column, self.pending = None, None, []
            self.dated = self.until = self.lost = False
            outer: list[_Context] = []
            for clause in self._clauses(fold(printed)):
                if clause.opens:
                    outer.append(replace(self.context, channels=[*self.context.channels]))
                for fact in self._clause(clause):
                    self.last = fact
                    yield fact
                if clause.closes and outer:
                    self.context = outer.pop()

    # --- words ---

    def _clauses(self, text: str) -> Iterator[_Clause]:
        """The clauses of a folded sentence; who speaks and of which period is noted in passing."""
        words, clause = self.wording, _Clause()
        place, start = 0, True
        while place < len(text):
            number = _NUMBERED.match(text, place) if start and not clause.classes else None
            if number:
                place = number.end()
                continue
            character = text[place]
            if character in _BOUNDARY:
                clause.closes = character == ")"
                yield clause
                clause, start = _Clause(opens=character == "("), True
                place += 1
                continue
            word = words.at(text, place)
            if word is not None:
                classes = words.words[word]
                if "within" in classes:
                    yield clause
                    clause = _Clause()
                start = self._introduces(classes) and start
                clause.classes += [name for name in classes if name not in _SAYS_NOTHING]
                place += len(word)
                continue
            time = _TIME.match(text, place) if character in "12" else None
            if time:
                clause.classes.append("@")
                clause.years.append(int(time["period"] or time["end"] or time["year"]))
                self.until |= time["end"] is not None
                self.dated |= time["end"] is None
                place = time.end()
                continue
            quantity = quantity_at(text, place) if character in STARTS else None
            if quantity:
                clause.classes.append("%" if quantity.unit == "%" else "#")
                clause.quantities.append(quantity)
                place, start = quantity.end, False
                continue
            body = _BODY.match(text, place) if start else None
            if body and not _NOT_BODY.search(body["body"]):
                self.context.scope, self.context.body = "unknown", body["body"]
                place = body.end()
            else:
                clause.read = False
                place += 1
            start = False
        yield clause

    def _introduces(self, classes: tuple[str, ...]) -> bool:
        """Note who speaks, and of when; whether the clause may still name a body after this word."""
        if "own" in classes or "region" in classes:
            self.context.scope, self.context.body = ("own" if "own" in classes else "region"), None
        self.dated |= "this_year" in classes
        self.until |= "until" in classes
        return bool({"filler", "this_year", "until", "within", "cumulative"} & {*classes})

    # --- clauses ---

    def _clause(self, clause: _Clause) -> Iterator[Fact]:
        """The facts of a clause; the context for the next one."""
        classes, context = clause.classes, self.context
        counts = [quantity for quantity in clause.quantities if quantity.unit != "%"]
        pending, self.pending = self.pending, []
        if "aside" in classes:
            self.last = None
            context.rows = None if counts else context.rows
        elif not clause.read:
            self._lose(clause)
        else:
            period = self._time(clause)
            context.linked |= "link" in classes or "requests" in classes
            if pending and {*classes} <= {"#", "none", "approximate", *_WHEN}:
                classes = [*pending, *classes]
            if len(counts) > 1:
                yield from self._listed(clause)
            elif "none" in classes:
                yield from self._none(classes, counts)
            elif counts:
                self.last = None
                for fact in self._counted(classes, counts[0]):
                    yield fact._replace(period=period) if period else fact
                self.dated = False
                if "share" in classes and self.last and len(clause.quantities) == 2:
                    yield self._share(self.last, clause.quantities[1], classes)
            elif clause.quantities:
                yield from self._shared(classes, clause.quantities)
            elif classes:
                self._mentioned(classes)

    def _lose(self, clause: _Clause) -> None:
        """After a clause that was not understood nothing is sure but who speaks."""
        context = self.context
        context.firm, context.rows, self.last, self.column = False, None, None, None
        self.dated, self.lost = False, True
        context.channels.clear()
        context.linked = context.home or "link" in clause.classes or "requests" in clause.classes
        if "requests" in clause.classes and not clause.quantities:
            context.topic = APPLICATIONS
        elif clause.quantities:
            context.topic = None

    def _time(self, clause: _Clause) -> str | None:
        """Note which period is spoken of; the report's year, where the clause says from or to which year it carries."""
        classes = clause.classes
        if "carry" in classes:
            if len(clause.years) != 1:
                return None
            return str(clause.years[0] + (1 if classes.index("@") < classes.index("carry") else -1))
        if clause.years:
            self.context.period = str(clause.years[-1])
        elif "last_year" in classes:
            self.context.period = PREVIOUS
        elif "this_year" in classes:
            self.context.period = None
        return None

    def _listed(self, clause: _Clause) -> Iterator[Fact]:
        """`3件维持、1件纠正`: a list, each with its own quantity."""
        pieces: list[list[str]] = [[]]
        for name in clause.classes:
            if name == "list" and "#" in pieces[-1]:
                pieces.append([])
            else:
                pieces[-1].append(name)
        if any(piece.count("#") != 1 for piece in pieces) or {"%", "none", "carry"} & {*clause.classes}:
            self.context.firm, self.context.rows, self.last = False, None, None
            return
        for classes, quantity in zip(pieces, clause.quantities, strict=True):
            self.last = None
            yield from self._counted(classes, quantity)

    def _mentioned(self, classes: list[str]) -> None:
        """A clause without a figure: what the next ones are about."""
        subject = self._subject(classes)
        if subject is None or not any(subject.names_row(name) for name in classes):
            return
        self.pending = classes
        self.context.topic, self.context.firm = subject.table, True
        self._rows(subject, classes)

    def _none(self, classes: list[str], counts: list[Quantity]) -> Iterator[Fact]:
        """`未收到…`, `未发生一起…`: none, of everything the clause names."""
        if counts and (counts[0].value > 1 or not counts[0].exact):
            return
        for subset in _by_subject(classes):
            subject = self._subject(subset)
            if subject is None or (subject.table == APPLICATIONS and {"answered", "handled"} & {*subset}):
                continue
            if _names_requests_alone(subject, subset):
                subset = [*subset, "received"]
            for rows in self._rows(subject, subset, each=True):
                for columns in self._columns(subject, subset, each=True):
                    yield self._fact(rows, columns, NONE, negated=True)
            self.context.topic = subject.table

    def _counted(self, classes: list[str], quantity: Quantity) -> Iterator[Fact]:
        """A clause with one figure."""
        subject = self._subject(classes)
        money = quantity.unit == MONEY
        rows = self._rows(subject, classes, each=quantity.each) if subject else []
        if subject is None or not rows:
            self.context.rows = None
            return
        if money != ("charges" in rows[0].cells):
            return
        columns = [_AMOUNT] if money else self._columns(subject, classes, each=quantity.each)
        exact = quantity.exact and "approximate" not in classes
        for row, column in product(rows, columns):
            yield self._fact(row, column, quantity._replace(exact=exact), cumulative="cumulative" in classes)
        self.context.topic = subject.table
        self.context.firm |= rows[0].firm and any(subject.names_row(name) for name in classes)

    def _shared(self, classes: list[str], percents: list[Quantity]) -> Iterator[Fact]:
        """`占33.9%`, of what stands before it, or `自然人占80%`."""
        others = [name for name in classes if name not in ("%", "share", "approximate", "list", *_WHEN)]
        base = self.last
        if others:
            subject = self._subject(others)
            rows = self._rows(subject, others) if subject else []
            columns = self._columns(subject, others) if subject else []
            base = self._fact(rows[0], columns[0], percents[0]) if len(rows) == len(columns) == 1 else None
        if base and base.kind == "count" and "share" in classes and len(percents) == 1:
            yield self._share(base, percents[0], classes)
        self.last = None

    @staticmethod
    def _share(base: Fact, percent: Quantity, classes: Sequence[str]) -> Fact:
        exact = percent.exact and "approximate" not in classes
        return base._replace(value=percent.value, step=percent.step, unit="%", kind="share", exact=exact)

    # --- meanings ---

    def _subject(self, classes: Sequence[str]) -> Subject | None:
        """The table a clause speaks of, if all its words fit that table."""
        subjects, named = self.wording.subjects, {*classes}
        rows = self.context.rows
        if any(subjects[REVIEWS].names_row(name) for name in named):
            found = subjects[REVIEWS]
        elif any(subjects[DISCLOSURE].names_row(name) for name in named):
            found = subjects[DISCLOSURE]
        elif rows and rows.table != APPLICATIONS and named & subjects[rows.table].parts.keys():
            found = subjects[rows.table]
        elif "carry" in named or named & subjects[APPLICATIONS].parts.keys():
            found = subjects[APPLICATIONS]
        else:
            return None
        return None if named.difference(found.parts, found.neutral, _EVERYWHERE) else found

    def _rows(self, subject: Subject, classes: Sequence[str], *, each: bool = False) -> list[_Rows]:
        """What a clause counts: one thing, or with `each` all it names."""
        parts = [subject.parts[name] for name in dict.fromkeys(classes) if subject.names_row(name)]
        if "carry" in classes:
            name = _carried(classes)
            if name is None or subject.table != APPLICATIONS or any(part.name not in _CARRIED for part in parts):
                return []
            parts = [subject.parts[name]]
        if not parts:
            return self._of_context(subject)
        rank = max(part.rank for part in parts)
        chosen = [part for part in parts if part.rank == rank and not any(other.within == part.name for other in parts)]
        firm = self._is_firm(subject, chosen, classes)
        if firm is None:
            return []
        rows = [_Rows.of(part, firm=firm) for part in chosen]
        if len(rows) > 1 and not each:
            rows = [_joined(chosen, rows)]
        if self.context.counted_out:
            self.context.channels.clear()
            self.context.counted_out = False
        self.context.channels += [cell for row in rows for cell in row.cells[0].split(" + ")]
        self.context.rows = rows[-1]
        return rows

    def _is_firm(self, subject: Subject, parts: list[Part], classes: Sequence[str]) -> bool | None:
        """Whether the subject is sure; None where it is not even likely."""
        context = self.context
        if subject.table == DISCLOSURE:
            return True
        if subject.table == REVIEWS:
            return context.linked
        if "requests" in classes:
            return True
        if context.topic == APPLICATIONS:
            return context.firm
        if "bare_requests" in classes:
            return not self.lost and (context.rows is None or context.rows.table == APPLICATIONS)
        return False if all(part.distinct for part in parts) else None

    def _of_context(self, subject: Subject) -> list[_Rows]:
        """The rows that the clauses before have named."""
        rows = self.context.rows
        if rows is None or rows.table != subject.table:
            return []
        self.context.counted_out = True
        cells = dict.fromkeys(rows.cells)
        if subject.table == REVIEWS:  # `复议3件、诉讼2件，维持4件`: of the last, or of all that were named
            named = dict.fromkeys(self.context.channels)
            if "litigation" in named:
                named = dict.fromkeys(name for name in named if not name.startswith("lit_"))
            return [rows._replace(cells=tuple(cells | {" + ".join(named): None} if named else cells))]
        if subject.table == APPLICATIONS:
            applicants_of = ("received_new", "inflow", "processed_total")
            certain = rows.certain and bool(cells.keys() & {*applicants_of})
            return [rows._replace(cells=tuple(cells | dict.fromkeys(applicants_of)), certain=certain)]
        return [rows]

    def _columns(self, subject: Subject, classes: Sequence[str], *, each: bool = False) -> list[_Columns]:
        """The columns a clause names: one, or with `each` all of them; the usual one where it names none."""
        parts = [subject.parts[name] for name in dict.fromkeys(classes) if name in subject.parts]
        parts = [part for part in parts if part.axis == "column"]
        if not parts:
            if self.column and subject.table == DISCLOSURE:  # `制定规章2件、规范性文件14件`
                row = self.context.rows.cells[0] if self.context.rows else ""
                if any((row, column) in subject.cells for column in self.column.cells):
                    return [self.column]
            return [_Columns("", subject.usual, len(subject.usual) == 1, stock=False)]
        columns = [_Columns(part.name, part.cells, not part.open, part.stock) for part in parts]
        self.column = columns[-1]
        if len(columns) == 1 or each:
            return columns
        name, cells = "_and_".join(part.name for part in parts), " + ".join(part.cells[0] for part in parts)
        return [_Columns(name, (cells,), all(column.certain for column in columns), stock=False)]

    def _fact(
        self, rows: _Rows, columns: _Columns, quantity: Quantity, *, negated: bool = False, cumulative: bool = False
    ) -> Fact:
        context = self.context
        timely = negated or not self.until or rows.stock or columns.stock
        none_of_it = negated and rows.table == REVIEWS
        return Fact(
            name=f"{rows.name} {columns.name}".strip(),
            table=rows.table,
            cells=tuple(f"{row}/{column}" for row, column in product(rows.cells, columns.cells)),
            value=quantity.value,
            step=quantity.step,
            unit=quantity.unit,
            kind="amount" if quantity.unit == MONEY else "count",
            certain=(rows.certain or none_of_it) and columns.certain and timely,
            exact=quantity.exact,
            negated=negated,
            scope=context.scope,
            body=context.body,
            period=CUMULATIVE if cumulative and (self.until or not self.dated) else context.period,
            yields_to=rows.yields_to,
            section=self.section,
            line=self.at,
            sentence=self.sentence,
        )


def _joined(parts: list[Part], rows: list[_Rows]) -> _Rows:
    """Several rows with one figure: a sum of outcomes or channels, but `收到并受理` is one thing under two names."""
    name, certain = "_and_".join(row.name for row in rows), all(row.certain for row in rows)
    if parts[0].rank < 2 and parts[0].table == APPLICATIONS:
        cells = tuple(dict.fromkeys(cell for row in rows for cell in row.cells))
    else:
        cells = (" + ".join(row.cells[0] for row in rows),)
    return rows[0]._replace(name=name, cells=cells, certain=certain, yields_to=None)


def _names_requests_alone(subject: Subject, classes: Sequence[str]) -> bool:
    return {name for name in classes if subject.names_row(name)} in ({"requests"}, {"bare_requests"})


def _carried(classes: Sequence[str]) -> str | None:
    """`2022年结转`, `结转2024年继续办理`: the year beside the word says which of the two is meant."""
    order = [name for name in classes if name in ("carry", "@", "last_year", "next_year")]
    if order in (["@", "carry"], ["last_year", "carry"], ["carry", "last_year"]):
        return "carried_in"
    return "carried_out" if order in (["carry", "@"], ["carry", "next_year"], ["next_year", "carry"]) else None


def _by_subject(classes: list[str]) -> Iterator[list[str]]:
    """`未收到申请、行政复议` is about both; in `没有因申请引发的复议` the requests are only the cause."""
    place = classes.index("requests") if "requests" in classes else -1
    if place >= 0 and "list" in classes[max(place - 1, 0) : place + 2] and {"review", "litigation"} & {*classes}:
        verbs = ("received", "accepted")
        yield [name for name in classes if name in ("none", "requests", *verbs)]
        yield [name for name in classes if name not in ("requests", *verbs)]
    else:
        yield classes
