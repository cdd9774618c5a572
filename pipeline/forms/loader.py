"""Reads the TOML files of this folder into immutable objects and refuses them, all faults at once, when they disagree.

What a table looks like in print is its *script*: the labels in the order in which a reader meets them. Aligning a
document with a form is aligning it with scripts, so the script is built here, once.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import chain, groupby
from typing import Any, Literal

from pipeline.forms.labels import bare, key

TABLES = ("proactive_disclosure", "applications", "review_litigation")
"""The tables of the form, in its order: tables 2, 3 and 4."""

SECTION_TABLES = dict(zip(TABLES, ("表二", "表三", "表四"), strict=True))
"""How the form's readers call the tables, for messages."""

AXES = {"item": "items", "applicant": "applicants", "channel": "channels", "outcome": "outcomes"} | {
    "subject": "subjects",
    "measure": "measures",
}
"""Axis of a table -> the list of codes it takes its values from."""

Kind = Literal["count", "change", "amount"]


class FormError(ValueError):
    """The form's files contradict themselves or each other; the message lists every fault."""


@dataclass(frozen=True)
class Code:
    """One code of a list: what it is called, what it counts, whether it is a sum of others."""

    code: str
    zh: str
    en: str
    group: str
    basis: str
    definition: str
    total: bool = False


@dataclass(frozen=True)
class Column:
    """A figure column: `kind` says which numbers may stand in it, `unit` what the header says they are."""

    code: str
    label: str
    kind: Kind = "count"
    unit: str | None = None


@dataclass(frozen=True)
class Label:
    """A label of a script. `keys` are the spellings that are surely this label; `code` is None for mere headings."""

    kind: Literal["row", "column", "head"]
    text: str
    code: str | None
    keys: frozenset[str]

    @property
    def key(self) -> str:
        """The official label as it is compared, without its number."""
        return bare(key(self.text))


@dataclass(frozen=True)
class TableForm:
    """A table of one edition: its script, and the cells it has, row by row."""

    name: str
    edition: str
    row_axis: str
    column_axis: str
    across: bool
    script: tuple[Label, ...]
    rows: dict[str, tuple[Column, ...]]

    @cached_property
    def cells(self) -> tuple[tuple[str, Column], ...]:
        """Every cell of the table, in the order of the form: row code and column."""
        return tuple((row, column) for row, columns in self.rows.items() for column in columns)

    @cached_property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """Row and column code of every cell, in the order of `cells`."""
        return tuple((row, column.code) for row, column in self.cells)

    @cached_property
    def grids(self) -> tuple[tuple[str, ...], ...]:
        """The rows in groups that share their columns, so that each group is one grid."""
        return tuple(tuple(rows) for _, rows in groupby(self.rows, key=self.rows.__getitem__))

    @cached_property
    def row_labels(self) -> dict[str, str]:
        """Row code -> label as the form prints it."""
        return {label.code: label.text for label in self.script if label.kind == "row" and label.code}


@dataclass(frozen=True)
class Identity:
    """`sum(left) relation sum(right)` over the codes of one axis, for every code of the other axis.

    `left` names one code at least; a `right` without codes is nought.
    """

    rule: str
    table: str
    axis: str
    left: tuple[str, ...]
    relation: Literal["=", "<=", ">="]
    right: tuple[str, ...]

    def instances(self, form: TableForm) -> Iterator[tuple[str, tuple[int, ...], tuple[int, ...]]]:
        """Each code of the other axis with the positions, in `form.cells`, of the cells on either side."""
        by_rows = self.axis == form.row_axis
        position = {cell: number for number, cell in enumerate(form.keys)}
        for other in dict.fromkeys(column if by_rows else row for row, column in form.keys):
            left, right = (
                tuple(position.get((code, other) if by_rows else (other, code), -1) for code in side)
                for side in (self.left, self.right)
            )
            if min(left + right) >= 0:
                yield other, left, right


@dataclass(frozen=True)
class Edition:
    """One edition of the form: its tables and the arithmetic that holds in them.

    `document` is the notice that prescribes it, `first_year` the first report year it is prescribed for.
    """

    edition: str
    title: str
    document: str
    first_year: int
    tables: dict[str, TableForm]
    identities: tuple[Identity, ...]


@dataclass(frozen=True)
class Section:
    """A section of the report with the titles it is known under, the official one first."""

    code: str
    en: str
    titles: tuple[str, ...]
    keys: frozenset[str]


@dataclass(frozen=True)
class Forms:
    """All editions, code lists and sections."""

    editions: dict[str, Edition]
    codes: dict[str, dict[str, Code]]
    sections: dict[str, Section]

    def name(self, axis: str, code: str) -> str:
        """The Chinese name of a code of an axis, for messages."""
        return self.codes[AXES[axis]][code].zh

    def prescribed(self, year: int) -> Edition | None:
        """The edition prescribed for a report year, or None for the years before the first."""
        begun = [edition for edition in self.editions.values() if edition.first_year <= year]
        return max(begun, key=lambda edition: edition.first_year, default=None)

    def editions_of(self, axis: str, code: str) -> tuple[str, ...]:
        """The editions in which a code occurs."""
        return tuple(
            edition.edition
            for edition in self.editions.values()
            for form in edition.tables.values()
            if (form.row_axis == axis and any(row == code for row, _ in form.keys))
            or (form.column_axis == axis and any(column == code for _, column in form.keys))
        )


