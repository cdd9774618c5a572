"""What people add to the readings, as data beside `data/raw`: corrections of cells, decisions on findings, bodies.

    data/corrections/**/*.yml    lists of corrections
    data/decisions/**/*.yml      lists of decisions
    data/agencies.csv            whose reports are, where people know better (`overrides`)
    data/expected.csv            who is to be expected to report (`expected`)

An entry's fields are the columns it fills. It names its report by the hash of its bytes, or its finding by its name,
so it outlives every rebuild, every release of the parser and every renaming. Whether it still fits what was read is
asked where it is used (`corrections`, `decisions`); here it is only asked whether it is well written.

YAML would turn `012` into 10, `no` into false and `2023-01-02` into a date. What is compared with a printed cell must
be what was written, so every value is text here, and only null is null.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import yaml

from pipeline.forms import STATISTICS, load, load_statistics
from pipeline.forms.loader import AXES
from pipeline.parse import COUNT_TABLES
from pipeline.parse.figures import LIMIT, STATES
from pipeline.tables import CORRECTABLE
from pipeline.warehouse.expected import ExpectedBody, read_expected
from pipeline.warehouse.inventory import FIRST_YEAR, last_year
from pipeline.warehouse.overrides import AgencyOverride, read_overrides
from pipeline.warehouse.raw import Raw
from pipeline.warehouse.store import Store

_MONEY = ("万元", "元")
CORRECTIONS_FOLDER, DECISIONS_FOLDER = "corrections", "decisions"


class UnusableEntries(RuntimeError):
    """Entries that are badly written, or do not fit what was read; the message names each, one a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))


class Correction(NamedTuple):
    """What a cell says instead of what was read in it; `place` is where the entry stands, for messages.

    `cell_keys` is `row/column` in codes. `printed` is the cell's text; None: it is lost. `unit` is that of an amount;
    None: as read.
    """

    place: str
    report_year: int
    report_id: str
    table_name: str
    cell_keys: str
    printed: str | None
    value: Decimal | None
    unit: str | None
    state: str
    reason: str
    corrected_by: str
    corrected_on: date
    source: str


class Decision(NamedTuple):
    """What someone who looked says of a finding: `confirmed` or `dismissed`."""

    place: str
    report_year: int
    finding_id: str
    decision: str
    decision_comment: str
    decided_by: str
    decided_on: date


@dataclass(frozen=True)
class Amendments:
    """All corrections and decisions, in the order of what they name, and the lines of agencies.csv in their own."""

    corrections: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()
    agencies: tuple[AgencyOverride, ...] = ()
    expected: tuple[ExpectedBody, ...] = ()

    def of(self, year: int) -> "Amendments":
        """Those of a report year, and the overrides of any year; no year's rows are made of who is expected."""
        return Amendments(
            tuple(entry for entry in self.corrections if entry.report_year == year),
            tuple(entry for entry in self.decisions if entry.report_year == year),
            tuple(entry for entry in self.agencies if entry.report_year in (None, year)),
        )

    def source(self, inventory: str, year: int) -> str:
        """What a year's own rows are made from: the inventory's fingerprint, and those of the year's entries.

        First those that decide how its reports are read, then its decisions. Where `inventory` names entries already,
        these take their place; what follows them stays.
        """
        entries, (files, *rest) = self.of(year), inventory.split("-")
        read = _fingerprint((*entries.corrections, *entries.agencies))
        return "-".join((files, read, _fingerprint(entries.decisions), *rest[2:]))

    def source_of_expected(self) -> str:
        """Changes when who is expected to report does."""
        return _fingerprint(self.expected)


def _fingerprint(entries: Sequence[Any]) -> str:
    """Changes when anything in the entries does, but not with their places."""
    return sha256(repr([entry[1:] for entry in entries]).encode()).hexdigest()[:16]