@lru_cache(maxsize=1)
def load() -> Forms:
    """Read and check the form's files.

    Raises FormError with every fault found: unknown codes, a code twice in a table, labels of one table that cannot
    be told apart, identities over cells that do not exist, variants of labels that do not exist.
    """
    return build({file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in _files()})


def build(sources: dict[str, dict[str, Any]]) -> Forms:
    """The forms from the parsed files, by file name without `.toml`; raises FormError as `load` does."""
    faults: list[str] = []
    codes = {
        name: {code: Code(code=code, **fields) for code, fields in entries.items()}
        for name, entries in sources["codes"].items()
    }
    variants = sources["variants"]
    editions = {
        name: _edition(source, codes, variants, faults)
        for name, source in sorted(sources.items())
        if "edition" in source
    }
    _check_variants(variants, editions, faults)
    sections = {
        code: Section(code, entry["en"], tuple(entry["titles"]), frozenset(map(key, entry["titles"])))
        for code, entry in sources["sections"].items()
    }
    if faults:
        raise FormError("The files of pipeline/forms do not fit together:\n" + "\n".join(f"- {f}" for f in faults))
    return Forms(editions, codes, sections)


def _files() -> Iterator[Any]:
    return (file for file in files("pipeline.forms").iterdir() if file.name.endswith(".toml"))


def _edition(
    source: dict[str, Any], codes: dict[str, dict[str, Code]], variants: dict[str, Any], faults: list[str]
) -> Edition:
    tables = {
        name: _table(name, source["edition"], source[name], codes, variants.get(name, {}), faults) for name in TABLES
    }
    identities = tuple(_identity(entry, source["edition"], tables, codes, faults) for entry in source["identity"])
    return Edition(source["edition"], source["title"], source["document"], source["first_year"], tables, identities)


def _table(
    name: str,
    edition: str,
    source: dict[str, Any],
    codes: dict[str, dict[str, Code]],
    variants: dict[str, list[dict[str, str]]],
    faults: list[str],
) -> TableForm:
    rows: dict[str, tuple[Column, ...]] = {}
    script: list[Label] = []
    across = source.get("across", False)
    for block in source["block"]:
        columns = tuple(Column(**column) for column in block["columns"] if "head" not in column)
        labels = [_label("row", entry, variants) for entry in block["rows"]]
        header = [_label("head", {"head": text}, variants) for text in block["head"]]
        header += [_label("column", entry, variants) for entry in block["columns"]]
        if across:  # 行政复议 | 行政诉讼, the five outcomes, the two kinds of suit, the outcomes twice more
            outcomes = [label for label in header if label.kind == "column"]
            script += labels[:2] + outcomes + labels[2:] + outcomes * (len(labels) - 2)
        else:
            script += header + labels
        for entry in block["rows"]:
            if "code" not in entry:
                continue
            if entry["code"] in rows:
                faults.append(f"{edition}.toml, {name}: the row {entry['code']} stands twice")
            rows[entry["code"]] = columns
    form = TableForm(name, edition, source["rows"], source["columns"], across, tuple(script), rows)
    _check_table(form, codes, faults)
    return form


def _label(kind: Literal["row", "column", "head"], entry: dict[str, str], variants: dict[str, Any]) -> Label:
    text = entry.get("label", entry.get("head", ""))
    code = entry.get("code")
    spellings = [text, *(variant["text"] for variant in variants.get(code or "", ()))]
    keys = chain.from_iterable((key(spelling), bare(key(spelling))) for spelling in spellings)
    return Label("head" if code is None else kind, text, code, frozenset(keys))


def _identity(
    entry: dict[str, Any],
    edition: str,
    tables: dict[str, TableForm],
    codes: dict[str, dict[str, Code]],
    faults: list[str],
) -> Identity:
    form, axis = tables[entry["table"]], entry["axis"]
    present = list(dict.fromkeys(row if axis == form.row_axis else column for row, column in form.keys))

    def side(value: list[str] | dict[str, list[str]]) -> tuple[str, ...]:
        if isinstance(value, dict):
            known = codes[AXES[axis]]
            return tuple(code for code in present if code in known and known[code].group in value["groups"])
        return tuple(value)

    identity = Identity(
        entry["rule"], entry["table"], axis, side(entry["left"]), entry["relation"], side(entry["right"])
    )
    if not any(True for _ in identity.instances(form)):
        faults.append(f"{edition}.toml: identity {identity.rule} names cells that {identity.table} does not have")
    return identity


def _check_table(form: TableForm, codes: dict[str, dict[str, Code]], faults: list[str]) -> None:
    where = f"{form.edition}.toml, {form.name}"
    for axis, used in ((form.row_axis, {row for row, _ in form.keys}), (form.column_axis, {c for _, c in form.keys})):
        faults.extend(
            f"{where}: {code} is not a code of {AXES[axis]}" for code in sorted(used - codes[AXES[axis]].keys())
        )
    owners: dict[str, Label] = {}
    for label in form.script:
        if label.kind != "row":
            continue
        for spelling in sorted(label.keys):
            owner = owners.setdefault(spelling, label)
            if owner.code != label.code:
                rows = f"{owner.code} ({owner.text}) and {label.code} ({label.text})"
                faults.append(f"{where}: the rows {rows} cannot be told apart ({spelling})")


def _check_variants(variants: dict[str, Any], editions: dict[str, Edition], faults: list[str]) -> None:
    for name, entries in variants.items():
        known = {
            label.code
            for edition in editions.values()
            for label in (edition.tables[name].script if name in edition.tables else ())
        }
        faults.extend(
            f"variants.toml: {name}.{code} names no label of any edition" for code in entries if code not in known
        )