def read_amendments(raw: Raw) -> Amendments:
    """The corrections, decisions and overrides beside a raw folder; raises UnusableEntries."""
    beside, problems = raw.beside, list[str]()
    corrections = list(_read(beside, CORRECTIONS_FOLDER, _correction, problems))
    decisions = list(_read(beside, DECISIONS_FOLDER, _decision, problems))
    agencies = tuple(read_overrides(beside, problems))
    expected = tuple(read_expected(beside, problems))
    problems += _twice(corrections, lambda entry: entry[2:5], "corrects the same cell as")
    problems += _twice(decisions, lambda entry: entry[2], "decides on the same finding as")
    if problems:
        raise UnusableEntries(problems)
    return Amendments(
        tuple(sorted(corrections, key=lambda entry: entry[1:5])),
        tuple(sorted(decisions, key=lambda entry: entry[1:3])),
        agencies,
        expected,
    )


def _twice(entries: Sequence[Any], name: Callable[[Any], Any], what: str) -> Iterator[str]:
    first: dict[Any, str] = {}
    for entry in entries:
        if first.setdefault(name(entry), entry.place) != entry.place:
            yield f"{entry.place} {what} {first[name(entry)]}. Keep one of them."


Entry = dict[str, Any]


class _Wrong(ValueError):
    """A field that cannot be used; the message is the rest of the sentence that names it."""


def _read(beside: Store, folder: str, build: Callable[[str, Entry], Any], problems: list[str]) -> Iterator[Any]:
    """The entries of all files of a folder, what is wrong with others added to `problems`."""
    for file in beside.names(folder):
        name = file.rpartition("/")[2]
        if name.startswith(".") or not name.endswith((".yml", ".yaml")):
            continue
        if name.endswith(".yaml"):
            problems.append(f"{file} is not read. Give it the ending .yml.")
            continue
        try:
            entries = _parse(_content(beside, file))
        except _Wrong as wrong:
            problems.append(f"{file}: {wrong}")
            continue
        for number, entry in enumerate(entries, start=1):
            place = f"{file}, entry {number}"
            try:
                yield build(place, entry)
            except _Wrong as wrong:
                problems += [f"{place}: {line}" for line in str(wrong).splitlines()]


class _Plain(yaml.SafeLoader):
    """YAML in which every value is the text that was written, but for null; a key stands once."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own class attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        if isinstance(node, yaml.MappingNode):
            seen: list[Any] = []
            for key, _ in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise _Wrong(f"{key.value} stands twice in one entry, at line {line}. Keep one of them.")
                seen.append(key.value)
        return dict(super().construct_mapping(node, deep=deep))


def _content(beside: Store, file: str) -> bytes:
    try:
        return beside.read(file)
    except OSError as error:
        raise _Wrong(f"The file cannot be read: {error.strerror or error}. Check its permissions.") from error


@lru_cache(maxsize=256)
def _parse(content: bytes) -> list[Any]:
    """The entries of a file, not to be changed: a build asks for them thrice a year, and YAML is slow."""
    try:
        entries = yaml.load(content, _Plain)  # a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or getattr(error, "reason", "it cannot be read")
        hint = "Mind the indentation, and quote text with : or # in it."
        raise _Wrong(f"This is no YAML{where}: {reason}. {hint}") from error
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise _Wrong("A list of entries is needed here. Begin each entry with a hyphen.")
    return entries


Field = Callable[[str], Any]
"""What makes a column's value of a field's text; raises _Wrong."""


def _correction(place: str, entry: Entry) -> Correction:
    fields = _correction_fields(entry)
    values = _values(entry, "correction", fields, optional={"value", "unit", "state"}, nullable={"printed"})
    if ("value" in values) == ("state" in values):
        raise _Wrong("Give the new value, or the state of a cell that has no value; one of the two.")
    table, value = CORRECTABLE[values["table_name"]], values.get("value")
    if value is not None and table.name in COUNT_TABLES and value % 1:
        raise _Wrong(f"value: {value} is no whole number, and the cells of {table.name} are counts.")
    if "unit" in values and (value is None or not _is_amount(table.name, values)):
        raise _Wrong("unit: only an amount of money has one, beside its value. Leave it out.")
    state = values.get("state", "number")
    return Correction(
        place,
        values["report_year"],
        values["report_id"],
        table.name,
        "/".join(values[name] for name in table.key[1:]),
        values["printed"],
        Decimal(0) if state == "nil_word" else value,
        values.get("unit"),
        state,
        *(values[name] for name in ("reason", "corrected_by", "corrected_on", "source")),
    )


def _is_amount(table: str, values: Mapping[str, Any]) -> bool:
    """Whether the cell an entry names holds a sum of money."""
    if table == STATISTICS:
        return load_statistics().indicators[values["indicator"]].unit in _MONEY
    return values.get("measure") == "amount"


def _decision(place: str, entry: Entry) -> Decision:
    values = _values(entry, "decision", _DECISION)
    return Decision(place, *(values[name] for name in _DECISION))


def _values(
    entry: Any,
    kind: str,
    fields: Mapping[str, Field],
    optional: Collection[str] = (),
    nullable: Collection[str] = (),
) -> dict[str, Any]:
    """The values of an entry's fields; raises _Wrong with all that is wrong, one fault a line."""
    if not isinstance(entry, dict):
        raise _Wrong(f"A {kind} is a list of fields and their values: {', '.join(fields)}.")
    values, wrong = dict[str, Any](), list[str]()
    for name in entry.keys() - fields.keys():
        wrong.append(f"{name} is no field of this {kind}; its fields are {', '.join(fields)}.")
    for name, read in fields.items():
        text = entry.get(name)
        if name not in entry:
            wrong += [] if name in optional else [f"{name} is missing."]
        elif text is None:
            values[name] = None
            wrong += [] if name in nullable else [f"{name} is empty."]
        elif not isinstance(text, str):
            wrong.append(f"{name}: one piece of text is needed here, without a list, fields or a tag.")
        else:
            try:
                values[name] = read(text)
            except _Wrong as fault:
                wrong.append(f"{name}: {fault}")
    if wrong:
        raise _Wrong("\n".join(sorted(wrong)))
    return values


def _id(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{16}", text):
        raise _Wrong(f"{text!r} is no id. Copy its 16 hex digits from the warehouse.")
    return text


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text) <= last_year()):
        years = f"{FIRST_YEAR} to {last_year()}"
        raise _Wrong(f"{text!r} is no report year. Write the year of the report's folder, {years}.")
    return int(text)


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Wrong(f"{text!r} is no day. Write it as 2024-05-31.")


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,6})?", text) or abs(Decimal(text)) >= LIMIT:
        raise _Wrong(f"{text!r} is no number. Write digits alone, with a point before decimals: 1234.5")
    return Decimal(text)


def _words(text: str) -> str:
    if not text.strip():
        raise _Wrong("Say it in words.")
    return text.strip()


def _one_of(names: Collection[str]) -> Field:
    def read(text: str) -> str:
        if text not in names:
            raise _Wrong(f"{text!r} is none of {', '.join(names)}.")
        return text

    return read


def _key(name: str) -> Field:
    """A code of the form, or the label of a figure column as the agency printed it."""
    if name == "indicator":
        return _one_of(load_statistics().indicators)
    return _one_of(load().codes[AXES[name]]) if name in AXES else _words


def _correction_fields(entry: Any) -> dict[str, Field]:
    """The fields of a correction: those of all, and the keys of the table it names."""
    keys: Sequence[str] = ()
    if isinstance(entry, dict):
        table = entry.get("table_name")
        if not isinstance(table, str) or table not in CORRECTABLE:
            raise _Wrong(f"table_name: one of {', '.join(CORRECTABLE)} is needed here.")
        keys = CORRECTABLE[table].key[1:]
    return {
        "report_id": _id,
        "report_year": _year,
        "table_name": str,
        **{name: _key(name) for name in keys},
        "printed": str,
        "value": _number,
        "unit": _one_of(_MONEY),
        "state": _one_of([state for state in STATES if state != "number"]),
        **dict.fromkeys(("reason", "corrected_by"), _words),
        "corrected_on": _day,
        "source": _words,
    }


_DECISION: dict[str, Field] = {
    "report_year": _year,
    "finding_id": _id,
    "decision": _one_of(("confirmed", "dismissed")),
    "decision_comment": _words,
    "decided_by": _words,
    "decided_on": _day,
}
"""The fields of a decision, in the order of `Decision`."""
